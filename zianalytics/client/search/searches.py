"""Searches: page by page, never more paid rows than asked for, and finished by a plain re-run when interrupted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import uuid4

import polars as pl

from zianalytics.api.enterprise import body, total
from zianalytics.api.spec import Operation
from zianalytics.client.means import Means
from zianalytics.client.metered.budget import NOTHING_SENT, limits_of
from zianalytics.client.metered.counts import try_to_hear
from zianalytics.client.metered.exchange import Kept
from zianalytics.client.metered.pages import Page
from zianalytics.client.metered.pool import fan_out
from zianalytics.client.metered.settled import settlement
from zianalytics.client.metered.shortfall import Patience, Shortfall
from zianalytics.client.search.parts import Counted, Excess, Rows, joined
from zianalytics.client.search.plan import (
    ceiling_of,
    matching_in,
    missing_of,
    pages_of,
    say_if_cut,
    smaller_by,
    why_it_costs,
    worst_of,
)
from zianalytics.errors import TooManyRows
from zianalytics.journal import Allowance, Call, Intent
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote, quote_lines

_Known: TypeAlias = tuple[str, str | None, dict[str, Kept]]
"""What a query asks, the run of it that was interrupted, and the pages that are kept."""
_AGAIN = (
    "Run the same search again within a day: the pages that came are taken from the journal, and only the others are "
    "asked and paid for."
)


@dataclass
class _Search:
    """One search under way.

    Attributes
    ----------
    whole
        Whether a page that fails ends it.
    run
        The run that it belongs to.
    calls
        Those of its queries that came to their end.
    spoken
        Limits of the account that it has warned of.
    in_parts
        Whether it takes several queries, each of which is over when the search is.
    has_failures
        Whether a page failed.
    """

    searches: Searches
    operation: Operation[...]
    whole: bool
    run: str | None
    calls: list[Call] = field(default_factory=list)
    spoken: set[str] = field(default_factory=set)
    in_parts: bool = False
    has_failures: bool = False

    def read(self, request: Any, *, sent: str = NOTHING_SENT, counted_by: str | None = None) -> Rows | Excess:
        """All rows of a query, or that they are too many for one."""
        return self.searches.query(self, request, sent=sent, counted_by=counted_by)

    def count(self, requests: Sequence[Any], *, before: Callable[[], None]) -> Sequence[Counted]:
        """How many rows of each query match."""
        return self.searches.first_pages(self, requests, before=before)

    def permit(self, requests: int, *, sent: str) -> None:
        """Refuse what a budget in force does not allow."""
        self.searches.permit(self, requests, sent=sent)


class Searches:
    """Carries out the operations that are read page by page."""

    def __init__(self, means: Means) -> None:
        self._journal, self._exchange, self._recovery = means.journal, means.exchange, means.recovery
        self._budget, self._usage, self._progress = means.budget, means.usage, means.progress

    def quote(self, operation: Operation[...], request: Any, *, run: str | None = None) -> Quote:
        """What a search costs at most: its pages, and its rows where they are paid.

        Parameters
        ----------
        run
            The run that the search would belong to: pages that came of it are not paid again.
        """
        paid = operation.cost.counts_records
        pages = missing_of(operation, pages_of(operation, request), self._exchange.pages(operation, run))
        rows = sum(page.size for page in pages)
        line = {
            "operation": operation.name,
            "what": f"up to {rows:,} rows",
            "entity": operation.cost.entity,
            "status": "listed" if paid else "free" if ceiling_of(operation, request) is None else "at_least",
            "why": why_it_costs(operation, request),
            "credits": 0,
            "records": rows if paid else 0,
        }
        return Quote(operation.name, quote_lines([line]), len(pages))

    def fetch(
        self, operation: Operation[...], request: Any, *, whole: bool = False, run: str | None = None
    ) -> pl.DataFrame:
        """The rows, in the order in which the service sorts them; part after part where one query is not enough.

        Parameters
        ----------
        whole
            Whether a page that fails ends the search; else the others are handed out, and it is said.
        run
            Of a search that is paid by the row, the run that it belongs to: what came of it before is taken from the
            journal, however old it is.
        """
        run = run if operation.cost.counts_records else None  # of the others each part is a question of its own
        search = _Search(self, operation, whole=whole, run=run)
        try:
            frame = joined(operation, request, search)
        except TooManyRows:
            self._finish(search)
            raise
        self._finish(search)
        return frame

    def _finish(self, search: _Search) -> None:
        """End the queries of a search in parts that is over: asked again, they begin anew."""
        if search.in_parts and not search.has_failures:
            for call in {one.run: one for one in search.calls}.values():
                self._journal.ledger.end(call, finished=True)

    def query(self, search: _Search, request: Any, *, sent: str, counted_by: str | None = None) -> Rows | Excess:
        """One query; no rows of it when more match than are handed out, and they are wanted.

        Parameters
        ----------
        counted_by
            The run that has its first page already: it is taken from there, whoever else asks the same meanwhile.
        """
        operation, ceiling = search.operation, ceiling_of(search.operation, request)
        pages = pages_of(operation, request)
        question, interrupted, kept = self._before(search, request, pages, counted_by)
        first = kept.get(pages[0].key) if pages else None
        there_are = matching_in(operation, first) if first else 0
        is_known_excess = ceiling is not None and there_are > ceiling
        had, missing = len(kept), [] if is_known_excess else missing_of(operation, pages, kept)
        call = self._begin(
            operation,
            request,
            missing,
            question=question,
            run=search.run or counted_by or interrupted,
            spoken=search.spoken,
            sent=sent,
        )
        is_over = False
        short = Shortfall(operation.name, "pages")
        try:
            matching = self._read(operation, request, call, pages, kept, short, ceiling=ceiling)
            if short.has_failures:
                search.has_failures = True
                if search.whole:
                    raise short.failure()
            search.in_parts |= ceiling is not None and matching > ceiling
            is_over = not search.in_parts and not short.has_failures
        finally:
            # Of one that is not over the next run of the same search asks for what is missing alone.
            self._journal.ledger.end(call, finished=is_over)
        search.calls.append(call)
        asked = len(kept) - had
        if ceiling is not None and matching > ceiling:
            return Excess(matching, ceiling, asked)

        def frame() -> pl.DataFrame:
            say_if_cut(operation, request, pages, kept)
            short.warn(len([page for page in pages if page.start < matching]), then=_AGAIN)
            replies = [one for page in pages if (one := kept.get(page.key))]
            found = self._exchange.read(operation, {one.number: one for one in replies})
            found.warn(operation)
            return found.frame.drop("reply", "input_row", "match_status").slice(0, request.limit)

        return Rows(frame, asked)

    def first_pages(self, search: _Search, requests: Sequence[Any], *, before: Callable[[], None]) -> Sequence[Counted]:
        """How many rows of each query match, by first pages, which are kept for when their rows are read."""
        pages = [pages_of(search.operation, one) for one in requests]
        known = [self._before(search, one, some) for one, some in zip(requests, pages, strict=True)]
        if any(some[0].key not in kept for some, (_, _, kept) in zip(pages, known, strict=True)):
            before()  # of all of them, before one has drawn on what is left
        outcome = fan_out(
            [partial(self._first_page, search, *one) for one in zip(requests, pages, known, strict=True)],
            at_once=self._exchange.at_once,
            between=self._exchange.alarm.speak,
            title=search.operation.name,
            sizes=[some[0].size for some in pages],
            progress=self._progress,
        )
        for failure in outcome.failures:
            raise failure
        return [outcome.results[place] for place in range(len(requests))]

    def _first_page(self, search: _Search, request: Any, pages: Sequence[Page], known: _Known) -> Counted:
        operation, (question, interrupted, kept) = search.operation, known
        asked = [] if pages[0].key in kept else pages[:1]
        call = self._begin(operation, request, asked, question=question, run=interrupted, spoken=search.spoken)
        try:
            kept |= {page.key: self._ask(operation, request, call, page) for page in asked}
        finally:
            self._journal.ledger.end(call, finished=False)
        search.calls.append(call)
        matching = matching_in(operation, kept[pages[0].key])
        return Counted(matching, len(missing_of(operation, pages, kept)), len(asked), call.run)

    def permit(self, search: _Search, requests: int, *, sent: str) -> None:
        """Refuse what a budget in force does not allow."""
        operation, worst = search.operation, Meters(requests=requests)
        self._budget.permit(operation.name, operation.cost, worst, Allowance(), sent=sent, spoken=search.spoken)

    def _before(self, search: _Search, request: Any, pages: Sequence[Page], counted_by: str | None = None) -> _Known:
        """What a query asks, the run of it that was interrupted, and the pages that are kept."""
        operation = search.operation
        self._recovery.settle_kept()
        question = sha256(body(operation, request) + b"%d" % sum(page.size for page in pages)).hexdigest()
        interrupted = self._journal.ledger.interrupted(operation.name, question, at=self._exchange.now())
        return question, interrupted, self._exchange.pages(operation, interrupted, search.run, counted_by)

    def bodies(self, operation: Operation[...], request: Any) -> list[bytes]:
        """What a search would send, page by page."""
        return [body(operation, request, page=one.number, size=one.size) for one in pages_of(operation, request)]

    def count(self, operation: Operation[...], request: Any) -> int:
        """How many rows match in all, by one request for one row."""
        page = Page(1, 1)
        call = self._begin(operation, request, [page])
        finished = False
        try:
            kept = self._ask(operation, request, call, page)
            finished = True
        finally:
            self._journal.ledger.end(call, finished=finished)
        return total(operation, kept.body)

    def _begin(
        self,
        operation: Operation[...],
        request: Any,
        pages: Sequence[Page],
        *,
        question: str = "",
        run: str | None = None,
        spoken: set[str] | None = None,
        sent: str = NOTHING_SENT,
    ) -> Call:
        worst = sum((worst_of(operation, page) for page in pages), Meters())
        caps = self._budget.permit(
            operation.name,
            operation.cost,
            worst,
            limits_of(request),
            sent=sent,
            smaller=smaller_by(operation, request),
            spoken=spoken,
        )
        if pages and operation.cost.may_pay and self._journal.ledger.looks.is_empty():
            try_to_hear(self._usage)  # what was counted before the first charge of ours is told apart from it
        return self._journal.ledger.begin(
            operation.name, worst, at=self._exchange.now(), caps=caps, question=question, run=run
        )

    def _read(
        self,
        operation: Operation[...],
        request: Any,
        call: Call,
        pages: Sequence[Page],
        kept: dict[str, Kept],
        short: Shortfall,
        *,
        ceiling: int | None,
    ) -> int:
        """Fill `kept` with all pages that there are, and return how many rows match.

        The first says how many, then the others are read together; not when more than `ceiling` match.
        """
        if not pages:
            return 0
        first, *others = pages
        if first.key not in kept:
            kept[first.key] = self._ask(operation, request, call, first)
        there_are = matching_in(operation, kept[first.key])
        if ceiling is not None and there_are > ceiling:
            return there_are
        others = [page for page in others if page.start < there_are and page.key not in kept]

        def task(page: Page) -> Kept:
            return self._ask(operation, request, call, page)

        outcome = fan_out(
            [lambda page=page: task(page) for page in others],  # type: ignore[misc]  # the loop's value, bound now
            at_once=self._exchange.at_once,
            between=self._exchange.alarm.speak,
            title=operation.name,
            sizes=[page.size for page in others],
            progress=self._progress,
            goes_on=Patience(),
        )
        kept |= {others[place].key: page for place, page in outcome.results.items()}
        short.take(outcome, [[page.number] for page in others])
        return there_are

    def _ask(self, operation: Operation[...], request: Any, call: Call, page: Page) -> Kept:
        intent = Intent(
            id=str(uuid4()),
            call=call.id,
            operation=operation.name,
            request=body(operation, request, page=page.number, size=page.size),
            worst=worst_of(operation, page),
            at=self._exchange.now(),
            asked=(page.key,),
        )
        kept = self._exchange.ask(operation, intent)
        self._journal.settle(settlement(operation, intent, kept))
        return kept
