"""Every error that this package raises, in one tree.

    ZoomInfoError
    +-- RequestRefused      your input, before anything was sent (also ValueError)
    |   +-- SettingsRefused     settings that are missing, misspelt or contradict each other
    |   +-- KeyUnusable         a private key that cannot sign
    +-- BudgetExceeded      it would cost more than you allowed; nothing was sent
    +-- NotAnswered         no usable reply: time-out, reset, 5xx (`outcome_known`: could it have been charged?)
    |   +-- RetriesExhausted    the service fails so often that it is not asked again
    +-- AnswerRefused       the service said no
    |   +-- AuthFailed          who you are
    |   +-- NotEntitled         what your subscription covers: this endpoint is not in it
    |   |   +-- FieldNotAllowed     nor are these fields
    |   +-- LimitReached        what is left
    |   |   +-- CreditsUsedUp       of your credits
    |   |   +-- RecordsUsedUp       of your records
    |   |   +-- RequestsUsedUp      of your requests
    |   +-- RateLimited         how fast you may ask
    |   +-- MalformedRequest    what you asked
    |   |   +-- UnknownField        a name or a value that the service does not take
    |   |   +-- TooLittleGiven      too little to go by
    |   |   +-- PageRefused         a page that there is not, or the order of its rows
    |   +-- NotFound            what you asked it about
    |   +-- NotImitated         what the local sandbox cannot do; the service itself never says so
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
    +-- NotAllAnswered      some inputs have no answer; `report` says of each why, and what next
    +-- MoreCharged         an answer brought more records than the call was allowed
    +-- ResultsExpire       results of bulk jobs are gone a day after they began
    +-- LimitNear           an allowance of the account comes to its end
    +-- AskedAgain          requests that were never answered were sent again, without a second credit
    +-- RepliesMissing      replies that were paid for are not in the journal any more
    +-- JournalDamaged      a file of the journal is not as it was written; what is sound of it is used
    +-- PaceNotShared       other processes of the account do not see how fast this one asks

Each message says what happened, what it cost and what to do next. Values sit on attributes, the same on every error
(`ZoomInfoError`); a token, a key or a person's data never does.
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
    "CreditsUsedUp",
    "ExtraMissing",
    "FieldNotAllowed",
    "JournalDamaged",
    "KeyUnusable",
    "LimitNear",
    "LimitReached",
    "MalformedRequest",
    "MoreCharged",
    "NoHistory",
    "NotAllAnswered",
    "NotAnswered",
    "NotEntitled",
    "NotFound",
    "NotImitated",
    "PaceNotShared",
    "PageRefused",
    "RateLimited",
    "RecordsUsedUp",
    "RepliesMissing",
    "RequestRefused",
    "RequestsUsedUp",
    "ResultsCut",
    "ResultsExpire",
    "RetriesExhausted",
    "SandboxFailed",
    "SettingsRefused",
    "StoreDamaged",
    "StoreHeld",
    "StoreUnusable",
    "TooLittleGiven",
    "TooManyRows",
    "UnknownField",
    "ValuesLost",
    "ZoomInfoError",
    "ZoomInfoWarning",
]

_OURS = str(Path(__file__).parent)


class ZoomInfoError(Exception):
    """Anything this package raises on purpose.

    Attributes
    ----------
    status
        HTTP status of the reply that it stands for; None where there was none.
    code
        A word for what was refused, such as "record_limit", which does not change with the service's wording.
    request_id
        The service's own id of the request, for its support; None when it sent none.
    retryable
        Whether the same call may succeed later without a change.
    credits_spent
        Credits that the failure cost; None where that is not known yet and their price stays reserved.
    report
        Of a call on many inputs: a frame with one row for each input without an answer; else None.
    """

    status: int | None = None
    code: str | None = None
    request_id: str | None = None
    retryable: bool = False
    credits_spent: int | None = None
    report: object = None


class RequestRefused(ZoomInfoError, ValueError):
    """Your input was refused before a request was sent; nothing was spent."""

    credits_spent = 0


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

    code = "budget"
    credits_spent = 0

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

    code = "no_answer"
    retryable = True

    def __init__(
        self, message: str, *, outcome_known: bool, status: int | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.outcome_known, self.status, self.request_id = outcome_known, status, request_id
        self.credits_spent = 0 if outcome_known else None


class RetriesExhausted(NotAnswered):
    """The service has failed so often that this request was not repeated, as it would have been otherwise.

    A process may repeat requests to a host as long as its quota of retries lasts, so that a service in trouble is
    not asked three times as often as usual. Requests that succeed fill the quota up again.
    """

    code = "retries_exhausted"


class AnswerRefused(ZoomInfoError):
    """The service answered with a refusal, and charged nothing; `status`, `code` and `request_id` are those of it."""

    status: int
    credits_spent = 0

    def __init__(self, message: str, *, status: int, code: str | None = None, request_id: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.request_id = status, code, request_id


class AuthFailed(AnswerRefused):
    """The service does not accept the user name, password, client id, key or token."""


class NotEntitled(AnswerRefused):
    """The subscription does not cover this endpoint or field."""


class FieldNotAllowed(NotEntitled):
    """The subscription does not cover these fields."""


class LimitReached(AnswerRefused):
    """The account's credits, records or requests are used up."""


