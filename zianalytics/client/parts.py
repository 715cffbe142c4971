"""Searches that match more rows than the service hands out for one query: read in parts, or refused, never cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from zianalytics.api.parts import halves
from zianalytics.api.spec import Operation
from zianalytics.errors import BudgetExceeded, ResultsCut, TooManyRows, warn


@dataclass(frozen=True)
class Rows:
    """All rows of one query, and the requests that they took."""

    frame: pl.DataFrame
    asked: int


@dataclass(frozen=True)
class Excess:
    """A query that matches more rows than are handed out.

    Attributes
    ----------
    matching
        How many match.
    ceiling
        How many are handed out.
    asked
        Requests that it took to know.
    """

    matching: int
    ceiling: int
    asked: int


def joined(operation: Operation[...], request: Any, read: Callable[[Any], Rows | Excess]) -> pl.DataFrame:
    """The rows of a search, one query after another where it takes several; each row once.

    Parameters
    ----------
    read
        Carries one query out.

    Raises
    ------
    TooManyRows
        The search has no criterion left that divides it exactly.
    """
    whole = read(request)
    if isinstance(whole, Rows):
        return whole.frame
    asked, frame = whole.asked, pl.DataFrame()
    waiting = _divided(operation, request, whole, asked)
    while waiting and (request.limit is None or frame.height < request.limit):
        left = None if request.max_requests is None else max(0, request.max_requests - asked)
        one = replace(waiting.pop(0), max_requests=left)
        try:
            part = read(one)
        except BudgetExceeded as refused:
            refused.add_note(
                f"This was one part of a search of {whole.matching:,} rows, for which {asked} requests had been made. "
                f"Allow more of them, or pass limit={whole.ceiling} for what one query brings."
            )
            raise
        asked += part.asked
        if isinstance(part, Excess):
            waiting = [*_divided(operation, one, part, asked), *waiting]
        else:
            both = part.frame if frame.is_empty() else pl.concat([frame, part.frame])
            frame = both.unique(operation.record.key, keep="first", maintain_order=True)
    if not waiting and frame.height != whole.matching and (request.limit is None or frame.height < request.limit):
        warn(
            ResultsCut(
                f"{operation.name}: {whole.matching:,} rows matched when it was asked whole, and its parts hold "
                f"{frame.height:,}: records changed in between. Run it again for rows of one moment."
            )
        )
    return frame.slice(0, request.limit)


def _divided(operation: Operation[...], request: Any, part: Excess, asked: int) -> list[Any]:
    """The queries that stand for one that is too large."""
    parts = None if request.sort_by else halves(request)
    if parts:
        return list(parts)
    happened = (
        f"{operation.name}: {part.matching:,} rows match and the service hands out the first {part.ceiling:,} of a "
        f"query. {asked} request{'s were' if asked > 1 else ' was'} made, and nothing else was charged."
    )
    if request.sort_by:
        raise TooManyRows(
            f"{happened} Parts of a search cannot be put in the order of sort_by=. Leave it out, or pass "
            f"limit={part.ceiling} for the first of them.",
            rows=part.matching,
        )
    raise TooManyRows(
        f"{happened} No criterion of it can be divided further. Pass limit={part.ceiling} for some of them, or narrow "
        "it by one that can: employee_range_min=1 (companies of known headcount), a list of ids, ranges or levels.",
        rows=part.matching,
    )
