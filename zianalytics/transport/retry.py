"""Whether to ask again, and after how long."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

CAP_S = 60.0
"""No single wait is longer."""
BELIEVABLE_S = 86_400.0
"""A `Retry-After` beyond a day is taken for a mistake."""
TRIES_REFUSED_FOR_PACE = 8
TRIES_FAILED = 3
TRIES_UNANSWERED = 3
PASSING = frozenset({500, 502, 503, 504})


def wait_before_retry(
    status: int | None,
    *,
    attempt: int,
    jitter: float,
    may_pay: bool,
    sent: bool = True,
    retry_after_s: float | None = None,
) -> float | None:
    """Seconds to wait before trying again, or None when a retry could not help or could pay twice.

    Parameters
    ----------
    status
        HTTP status of the reply; None when no whole reply came.
    attempt
        Tries made before this one: 0 after the first.
    jitter
        Between 0 and 1; shortens waits, so that clients which failed together do not return together.
    may_pay
        Whether a second execution could be charged a second time.
    sent
        False when not a byte of the request left.
    retry_after_s
        What the reply asked for, as `retry_after` reads it.
    """
    # docs/assumptions.md, "429" and "500, 502, 503, 504"
    backoff_s = min(2.0**attempt, 30.0) * jitter
    if status is None:
        if attempt + 1 >= TRIES_UNANSWERED or (sent and may_pay):
            return None
        return backoff_s if sent else backoff_s / 4
    if status == 429:  # refused before it was carried out, whatever it was
        return (retry_after_s or backoff_s) if attempt + 1 < TRIES_REFUSED_FOR_PACE else None
    if status in PASSING and not may_pay and attempt + 1 < TRIES_FAILED:
        return retry_after_s or backoff_s
    return None


def retry_after(header: str | None, *, now: datetime) -> float | None:
    """The wait that a `Retry-After` header asks for, capped; None when it is absent, negative, huge or malformed.

    docs/assumptions.md, "`Retry-After` as the client reads it".

    Parameters
    ----------
    now
        The service's time, against which a date is measured.
    """
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        seconds = float(text)
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        seconds = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    return min(seconds, CAP_S) if 0 < seconds <= BELIEVABLE_S else None
