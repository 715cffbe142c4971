"""Every error that this package raises, in one tree.

    ZoomInfoError
    +-- RequestRefused      your input, before anything was sent (also ValueError)
    |   +-- SettingsRefused     settings that are missing, misspelt or contradict each other
    |   +-- KeyUnusable         a private key that cannot sign
    +-- BudgetExceeded      it would cost more than you allowed; nothing was sent
    +-- NotAnswered         no usable reply: time-out, reset, 5xx (`outcome_known`: could it have been charged?)
    +-- AnswerRefused       the service said no
    |   +-- AuthFailed          who you are
    |   +-- NotEntitled         what your subscription covers
    |   +-- LimitReached        what is left of your credits, records or requests
    |   +-- RateLimited         how fast you may ask
    |   +-- MalformedRequest    what you asked
    +-- TooManyRows         a search matches more than the service hands out, and cannot be divided exactly
    +-- AnswerUnreadable    a reply that could not become the promised frame; it is kept in the journal
    +-- StoreUnusable       journal or warehouse
    |   +-- StoreHeld           another process holds the file
    |   +-- StoreDamaged        the file is not what it should be
    |   +-- NoHistory           nothing was stored on or before the day asked for
    +-- ClientClosed        the client was closed before the call
    +-- SandboxFailed       the local sandbox did not start
    +-- ExtraMissing        an optional part is not installed (also ImportError)

    ZoomInfoWarning         (also UserWarning)
    +-- ValuesLost          values of a reply could not be read and are null in the frame
    +-- ResultsCut          a search brought fewer rows than match it
    +-- NotAllAnswered      some inputs have no answer: a limit was reached, or something else was answered
    +-- MoreCharged         an answer brought more records than the call was allowed
    +-- ResultsExpire       results of bulk jobs are gone a day after they began
    +-- AskedAgain          requests that were never answered were sent again, without a second credit
    +-- RepliesMissing      replies that were paid for are not in the journal any more

Each message says what happened, what it cost and what to do next. Values sit on attributes; a token, a key or a
person's data never does.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

__all__ = [
    "AnswerRefused",
    "AnswerUnreadable",
    "AskedAgain",
    "AuthFailed",
    "BudgetExceeded",
    "ClientClosed",
    "ExtraMissing",
    "KeyUnusable",
    "LimitReached",
    "MalformedRequest",
    "MoreCharged",
    "NoHistory",
    "NotAllAnswered",
    "NotAnswered",
    "NotEntitled",
    "RateLimited",
    "RepliesMissing",
    "RequestRefused",
    "ResultsCut",
    "ResultsExpire",
    "SandboxFailed",
    "SettingsRefused",
    "StoreDamaged",
    "StoreHeld",
    "StoreUnusable",
    "TooManyRows",
    "ValuesLost",
    "ZoomInfoError",
    "ZoomInfoWarning",
]

_OURS = str(Path(__file__).parent)


class ZoomInfoError(Exception):
    """Anything this package raises on purpose."""


class RequestRefused(ZoomInfoError, ValueError):
    """Your input was refused before a request was sent; nothing was spent."""


class SettingsRefused(RequestRefused):
    """Settings are missing, misspelt or contradict each other."""


class KeyUnusable(RequestRefused):
    """The private key cannot be read, or is of a kind that cannot sign RS256."""


class BudgetExceeded(ZoomInfoError):
    """The call would cost more than you allowed; nothing was sent.

    Attributes
    ----------
    credits, records, requests
        The worst case of the call that was refused.
    """

    def __init__(self, message: str, *, credits: int = 0, records: int = 0, requests: int = 0) -> None:
        super().__init__(message)
        self.credits, self.records, self.requests = credits, records, requests


class NotAnswered(ZoomInfoError):
    """No usable reply arrived.

    Attributes
    ----------
    outcome_known
        True when the request certainly had no effect; False when it may have been carried out and charged.
    """

    def __init__(self, message: str, *, outcome_known: bool) -> None:
        super().__init__(message)
        self.outcome_known = outcome_known


class AnswerRefused(ZoomInfoError):
    """The service answered with a refusal.

    Attributes
    ----------
    status
        HTTP status of the refusal.
    request_id
        The service's own id of the request, for its support; None when it sent none.
    retryable
        Whether the same request may succeed later without a change.
    """

    retryable = False

    def __init__(self, message: str, *, status: int, request_id: str | None = None) -> None:
        super().__init__(message)
        self.status, self.request_id = status, request_id


class AuthFailed(AnswerRefused):
    """The service does not accept the user name, password, client id, key or token."""


class NotEntitled(AnswerRefused):
    """The subscription does not cover this endpoint or field."""


class LimitReached(AnswerRefused):
    """The account's credits, records or requests are used up."""


class RateLimited(AnswerRefused):
    """Too many requests in a short time."""

    retryable = True


class MalformedRequest(AnswerRefused):
    """The service could not use the request as it was written."""


class TooManyRows(ZoomInfoError):
    """A search matches more rows than the service hands out, and has no criterion that divides it exactly.

    Attributes
    ----------
    rows
        How many rows match.
    """

    def __init__(self, message: str, *, rows: int) -> None:
        super().__init__(message)
        self.rows = rows


class AnswerUnreadable(ZoomInfoError):
    """A reply could not be turned into the promised frame; its bytes are kept in the journal."""


class StoreUnusable(ZoomInfoError):
    """The journal or the warehouse cannot be used."""


class StoreHeld(StoreUnusable):
    """Another process holds the file."""


class StoreDamaged(StoreUnusable):
    """The file is not what it should be."""


class NoHistory(StoreUnusable):
    """Nothing was stored on or before the day asked for."""


class ClientClosed(ZoomInfoError):
    """The client was closed before the call; nothing was sent."""

    def __init__(self) -> None:
        super().__init__(
            "This client is closed. Nothing was sent or spent. Make a new one: ZoomInfo(), ZoomInfo.mock()."
        )


class SandboxFailed(ZoomInfoError):
    """The local sandbox did not start."""


class ExtraMissing(ZoomInfoError, ImportError):
    """An optional part of the package is not installed."""


class ZoomInfoWarning(UserWarning):
    """Something that did not stop the call, and that its result alone would not show."""


class ValuesLost(ZoomInfoWarning):
    """Values of a reply could not be read and are null in the frame.

    Attributes
    ----------
    lost
        A frame with one row per such value: reply, row, column and the value as received.
    """

    def __init__(self, message: str, *, lost: object) -> None:
        super().__init__(message)
        self.lost = lost


class ResultsCut(ZoomInfoWarning):
    """A search brought fewer rows than match it, or a reply more records than were asked for."""


class NotAllAnswered(ZoomInfoWarning):
    """Some inputs have no answer: a limit was reached, or something else was answered; the others are in the frame."""


class MoreCharged(ZoomInfoWarning):
    """An answer brought more records than the call was allowed, because their number is not known before it comes."""


class ResultsExpire(ZoomInfoWarning):
    """Results of bulk jobs were near the day after which they are gone, and were fetched before anything else."""


class AskedAgain(ZoomInfoWarning):
    """Requests that an earlier run had sent, and that were never answered, were sent again without a second credit."""


class RepliesMissing(ZoomInfoWarning):
    """Replies that were paid for are not in the journal any more."""


def warn(warning: ZoomInfoWarning) -> None:
    """Give a warning that points at the line outside this package that led to it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_code.co_filename.startswith(_OURS):
        frame, level = frame.f_back, level + 1
    warnings.warn(warning, stacklevel=level)
