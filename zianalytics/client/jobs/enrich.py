"""Enrichments that are carried out as jobs: what is held is not asked, what a job works on is waited for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from zianalytics.api.enterprise import body
from zianalytics.api.jobs import JobOperation, opened
from zianalytics.client.enrich.enrichments import Enrichments
from zianalytics.client.enrich.pricing import Place, Plan
from zianalytics.client.enrich.under_way import UnderWay
from zianalytics.client.inputs.read import Inputs, read_inputs
from zianalytics.client.jobs.at_service import Jobs
from zianalytics.client.jobs.book import Begun
from zianalytics.client.jobs.progress import entries_on, first_entry
from zianalytics.client.jobs.submitted import Submitted
from zianalytics.client.means import Means
from zianalytics.schema.quote import Quote, quote_lines


class EnrichJobs(Enrichments):
    """Prices, begins and reads the enrichments that are jobs."""

    def __init__(self, means: Means, jobs: Jobs) -> None:
        super().__init__(replace(means, progress=False))
        self._jobs = jobs

    def job_quote(self, operation: JobOperation[...], request: Any, *, run: str | None = None) -> Quote:
        """What the jobs cost at most, input by input; sends nothing."""
        inputs = self._given(operation, request)
        waiting = self._waiting(operation, request, inputs)
        made, _ = self._plan(operation, request, _without(inputs, waiting), run, may_ask=False)
        line = {"operation": operation.name, "entity": operation.cost.entity, "credits": 0, "records": 0}
        lines = [
            line
            | {"input_row": one.row, "what": one.label, "id": one.id, "status": "unanswered"}
            | {"why": f"job {waiting[one.key].id} works on it; no second credit"}
            for one in inputs.questions
            if one.key in waiting
        ]
        every = pl.concat([made.quote.lines, quote_lines(lines)]).sort("input_row", maintain_order=True)
        return replace(made.quote, lines=every)

    def submit(self, operation: JobOperation[...], request: Any, *, run: str | None = None) -> Submitted:
        """Begin the jobs for what is neither held nor worked on; those that work on the others come along.

        Parameters
        ----------
        run
            The run that the call belongs to, whose answers hold however old they are; None for one of its own.
        """
        inputs = self._given(operation, request)
        waiting = self._waiting(operation, request, inputs)
        rest = _without(inputs, waiting)
        made, _ = self._plan(operation, request, rest, run)
        spoken: set[str] = set()
        self._permit(operation, request, made, spoken)
        if self._hear_what_it_counted(made):
            made, _ = self._plan(operation, request, rest, run)
        fields = _fields(operation, request)
        work = UnderWay(self._exchange, operation, request, inputs, fields, dict(made.held), spoken=spoken)
        begun = list({job.id: job for job in waiting.values()}.values()) + self._begin(work, made, run)
        return Submitted(self._jobs, begun, partial(self._answered, work, begun))

    def again(self, job: Begun) -> Submitted:
        """A job that was begun, with its own inputs."""
        operation, given = job.operation, [json.loads(asked) for asked in job.intent.asked]
        request = operation.request(given, fields=list(job.intent.fields))
        work = UnderWay(self._exchange, operation, request, read_inputs(operation, given), job.intent.fields, {})
        return Submitted(self._jobs, [job], partial(self._answered, work, [job]))

    def _given(self, operation: JobOperation[...], request: Any) -> Inputs:
        return self._suppression.withhold(operation, read_inputs(operation, opened(request.of)))

    def _waiting(self, operation: JobOperation[...], request: Any, inputs: Inputs) -> dict[str, Begun]:
        """The questions that a job of ours works on, and asks for all that is wanted."""
        wanted = set(_fields(operation, request))
        keys = {one.key for one in inputs.questions}
        return {
            asked: job
            for job in self._jobs.under_way()
            if job.operation is operation and wanted <= set(job.intent.fields) and self._jobs.lives(job)
            for asked in job.intent.asked
            if asked in keys
        }

    def _begin(self, work: UnderWay, made: Plan, part_of: str | None) -> list[Begun]:
        operation = work.operation
        assert isinstance(operation, JobOperation)  # noqa: S101  # `submit` takes no other
        if not made.batches:
            return []
        caps = self._permit(operation, work.request, made, work.spoken)
        self._jobs.make_room(len(made.batches))
        worst, now = made.quote.total, self._exchange.now()
        call = self._journal.ledger.begin(operation.name, worst, at=now, caps=caps, run=part_of)
        begun: list[Begun] = []
        try:
            for batch in made.batches:
                questions = batch.questions
                job = self._jobs.begin(
                    operation,
                    call,
                    body(operation, inputs=[one.says for one in questions], fields=work.fields),
                    batch.worst,
                    asked=[one.key for one in questions],
                    ids=[one.id for one in questions],
                    fields=work.fields,
                )
                begun.append(job)
        except BaseException as exc:
            ids = ", ".join(job.id for job in begun)
            exc.add_note(
                f"{operation.name}: of its jobs were begun: {ids or 'none'}. Run the same call again: they go on."
            )
            raise
        finally:
            self._journal.ledger.end(call, finished=len(begun) == len(made.batches))
        return begun

    # docs/assumptions.md, "order of bulk results"
    def _answered(self, work: UnderWay, begun: Sequence[Begun]) -> pl.DataFrame:
        """The frame of the direct call, from what is held and from the pages of the jobs."""
        found: dict[str, Place] = {}
        for job in begun:
            asked, now = job.intent.asked, self._jobs.progress(job)
            for number, page in self._jobs.pages(job).items():
                first = first_entry(number, entries_on(page), now)
                rows = {row.input_row for row in page.rows if row.input_row is not None}
                found |= {asked[first + at]: Place(page.number, at) for at in rows if first + at < len(asked)}
        held = {one.key: work.places[one.row] for one in work.inputs.questions if one.row in work.places}
        found = held | found
        work.places = {one.row: found[one.key] for one in work.inputs.questions if one.key in found}
        work.short.tell(
            [one.row for one in work.inputs.questions if one.row not in work.places],
            match_status="error",
            code="page_gone",
            message="Its page failed, as when a limit of the account is reached, or is gone a day after the job began. "
            "Run the same call again to ask for it.",
            retryable=True,
            credits_spent=None,
        )
        return self._laid_out(work)


def _fields(operation: JobOperation[...], request: Any) -> tuple[str, ...]:
    return tuple(column.name for column in operation.record.pick(request.fields))


def _without(inputs: Inputs, waiting: dict[str, Begun]) -> Inputs:
    return replace(inputs, questions=tuple(one for one in inputs.questions if one.key not in waiting))
