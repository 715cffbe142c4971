"""Forward in time: each fold is judged by what was known before it began."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from numbers import Real

import polars as pl

from zianalytics.errors import RequestRefused
from zianalytics.scoring.given import Table, in_order, read

_FIRST_BLOCK = 0.4
_BLOCKS = 5
_LEAST_OF_EACH = 5


@dataclass(frozen=True)
class Fold:
    """Row numbers to learn from, and the later ones to predict."""

    learn: tuple[int, ...]
    predict: tuple[int, ...]


def split(
    frame: Table, *, opened_on: str = "opened_on", closed_on: str | None = None, share: float = 1 / 3
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The earlier and the later deals: to learn from, and to be judged by; no opening day lies on both sides.

    Parameters
    ----------
    frame
        One row per deal: a frame of polars or pandas.
    opened_on
        The column with the day on which each was opened: Date, or Datetime.
    closed_on
        The column with the day on which each outcome became known; given, a deal that was still open when the first of
        the later ones was opened is left out: nobody could have learnt from it then.
    share
        Which part is to be the later one: more than 0 and less than 1.

    Returns
    -------
    tuple of two polars.DataFrame
        Earlier and later, each in order of opening; neither is empty.

    Raises
    ------
    RequestRefused
        A column is missing or holds no days, or all deals would come to lie on one side.

    Examples
    --------
    >>> deals = pl.DataFrame({"opened_on": [date(2026, 1, 5), date(2026, 3, 2), date(2026, 2, 9)], "n": [1, 3, 2]})
    >>> earlier, later = split(deals)
    >>> later["n"].to_list()
    [3]
    """
    if not isinstance(share, Real) or not 0 < share < 1:
        raise RequestRefused(
            f"share is {share!r}. Nothing was split. Pass the part of the later deals: more than 0, less than 1."
        )
    ordered, opened, known = in_order(read(frame, "split"), opened_on, closed_on, "split")
    if ordered.is_empty():
        raise RequestRefused("There are no deals. Nothing was split. Pass closed deals of at least two days.")
    first = opened[min(round(ordered.height * (1 - float(share))), ordered.height - 1)]
    earlier, later = ordered.filter(opened < first, known < first), ordered.filter(opened >= first)
    if earlier.is_empty():
        were = "opened" if closed_on is None else "opened and closed"
        raise RequestRefused(
            f"None of {ordered.height} deals was {were} before {first}, when the first of the later ones was opened. "
            "Nothing was split. Pass deals of more days, or another share."
        )
    return earlier, later


def not_after(opened: pl.Series, last: date) -> int:
    """How many of these deals were opened on a day, or at a time, or before it; by the day where only one has a time.

    Parameters
    ----------
    opened
        When each was opened: Date, or Datetime.
    last
        The day, or the time; without a zone where those of opening have none.
    """
    zone = getattr(opened.dtype, "time_zone", None)
    if isinstance(last, datetime) and opened.dtype != pl.Date() and (zone is None) == (last.tzinfo is None):
        when = opened if zone is None else opened.dt.convert_time_zone("UTC")
        return int((when <= (last if zone is None else last.astimezone(UTC))).sum())
    return int((opened.dt.date() <= (last.date() if isinstance(last, datetime) else last)).sum())


def folds(opened: Sequence[date], known: Sequence[date | None], won: Sequence[bool]) -> Iterator[Fold]:
    """Expanding windows over deals in order of opening.

    A deal is learnt from only when its outcome was known before the first deal to predict was opened. Windows with
    fewer than five deals of either outcome to learn from are left out.

    Parameters
    ----------
    opened
        Opening days, ascending.
    known
        The days on which the outcomes became known, in the same order; None where nobody knows.
    won
        The outcomes, in the same order.
    """
    n = len(opened)
    starts = [round(n * (_FIRST_BLOCK + (1 - _FIRST_BLOCK) * k / _BLOCKS)) for k in range(_BLOCKS)]
    edges = list(dict.fromkeys([*starts, n]))
    for start, end in pairwise(edges):
        learn = tuple(i for i in range(start) if (day := known[i]) is not None and day < opened[start])
        wins = sum(won[i] for i in learn)
        if min(wins, len(learn) - wins) >= _LEAST_OF_EACH:
            yield Fold(learn, tuple(range(start, end)))
