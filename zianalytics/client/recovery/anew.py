"""What is asked again is paid by a call of its own: its records and requests are reserved anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from zianalytics.api.spec import Operation
from zianalytics.client.metered.budget import Budget
from zianalytics.client.metered.exchange import Exchange
from zianalytics.errors import BudgetExceeded, ZoomInfoError
from zianalytics.journal import Allowance, Call, Journal
from zianalytics.schema.meters import Meters

T = TypeVar("T")
_NO_ROOM = "no room for its records: pass max_records="


@dataclass
class Anew:
    """Pays for what one reconciliation asks again.

    Attributes
    ----------
    left
        What it may still cost.
    """

    journal: Journal
    exchange: Exchange
    budget: Budget
    left: Allowance
    _stopped: str = ""

    def pay(self, operation: Operation[...], worst: Meters, ask: Callable[[Call], T], *, run: str | None = None) -> T:
        """Ask by a call of its own.

        Parameters
        ----------
        run
            The run that it asks for, which may take the answer from the journal; None for one of its own.
        """
        if self._stopped:
            raise BudgetExceeded(self._stopped)
        caps = self.budget.permit(operation.name, operation.cost, worst, self.left)
        ledger = self.journal.ledger
        call = ledger.begin(operation.name, worst, at=self.exchange.now(), caps=caps, run=run)
        try:
            return ask(call)
        finally:
            ledger.end(call, finished=True)
            records, requests = self.left.records, self.left.requests
            self.left = Allowance(
                records=None if records is None else max(0, records - worst.records),
                requests=None if requests is None else max(0, requests - worst.requests),
            )

    def refused(self, exc: ZoomInfoError) -> str:
        """Why something still waits; whatever was not answered keeps the rest from being asked."""
        if isinstance(exc, BudgetExceeded):
            return self._stopped or _NO_ROOM
        self._stopped = f"not asked, because a request before it failed ({type(exc).__name__})"
        return str(exc)

    def spent(self, operation: Operation[...], before: Meters | None = None) -> Meters:
        """What was charged to the pool of an operation, in all or since."""
        totals = self.journal.statements.totals()
        now = totals.spent if operation.cost.pool == "api" else totals.websights
        before = before or Meters()
        return Meters(credits=now.credits - before.credits, records=now.records - before.records)
