"""How well an order of deals, or a probability, met what came of them. Ties count as the average of their orders."""

from __future__ import annotations

import math

import polars as pl

_Z = 1.96  # standard errors on either side of 95 %


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
    """The 95 % interval of an AUC: all values from which it is at most 1.96 of their own standard errors away.

    The variance is Hanley and McNeil's (1982) in the form that Newcombe (2006, method 5) found to hold for few deals,
    too. A margin around the AUC itself would shrink to nothing where no pair is in the wrong order.

    Examples
    --------
    >>> [round(edge, 2) for edge in auc_interval(1.0, 5, 15)]
    [0.75, 1.0]
    """
    return _furthest(value, 0.0, wins, losses), _furthest(value, 1.0, wins, losses)


def _furthest(value: float, end: float, wins: int, losses: int) -> float:
    """Of the values between this one and an end of the scale, the last that agrees with it."""
    half = (wins + losses) / 2 - 1
    agrees, differs = value, end
    for _ in range(50):
        tried = (agrees + differs) / 2
        spread = 1 + half * (1 - tried) / (2 - tried) + half * tried / (1 + tried)
        variance = tried * (1 - tried) * spread / (wins * losses)
        if (value - tried) ** 2 <= _Z**2 * variance:
            agrees = tried
        else:
            differs = tried
    return agrees


def auc_lead(score: pl.Series, rival: pl.Series, won: pl.Series) -> tuple[float, float] | None:
    """The 95 % interval of the AUC of `score` less that of `rival` on the same deals; None with one win or loss.

    After DeLong, DeLong and Clarke-Pearson (1988): both orders met the same luck, so that what counts is how far their
    difference varies from one win to the next, and from one loss to the next.

    Examples
    --------
    >>> won = pl.Series([True] * 4 + [False] * 4)
    >>> low, high = auc_lead(pl.Series([9, 8, 7, 4, 5, 3, 2, 1]), pl.Series([9, 3, 7, 4, 5, 8, 2, 1]), won)
    >>> round(low, 2), round(high, 2)
    (-0.15, 0.65)
    """
    wins = int(won.sum())
    losses = len(won) - wins
    if min(wins, losses) < 2:
        return None
    (of_wins, of_losses), (rival_of_wins, rival_of_losses) = _ahead(score, won), _ahead(rival, won)
    per_win, per_loss = of_wins - rival_of_wins, of_losses - rival_of_losses
    lead = float(per_win.sum()) / wins
    margin = _Z * math.sqrt(_variance(per_win) / wins + _variance(per_loss) / losses)
    return lead - margin, lead + margin


def _ahead(score: pl.Series, won: pl.Series) -> tuple[pl.Series, pl.Series]:
    """For each win the share of losses that it is ahead of, and for each loss the share of wins that it is ahead of."""
    ranks, lost = score.rank("average"), ~won
    losses_below = ranks.filter(won) - score.filter(won).rank("average")
    wins_below = ranks.filter(lost) - score.filter(lost).rank("average")
    return losses_below / len(wins_below), wins_below / len(losses_below)


def _variance(values: pl.Series) -> float:
    mean = float(values.sum()) / len(values)
    return float(((values - mean) ** 2).sum()) / (len(values) - 1)


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
