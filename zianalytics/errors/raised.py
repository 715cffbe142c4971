"""What ends a call: input that is refused, too little allowed, no answer, a store or client that cannot be used."""

from __future__ import annotations

from typing import Any

from zianalytics.errors.shown import in_a_notebook


class ZoomInfoError(Exception):
    """Anything this package raises on purpose.

    A notebook shows your own lines and the message; `import traceback; traceback.print_last()` shows every frame.

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
    report: Any = None

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it: https://ipython.readthedocs.io/en/stable/config/integrating.html."""
        return in_a_notebook(self)


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


class QuoteRefused(ZoomInfoError):
    """A quote cannot be paid as it was approved; nothing was sent.

    Attributes
    ----------
    code
        "costs_more", "paid", "too_old", "other_account", "credit_price", "no_call"; of a file "altered" or
        "unreadable".
    quote
        What it would cost now, to be looked at and redeemed in its place; None where that cannot be said.
    """

    credits_spent = 0

    def __init__(self, message: str, *, code: str, quote: Any = None) -> None:
        super().__init__(message)
        self.code, self.quote = code, quote


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
    """Another process, or another part of this program, holds the file."""


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
