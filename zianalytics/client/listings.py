"""Enrichments into paid rows: what is told of each company, page by page, never more rows than allowed.

How much there is to tell is not known before, so each company has a share of rows. What is told changes from day to
day, so that nothing of it is answered from the journal, save to finish an interrupted run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import uuid4

import polars as pl

from zianalytics.api.enterprise import body, total
from zianalytics.api.spec import Operation, Paging
from zianalytics.client.budget import Budget, limits_of
from zianalytics.client.exchange import Exchange, Kept, read_again, settlement, together
from zianalytics.client.inputs import Inputs, read_inputs
from zianalytics.client.pages import exact_pages, most_pages
from zianalytics.client.pool import fan_out
from zianalytics.client.pricing import Question
from zianalytics.client.recovery import Recovery
from zianalytics.client.shortfall import Patience, Shortfall
from zianalytics.client.spans import Span, spans
from zianalytics.errors import AnswerRefused, AnswerUnreadable, NotAnswered, RequestRefused
from zianalytics.journal import Call, Intent, Journal
from zianalytics.schema.meters import Meters, Pool
from zianalytics.schema.quote import Quote, quote_lines

_AGAIN = (
    "Run the same call again within a day: the pages that came are taken from the journal, and only the others are "
    "asked and paid for."
)


@dataclass(frozen=True)
class _Plan:
    """What a call is going to ask.

    Attributes
    ----------
    inputs
        What the user gave.
    leaders
        One question for each different input, in their order.
    share
        Rows of each company at most.
    spans
        The ranges of days that are asked one after the other.
    managed
        Companies that are under management.
    """

    operation: Operation[...]
    request: Any
    inputs: Inputs
    leaders: Sequence[Question]
    share: int
    spans: Sequence[Span]
    managed: frozenset[int]

    @property
    def requests(self) -> int:
        """Requests for one company at most."""
        return sum(most_pages(self.share, _size(self.operation), is_cut=len(self.spans) > 1) for _ in self.spans)

    def credits(self, question: Question) -> int:
        """What the company of a question costs at most."""
        return int(question.id not in self.managed)

    @property
    def key(self) -> str:
        """The same for all calls that ask the same."""
        asked = [body(self.operation, self.request), *(one.key.encode() for one in self.leaders)]
        days = [f"{span}".encode() for span in self.spans]
        return sha256(b"\n".join([*asked, *days, b"%d" % self.share])).hexdigest()


@dataclass
class _Run:
    """One call under way: the replies to each question, in the order in which they are to be read."""

    call: Call
    kept: Mapping[str, Kept]
    short: Shortfall
    read: dict[int, list[Kept]] = field(default_factory=dict)


class Listings:
    """Carries out the operations that answer each company with pages of paid rows."""

    def __init__(
        self,
        journal: Journal,
        exchange: Exchange,
        recovery: Recovery,
        budget: Budget,
        usage: Callable[[Pool], Meters],
        *,
        progress: bool,
    ) -> None:
        self._journal, self._exchange, self._recovery = journal, exchange, recovery
        self._budget, self._usage, self._progress = budget, usage, progress

    def quote(self, operation: Operation[...], request: Any) -> Quote:
        """What a call costs at most: a credit for each company that is not managed, and all rows of its share."""
        made = self._plan(operation, request)
        return Quote(operation.name, quote_lines(_lines(made)), made.requests * len(made.leaders))

    def fetch(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """A long frame: the rows of each input in turn, and a row of nulls for one of which nothing is told."""
        self._recovery.settle_kept()
        self._permit(operation, request, self._plan(operation, request))
        self._hear_what_it_counted()  # its time came with it, and days and windows are reckoned by that
        made = self._plan(operation, request)
        worst, caps = self._permit(operation, request, made)
        run = self._journal.ledger.interrupted(operation.name, made.key, at=self._exchange.now())
        kept = self._kept(operation, run) if run else {}
        call = self._journal.ledger.begin(
            operation.name, worst, at=self._exchange.now(), caps=caps, question=made.key, run=run
        )
        finished = False
        under_way = _Run(call, kept, Shortfall(operation.name))
        try:
            self._read(made, under_way)
            finished = not under_way.short.has_failures  # the next run asks for the pages that are missing alone
        finally:
            self._journal.ledger.end(call, finished=finished)
        self._hear_what_it_counted()
        return self._laid_out(made, under_way)

    def bodies(self, operation: Operation[...], request: Any) -> list[bytes]:
        """What a call would send, if all rows of each company's share were told in each range of days."""
        made = self._plan(operation, request)
        pages = exact_pages(made.share, _size(operation)) if made.share else []
        return [
            body(operation, span.put_into(request), page=page.number, size=page.size, inputs=[one.says])
            for one in made.leaders
            for span in made.spans
            for page in pages
        ]

    def _permit(self, operation: Operation[...], request: Any, made: _Plan) -> tuple[Meters, tuple[str, ...]]:
        """What the call may cost at most, once it is allowed, and the caps that it draws on."""
        worst = sum((self._worst(made, one) for one in made.leaders), Meters())
        return worst, self._budget.permit(operation.name, operation.cost, worst, limits_of(request))

    def _hear_what_it_counted(self) -> None:
        """Where the service counts what we did, and nothing else, a company that was redeemed is known to be ours."""
        with suppress(NotAnswered, AnswerRefused, AnswerUnreadable):
            self._usage("api")

    def _plan(self, operation: Operation[...], request: Any) -> _Plan:
        inputs = read_inputs(operation, request.of, {})
        leaders = list({one.key: one for one in reversed(inputs.questions)}.values())[::-1]
        ids = [one.id for one in leaders if one.id is not None]
        today = self._exchange.now().date()
        windows = self._journal.managed("company", ids)
        managed = windows.filter(windows["managed_until"] > today)["id"]
        share = _share(operation, request, len(leaders))
        return _Plan(operation, request, inputs, leaders, share, _spans(operation, request, today), frozenset(managed))

    def _worst(self, made: _Plan, question: Question) -> Meters:
        return Meters(credits=made.credits(question), records=made.share, requests=made.requests)

    def _kept(self, operation: Operation[...], run: str) -> dict[str, Kept]:
        numbers = self._journal.pages(run)
        replies = self._journal.some_replies(list(numbers.values()))
        return {key: read_again(operation, replies[number]) for key, number in numbers.items()}

    def _read(self, made: _Plan, run: _Run) -> None:
        outcome = fan_out(
            [partial(self._tell, made, run, one) for one in made.leaders],
            title=made.operation.name,
            sizes=[1 for _ in made.leaders],
            progress=self._progress,
            goes_on=Patience(),
        )
        followers: dict[str, list[int]] = {}
        for one in made.inputs.questions:
            followers.setdefault(one.key, []).append(one.row)
        run.short.take(outcome, [followers[one.key] for one in made.leaders])
        if run.short.has_failures and not run.read:
            raise run.short.failure()

    def _tell(self, made: _Plan, run: _Run, question: Question) -> None:
        """Read what is told of one company, span after span, until its share of rows is reached."""
        left, credits = made.share, made.credits(question)
        for span in made.spans:
            for page in exact_pages(left, _size(made.operation)) if left else ():
                key = f"{question.key} {span} {page.key}"
                answer = run.kept.get(key)
                if answer is None:
                    worst = Meters(credits=credits, records=page.size, requests=1)
                    answer = self._ask(
                        made, run.call, question, span.put_into(made.request), (page.number, page.size), key, worst
                    )
                run.read.setdefault(question.row, []).append(answer)
                rows = sum(row.is_record for row in answer.rows)
                left, credits = left - rows, 0 if rows else credits
                if page.start + page.size >= total(made.operation, answer.body):
                    break

    def _ask(
        self,
        made: _Plan,
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

    def _laid_out(self, made: _Plan, run: _Run) -> pl.DataFrame:
        """The rows under the numbers of their inputs; one that asks the same as an earlier one has its rows, too."""
        leaders = {one.key: one.row for one in made.leaders}
        rows = {one.row: leaders[one.key] for one in made.inputs.questions}
        replies = [kept for pages in run.read.values() for kept in pages]
        found = together(
            made.operation,
            {kept.number: kept.body for kept in replies},
            {kept.number: kept.about for kept in replies},
        )
        found.warn(made.operation)
        where = pl.DataFrame(
            [(row, kept.number) for row, leader in rows.items() for kept in run.read.get(leader, ())],
            schema={"input_row": pl.Int64, "reply": pl.Int64},
            orient="row",
        )
        told = found.frame.drop("input_row").filter(pl.col("match_status") == "matched")
        told = where.join(told, on="reply", how="inner", maintain_order="left_right")
        # what came of a company before a page of it failed is there, and a row that says so behind it
        silent = dict.fromkeys(sorted(rows.keys() - set(told["input_row"])), "no_match") | run.short.statuses
        nothing = pl.DataFrame(
            {"input_row": list(silent), "match_status": list(silent.values())},
            schema={"input_row": pl.Int64, "match_status": pl.String},
        )
        run.short.warn(made.inputs.given.height, then=_AGAIN)
        return made.inputs.lay_out(made.operation, pl.concat([told, nothing], how="diagonal"), made.request.fields)


def _size(operation: Operation[...]) -> int:
    return (operation.paging or Paging()).size


def _share(operation: Operation[...], request: Any, companies: int) -> int:
    """Rows of each company at most: `limit`, and no more than `max_records` allows when all have as many."""
    allowed = limits_of(request).records
    if request.limit is None and allowed is None:
        raise RequestRefused(
            f"{operation.name} costs a record for each row, and how many there are is not known before. Nothing was "
            "sent. Pass limit=, the rows of each company you want at most, or max_records=."
        )
    if request.limit is not None:
        return int(request.limit)
    if allowed and allowed < companies:
        raise RequestRefused(
            f"{operation.name}: max_records={allowed} is less than a record for each of {companies:,} companies. "
            "Nothing was sent. Allow more, or pass fewer companies."
        )
    return (allowed or 0) // max(companies, 1)


def _spans(operation: Operation[...], request: Any, today: date) -> Sequence[Span]:
    window = operation.window
    if window is None:
        return (Span(),)
    first, last = (getattr(request, name) for name in (window.first, window.last))
    found = spans(first, last, today=today, longest=window.longest, names=(window.first, window.last))
    if len(found) > 1:
        window.check(request)
    oldest_first = getattr(request, "sort_order", None) == "asc"
    return found[::-1] if oldest_first else found


def _lines(made: _Plan) -> Iterator[dict[str, Any]]:
    first = {one.key: one.row for one in made.leaders}
    unusable = [(row, why) for row, why in made.inputs.unusable.items()]
    for one in made.inputs.questions:
        leads = first[one.key] == one.row
        managed = one.id in made.managed
        yield {
            "operation": made.operation.name,
            "input_row": one.row,
            "what": one.label,
            "entity": made.operation.cost.entity,
            "id": one.id,
            "status": "listed" if leads else "duplicate",
            "why": _why(managed) if leads else "the same as an earlier line",
            "credits": made.credits(one) if leads else 0,
            "records": made.share if leads else 0,
        }
    for row, why in unusable:
        line = {"operation": made.operation.name, "input_row": row, "what": f"input {row}", "entity": "company"}
        yield line | {"status": "invalid_input", "why": f"not sent: {why}", "credits": 0, "records": 0}


def _why(managed: bool) -> str:
    rows = "each row that comes back is a record"
    return f"{rows}; the company is under management" if managed else f"{rows}; a credit if there is one"
