"""What is logged of each request: one record a try, one for each wait before another; never a secret, never a person.

The records go to the logger `zianalytics.transport`. Their fields are attributes, too, so that a formatter that writes
JSON has them: `operation`, `method`, `path` (without its query), `attempt`, `status` (None where no whole reply came),
`latency_s`, `waited_s` (for the pace), `request_id`, `rate` and `usage` (numbers by the names of the service's headers)
and `token_age_s`; of a wait `wait_s`. Bodies, queries, user names and header values that are no numbers are not logged.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from typing import Any

from zianalytics.errors import NotAnswered
from zianalytics.inert import visible
from zianalytics.transport.answer import Answer

LOGGER = logging.getLogger("zianalytics.transport")
_RATE, _USAGE = "x-ratelimit-", "x-usage-"
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LONGEST_ID = 100
_WAITED_S = 0.05
"""Shorter waits for the pace are not worth a word."""


class RequestLog:
    """Writes down how one request went, try by try.

    Parameters
    ----------
    operation
        What it is for, by our names.
    method, path
        Its line, without a query.
    token_age_s
        How old its token is, by the service's clock; None when it is sent without one.
    """

    def __init__(self, operation: str, method: str, path: str, token_age_s: float | None = None) -> None:
        self._about = {"operation": operation, "method": method, "path": path}
        self._age = None if token_age_s is None else round(token_age_s, 3)
        self._attempt = 0
        self._begun = self._left = time.monotonic()

    def waits(self) -> None:
        """A try waits for its turn."""
        self._attempt += 1
        self._begun = time.monotonic()

    def leaves(self) -> None:
        """It is sent."""
        self._left = time.monotonic()

    def answered(self, answer: Answer) -> None:
        """A whole reply came."""
        level = logging.INFO if answer.status < 400 else logging.WARNING
        if LOGGER.isEnabledFor(level):
            self._write(level, f"got {answer.status}", answer.status, answer.headers)

    def failed(self, failure: NotAnswered) -> None:
        """None did."""
        if LOGGER.isEnabledFor(logging.WARNING):
            cause = type(failure.__cause__ or failure).__name__
            sent = "and it was not sent" if failure.outcome_known else "and it may have been carried out"
            self._write(logging.WARNING, f"got no whole reply ({cause}), {sent},", None, {})

    def again(self, wait_s: float) -> None:
        """It is to be tried again after so many seconds."""
        LOGGER.info(
            "%s: try %d follows in %.2f s",
            self._about["operation"],
            self._attempt + 1,
            wait_s,
            extra={**self._about, "attempt": self._attempt + 1, "wait_s": round(wait_s, 3)},
        )

    def _write(self, level: int, what: str, status: int | None, headers: Mapping[str, str]) -> None:
        latency_s, waited_s = time.monotonic() - self._left, self._left - self._begun
        request_id = visible(headers.get("x-request-id", ""))[:_LONGEST_ID] or None
        rate, usage = _numbers(headers, _RATE), _numbers(headers, _USAGE)
        told = [f"try {self._attempt}"]
        told += [f"request {request_id}"] if request_id else []
        told += [f"waited {waited_s:.2f} s for the pace"] if waited_s >= _WAITED_S else []
        told += [f"{kind} left: {left}" for kind, some in (("rate", rate), ("usage", usage)) if (left := _left(some))]
        told += [f"token {self._age:.0f} s old"] if self._age is not None else []
        extra: dict[str, Any] = {
            **self._about,
            "attempt": self._attempt,
            "status": status,
            "latency_s": round(latency_s, 4),
            "waited_s": round(waited_s, 4),
            "request_id": request_id,
            "rate": rate,
            "usage": usage,
            "token_age_s": self._age,
        }
        LOGGER.log(
            level,
            "%s: %s %s %s after %.3f s (%s)",
            *self._about.values(),
            what,
            latency_s,
            "; ".join(told),
            extra=extra,
        )


def _numbers(headers: Mapping[str, str], prefix: str) -> dict[str, int]:
    """The headers that begin so and hold a whole number, by the rest of their names."""
    return {
        name.removeprefix(prefix).replace("-", "_"): int(value)
        for name, value in headers.items()
        if name.startswith(prefix) and _NUMBER.fullmatch(value.strip())
    }


def _left(numbers: Mapping[str, int]) -> str:
    """What remains, in words; the limits themselves are among the fields."""
    rest = {name.removesuffix("remaining").rstrip("_"): n for name, n in numbers.items() if name.endswith("remaining")}
    return ", ".join(f"{name} {n}".strip() for name, n in rest.items())
