"""Enrichments into paid rows: what is told of each company, page by page, never more rows than allowed.

How much there is to tell is not known before, so each company has a share of rows. What is told changes from day to
day, so that nothing of it is answered from the journal, save to finish an interrupted run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import polars as pl

from zianalytics.api.enterprise import body, total
from zianalytics.api.spec import Operation
from zianalytics.client.enrich.listing_plan import (
    ListPlan,
    lines_of,
    page_key,
    page_size,
    rest_of,
    share_of,
    spans_of,
)
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.read import read_inputs
from zianalytics.client.means import Means
from zianalytics.client.metered.budget import limits_of
from zianalytics.client.metered.counts import try_to_hear
from zianalytics.client.metered.exchange import Kept
from zianalytics.client.metered.pages import exact_pages
from zianalytics.client.metered.pool import fan_out
from zianalytics.client.metered.settled import settlement
from zianalytics.client.metered.shortfall import Patience, Shortfall
from zianalytics.journal import Call, Intent
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote, quote_lines

_AGAIN = (
    "Run the same call again within a day: the pages that came are taken from the journal, and only the others are "
    "asked and paid for."
)


@dataclass
class _UnderWay:
    """One call under way: the replies to each question, in the order in which they are to be read."""

    call: Call
    kept: Mapping[str, Kept]
    short: Shortfall
    read: dict[int, list[Kept]] = field(default_factory=dict)


class Listings:
    """Carries out the operations that answer each company with pages of paid rows."""

    def __init__(self, means: Means) -> None:
        self._journal, self._exchange, self._recovery = means.journal, means.exchange, means.recovery
        self._budget, self._usage, self._progress = means.budget, means.usage, means.progress

    def quote(self, operation: Operation[...], request: Any, *, run: str | None = None) -> Quote:
        """What a call costs at most: a credit for each company that is not managed, and all rows of its share.

        Parameters
        ----------
        run
            The run that the call would belong to: pages that came of it are not paid again.
        """
        made = self._plan(operation, request)
        kept = self._exchange.pages(operation, run)
        rests = {one.row: rest_of(made, one, kept) for one in made.leaders}
        requests = sum(rest.requests for rest in rests.values())
        return Quote(operation.name, quote_lines(lines_of(made, rests, self._exchange.now().date())), requests)

    def fetch(self, operation: Operation[...], request: Any, *, run: str | None = None) -> pl.DataFrame:
        """A long frame: the rows of each input in turn, and a row of nulls for one of which nothing is told.

        Parameters
        ----------
        run
            The run that the call belongs to: what came of it before is taken from the journal, however old it is.
        """
        self._recovery.settle_kept()
        spoken: set[str] = set()
        self._permit(self._plan(operation, request), run, spoken)
        self._hear_what_it_counted()  # its time came with it, and days and windows are reckoned by that
        made = self._plan(operation, request)
        kept, worst, caps = self._permit(made, run, spoken)
        interrupted = self._journal.ledger.interrupted(operation.name, made.key, at=self._exchange.now())
        call = self._journal.ledger.begin(
            operation.name, worst, at=self._exchange.now(), caps=caps, question=made.key, run=run or interrupted
        )
        finished = False
        work = _UnderWay(call, kept, Shortfall(operation.name))
        try:
            self._read(made, work)
            finished = not work.short.has_failures  # the next run asks for the pages that are missing alone
        finally:
            self._journal.ledger.end(call, finished=finished)
        self._hear_what_it_counted()
        return self._laid_out(made, work)

    def bodies(self, operation: Operation[...], request: Any) -> list[bytes]:
        """What a call would send, if all rows of each company's share were told in each range of days."""
        made = self._plan(operation, request)
        pages = exact_pages(made.share, page_size(operation)) if made.share else []
        return [
            body(operation, span.put_into(request), page=page.number, size=page.size, inputs=[one.says])
            for one in made.leaders
            for span in made.spans
            for page in pages
        ]

    def _permit(
        self, made: ListPlan, run: str | None, spoken: set[str]
    ) -> tuple[dict[str, Kept], Meters, tuple[str, ...]]:
        """The pages that are kept of the run, and of one that was interrupted; what the others cost; and the caps."""
        interrupted = self._journal.ledger.interrupted(made.operation.name, made.key, at=self._exchange.now())
        kept = self._exchange.pages(made.operation, interrupted, run)
        worst = sum((rest_of(made, one, kept) for one in made.leaders), Meters())
        name, cost, limits = made.operation.name, made.operation.cost, limits_of(made.request)
        return kept, worst, self._budget.permit(name, cost, worst, limits, spoken=spoken)

    def _hear_what_it_counted(self) -> None:
        """Where the service counts what we did, and nothing else, a company that was redeemed is known to be ours."""
        try_to_hear(self._usage)

    def _plan(self, operation: Operation[...], request: Any) -> ListPlan:
        inputs = read_inputs(operation, request.of, {})
        leaders = list({one.key: one for one in reversed(inputs.questions)}.values())[::-1]
        ids = [one.id for one in leaders if one.id is not None]
        today = self._exchange.now().date()
        windows = self._journal.managed("company", ids)
        managed = dict(windows.filter(windows["managed_until"] > today).select("id", "managed_until").rows())
        share = share_of(operation, request, len(leaders))
        return ListPlan(operation, request, inputs, leaders, share, spans_of(operation, request, today), managed)

    def _read(self, made: ListPlan, work: _UnderWay) -> None:
        outcome = fan_out(
            [partial(self._tell, made, work, one) for one in made.leaders],
            at_once=self._exchange.at_once,
            between=self._exchange.alarm.speak,
            title=made.operation.name,
            sizes=[1 for _ in made.leaders],
            progress=self._progress,
            goes_on=Patience(),
        )
        followers: dict[str, list[int]] = {}
        for one in made.inputs.questions:
            followers.setdefault(one.key, []).append(one.row)
        work.short.take(outcome, [followers[one.key] for one in made.leaders])
        if work.short.has_failures and not work.read:
            raise work.short.failure()

    def _tell(self, made: ListPlan, work: _UnderWay, question: Question) -> None:
        """Read what is told of one company, span after span, until its share of rows is reached."""
        left, credits = made.share, made.credits(question)
        for span in made.spans:
            for page in exact_pages(left, page_size(made.operation)) if left > 0 else ():
                key = page_key(question, span, page)
                answer = work.kept.get(key)
                if answer is None:
                    worst = Meters(credits=credits, records=page.size, requests=1)
                    answer = self._ask(
                        made, work.call, question, span.put_into(made.request), (page.number, page.size), key, worst
                    )
                work.read.setdefault(question.row, []).append(answer)
                rows = answer.records
                left, credits = left - rows, 0 if rows else credits
                if page.start + page.size >= total(made.operation, answer.body):
                    break

    def _ask(
        self,
        made: ListPlan,
        call: Call,
        question: Question,
        request: Any,
        page: tuple[int, int],
        key: str,
        worst: Meters,
    ) -> Kept:
        number, size = page
        intent = Intent(
            id=str(uuid4()),
            call=call.id,
            operation=made.operation.name,
            request=body(made.operation, request, page=number, size=size, inputs=[question.says]),
            worst=worst,
            at=self._exchange.now(),
            asked=(key,),
            ids=(question.id,),
        )
        kept = self._exchange.ask(made.operation, intent)
        self._journal.settle(settlement(made.operation, intent, kept))
        return kept

    def _laid_out(self, made: ListPlan, work: _UnderWay) -> pl.DataFrame:
        """The rows under the numbers of their inputs; one that asks the same as an earlier one has its rows, too."""
        leaders = {one.key: one.row for one in made.leaders}
        rows = {one.row: leaders[one.key] for one in made.inputs.questions}
        replies = [kept for pages in work.read.values() for kept in pages]
        found = self._exchange.read(made.operation, {kept.number: kept for kept in replies})
        found.warn(made.operation)
        where = pl.DataFrame(
            [(row, kept.number) for row, leader in rows.items() for kept in work.read.get(leader, ())],
            schema={"input_row": pl.Int64, "reply": pl.Int64},
            orient="row",
        )
        told = found.frame.drop("input_row").filter(pl.col("match_status") == "matched")
        told = where.join(told, on="reply", how="inner", maintain_order="left_right")
        # what came of a company before a page of it failed is there, and a row that says so behind it
        silent = dict.fromkeys(sorted(rows.keys() - set(told["input_row"])), "no_match") | work.short.statuses
        nothing = pl.DataFrame(
            {"input_row": list(silent), "match_status": list(silent.values())},
            schema={"input_row": pl.Int64, "match_status": pl.String},
        )
        work.short.warn(made.inputs.given.height, then=_AGAIN)
        return made.inputs.lay_out(made.operation, pl.concat([told, nothing], how="diagonal"), made.request.fields)
