"""Enrichments: what is held is answered from the journal, the rest is paid for, in batches, each kept as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import polars as pl
from tqdm.auto import tqdm

from zianalytics.api.enterprise import body, criteria
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.enrich.addresses import Addresses
from zianalytics.client.enrich.pricing import Batch, Held, Place, Plan, plan
from zianalytics.client.enrich.under_way import UnderWay, placed
from zianalytics.client.inputs.read import Inputs, read_inputs
from zianalytics.client.means import Means
from zianalytics.client.metered.budget import limits_of
from zianalytics.client.metered.counts import try_to_hear
from zianalytics.client.metered.exchange import of_replies
from zianalytics.client.metered.pool import fan_out, meanwhile
from zianalytics.client.metered.settled import settlement
from zianalytics.client.metered.shortfall import SPARED, Patience
from zianalytics.client.recovery.left_open import Chain, Repeated, what_repeats_showed
from zianalytics.errors import (
    AnswerRefused,
    AnswerUnreadable,
    AskedAgain,
    AuthFailed,
    MoreCharged,
    NotAnswered,
    OthersAtWork,
    RequestRefused,
    ZoomInfoError,
    warn,
)
from zianalytics.frames.decode import Decoded
from zianalytics.journal import Call, Intent
from zianalytics.schema.quote import Quote


class Enrichments:
    """Carries out the operations that are paid by the record."""

    def __init__(self, means: Means) -> None:
        self._journal, self._exchange, self._recovery = means.journal, means.exchange, means.recovery
        self._budget, self._usage, self._progress = means.budget, means.usage, means.progress
        self._suppression = means.suppression
        self.addresses = Addresses(means.journal)
        """Which held record has an address."""

    def quote(self, operation: Operation[...], request: Any, *, run: str | None = None) -> Quote:
        """What `fetch` would cost at most, input by input; sends nothing."""
        inputs = self._suppression.withhold(operation, _inputs(operation, request))
        made, _ = self._plan(operation, request, inputs, run, may_ask=False)
        return made.quote

    def fetch(
        self, operation: Operation[...], request: Any, *, run: str | None = None, waits_s: float | None = None
    ) -> pl.DataFrame:
        """The records, one row per input (or more, of an operation that answers lists), in their order.

        Parameters
        ----------
        run
            The run that the call belongs to, whose answers hold however old they are; None for one of its own.
        waits_s
            How long to wait for another call that is paying for the same; None for as long as it takes.
        """
        inputs = self._suppression.withhold(operation, _inputs(operation, request))
        before = self._journal.ledger.db.head
        made, chains = self._plan(operation, request, inputs, run)
        with self._alone(operation, made, waits_s):
            if made.pays and self._journal.ledger.db.head != before:  # another call may have paid for it meanwhile
                made, chains = self._plan(operation, request, inputs, run)
            spoken: set[str] = set()
            if not made.rests_on_time:
                self._permit(operation, request, made, spoken)
            if self._hear_what_it_counted(made):
                made, chains = self._plan(operation, request, inputs, run)
            fields = _fields(operation, request)
            work = UnderWay(self._exchange, operation, request, inputs, fields, dict(made.held), made.leaders)
            work.spoken = spoken
            work.left = request.max_records if operation.cost.rows == "counted" else None
            if made.pays:
                self._pay(work, made, chains, run)
        work.places |= {row: work.places[leader] for row, leader in made.leaders.items() if leader in work.places}
        # Whether it counted what we did; where it does not say so, records are priced as new.
        with meanwhile(partial(try_to_hear, self._usage)) if made.pays else nullcontext():
            return self._laid_out(work)

    def _alone(self, operation: Operation[...], made: Plan, at_most_s: float | None) -> AbstractContextManager[None]:
        """A block in which no other call, of any process, pays for what this one is going to pay for."""
        asked = [one.key for batch in made.batches for one in batch.questions]
        asked += [key for intent in made.repeats for key in intent.asked]
        if not asked:
            return nullcontext()
        return self._journal.at_work.on(
            [f"{operation.kept_as} {key}" for key in asked],
            waits=lambda shared: warn(OthersAtWork(operation.name, shared)),
            at_most_s=at_most_s,
        )

    def bodies(self, operation: Operation[...], request: Any) -> list[bytes]:
        """What a call would send if nothing of it were held, batch by batch, without people who are suppressed."""
        inputs = self._suppression.withhold(operation, read_inputs(operation, request.of))
        asked = list({one.key: one.says for one in inputs.questions}.values())
        batches = (asked[start : start + operation.batch] for start in range(0, len(asked), operation.batch))
        return [body(operation, request, inputs=one, fields=_fields(operation, request)) for one in batches]

    def _plan(
        self, operation: Operation[...], request: Any, inputs: Inputs, run: str | None = None, *, may_ask: bool = True
    ) -> tuple[Plan, Sequence[Chain]]:
        chains = [
            chain for chain in self._recovery.settle_kept(may_ask=may_ask) if chain.root.operation == operation.name
        ]
        since = self._journal.runs.first_reply(run) if run else None
        return self._planned(operation, request, inputs, [chain.root for chain in chains], since), chains

    def place_of(self, operation: Operation[...], request: Any, inputs: Inputs) -> Place | None:
        """Where the only input is answered in what is held, by the time as it is known; asks and settles nothing."""
        [question] = inputs.questions
        return self._planned(operation, request, inputs, ()).held.get(question.row)

    def _planned(
        self,
        operation: Operation[...],
        request: Any,
        inputs: Inputs,
        unanswered: Sequence[Intent],
        since: int | None = None,
    ) -> Plan:
        entity = operation.cost.charged
        keys = [one.key for one in inputs.questions]
        ids = [one.id for one in inputs.questions if one.id is not None]
        addressed = self.addresses.of(operation, inputs.questions)
        ids += addressed.values()
        answers = self._journal.held(operation.kept_as, asked=keys, ids=ids)
        windows = self._journal.managed(entity, [*ids, *answers["id"].drop_nulls().unique()])
        return plan(
            operation.name,
            operation.cost,
            inputs.questions,
            Held(
                answers,
                dict(windows.select("id", "managed_until").rows()),
                unanswered,
                self._journal.statements.uncertain(entity, windows["id"].to_list()),
                since,
                addressed,
            ),
            fields=_fields(operation, request),
            now=self._exchange.now(),
            batch=operation.batch,
            max_age=request.max_age,
            unusable=inputs.unusable,
            opted_out=inputs.opted_out,
            max_records=request.max_records,
        )

    def _permit(self, operation: Operation[...], request: Any, made: Plan, spoken: set[str]) -> tuple[str, ...]:
        worst = made.quote.total
        return self._budget.permit(operation.name, operation.cost, worst, limits_of(request), spoken=spoken)

    def _hear_what_it_counted(self, made: Plan) -> bool:
        """Learn the service's time and count by a free request, where a window or a payment depends on them.

        What is held is judged by our own clock when nobody answers, or when we are refused, so that it can always be
        read.
        """
        if not made.pays and not made.rests_on_time:
            return False
        try:
            self._usage("api")
        except (NotAnswered, AuthFailed):
            if made.pays:
                raise
            return False
        except (AnswerRefused, AnswerUnreadable):  # its time came with it
            return True
        return True

    def _pay(self, work: UnderWay, made: Plan, chains: Sequence[Chain], part_of: str | None) -> None:
        caps = self._permit(work.operation, work.request, made, work.spoken)
        worst, now = made.quote.total, self._exchange.now()
        call = self._journal.ledger.begin(work.operation.name, worst, at=now, caps=caps, run=part_of)
        finished = False
        try:
            if stopped := self._repeat(work, call, made, chains):
                work.short.not_asked([row for one in made.batches for row in work.rows_of(one.questions)], stopped)
            else:
                self._send(work, call, made.batches)
            if work.short.has_failures and not work.places:
                raise work.short.failure()
            finished = True
        except BaseException as exc:
            exc.add_note(work.interrupted())
            raise
        finally:
            self._journal.ledger.end(call, finished=finished)
        self._recovery.settle_kept()  # what this call has answered for other requests, too

    def _repeat(self, work: UnderWay, call: Call, made: Plan, chains: Sequence[Chain]) -> ZoomInfoError | None:
        """Ask again what was never answered, one request after another, and say what that showed.

        Returns what it stopped at: what further requests cost may depend on the outcome of each repeat.
        """
        repeated: list[Repeated] = []
        wanted = {intent.id for intent in made.repeats}
        stopped: ZoomInfoError | None = None
        for chain in [one for one in chains if one.root.id in wanted]:
            rows = work.rows_of(work.asked_by(chain.root.asked))
            if stopped:
                work.short.not_asked(rows, stopped)
                continue
            try:
                again = self._recovery.repeat(call, chain, records=work.left)
            except SPARED as exc:
                work.short.failed(rows, stopped := exc)
                continue
            work.spend(again.kept.records)
            repeated.append(again)
            if set(work.fields) <= set(again.intent.fields):
                work.note(again.intent, again.kept)
        if repeated:
            warn(AskedAgain(what_repeats_showed(work.operation, repeated)))
        return stopped

    def _send(self, work: UnderWay, call: Call, batches: Sequence[Batch]) -> None:
        if work.left is not None:
            self._send_while_left(work, call, batches)
            return
        outcome = fan_out(
            [partial(self._ask, work, call, batch) for batch in batches],
            at_once=self._exchange.at_once,
            between=self._exchange.alarm.speak,
            title=work.operation.name,
            sizes=[len(batch.questions) for batch in batches],
            progress=self._progress,
            goes_on=Patience(),
        )
        work.take(outcome, batches)

    def _send_while_left(self, work: UnderWay, call: Call, batches: Sequence[Batch]) -> None:
        """One request after another, each reserving all records that are left, for as long as there are any."""
        shown = self._progress and len(batches) > 1
        goes_on = Patience()
        stopped: ZoomInfoError | None = None
        for batch in tqdm(batches, desc=work.operation.name, unit="row", disable=not shown, leave=False):
            stopped = stopped or (None if work.left else work.used_up())
            if stopped:
                work.short.not_asked(work.rows_of(batch.questions), stopped)
                continue
            worst = replace(batch.worst, records=work.left)
            try:
                work.spend(self._ask(work, call, replace(batch, worst=worst)))
            except SPARED as exc:
                work.short.failed(work.rows_of(batch.questions), exc)
                # What was not answered may have cost all that was left.
                stopped = None if goes_on(exc) and exc.credits_spent == 0 else exc
            else:
                goes_on(None)
        if work.over:
            warn(MoreCharged(work.went_over()))

    def _ask(self, work: UnderWay, call: Call, batch: Batch) -> int:
        """Ask one request, keep and settle it; returns how many records came."""
        intent = Intent(
            id=str(uuid4()),
            call=call.id,
            operation=work.operation.name,
            request=body(
                work.operation, work.request, inputs=[one.says for one in batch.questions], fields=work.fields
            ),
            worst=batch.worst,
            at=self._exchange.now(),
            asked=tuple(one.key for one in batch.questions),
            ids=tuple(one.id for one in batch.questions),
            fields=work.fields,
            pool=work.operation.cost.pool,
        )
        kept = self._exchange.ask(work.operation, intent)
        self._journal.settle(settlement(work.operation, intent, kept))
        work.note(intent, kept)
        return kept.records

    def _laid_out(self, work: UnderWay) -> pl.DataFrame:
        numbers = sorted({place.reply for place in work.places.values()} - work.reading.numbers)
        decoded = work.reading.beside(of_replies(self._journal.some_replies(numbers), OPERATIONS))
        if work.reading.numbers:
            self.addresses.learn(work.operation, decoded.frame)
        answers = self._suppression.hide(work.operation, placed(decoded.frame, work.places))
        self._suppression.learn_from(work.inputs, answers.filter(pl.col("match_status") == "opted_out")["input_row"])
        Decoded(decoded.frame, decoded.lost.join(answers, on=["reply", "row"], how="semi")).warn(work.operation)
        work.explain(answers)
        missing = work.short.statuses
        told = pl.DataFrame(
            {"input_row": list(missing), "match_status": list(missing.values())},
            schema={"input_row": pl.Int64, "match_status": pl.String},
        )
        answers = pl.concat([answers, told.join(answers, on="input_row", how="anti")], how="diagonal")
        work.short.warn(work.inputs.given.height)
        return work.inputs.lay_out(work.operation, answers, work.request.fields)


def _inputs(operation: Operation[...], request: Any) -> Inputs:
    """The inputs of a call, each with what the call asks beside them."""
    if operation.cost.rows == "counted" and request.max_records is None:
        raise RequestRefused(
            f"{operation.name} costs a record for each row, and how many there are is not known before. Nothing was "
            "sent. Pass max_records=, the records after which no further input is asked."
        )
    return read_inputs(operation, request.of, criteria(operation, request))


def _fields(operation: Operation[...], request: Any) -> tuple[str, ...]:
    if not operation.takes_fields:
        return operation.record.names
    return tuple(column.name for column in operation.record.pick(request.fields))
