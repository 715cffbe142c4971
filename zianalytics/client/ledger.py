"""What we counted, beside what the service did: the ledger as the user sees it."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.table import JOBS
from zianalytics.client.books.comparison import Pending, compared
from zianalytics.client.books.ours import Books
from zianalytics.client.call import Caller
from zianalytics.client.metered.limits import told
from zianalytics.clock import ServerClock
from zianalytics.errors import ClientClosed
from zianalytics.journal import Journal, Look, Open, Totals

_ATTEMPTS = 3


class LedgerView(Books):
    """What this client has spent, record by record, and what may have been spent beside it; `zi.ledger`."""

    def __init__(self, journal: Journal, clock: ServerClock, caller: Caller) -> None:
        super().__init__(journal, clock, credit_price=caller.credit_price)
        self._caller = caller

    def compare(self) -> pl.DataFrame:
        """What the service has counted, and what each part of it comes from; asks the service once, at no cost.

        The comparison begins with the first count that was heard while nothing of ours was under way: a client asks for
        one before it pays. What was spent by then is known as a sum, and not by whom; where a count has begun anew, the
        comparison begins anew with it.

        Returns
        -------
        polars.DataFrame
            meter ("credits", "records", "requests", and "ip_records", "ip_requests" of IP look-ups), line, amount,
            at_most, why. The amounts of a meter add up to its last line. `amount` is what a line explains of the count,
            and `at_most` what it may be at most: of "counted before", how much of it may be ours.

            * "counted before": when the comparison begins;
            * "charged by us": by the ledger, since then;
            * "sent and never answered": may have been charged;
            * "still reserved": requests under way, and jobs that go on;
            * "spent elsewhere": the rest: by others of the organisation;
            * "charged by us alone", below 0: the ledger has more than the service has counted;
            * "counted by the service".

            A line of nothing is left out, except where its being nothing is the news.

        Raises
        ------
        NotAnswered, AnswerRefused
            The service does not say what it has counted.

        Examples
        --------
        >>> zi.ledger.compare().filter(meter="credits")["line"].to_list()[-1]
        'counted by the service'
        """
        ledger = self._journal.ledger
        for _ in range(_ATTEMPTS):
            ledger.sweep()
            before = ledger.looks.ours(), ledger.looks.open()
            usage = self._caller.limits()
            if before == (ledger.looks.ours(), ledger.looks.open()):
                break
        ours, left = before
        return compared(ledger.looks.history(), Look(self._clock.now(), told(usage), ours), self._pending(left))

    @checked("zi.ledger.reconcile")
    def reconcile(
        self,
        *,
        max_records: int | None = None,
        max_requests: int | None = None,
        lists: Literal["wait", "ask"] = "wait",
    ) -> pl.DataFrame:
        """Bring to an end what was never answered, and fetch again what the journal lost; no credit is paid twice.

        A request is asked again as it was: its credits stay reserved where they were, so that a record that it redeemed
        costs none now, and one that it did not redeem costs the one that was reserved. Its records and requests count
        again and are reserved anew, by `max_records=` or a budget; where there is no room it waits. What the service
        has counted is read before and after each. What was asked by name comes first: a name may find another record
        by now, which is a new purchase. A bulk job whose beginning was never answered, or whose results are gone, ends
        a day after it began, with what the service has counted and no reply shows; in full, where that cannot be told.
        Replies that the journal has lost are fetched again by the ids of their records, while these are managed.

        Parameters
        ----------
        max_records, max_requests
            What it may cost; None for what a budget in force allows.
        lists
            Whether requests that are paid by the row (intent, news, scoops, IP look-ups, ...) are asked again, too:
            "ask" pays their rows a second time. Then the same call within a day, or `zi.redeem` of its quote, takes
            them from the journal.

        Returns
        -------
        polars.DataFrame
            One row for each: sent_at, endpoint, kind ("unanswered", "job", "reply missing"), inputs, by_name (inputs
            that name no id), outcome ("settled" or "waits"), credits and records (charged to the ledger for it now),
            counted_credits and counted_records (by which the service's count grew meanwhile), why, intent_id.

        Raises
        ------
        NotAnswered, AnswerRefused
            The service does not say what it has counted. Nothing was asked again.

        Examples
        --------
        >>> zi.ledger.reconcile(max_records=100).columns[:4]
        ['sent_at', 'endpoint', 'kind', 'inputs']
        """
        return self._caller.reconciliation.run(max_records=max_records, max_requests=max_requests, lists=lists)

    def _pending(self, left: list[Open]) -> Pending:
        unanswered, reserved = Counter[str](), Counter[str]()
        for one in left:
            goes_on = one.operation in JOBS and self._journal.reply_to(one.id) is not None
            (reserved if one.is_awaited or goes_on else unanswered).update(one.worst)
        return Pending(dict(unanswered), dict(reserved))

    def totals(self) -> Totals:
        """What was spent on the three meters, and what is in doubt."""
        return self._journal.statements.totals()

    def __repr__(self) -> str:
        try:
            totals = self.totals()
        except ClientClosed:
            return "<Ledger: closed>"
        doubt = f"; not answered: at most {totals.unknown}" if totals.unknown.requests else ""
        visitors = f"; IP look-ups: {totals.websights}" if totals.websights.requests else ""
        return f"<Ledger: {totals.spent} spent{visitors}{doubt}>"

    def _repr_html_(self) -> str:
        try:
            totals = self.totals()
        except ClientClosed:
            return "<p>Ledger: closed</p>"
        rows = [("spent", totals.spent), ("not answered, at most", totals.unknown)]
        rows += [("IP look-ups", totals.websights)] if totals.websights.requests else []
        cells = "".join(
            f"<tr><th>{name}</th><td>{m.credits:,}</td><td>{m.records:,}</td><td>{m.requests:,}</td></tr>"
            for name, m in rows
        )
        head = "<tr><th></th><th>credits</th><th>records</th><th>requests</th></tr>"
        return f"<table><thead>{head}</thead><tbody>{cells}</tbody></table>"
