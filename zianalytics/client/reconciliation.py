"""Everything that has no end, brought to one: asked again where that costs no second credit, else said why it waits.

docs/assumptions.md, "a paid request without a usable reply".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import uuid4

import polars as pl

from zianalytics.api.enterprise import body
from zianalytics.api.spec import Operation
from zianalytics.api.table import JOBS, OPERATIONS
from zianalytics.client.budget import Budget
from zianalytics.client.carried_out import Evidence
from zianalytics.client.exchange import Exchange, settlement
from zianalytics.client.job_book import LIFETIME
from zianalytics.client.jobs import Jobs
from zianalytics.client.recovery import Chain, Recovery
from zianalytics.client.shortfall import SPARED
from zianalytics.errors import BudgetExceeded, OthersAtWork, ZoomInfoError, warn
from zianalytics.journal import Allowance, Call, Charge, Found, Intent, Journal, Lost, Settlement, Unanswered
from zianalytics.schema.meters import Meters, Pool

T = TypeVar("T")
SETTLED, WAITS = "settled", "waits"
RECONCILED = pl.Schema(
    {
        "sent_at": pl.Datetime("us", "UTC"),
        "endpoint": pl.String(),
        "kind": pl.String(),
        "inputs": pl.Int64(),
        "by_name": pl.Int64(),
        "outcome": pl.String(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
        "counted_credits": pl.Int64(),
        "counted_records": pl.Int64(),
        "why": pl.String(),
        "intent_id": pl.String(),
    }
)
_NO_ROOM = "no room for its records: pass max_records="
_BY_THE_ROW = 'it is paid by the row, and would be paid again in full: pass lists="ask" to have it asked again'


@dataclass
class _Told:
    """What became of one thing without an end."""

    sent_at: datetime
    endpoint: str
    kind: str
    intent: str
    inputs: int = 0
    by_name: int = 0
    outcome: str = WAITS
    spent: Meters = field(default_factory=Meters)
    counted: Meters | None = None
    why: str = ""

    def row(self) -> tuple[Any, ...]:
        counted = (None, None) if self.counted is None else (self.counted.credits, self.counted.records)
        spent = (self.spent.credits, self.spent.records)
        known = (self.sent_at, self.endpoint, self.kind, self.inputs, self.by_name, self.outcome)
        return (*known, *spent, *counted, self.why, self.intent)


class Reconciliation:
    """Ends what has no end.

    Parameters
    ----------
    usage
        Asks the service what it has counted of a pool; free.
    """

    def __init__(
        self,
        journal: Journal,
        exchange: Exchange,
        recovery: Recovery,
        budget: Budget,
        usage: Callable[[Pool], Meters],
        jobs: Jobs,
    ) -> None:
        self._journal, self._exchange, self._recovery = journal, exchange, recovery
        self._budget, self._usage, self._jobs = budget, usage, jobs

    def run(
        self, *, max_records: int | None, max_requests: int | None, lists: Literal["wait", "ask"] = "wait"
    ) -> pl.DataFrame:
        """Bring everything to an end that can be; a row for each."""
        self._journal.check_open()
        self._usage("api")  # windows and days are judged by the service's time
        self._left = Allowance(records=max_records, requests=max_requests)
        self._stopped = ""
        before = {one.intent.id: one.intent for one in self._journal.open_intents()}
        self._jobs.under_way()
        chains = self._recovery.settle_kept()
        open_now = {one.intent.id for one in self._journal.open_intents()}
        told = [
            _about(intent, outcome=SETTLED, why="its reply was kept, or all that it asked was answered otherwise")
            for number, intent in before.items()
            if number not in open_now and intent.repeats is None
        ]
        # Whom a name finds may change; it is asked for first, while that is least likely.
        chains.sort(key=lambda one: (not _by_name(one.root), one.root.at))
        told += [self._ask_again(chain, lists=lists) for chain in chains]
        told += [self._end_job(one) for one in self._journal.open_intents() if one.intent.operation in JOBS]
        told += [self._fetch_again(lost) for lost in self._journal.missing.all()]
        self._usage("api")
        return pl.DataFrame([one.row() for one in told], schema=RECONCILED, orient="row")

    def _ask_again(self, chain: Chain, *, lists: str) -> _Told:
        root, operation = chain.root, OPERATIONS[chain.root.operation]
        told = _about(root)
        is_free = operation.cost.credit_per_new_record and not operation.paging and operation.cost.rows != "counted"
        if not is_free and lists != "ask":
            told.why = _BY_THE_ROW
            return told
        things = [f"{operation.kept_as} {key}" for key in root.asked]
        with self._journal.at_work.on(things, waits=lambda n: warn(OthersAtWork("zi.ledger.reconcile", n))):
            if root.id in {one.intent.id for one in self._journal.open_intents()}:
                return self._ask_alone(chain, told, is_free=is_free)
        told.outcome, told.why = SETTLED, "another call has brought it to its end meanwhile"
        return told

    def _ask_alone(self, chain: Chain, told: _Told, *, is_free: bool) -> _Told:
        root, operation = chain.root, OPERATIONS[chain.root.operation]
        records = len(root.asked) if is_free else root.worst.records
        before = self._spent(operation)
        try:
            again = self._paid(
                operation,
                Meters(records=records, requests=1),
                lambda call: self._recovery.repeat(call, chain, records=records),
            )
        except SPARED as exc:
            told.why = self._refused(exc)
            return told
        told.outcome, told.spent, told.counted = SETTLED, self._spent(operation, before), again.grown
        told.why = "it had been carried out" if again.first_got_through else "it had not been carried out"
        if told.by_name:
            told.why += "; what was asked by name may have found another record now"
        return told

    def _end_job(self, one: Unanswered) -> _Told:
        """A job whose beginning was never answered, or whose results are gone, ends by what the service has counted."""
        intent, operation = one.intent, JOBS[one.intent.operation]
        told = _about(intent, kind="job")
        begun = one.reply.received if one.reply else intent.at
        if self._exchange.now() < begun + LIFETIME:
            told.why = f"it may go on until {begun + LIFETIME:%Y-%m-%d %H:%M} UTC; " + (
                "fetch it by zi.bulk.resume()" if one.reply else "its id was never told"
            )
            return told
        looks = self._journal.ledger.looks
        rest = next(Meters(**left.worst) for left in looks.open() if left.id == intent.id)
        with self._exchange.turnstile.shut() as is_quiet:
            after = self._usage("api")
            since = looks.since_newest("api")
            unshown = Evidence(*since, after if is_quiet else None).of(intent.id) if since else None
        credits, records, told.why = rest.credits, rest.records, "it counts as charged in full: the count tells no more"
        if unshown is not None and unshown.silent <= 1:
            credits, records = min(credits, unshown.credits), min(records, unshown.records)
            told.why = "it counts as charged as far as the service has counted what no reply shows"
        elif unshown is not None and (unshown.credits, unshown.records) == (0, 0):
            credits = records = 0
            told.why = "the service has counted nothing for it"
        assert operation.cost.entity is not None  # noqa: S101  # every operation that may be paid names what is charged
        charges = tuple(  # of no record that is known, so that no window is believed to be open
            Charge(entity=operation.cost.entity, record_id=None, records=int(at < records), redeems=at < credits)
            for at in range(max(credits, records))
        )
        self._journal.settle(Settlement(intent=intent.id, charged_at=intent.at, charges=charges))
        told.outcome, told.spent = SETTLED, Meters(credits=credits, records=records)
        return told

    def _fetch_again(self, lost: Lost) -> _Told:
        """The records of a reply that is not there any more, as far as they cost no credit."""
        operation = OPERATIONS[lost.operation]
        told = _Told(lost.received, lost.operation, "reply missing", lost.intent, inputs=len(lost.found))
        cost = operation.cost
        if cost.rows != "records" or not cost.credit_per_new_record or operation.paging or cost.entity is None:
            told.why = "it was paid by the row or the list: run the same call again"
            return told
        matched = {int(one.record_id): one for one in lost.found if one.record_id and one.status == "matched"}
        windows = dict(self._journal.managed(cost.entity, list(matched)).select("id", "managed_until").rows())
        today = self._exchange.now().date()
        if over := [one for one in matched if one not in windows or windows[one] <= today]:
            told.why = f"the twelve months of {len(over):,} records are over: each would be a new purchase"
            return told
        before, ids = self._spent(operation), list(matched)
        try:
            for start in range(0, len(ids), operation.batch):
                self._fetch(
                    operation, [(one, matched[one]) for one in ids[start : start + operation.batch]], lost.fields
                )
        except SPARED as exc:
            told.spent, told.why = self._spent(operation, before), self._refused(exc)
            return told
        self._journal.missing.forget(lost)
        told.outcome, told.spent, told.why = SETTLED, self._spent(operation, before), "its records were fetched again"
        return told

    def _fetch(self, operation: Operation[...], wanted: Sequence[tuple[int, Found]], fields: Sequence[str]) -> None:
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

        self._paid(operation, worst, ask)

    def _paid(self, operation: Operation[...], worst: Meters, ask: Callable[[Call], T]) -> T:
        """Ask by a call of its own, whose records and requests are reserved anew."""
        if self._stopped:
            raise BudgetExceeded(self._stopped)
        caps = self._budget.permit(operation.name, operation.cost, worst, self._left)
        call = self._journal.ledger.begin(operation.name, worst, at=self._exchange.now(), caps=caps)
        try:
            return ask(call)
        finally:
            self._journal.ledger.end(call, finished=True)
            left = self._left
            self._left = Allowance(
                records=None if left.records is None else max(0, left.records - worst.records),
                requests=None if left.requests is None else max(0, left.requests - worst.requests),
            )

    def _refused(self, exc: ZoomInfoError) -> str:
        """Why something still waits; whatever was not answered keeps the rest from being asked."""
        if isinstance(exc, BudgetExceeded):
            return self._stopped or _NO_ROOM
        self._stopped = f"not asked, because a request before it failed ({type(exc).__name__})"
        return str(exc)

    def _spent(self, operation: Operation[...], before: Meters | None = None) -> Meters:
        totals = self._journal.statements.totals()
        now = totals.spent if operation.cost.pool == "api" else totals.websights
        before = before or Meters()
        return Meters(credits=now.credits - before.credits, records=now.records - before.records)


def _about(intent: Intent, *, kind: str = "unanswered", outcome: str = WAITS, why: str = "") -> _Told:
    told = _Told(intent.at, intent.operation, kind, intent.id, inputs=len(intent.asked), outcome=outcome, why=why)
    told.by_name = _by_name(intent)
    return told


def _by_name(intent: Intent) -> int:
    """How many of its inputs are named by something else than an id."""
    return sum(one is None for one in intent.ids)
