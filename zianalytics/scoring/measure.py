"""How well an order of deals, or a probability, met what came of them. Ties count as the average of their orders."""

from __future__ import annotations

import math

import polars as pl


def auc(score: pl.Series, won: pl.Series) -> float | None:
    """The chance that a deal won has the higher score of a pair; None when there is no such pair.

    Examples
    --------
    >>> auc(pl.Series([0.2, 0.4, 0.4, 0.9]), pl.Series([False, True, False, True]))
    0.875
    """
    wins = int(won.sum())
    losses = len(won) - wins
    if not wins or not losses:
        return None
    ranks = float(score.rank("average").filter(won).sum())
    return (ranks - wins * (wins + 1) / 2) / (wins * losses)


def auc_interval(value: float, wins: int, losses: int) -> tuple[float, float]:
    """The 95 % interval of an AUC, by the formula of Hanley and McNeil (1982)."""
    q1, q2 = value / (2 - value), 2 * value * value / (1 + value)
    variance = (value * (1 - value) + (wins - 1) * (q1 - value**2) + (losses - 1) * (q2 - value**2)) / (wins * losses)
    margin = 1.96 * math.sqrt(max(variance, 0.0))
    return max(0.0, value - margin), min(1.0, value + margin)


def pr_auc(score: pl.Series, won: pl.Series) -> float | None:
    """Average precision: the mean share of wins above each win; None without a win."""
    wins = int(won.sum())
    if not wins:
        return None
    steps = _from_the_top(score, won).with_columns(pl.col("wins").cum_sum().alias("above"))
    precision = pl.col("above") / pl.col("deals").cum_sum()
    return float(steps.select((precision * pl.col("wins")).sum()).item()) / wins


def brier(probability: pl.Series, won: pl.Series) -> float | None:
    """The mean squared distance of a probability from what came; None without deals."""
    return float(((probability - won.cast(pl.Float64)) ** 2).sum()) / len(won) if len(won) else None


def lift(score: pl.Series, won: pl.Series, share: float = 0.1) -> float | None:
    """How many times the base rate is won among the best `share` of deals; None without a win."""
    base = float(won.cast(pl.Float64).sum()) / len(won) if len(won) else 0.0
    if not base:
        return None
    taken = max(1, math.ceil(len(won) * share))
    return wins_among(score, won, taken) / taken / base


def wins_among(score: pl.Series, won: pl.Series, best: int) -> float:
    """The wins among the `best` deals with the highest score; a tie at the edge counts by its share."""
    found, left = 0.0, best
    for deals, wins in _from_the_top(score, won).select("deals", "wins").iter_rows():
        take = min(left, deals)
        found, left = found + wins * take / deals, left - take
        if not left:
            break
    return found


def _from_the_top(score: pl.Series, won: pl.Series) -> pl.DataFrame:
    """One row per distinct score, highest first: how many deals have it, and how many of them were won."""
    return (
        pl.DataFrame({"score": score, "won": won.cast(pl.Int64)})
        .group_by("score")
        .agg(pl.len().cast(pl.Int64).alias("deals"), pl.col("won").sum().alias("wins"))
        .sort("score", descending=True)
    )
