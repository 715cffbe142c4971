"""Forward in time: each fold is judged by what was known before it began."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from zianalytics.errors import RequestRefused

_FIRST_BLOCK = 0.4
_BLOCKS = 5
_LEAST_OF_EACH = 5


@dataclass(frozen=True)
class Fold:
    """Row numbers to learn from, and the later ones to predict."""

    learn: tuple[int, ...]
    predict: tuple[int, ...]


def split(
    frame: pl.DataFrame, *, opened_on: str = "opened_on", closed_on: str | None = None, share: float = 1 / 3
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The earlier and the later deals: to learn from, and to be judged by; no opening day lies on both sides.

    Parameters
    ----------
    frame
        One row per deal.
    opened_on
        The column with the day on which each was opened.
    closed_on
        The column with the day on which each outcome became known; given, a deal that was still open when the first of
        the later ones was opened is left out: nobody could have learnt from it then.
    share
        Which part, of 1, is to be the later one.

    Returns
    -------
    tuple of two polars.DataFrame
        Earlier and later, each in order of opening.

    Examples
    --------
    >>> deals = pl.DataFrame({"opened_on": [date(2026, 1, 5), date(2026, 3, 2), date(2026, 2, 9)], "n": [1, 3, 2]})
    >>> earlier, later = split(deals)
    >>> later["n"].to_list()
    [3]
    """
    if opened_on not in frame.columns:
        raise RequestRefused(f"The frame has no column {opened_on!r}. Nothing was split. Name the one with the day.")
    if frame[opened_on].null_count():
        raise RequestRefused(f"Some rows have no {opened_on}. Nothing was split. Drop them first.")
    if closed_on is not None and closed_on not in frame.columns:
        raise RequestRefused(f"The frame has no column {closed_on!r}. Nothing was split. Name the one with the day.")
    ordered = frame.sort(opened_on, maintain_order=True)
    if ordered.is_empty():
        return ordered, ordered
    first = ordered[opened_on][min(round(ordered.height * (1 - share)), ordered.height - 1)]
    earlier = ordered.filter(pl.col(opened_on) < first)
    if closed_on is not None:
        earlier = earlier.filter(pl.col(closed_on) < first)
    return earlier, ordered.filter(pl.col(opened_on) >= first)


def folds(opened: Sequence[date], known: Sequence[date], won: Sequence[bool]) -> Iterator[Fold]:
    """Expanding windows over deals in order of opening.

    A deal is learnt from only when its outcome was known before the first deal to predict was opened. Windows with
    fewer than five deals of either outcome to learn from are left out.

    Parameters
    ----------
    opened
        Opening days, ascending.
    known
        The days on which the outcomes became known, in the same order.
    won
        The outcomes, in the same order.
    """
    n = len(opened)
    starts = [round(n * (_FIRST_BLOCK + (1 - _FIRST_BLOCK) * k / _BLOCKS)) for k in range(_BLOCKS)]
    edges = list(dict.fromkeys([*starts, n]))
    for start, end in pairwise(edges):
        learn = tuple(i for i in range(start) if known[i] < opened[start])
        wins = sum(won[i] for i in learn)
        if min(wins, len(learn) - wins) >= _LEAST_OF_EACH:
            yield Fold(learn, tuple(range(start, end)))
