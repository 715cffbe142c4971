"""Chance, the same on every machine: one stream of uniform numbers per key, and transforms of our own.

Only `random.Random(text).random()` is used of the standard library: its sequence is promised to stay, those of its
other methods are not. Bell curves come from a sum of uniforms, not from the platform's logarithm.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import exp
from typing import TypeVar

T = TypeVar("T")

_DIGITS, _LETTERS = "0123456789", "ABCDEFGHJKLMNPRSTUVWXY"


class Weights:
    """Cumulated weights, made once and drawn from often."""

    __slots__ = ("limits",)

    def __init__(self, weights: Sequence[float]) -> None:
        total = sum(weights)
        self.limits = tuple(limit / total for limit in accumulate(weights))


class Draw:
    """A stream of chance that belongs to one key, such as "7/12/company"."""

    __slots__ = ("unit",)

    def __init__(self, key: str) -> None:
        self.unit = random.Random(key).random

    def chance(self, share: float) -> bool:
        """True in `share` of the cases."""
        return self.unit() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, each as likely as the next."""
        return values[int(self.unit() * len(values))]

    def weighted(self, values: Sequence[T], weights: Weights) -> T:
        """One of the values, by weight."""
        return values[min(bisect_right(weights.limits, self.unit()), len(values) - 1)]

    def some(self, values: Sequence[T], count: int) -> list[T]:
        """Up to `count` different values, in the order drawn."""
        left = list(values)
        return [left.pop(int(self.unit() * len(left))) for _ in range(min(count, len(left)))]

    def bell(self) -> float:
        """Nearly normal, mean 0 and standard deviation 1: twelve uniforms less six."""
        u = self.unit
        return u() + u() + u() + u() + u() + u() + u() + u() + u() + u() + u() + u() - 6.0

    def spread(self, median: float, sigma: float) -> float:
        """Nearly log-normal about `median`; rounded, so that no platform's `exp` decides what follows."""
        return round(median * exp(sigma * self.bell()), 6)

    def filled(self, pattern: str, area_code: str = "") -> str:
        """The pattern with its # as digits, its ? as letters and its @ as the area code."""
        if "@" in pattern:
            pattern = pattern.replace("@", area_code)
        unit = self.unit
        return "".join(
            [_DIGITS[int(unit() * 10)] if c == "#" else _LETTERS[int(unit() * 22)] if c == "?" else c for c in pattern]
        )
