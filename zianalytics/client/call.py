"""Who carries operations out: answers from the journal what is held, and asks the service for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.client.budget import Budget
from zianalytics.client.enrich import Enrichments
from zianalytics.client.exchange import Exchange, Sender
from zianalytics.client.recovery import Recovery
from zianalytics.client.search import Searches
from zianalytics.client.usage import counted
from zianalytics.clock import ServerClock
from zianalytics.journal import Journal
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote


class Caller:
    """The `api.spec.Caller` of a client.

    Parameters
    ----------
    sender
        Carries requests: a `transport.Session`.
    journal
        Keeps what was paid for.
    clock
        The service's time, learnt by the sender.
    budget
        What may be spent.
    operations
        The table, by name.
    progress
        Whether calls of several requests show a bar.
    """

    def __init__(
        self,
        sender: Sender,
        journal: Journal,
        clock: ServerClock,
        budget: Budget,
        operations: Mapping[str, Operation[...]],
        *,
        progress: bool = True,
    ) -> None:
        self._journal = journal
        self._journal = journal
        self._exchange = Exchange(sender, journal, clock)
        self._usage = operations["usage"]
        recovery = Recovery(journal, self._exchange, self._counted, operations)
        self._searches = Searches(journal, self._exchange, recovery, budget, progress=progress)
        self._enrichments = Enrichments(journal, self._exchange, recovery, budget, self._counted, progress=progress)

    def fetch(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """The rows that `request` asks for."""
        self._journal.check_open()
        if operation.paging:
            return self._searches.fetch(operation, request)
        if operation.cost.may_pay:
            return self._enrichments.fetch(operation, request)
        decoded = self._exchange.ask_free(operation, request)
        decoded.warn(operation)
        return decoded.frame.drop("reply", "input_row", "match_status")

    def quote(self, operation: Operation[...], request: Any) -> Quote:
        """What `fetch` would cost at most; sends nothing."""
        self._journal.check_open()
        priced = self._searches if operation.paging else self._enrichments
        return priced.quote(operation, request)

    def count(self, operation: Operation[...], request: Any) -> int:
        """How many rows `request` matches in all."""
        return self._searches.count(operation, request)

    def _counted(self) -> Meters:
        """What the service has counted; the journal compares it with what it has itself."""
        standing = self._journal.ledger.standing()
        told = counted(self._exchange.ask_free(self._usage, self._usage.request()).frame)
        self._journal.ledger.compare(standing, told)
        return told