class CreditsUsedUp(LimitReached):
    """More new records were asked for than the account has credits left."""


class RecordsUsedUp(LimitReached):
    """The account has too few records left."""


class RequestsUsedUp(LimitReached):
    """The account has no requests left."""


class RateLimited(AnswerRefused):
    """Too many requests in a short time."""

    retryable = True


class MalformedRequest(AnswerRefused):
    """The service could not use the request as it was written."""


class UnknownField(MalformedRequest):
    """The service does not take a name, or a value under it."""


class TooLittleGiven(MalformedRequest):
    """A search has no criterion, or an input nothing to match by."""


class PageRefused(MalformedRequest):
    """A page, its size or its order is none that the service hands out."""


class NotFound(AnswerRefused):
    """There is no such endpoint, or nothing has the id that was asked about."""


class NotImitated(AnswerRefused):
    """The local sandbox does not imitate this part of the API."""


class TooManyRows(ZoomInfoError):
    """A search matches more rows than the service hands out, and has no criterion that divides it exactly.

    Attributes
    ----------
    rows
        How many rows match.
    """

    credits_spent = 0

    def __init__(self, message: str, *, rows: int) -> None:
        super().__init__(message)
        self.rows = rows


class AnswerUnreadable(ZoomInfoError):
    """A reply could not be turned into the promised frame; its bytes are kept in the journal."""

    code = "unreadable"
    retryable = True


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

    credits_spent = 0

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
    """Some inputs have no answer; the others are in the frame.

    Attributes
    ----------
    report
        A frame with one row for each of them: input_row (of a search: page), match_status, error (the name of its
        class), status, code, request_id, retryable, credits_spent (null where that is not known yet), and message,
        which says what to do next. None of a bulk search, whose records have no input.
    """

    def __init__(self, message: str, *, report: object = None) -> None:
        super().__init__(message)
        self.report = report


class MoreCharged(ZoomInfoWarning):
    """An answer brought more records than the call was allowed, because their number is not known before it comes."""


class ResultsExpire(ZoomInfoWarning):
    """Results of bulk jobs were near the day after which they are gone, and were fetched before anything else."""


class LimitNear(ZoomInfoWarning):
    """An allowance of the account comes to its end, or a call may cost more than is left of it.

    Attributes
    ----------
    limit_type
        Which, as in `zi.usage()`.
    used, allowed
        How much of it is used, and how much there is in all.
    """

    def __init__(self, message: str, *, limit_type: str, used: int, allowed: int) -> None:
        super().__init__(message)
        self.limit_type, self.used, self.allowed = limit_type, used, allowed


class AskedAgain(ZoomInfoWarning):
    """Requests that an earlier run had sent, and that were never answered, were sent again without a second credit."""


class RepliesMissing(ZoomInfoWarning):
    """Replies that were paid for are not in the journal any more."""


class PaceNotShared(ZoomInfoWarning):
    """The account's folder cannot be used, so that other processes do not see how fast this one asks."""


class JournalDamaged(ZoomInfoWarning):
    """A file of the journal is not as it was written, or not the newest; what is sound of it is used."""


def warn(warning: ZoomInfoWarning) -> None:
    """Give a warning that points at the line outside this package that led to it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_code.co_filename.startswith(_OURS):
        frame, level = frame.f_back, level + 1
    warnings.warn(warning, stacklevel=level)
