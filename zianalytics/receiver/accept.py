"""Whether a delivery is taken, decided before anything is said: known by its token, whole, and on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from threading import Lock

from zianalytics.api.enterprise import TOKEN_HEADER, read_delivery
from zianalytics.api.table import DELIVERED
from zianalytics.errors import AnswerUnreadable
from zianalytics.journal import Journal
from zianalytics.receiver.tokens import WebhookTokens

REMEMBERED = 10_000  # deliveries among which one that comes twice is recognised


@dataclass(frozen=True)
class Verdict:
    """What the sender is told.

    Attributes
    ----------
    status, said
        The answer.
    kept
        How many records were kept.
    why
        What we alone are told of a failure of ours.
    """

    status: int
    said: str
    kept: int = 0
    why: str = ""


class Desk:
    """Takes deliveries into a journal; any number of threads may bring them, in any order and more than once.

    A delivery is on disk before `take` returns a 200. What is not, the service sends again.
    """

    def __init__(self, journal: Journal, tokens: WebhookTokens) -> None:
        self._journal, self._tokens = journal, tokens
        self._seen = journal.digests_of(list(DELIVERED), last=REMEMBERED)
        self._lock = Lock()

    def refusal(self, headers: Mapping[str, str]) -> Verdict | None:
        """Why a sender is not listened to; None when the token is good. Header names are in lower case."""
        if self._tokens.knows(headers.get(TOKEN_HEADER, "")):
            return None
        return Verdict(401, "The token is missing or not the one expected.")

    def take(self, headers: Mapping[str, str], body: bytes) -> Verdict:
        """Keep a delivery whose sender is known."""
        digest = sha256(body).digest()
        try:
            delivery = read_delivery(body)
        except AnswerUnreadable as exc:
            return Verdict(400, str(exc))
        with self._lock:
            if digest in self._seen:
                return Verdict(200, "Received before.")
            self._journal.keep(
                None, delivery.kind, b"", status=200, headers={}, received=_sent_at(headers.get("date")), body=body
            )
            self._seen.add(digest)
        return Verdict(200, "Received.", len(delivery.records))


# docs/assumptions.md, "the day of a delivery"
def _sent_at(date: str | None) -> datetime:
    """When it was sent, by the sender's clock, which rules all that is received; else now."""
    try:
        told = parsedate_to_datetime(date or "")
    except ValueError:
        return datetime.now(UTC)
    return told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)
