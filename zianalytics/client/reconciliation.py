"""Everything that has no end, brought to one: asked again where that costs no second credit, else said why it waits.

docs/assumptions.md, "a paid request without a usable reply".
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from zianalytics.api.table import JOBS, OPERATIONS
from zianalytics.client.jobs.at_service import Jobs
from zianalytics.client.jobs.book import LIFETIME
from zianalytics.client.means import Means
from zianalytics.client.metered.shortfall import SPARED
from zianalytics.client.recovery.anew import Anew
from zianalytics.client.recovery.carried_out import Evidence
from zianalytics.client.recovery.left_open import Chain
from zianalytics.client.recovery.lost_replies import LostReplies
from zianalytics.client.recovery.reconciled import MEANWHILE, RECONCILED, Told, about, by_name
from zianalytics.errors import OthersAtWork, warn
from zianalytics.journal import Allowance, Charge, Intent, Settlement, Unanswered
from zianalytics.schema.meters import Meters

_BY_THE_ROW = (
    'it is paid by the row, and would be paid again in full: pass lists="ask" (zia reconcile --ask-lists) to have it '
    "asked again"
)


class Reconciliation:
    """Ends what has no end."""

    def __init__(self, means: Means, jobs: Jobs) -> None:
        self._journal, self._exchange, self._recovery = means.journal, means.exchange, means.recovery
        self._budget, self._usage, self._jobs = means.budget, means.usage, jobs
        self._lost = LostReplies(means.journal, means.exchange)

    def run(
        self, *, max_records: int | None, max_requests: int | None, lists: Literal["wait", "ask"] = "wait"
    ) -> pl.DataFrame:
        """Bring everything to an end that can be; a row for each."""
        self._journal.check_open()
        self._usage("api")  # windows and days are judged by the service's time
        anew = Anew(self._journal, self._exchange, self._budget, Allowance(records=max_records, requests=max_requests))
        before = {one.intent.id: one.intent for one in self._journal.open_intents()}
        self._jobs.under_way()
        chains = self._recovery.settle_kept()
        open_now = {one.intent.id for one in self._journal.open_intents()}
        told = [
            about(intent).settled("its reply was kept, or all that it asked was answered otherwise")
            for number, intent in before.items()
            if number not in open_now and intent.repeats is None
        ]
        # Whom a name finds may change; it is asked for first, while that is least likely.
        chains.sort(key=lambda one: (not by_name(one.root), one.root.at))
        told += [self._ask_again(chain, anew, lists=lists) for chain in chains]
        told += [self._end_job(one) for one in self._journal.open_intents() if one.intent.operation in JOBS]
        told += [self._lost.fetch_again(one, anew) for one in self._journal.missing.all()]
        self._usage("api")
        return pl.DataFrame([one.row() for one in told], schema=RECONCILED, orient="row")

    def _ask_again(self, chain: Chain, anew: Anew, *, lists: str) -> Told:
        root, operation = chain.root, OPERATIONS[chain.root.operation]
        is_free = operation.cost.credit_per_new_record and not operation.paging and operation.cost.rows != "counted"
        if not is_free and lists != "ask":
            told = about(root)
            told.why = _BY_THE_ROW
            return told
        things = [f"{operation.kept_as} {key}" for key in root.asked]
        run = self._journal.runs.of_call(root.call) if operation.paging else None
        things += [f"redeem {run}"] if run else []  # who pays that quote waits, and then takes the answer
        with self._journal.at_work.on(things, waits=_say):
            for now in self._recovery.settle_kept():  # another may have asked meanwhile
                if now.root.id == root.id:
                    return self._ask_alone(now, anew, is_free=is_free, run=run)
        return about(root).settled(MEANWHILE)

    def _ask_alone(self, chain: Chain, anew: Anew, *, is_free: bool, run: str | None) -> Told:
        root, operation, told = chain.root, OPERATIONS[chain.root.operation], about(chain.root)
        records = len(root.asked) if is_free else root.worst.records
        before = anew.spent(operation)
        try:
            again = anew.pay(
                operation,
                Meters(records=records, requests=1),
                lambda call: self._recovery.repeat(call, chain, records=records),
                run=run,
            )
        except SPARED as exc:
            told.why = anew.refused(exc)
            return told
        why = "it had been carried out" if again.first_got_through else "it had not been carried out"
        if told.by_name:
            why += "; what was asked by name may have found another record now"
        if operation.paging:
            why += "; the same call, or zi.redeem of its quote, takes what came from the journal"
        told.counted = again.grown
        return told.settled(why, anew.spent(operation, before))

    def _end_job(self, one: Unanswered) -> Told:
        """A job whose beginning was never answered, or whose results are gone, ends by what the service has counted."""
        told = about(one.intent, kind="job")
        begun = one.reply.received if one.reply else one.intent.at
        if self._exchange.now() < begun + LIFETIME:
            told.why = f"it may go on until {begun + LIFETIME:%Y-%m-%d %H:%M} UTC; " + (
                "fetch it by zi.bulk.resume()" if one.reply else "its id was never told"
            )
            return told
        with self._journal.at_work.on([f"job {one.intent.id}"], waits=_say):
            is_open = one.intent.id in {left.id for left in self._journal.ledger.unknown()}
            return self._end_alone(one.intent, told) if is_open else told.settled(MEANWHILE)

    def _end_alone(self, intent: Intent, told: Told) -> Told:
        operation, looks = JOBS[intent.operation], self._journal.ledger.looks
        rest = next(Meters(**left.worst) for left in looks.open() if left.id == intent.id)
        with self._exchange.turnstile.shut() as is_quiet:
            after = self._usage("api")
            since = looks.since_newest("api")
            unshown = Evidence(*since, after if is_quiet else None).of(intent.id) if since else None
        credits, records, why = rest.credits, rest.records, "it counts as charged in full: the count tells no more"
        if unshown is not None and unshown.silent <= 1:
            credits, records = min(credits, unshown.credits), min(records, unshown.records)
            why = "it counts as charged as far as the service has counted what no reply shows"
        elif unshown is not None and (unshown.credits, unshown.records) == (0, 0):
            credits = records = 0
            why = "the service has counted nothing for it"
        charges = tuple(  # of no record that is known, so that no window is believed to be open
            Charge(entity=operation.cost.charged, record_id=None, records=int(at < records), redeems=at < credits)
            for at in range(max(credits, records))
        )
        self._journal.settle(Settlement(intent=intent.id, charged_at=intent.at, charges=charges))
        return told.settled(why, Meters(credits=credits, records=records))


def _say(shared: int) -> None:
    """Others are at work on some of it, and are waited for."""
    warn(OthersAtWork("zi.ledger.reconcile", shared))
