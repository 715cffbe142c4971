"""Searches that match more rows than the service hands out for one query: read in parts, or refused, never cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import polars as pl

from zianalytics.api.parts import halves
from zianalytics.api.spec import Operation, Paging
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


@dataclass(frozen=True)
class Counted:
    """A query of which the first page came, or was kept.

    Attributes
    ----------
    matching
        How many rows match.
    missing
        Requests that its other pages take.
    asked
        Requests that it took to know.
    """

    matching: int
    missing: int
    asked: int


class Reader(Protocol):
    """Carries out the queries of one search."""

    def read(self, request: Any, *, sent: str = ...) -> Rows | Excess:
        """All rows of a query; `sent` says, for a refusal, what was sent for the others."""

    def count(self, request: Any, *, before: Callable[[], None]) -> Counted:
        """How many rows of a query match; `before` is called in front of a request, and what it raises is raised."""

    def permit(self, requests: int, *, sent: str) -> None:
        """Refuse what a budget in force does not allow."""


def joined(operation: Operation[...], request: Any, reader: Reader) -> pl.DataFrame:
    """The rows of a search, one query after another where it takes several; each row once.

    Parts are counted before their rows are read, so that what all of them take is known, and allowed, before most of
    it is sent.

    Raises
    ------
    TooManyRows
        The search has no criterion left that divides it exactly.
    BudgetExceeded
        The parts take more requests than are allowed.
    """
    whole = reader.read(request)
    return whole.frame if isinstance(whole, Rows) else _Parts(operation, request, reader, whole).frame()


class _Parts:
    """The parts of one search: those that wait to be counted, and those that wait to be read."""

    def __init__(self, operation: Operation[...], request: Any, reader: Reader, whole: Excess) -> None:
        self._operation, self._request, self._reader, self._whole = operation, request, reader, whole
        self._asked, self._seen = whole.asked, 0
        self._waiting = _divided(operation, request, whole, whole.asked)
        self._counted: list[tuple[Any, Counted]] = []

    def frame(self) -> pl.DataFrame:
        """Their rows."""
        limit, frame = self._request.limit, pl.DataFrame()
        while self._waiting and (limit is None or frame.height < limit):
            self._count(frame.height)
            self._allow(is_counted=True)
            frame = self._read(frame)
        matching = self._whole.matching
        if not self._waiting and frame.height != matching and (limit is None or frame.height < limit):
            warn(
                ResultsCut(
                    f"{self._operation.name}: {matching:,} rows matched when it was asked whole, and its parts hold "
                    f"{frame.height:,}: records changed in between. Run it again for rows of one moment."
                )
            )
        return frame.slice(0, limit)

    def _count(self, have: int) -> None:
        """Count parts, dividing those that are too large, until they hold what is wanted."""
        limit = self._request.limit
        while self._waiting and (limit is None or have < limit):
            one = self._waiting[0]
            found = self._reader.count(one, before=lambda: self._allow(is_counted=False))
            self._asked += found.asked
            del self._waiting[0]
            if found.matching > self._whole.ceiling:
                excess = Excess(found.matching, self._whole.ceiling, found.asked)
                self._waiting[:0] = _divided(self._operation, one, excess, self._asked)
            else:
                self._counted.append((one, found))
                self._seen += found.matching
                have += found.matching

    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        limit = self._request.limit
        for one, _ in self._counted:
            if limit is not None and frame.height >= limit:
                break
            part = self._reader.read(replace(one, max_requests=self._left), sent=self._sent)
            self._asked += part.asked
            if isinstance(part, Excess):  # it has grown since it was counted
                self._waiting[:0] = _divided(self._operation, one, part, self._asked)
            else:
                both = part.frame if frame.is_empty() else pl.concat([frame, part.frame])
                frame = both.unique(self._operation.record.key, keep="first", maintain_order=True)
        self._counted = []
        return frame

    @property
    def _left(self) -> int | None:
        most = self._request.max_requests
        return None if most is None else max(0, most - self._asked)

    def _needed(self, *, is_counted: bool) -> int:
        """Requests to go: for the rows of what is counted, and at least for the rest where that is not counted yet."""
        pages = sum(found.missing for _, found in self._counted)
        if is_counted:
            return pages
        size = (self._operation.paging or Paging()).size
        limit = self._request.limit
        rest = self._whole.matching if limit is None else min(limit, self._whole.matching)
        each = len(self._waiting) if limit is None else 1
        return pages + max(each, -(-(rest - self._seen) // size))

    def _allow(self, *, is_counted: bool) -> None:
        needed, left = self._needed(is_counted=is_counted), self._left
        least = "" if is_counted else "at least "
        if left is not None and left < needed:
            more = "" if is_counted else " or more (how many in all is not known before each part is counted)"
            raise BudgetExceeded(
                f"{self._operation.name}: {self._whole.matching:,} rows match, and the service hands out "
                f"{self._whole.ceiling:,} of a query, so that they are read in parts. {self._sent}. "
                f"{least.capitalize()}{needed:,} more {'is' if needed == 1 else 'are'} needed, and max_requests="
                f"{self._request.max_requests} leaves {left}. Run the same search again within a day with "
                f"max_requests={needed}{more}, and it goes on from there. Or pass limit={self._whole.ceiling} for what "
                "one query brings.",
                requests=needed,
            )
        self._reader.permit(needed, sent=f"{self._sent}; {least}{needed:,} more would be needed")

    @property
    def _sent(self) -> str:
        were = "1 request was" if self._asked == 1 else f"{self._asked:,} requests were"
        return f"{were} sent for it by this call, and what came is kept for a day"


def _divided(operation: Operation[...], request: Any, part: Excess, asked: int) -> list[Any]:
    """The queries that stand for one that is too large."""
    parts = None if request.sort_by else halves(request)
    if parts:
        return list(parts)
    happened = (
        f"{operation.name}: {part.matching:,} rows match and the service hands out the first {part.ceiling:,} of a "
        f"query. {asked} request{' was' if asked == 1 else 's were'} made, and nothing else was charged."
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
