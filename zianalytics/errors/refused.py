"""What the service says no with, one class for each kind of published message."""

from __future__ import annotations

from zianalytics.errors.raised import ZoomInfoError


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
