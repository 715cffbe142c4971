"""Tiers: the accounts to call first, next and later, by how many can be called or by how likely they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from zianalytics.errors import RequestRefused


@dataclass(frozen=True)
class Capacity:
    """Tiers by capacity: the best share of accounts is A, the next B, and so on; the last tier takes the rest.

    Equal scores share a tier, the one that the last of them falls into: so no account is called before another for its
    id, and no tier but the last takes more than its share.

    Examples
    --------
    >>> Capacity({"A": 0.1, "B": 0.25, "C": 0.65}).counts(40)
    {'A': 4, 'B': 10, 'C': 26}
    >>> Capacity({"A": 0.5, "B": 0.5}).assign(pl.Series([0.9, 0.4, 0.4, 0.1])).to_list()
    ['A', 'B', 'B', 'B']
    """

    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        if (
            not self.shares
            or not all(s >= 0 for s in self.shares.values())
            or abs(sum(self.shares.values()) - 1) > 1e-9
        ):
            raise RequestRefused(
                f"Shares of tiers must add up to 1, not {sum(self.shares.values()):g}. Nothing was scored. "
                'Pass for example Capacity({"A": 0.1, "B": 0.25, "C": 0.65}).'
            )

    def counts(self, accounts: int) -> dict[str, int]:
        """How many accounts each tier takes where no two have the same score."""
        counts, reached, taken = {}, 0.0, 0
        for tier, share in self.shares.items():
            reached += share
            up_to = min(accounts, int(accounts * reached + 0.5 + 1e-9))
            counts[tier], taken = up_to - taken, up_to
        return counts

    def assign(self, scores: pl.Series) -> pl.Series:
        """The tier of each of these scores, which come highest first."""
        counts = self.counts(len(scores))
        tiers = pl.Series("tier", [tier for tier, n in counts.items() for _ in range(n)], dtype=pl.String)
        return tiers.gather(scores.rank("max", descending=True) - 1)


@dataclass(frozen=True)
class Thresholds:
    """Tiers by threshold: the first whose least probability (0 to 1) the score reaches; `rest` takes the others.

    Examples
    --------
    >>> Thresholds({"A": 0.6, "B": 0.3}, rest="C").assign(pl.Series([0.7, 0.3, 0.1])).to_list()
    ['A', 'B', 'C']
    """

    least: Mapping[str, float]
    rest: str = "C"

    def __post_init__(self) -> None:
        if beyond := [(tier, least) for tier, least in self.least.items() if not 0 <= least <= 1]:
            tier, least = beyond[0]
            raise RequestRefused(
                f"A threshold is a probability from 0 to 1, and that of {tier} is {least:g}. Nothing was scored. "
                'Pass for example Thresholds({"A": 0.6, "B": 0.3}).'
            )

    def assign(self, scores: pl.Series) -> pl.Series:
        """The tier of each of these scores."""
        steps = sorted(self.least.items(), key=lambda step: -step[1])
        tiers = [next((tier for tier, least in steps if score >= least), self.rest) for score in scores]
        return pl.Series("tier", tiers, dtype=pl.String)


Tiers = Capacity | Thresholds
BY_CAPACITY = Capacity({"A": 0.10, "B": 0.25, "C": 0.65})
