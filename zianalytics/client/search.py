"""Searches: page by page, never more paid rows than asked for, and finished by a plain re-run when interrupted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import uuid4

import polars as pl

from zianalytics.api.enterprise import body, total
from zianalytics.api.spec import Operation, Paging
from zianalytics.client.budget import Budget, limits_of
from zianalytics.client.exchange import Exchange, Kept, read_again, settlement, together
from zianalytics.client.pages import Page, exact_pages, whole_pages
from zianalytics.client.parts import Excess, Rows, joined
from zianalytics.client.pool import fan_out
from zianalytics.client.recovery import Recovery
from zianalytics.client.shortfall import Patience, Shortfall
from zianalytics.errors import AnswerUnreadable, RequestRefused, ResultsCut, warn
from zianalytics.journal import Call, Intent, Journal
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote, quote_lines

_AGAIN = (
    "Run the same search again within a day: the pages that came are taken from the journal, and only the others are "
    "asked and paid for."
)


class Searches:
    """Carries out the operations that are read page by page."""

    def __init__(
        self, journal: Journal, exchange: Exchange, recovery: Recovery, budget: Budget, *, progress: bool
    ) -> None:
        self._journal, self._exchange, self._recovery = journal, exchange, recovery
        self._budget, self._progress = budget, progress

    def quote(self, operation: Operation[...], request: Any, *, run: str | None = None) -> Quote:
        """What a search costs at most: its pages, and its rows where they are paid.

        Parameters
        ----------
        run
            The run that the search would belong to: pages that came of it are not paid again.
        """
        paid = operation.cost.counts_records
        pages = _missing(operation, _pages(operation, request), self._kept_pages(operation, run) if run else {})
        rows = sum(page.size for page in pages)
        line = {
            "operation": operation.name,
            "what": f"up to {rows:,} rows",
            "entity": operation.cost.entity,
            "status": "listed" if paid else "free",
            "why": _why(operation, request),
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
        return joined(operation, request, lambda one: self._query(operation, one, whole=whole, run=run))

    def _query(self, operation: Operation[...], request: Any, *, whole: bool, run: str | None) -> Rows | Excess:
        """One query; no rows of it when more match than are handed out, and they are wanted."""
        ceiling = _ceiling(operation, request)
        pages = _pages(operation, request)
        self._recovery.settle_kept()
        question = sha256(body(operation, request) + b"%d" % sum(page.size for page in pages)).hexdigest()
        interrupted = self._journal.ledger.interrupted(operation.name, question, at=self._exchange.now())
        kept: dict[str, Kept] = {}
        for before in dict.fromkeys((interrupted, run)):
            kept |= self._kept_pages(operation, before) if before else {}
        had, missing = len(kept), _missing(operation, pages, kept)
        call = self._begin(operation, request, missing, question=question, run=run or interrupted)
        finished = False
        short = Shortfall(operation.name, "pages")
        try:
            matching = self._read(operation, request, call, pages, kept, short, ceiling=ceiling)
            if whole and short.has_failures:
                raise short.failure()
            finished = not short.has_failures  # the next run of the same search asks for those pages alone
        finally:
            self._journal.ledger.end(call, finished=finished)
        asked = len(kept) - had
        if ceiling is not None and matching > ceiling:
            return Excess(matching, ceiling, asked)
        _say_if_cut(operation, pages, kept)
        short.warn(len([page for page in pages if page.start < matching]), then=_AGAIN)
        replies = [one for page in pages if (one := kept.get(page.key))]
        bodies = {one.number: one.body for one in replies}
        found = together(operation, bodies, {one.number: one.about for one in replies})
        found.warn(operation)
        return Rows(found.frame.drop("reply", "input_row", "match_status").slice(0, request.limit), asked)

    def bodies(self, operation: Operation[...], request: Any) -> list[bytes]:
        """What a search would send, page by page."""
        return [body(operation, request, page=one.number, size=one.size) for one in _pages(operation, request)]

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
    ) -> Call:
        worst = sum((_worst(operation, page) for page in pages), Meters())
        caps = self._budget.permit(operation.name, operation.cost, worst, limits_of(request))
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
        there_are = _total(operation, kept[first.key]) or len(kept[first.key].rows)
        if ceiling is not None and there_are > ceiling:
            return there_are
        others = [page for page in others if page.start < there_are and page.key not in kept]

        def task(page: Page) -> Kept:
            return self._ask(operation, request, call, page)

        outcome = fan_out(
            [lambda page=page: task(page) for page in others],  # type: ignore[misc]  # the loop's value, bound now
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
            worst=_worst(operation, page),
            at=self._exchange.now(),
            asked=(page.key,),
        )
        kept = self._exchange.ask(operation, intent)
        self._journal.settle(settlement(operation, intent, kept))
        return kept

    def _kept_pages(self, operation: Operation[...], run: str) -> dict[str, Kept]:
        numbers = self._journal.pages(run)
        replies = self._journal.some_replies(list(numbers.values()))
        return {key: read_again(operation, replies[number]) for key, number in numbers.items()}


def _missing(operation: Operation[...], pages: Sequence[Page], kept: Mapping[str, Kept]) -> list[Page]:
    """The pages that are still to be asked, as far as those that are kept say how many there are."""
    first = kept.get(pages[0].key) if pages else None
    there_are = None if first is None else (_total(operation, first) or len(first.rows))
    return [page for page in pages if page.key not in kept and (there_are is None or page.start < there_are)]


def _say_if_cut(operation: Operation[...], pages: Sequence[Page], kept: Mapping[str, Kept]) -> None:
    first = kept.get(pages[0].key) if len(pages) > 1 else None
    if first and _total(operation, first) is None and len(first.rows) >= pages[0].size:
        warn(
            ResultsCut(
                f"{operation.name}: the reply does not say how many rows match, so that its first page, "
                f"{len(first.rows):,} rows, is all that was asked for. Run it again later for the others."
            )
        )
    more = sum(max(0, len(kept[page.key].rows) - page.size) for page in pages if page.key in kept)
    if more and operation.cost.counts_records:
        warn(
            ResultsCut(
                f"{operation.name}: the service sent {more:,} rows more than its pages were asked for. They count as "
                "charged in zi.ledger, and zi.usage() shows what the service counted."
            )
        )


def _total(operation: Operation[...], page: Kept) -> int | None:
    """How many rows match in all; None where the reply does not say it, which is no reason to lose its rows."""
    try:
        return total(operation, page.body)
    except AnswerUnreadable:
        return None


def _worst(operation: Operation[...], page: Page) -> Meters:
    return Meters(records=page.size if operation.cost.counts_records else 0, requests=1)


def _why(operation: Operation[...], request: Any) -> str:
    if operation.cost.counts_records:
        return "each row that comes back is a record"
    if ceiling := _ceiling(operation, request):
        return f"a search costs its requests alone; of more than {ceiling:,} matches each part costs its own"
    return "a search costs its requests alone"


def _ceiling(operation: Operation[...], request: Any) -> int | None:
    """Rows that one query brings at most, where more are wanted and may be read in parts."""
    ceiling = operation.paging.ceiling if operation.paging else None
    is_enough = ceiling is None or (request.limit is not None and request.limit <= ceiling)
    return None if is_enough or operation.cost.counts_records else ceiling


def _pages(operation: Operation[...], request: Any) -> list[Page]:
    """The pages that hold what is asked for, at most."""
    paging = operation.paging or Paging()
    if operation.cost.counts_records:
        given = [n for n in (request.limit, limits_of(request).records) if n is not None]
        if not given:
            raise RequestRefused(
                f"{operation.name} is paid by the row, and how many rows match is not known before. Nothing was sent. "
                "Pass max_records=, the rows you are ready to pay for; limit= alone will do where zi.budget "
                "allows records."
            )
        if paging.ceiling and min(given) > paging.ceiling:  # parts could pay for a row twice
            raise RequestRefused(
                f"{operation.name} hands out {paging.ceiling:,} rows of a query, and {min(given):,} are wanted. "
                f"Nothing was sent. Pass limit={paging.ceiling}, or narrow it, say by days, and join the parts."
            )
        return exact_pages(min(given), paging.size) if min(given) else []
    wanted = [n for n in (request.limit, paging.ceiling) if n is not None]
    return whole_pages(min(wanted), paging.size)
