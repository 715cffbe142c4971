"""Checks of a list that cost their requests alone: asked in batches, nothing of them is answered from what is held."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import polars as pl

from zianalytics.api.enterprise import body
from zianalytics.api.spec import Operation
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.read import Inputs, read_inputs
from zianalytics.client.means import Means
from zianalytics.client.metered.budget import limits_of
from zianalytics.client.metered.exchange import Kept, together
from zianalytics.client.metered.pool import fan_out
from zianalytics.client.metered.settled import settlement
from zianalytics.client.metered.shortfall import Patience, Shortfall
from zianalytics.journal import Call, Intent
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote, quote_lines


class Checks:
    """Carries out the operations on lists that cost neither credits nor records."""

    def __init__(self, means: Means) -> None:
        self._journal, self._exchange, self._recovery = means.journal, means.exchange, means.recovery
        self._budget, self._suppression, self._progress = means.budget, means.suppression, means.progress

    def quote(self, operation: Operation[...], request: Any, *, run: str | None = None) -> Quote:
        """How many requests a check costs, whatever was checked before; sends nothing."""
        inputs = read_inputs(operation, request.of)
        lines = [_line(operation, one.row, "free", "a check costs its requests alone") for one in inputs.questions]
        lines += [_line(operation, row, "invalid_input", f"not sent: {why}") for row, why in inputs.unusable.items()]
        lines.sort(key=lambda line: line["input_row"])
        return Quote(operation.name, quote_lines(lines), len(_batches(operation, inputs)))

    def bodies(self, operation: Operation[...], request: Any) -> list[bytes]:
        """What a check would send, batch by batch."""
        batches = _batches(operation, read_inputs(operation, request.of))
        return [body(operation, inputs=[one.says for one in batch]) for batch in batches]

    def fetch(self, operation: Operation[...], request: Any, *, run: str | None = None) -> pl.DataFrame:
        """What is said of each input; who has opted out is suppressed from now on."""
        inputs = read_inputs(operation, request.of)
        self._recovery.settle_kept()
        batches = _batches(operation, inputs)
        worst = Meters(requests=len(batches))
        caps = self._budget.permit(operation.name, operation.cost, worst, limits_of(request))
        call = self._journal.ledger.begin(operation.name, worst, at=self._exchange.now(), caps=caps)
        finished = False
        short = Shortfall(operation.name)
        try:
            answers = self._asked(operation, call, batches, short)
            finished = True
        finally:
            self._journal.ledger.end(call, finished=finished)
        self._suppression.learn_from(inputs, answers.filter(pl.col("match_status") == "opted_out")["input_row"])
        short.warn(inputs.given.height)
        return inputs.lay_out(operation, self._suppression.hide(operation, answers), None)

    def _asked(
        self, operation: Operation[...], call: Call, batches: Sequence[Sequence[Question]], short: Shortfall
    ) -> pl.DataFrame:
        outcome = fan_out(
            [partial(self._ask, operation, call, batch) for batch in batches],
            at_once=self._exchange.at_once,
            between=self._exchange.alarm.speak,
            title=operation.name,
            sizes=[len(batch) for batch in batches],
            progress=self._progress,
            goes_on=Patience(),
        )
        short.take(outcome, [[one.row for one in batch] for batch in batches])
        kept = outcome.results
        if not kept:
            raise short.failure()
        decoded = together(
            operation, {one.number: one.body for one in kept.values()}, {one.number: one.about for one in kept.values()}
        )
        decoded.warn(operation)
        asked = pl.DataFrame(
            [
                (kept[n].number, at, question.row)
                for n, batch in enumerate(batches)
                if n in kept
                for at, question in enumerate(batch)
            ],
            schema={"reply": pl.Int64, "input_row": pl.Int64, "row": pl.Int64},
            orient="row",
        )
        rows = decoded.frame.join(asked, on=["reply", "input_row"], maintain_order="left")
        return rows.drop("input_row", "reply").rename({"row": "input_row"})

    def _ask(self, operation: Operation[...], call: Call, batch: Sequence[Question]) -> Kept:
        intent = Intent(
            id=str(uuid4()),
            call=call.id,
            operation=operation.name,
            request=body(operation, inputs=[one.says for one in batch]),
            worst=Meters(requests=1),
            at=self._exchange.now(),
            asked=tuple(one.key for one in batch),
        )
        kept = self._exchange.ask(operation, intent)
        self._journal.settle(settlement(operation, intent, kept))
        return kept


def _batches(operation: Operation[...], inputs: Inputs) -> list[Sequence[Question]]:
    asked = inputs.questions
    return [asked[start : start + operation.batch] for start in range(0, len(asked), operation.batch)]


def _line(operation: Operation[...], row: int, status: str, why: str) -> dict[str, Any]:
    return {
        "operation": operation.name,
        "input_row": row,
        "what": f"input {row}",
        "status": status,
        "why": why,
        "credits": 0,
        "records": 0,
    }
