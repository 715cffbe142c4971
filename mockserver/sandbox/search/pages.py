"""In which order rows come, and which page of them: the same for every operation that has pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mockserver.sandbox.criteria.companies import PAGING
from mockserver.sandbox.refusals import (
    BAD_PAGE,
    BAD_RPP,
    INVALID_FIELDS,
    PAGE_BEYOND,
    RPP_TOO_LARGE,
    TOO_DEEP,
    TOO_LITTLE,
    Refused,
)

T = TypeVar("T")
Key = Callable[[T], Any]
# docs/assumptions.md, "search ceiling"
DEFAULT_RPP, MAX_RPP, CEILING = 25, 100, 1_000


def needs_a_criterion(body: Mapping[str, Any]) -> None:
    """Refuse a search that says nothing but which page it wants."""
    if not set(body) - PAGING:
        raise Refused(TOO_LITTLE)


# docs/assumptions.md, "order without `sortBy`"
def order_of(body: Mapping[str, Any]) -> tuple[str | None, bool]:
    """What to sort by, if that is told, and whether descending, which it is unless `sortOrder` says otherwise."""
    if "sortOrder" in body and "sortBy" not in body:
        raise Refused(INVALID_FIELDS, ["sortOrder"])
    return body.get("sortBy"), body.get("sortOrder", "desc").startswith("desc")


# docs/assumptions.md, "unknown values in a sort"
def in_order(
    rows: list[T], body: Mapping[str, Any], keys: Mapping[str, Key[T]], *, unless_told: str | None = None
) -> list[T]:
    """By `sortBy`; what is not known comes last either way."""
    told, descending = order_of(body)
    by = told or unless_told
    if by is None:
        return rows
    values = list(map(keys[by], rows))
    known = [place for place, value in enumerate(values) if value is not None]
    unknown = [row for row, value in zip(rows, values, strict=True) if value is None]
    return [*(rows[place] for place in sorted(known, key=values.__getitem__, reverse=descending)), *unknown]


# docs/assumptions.md, "`maxResults`" and "a page past the end"
def page_of(rows: Sequence[T], body: Mapping[str, Any], *, ceiling: int | None) -> dict[str, Any]:
    """One page with the counts around it. `maxResults` is what paging can reach."""
    rpp, page = int(body.get("rpp", DEFAULT_RPP)), int(body.get("page", 1))
    if rpp > MAX_RPP:
        raise Refused(RPP_TOO_LARGE)
    if rpp < 1:
        raise Refused(BAD_RPP)
    if page < 1:
        raise Refused(BAD_PAGE)
    first = (page - 1) * rpp
    if ceiling is not None and first + rpp > ceiling and page > 1:
        raise Refused(TOO_DEEP)
    if first >= len(rows) and page > 1:
        raise Refused(PAGE_BEYOND)
    reachable = len(rows) if ceiling is None else min(len(rows), ceiling)
    return {
        "maxResults": reachable,
        "totalResults": len(rows),
        "currentPage": page,
        "data": rows[first : first + rpp],
    }
