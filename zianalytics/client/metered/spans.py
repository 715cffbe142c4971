"""Ranges of days that are too long for one request, cut into slices that are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Span:
    """One slice: what the two keywords of a range are set to; nothing, for a request that is asked as it is."""

    days: tuple[tuple[str, date], ...] = ()

    def put_into(self, request: Any) -> Any:
        """The request for this slice alone."""
        return replace(request, **dict(self.days)) if self.days else request

    def __str__(self) -> str:
        return "..".join(day.isoformat() for _, day in self.days) or "all"


def spans(
    first: date | None, last: date | None, *, today: date, longest: timedelta, names: tuple[str, str]
) -> Sequence[Span]:
    """The slices of a range, the latest first; together they hold each of its days once.

    Parameters
    ----------
    first, last
        The ends, both included; a range without `first` is asked as it is, one without `last` ends today.
    longest
        How far apart the ends of a slice may lie.
    names
        The keywords of both ends.

    Examples
    --------
    >>> cut = spans(date(2026, 1, 1), date(2026, 1, 5), today=date(2026, 2, 1), longest=timedelta(2), names=("a", "b"))
    >>> [str(span) for span in cut]
    ['2026-01-03..2026-01-05', '2026-01-01..2026-01-02']
    """
    end = last or today
    if first is None or end - first <= longest:
        return (Span(),)
    found = []
    while end >= first:
        start = max(first, end - longest)
        found.append(Span(((names[0], start), (names[1], end))))
        end = start - timedelta(days=1)
    return found
