"""What a search asks at most, page by page, and how much of it came: decided from values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zianalytics.api.enterprise import total
from zianalytics.api.spec import Operation, Paging
from zianalytics.client.metered.budget import limits_of
from zianalytics.client.metered.exchange import Kept
from zianalytics.client.metered.pages import Page, exact_pages, whole_pages
from zianalytics.errors import AnswerUnreadable, RequestRefused, ResultsCut, warn
from zianalytics.schema.meters import Meters


def missing_of(operation: Operation[...], pages: Sequence[Page], kept: Mapping[str, Kept]) -> list[Page]:
    """The pages that are still to be asked, as far as those that are kept say how many there are."""
    first = kept.get(pages[0].key) if pages else None
    there_are = None if first is None else matching_in(operation, first)
    return [page for page in pages if page.key not in kept and (there_are is None or page.start < there_are)]


def say_if_cut(operation: Operation[...], request: Any, pages: Sequence[Page], kept: Mapping[str, Kept]) -> None:
    """Warn where there are more rows than were asked for, or more came than that."""
    first = kept.get(pages[0].key) if pages else None
    allowed = limits_of(request).records if operation.cost.counts_records else None
    is_sized = allowed is not None and request.limit is not None and request.limit <= allowed
    if first and allowed and not is_sized and (there_are := matching_in(operation, first)) > allowed:
        warn(
            ResultsCut(
                f"{operation.name}: these are {allowed:,} of {there_are:,} rows that match, as many as max_records="
                f"{allowed} pays for. Pass more for the others, or limit={allowed} for these without this warning."
            )
        )
    if len(pages) > 1 and first and _total(operation, first) is None and len(first.rows) >= pages[0].size:
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


def matching_in(operation: Operation[...], page: Kept) -> int:
    """How many rows match, as far as a page tells."""
    return _total(operation, page) or len(page.rows)


def worst_of(operation: Operation[...], page: Page) -> Meters:
    """What a page costs at most."""
    return Meters(records=page.size if operation.cost.counts_records else 0, requests=1)


def why_it_costs(operation: Operation[...], request: Any) -> str:
    """Why a search costs what it costs, for its line in a quote."""
    if operation.cost.counts_records:
        return "each row that comes back is a record"
    if ceiling := ceiling_of(operation, request):
        return (
            f"a search costs its requests alone: these are for {ceiling:,} matches, and more are read in "
            "parts, each of which costs its own"
        )
    return "a search costs its requests alone"


def smaller_by(operation: Operation[...], request: Any) -> str:
    """How a search is made to cost less."""
    ceiling = ceiling_of(operation, request)
    if ceiling is None:
        return "pass a smaller limit="
    return (
        f"pass limit=, as each 100 rows take a request. This is the price of {ceiling:,} rows, and where more match "
        "they are read in parts, which cost more"
    )


def ceiling_of(operation: Operation[...], request: Any) -> int | None:
    """Rows that one query brings at most, where more are wanted and may be read in parts."""
    ceiling = operation.paging.ceiling if operation.paging else None
    is_enough = ceiling is None or (request.limit is not None and request.limit <= ceiling)
    return None if is_enough or operation.cost.counts_records else ceiling


def pages_of(operation: Operation[...], request: Any) -> list[Page]:
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
