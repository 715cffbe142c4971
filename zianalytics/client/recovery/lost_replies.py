"""Replies that were paid for and are not there any more: their records are fetched again while that costs no credit."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from zianalytics.api.enterprise import body
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.metered.exchange import Exchange
from zianalytics.client.metered.settled import settlement
from zianalytics.client.metered.shortfall import SPARED
from zianalytics.client.recovery.anew import Anew
from zianalytics.client.recovery.reconciled import MEANWHILE, Told
from zianalytics.errors import OthersAtWork, warn
from zianalytics.journal import Call, Found, Intent, Journal, Lost
from zianalytics.schema.meters import Meters


class LostReplies:
    """Fetches their records again."""

    def __init__(self, journal: Journal, exchange: Exchange) -> None:
        self._journal, self._exchange = journal, exchange

    def fetch_again(self, lost: Lost, anew: Anew) -> Told:
        """The records of one of them, as far as they cost no credit; nobody else fetches them meanwhile."""
        operation = OPERATIONS[lost.operation]
        told = _about(lost)
        cost = operation.cost
        if cost.rows != "records" or not cost.credit_per_new_record or operation.paging or cost.entity is None:
            told.why = "it was paid by the row or the list: run the same call again"
            return told
        things = [f"{operation.kept_as} {one.asked}" for one in lost.found]
        with self._journal.at_work.on(things, waits=lambda n: warn(OthersAtWork("zi.ledger.reconcile", n))):
            if (lost.reply, lost.intent) not in self._journal.missing.numbers():
                return told.settled(MEANWHILE)
            return self._fetch_alone(operation, lost, told, anew)

    def _fetch_alone(self, operation: Operation[...], lost: Lost, told: Told, anew: Anew) -> Told:
        matched = {int(one.record_id): one for one in lost.found if one.record_id and one.status == "matched"}
        windows = dict(
            self._journal.managed(operation.cost.charged, list(matched)).select("id", "managed_until").rows()
        )
        today = self._exchange.now().date()
        if over := [one for one in matched if one not in windows or windows[one] <= today]:
            told.why = f"the twelve months of {len(over):,} records are over: each would be a new purchase"
            return told
        before, ids = anew.spent(operation), list(matched)
        try:
            for start in range(0, len(ids), operation.batch):
                wanted = [(one, matched[one]) for one in ids[start : start + operation.batch]]
                self._fetch(operation, wanted, lost.fields, anew)
        except SPARED as exc:
            told.spent, told.why = anew.spent(operation, before), anew.refused(exc)
            return told
        self._journal.missing.forget(lost)
        return told.settled("its records were fetched again", anew.spent(operation, before))

    def _fetch(
        self, operation: Operation[...], wanted: Sequence[tuple[int, Found]], fields: Sequence[str], anew: Anew
    ) -> None:
        worst, at = Meters(records=len(wanted), requests=1), self._exchange.now()

        def ask(call: Call) -> None:
            intent = Intent(
                id=str(uuid4()),
                call=call.id,
                operation=operation.name,
                request=body(operation, inputs=[{operation.record.key[0]: one} for one, _ in wanted], fields=fields),
                worst=worst,
                at=at,
                asked=tuple(one.asked for _, one in wanted),
                ids=tuple(one for one, _ in wanted),
                fields=tuple(fields),
                pool=operation.cost.pool,
            )
            self._journal.settle(settlement(operation, intent, self._exchange.ask(operation, intent)))

        anew.pay(operation, worst, ask)


def _about(lost: Lost) -> Told:
    return Told(lost.received, lost.operation, "reply missing", lost.intent, inputs=len(lost.found))
