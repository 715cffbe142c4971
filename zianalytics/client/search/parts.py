"""Searches that match more rows than the service hands out for one query: read in parts, or refused, never cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from threading import Lock
from typing import Any, Protocol

import polars as pl

from zianalytics.api.parts import halves
from zianalytics.api.spec import Operation, Paging
from zianalytics.client.metered.pool import fan_out
from zianalytics.errors import BudgetExceeded, ResultsCut, TooManyRows, warn

_AT_ONCE = 3
"""Parts that are read at a time, ten pages each: three times eight requests are as many as connections bear."""


@dataclass(frozen=True)
class Rows:
    """All rows of one query.

    Attributes
    ----------
    frame
        Lays them out, and warns of what is lacking among them: for the thread of the caller, whose line is pointed at.
    asked
        Requests that they took.
    """

    frame: Callable[[], pl.DataFrame]
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
    run
        The run that has its first page.
    """

    matching: int
    missing: int
    asked: int
    run: str


class Reader(Protocol):
    """Carries out the queries of one search."""

    def read(self, request: Any, *, sent: str = ..., counted_by: str | None = ...) -> Rows | Excess:
        """All rows of a query; `sent` says, for a refusal, what was sent for the others.

        Where it was counted, `counted_by` is the run that has its first page.
        """

    def count(self, requests: Sequence[Any], *, before: Callable[[], None]) -> Sequence[Counted]:
        """How many rows of each query match, asked together; `before` is called where any is asked, and may raise."""

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
    return whole.frame() if isinstance(whole, Rows) else _Parts(operation, request, reader, whole).frame()


@dataclass(frozen=True)
class _Part:
    """One query of a search; what is counted is to be read."""

    request: Any
    counted: Counted | None = None


class _Parts:
    """The parts of one search, in the order of its rows, as far as they are not read."""

    def __init__(self, operation: Operation[...], request: Any, reader: Reader, whole: Excess) -> None:
        self._operation, self._request, self._reader, self._whole = operation, request, reader, whole
        self._asked, self._seen, self._lock = whole.asked, 0, Lock()
        self._parts = self._divided(request, whole)

    def frame(self) -> pl.DataFrame:
        """Their rows."""
        limit, frame = self._request.limit, pl.DataFrame()
        while self._parts and (limit is None or frame.height < limit):
            self._count(frame.height)
            self._allow(is_counted=True)
            frame = self._read(frame)
        matching = self._whole.matching
        if not self._parts and frame.height != matching and (limit is None or frame.height < limit):
            warn(
                ResultsCut(
                    f"{self._operation.name}: {matching:,} rows matched when it was asked whole, and its parts hold "
                    f"{frame.height:,}: records changed in between. Run it again for rows of one moment."
                )
            )
        return frame.slice(0, limit)

    def _count(self, have: int) -> None:
        """Count parts, dividing those that are too large, until they hold what is wanted.

        Where all rows are wanted every part is counted sooner or later, and so they are counted together.
        """
        limit = self._request.limit
        while (waiting := self._waiting) and (limit is None or have < limit):
            some = waiting if limit is None else waiting[:1]
            requests = [self._parts[place].request for place in some]
            found = self._reader.count(requests, before=lambda: self._allow(is_counted=False))
            self._asked += sum(one.asked for one in found)
            for place, one in reversed([*zip(some, found, strict=True)]):  # so that places before it stay
                if one.matching > self._whole.ceiling:
                    excess = Excess(one.matching, self._whole.ceiling, one.asked)
                    parts = self._divided(self._parts[place].request, excess)
                    self._parts[place : place + 1] = parts
                else:
                    self._parts[place] = replace(self._parts[place], counted=one)
                    self._seen += one.matching
                    have += one.matching

    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Read what is counted: some parts at a time, so that pages leave while those of others are awaited."""
        counted = [one for one in self._parts if one.counted]
        outcome = fan_out(
            [partial(self._read_one, one.request, one.counted) for one in counted if one.counted],
            at_once=lambda: _AT_ONCE,
            title=self._operation.name,
            sizes=[1] * len(counted),
            progress=False,
        )
        for failure in outcome.failures:
            raise failure
        left = list[_Part]()
        for place, one in enumerate(counted):
            part = outcome.results[place]
            if isinstance(part, Excess):  # it has grown since it was counted
                left += self._divided(one.request, part)
            else:
                both = part.frame() if frame.is_empty() else pl.concat([frame, part.frame()])
                frame = both.unique(self._operation.record.key, keep="first", maintain_order=True)
        self._parts = left + [one for one in self._parts if not one.counted]
        return frame

    def _read_one(self, request: Any, counted: Counted) -> Rows | Excess:
        at_most = None if request.max_requests is None else counted.missing
        part = self._reader.read(replace(request, max_requests=at_most), sent=self._sent, counted_by=counted.run)
        with self._lock:
            self._asked += part.asked
        return part

    @property
    def _waiting(self) -> list[int]:
        """The places of parts that are not counted."""
        return [place for place, one in enumerate(self._parts) if one.counted is None]

    @property
    def _left(self) -> int | None:
        most = self._request.max_requests
        return None if most is None else max(0, most - self._asked)

    def _needed(self, *, is_counted: bool) -> int:
        """Requests to go: for the rows of what is counted, and at least for the rest where that is not counted yet."""
        pages = sum(one.counted.missing for one in self._parts if one.counted)
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

    def _divided(self, request: Any, part: Excess) -> list[_Part]:
        """The queries that stand for one that is too large: for the search itself, or for a part of it."""
        parts = None if self._request.sort_by else halves(request)
        if parts:
            return [_Part(one) for one in parts]
        matching, which = self._whole.matching, _apart(self._request, request)
        many = f"{matching:,} rows match" + (f", {part.matching:,} of them with {which}," if which else "")
        were = "1 request was" if self._asked == 1 else f"{self._asked:,} requests were"
        happened = (
            f"{self._operation.name}: {many} and the service hands out the first {part.ceiling:,} of a query. "
            f"{were} made, and nothing else was charged."
        )
        if self._request.sort_by:
            raise TooManyRows(
                f"{happened} Parts of a search cannot be put in the order of sort_by=. Leave it out, or pass "
                f"limit={part.ceiling} for the first of them.",
                rows=matching,
            )
        raise TooManyRows(
            f"{happened} No {'other ' * bool(which)}criterion of it can be divided further. Pass limit={part.ceiling} "
            "for some of them, or narrow it by one that can: employee_range_min=1 (companies of known headcount), a "
            "list of ids, ranges or levels.",
            rows=matching,
        )


def _apart(whole: Any, part: Any) -> str:
    """What a part of a search asks for and the whole does not, as keywords; "" for the whole itself."""
    names = [one.name for one in fields(part)]
    return ", ".join(f"{one}={getattr(part, one)!r}" for one in names if getattr(part, one) != getattr(whole, one))
