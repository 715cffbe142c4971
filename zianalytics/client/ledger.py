"""What we counted: the ledger as the user sees it."""

from __future__ import annotations

import polars as pl

from zianalytics.errors import ClientClosed
from zianalytics.journal import Journal, Totals

_UNANSWERED = pl.Schema(
    {
        "sent_at": pl.Datetime("us", "UTC"),
        "operation": pl.String(),
        "inputs": pl.Int64(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
        "intent_id": pl.String(),
    }
)


class LedgerView:
    """What this client has spent, record by record, and what may have been spent beside it; `zi.ledger`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def frame(self) -> pl.DataFrame:
        """One row per charged record, oldest first.

        Returns
        -------
        polars.DataFrame
            charged_at, operation, entity, id, credits, records, request_id (the service's own; null where the charge
            was learnt by asking again), managed_until (a day; null for what has no window), intent_id.
        """
        return self._journal.statements.ledger()

    def unanswered(self) -> pl.DataFrame:
        """One row per request that was sent and never answered, with the most that it may have cost.

        Run the enrichment again that sent it, and it is asked again: that costs its records, and no second credit. Once
        its window is over, or everything that it asked was answered otherwise, it counts as charged and is gone here. A
        search that is paid by the row is asked anew, and its lost page stays here: it may have been charged.

        The request that began a bulk job is here until the job's last page is kept.
        """
        self._journal.ledger.sweep()
        rows = [
            (one.at, one.operation, len(one.asked), one.worst.credits, one.worst.records, one.id)
            for one in self._journal.ledger.unknown()
        ]
        return pl.DataFrame(rows, schema=_UNANSWERED, orient="row")

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
