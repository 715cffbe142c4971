"""Recorded texts with `{{variables}}` left open in them, held against what really came; in time linear in both."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Generic, TypeVar

from mockserver.postman.variables import PLACEHOLDER

# How much is looked through for one text that came, in characters: so many open texts are tried, the earliest first.
MOST = 200_000_000
# What trying one counts for, beside the length of the text that came.
EACH = 100
Pieces = tuple[str, ...]
T = TypeVar("T")


class Fit(IntEnum):
    """How well something that came agrees with what was recorded."""

    NOT = 0
    OPEN = 1
    EQUAL = 2


@lru_cache(maxsize=65536)
def pieces_of(recorded: str) -> Pieces:
    """The literal texts around the open variables of a text: one more than there are variables."""
    if "{{" not in recorded:
        return (recorded,)
    return tuple(PLACEHOLDER.split(recorded)[::2])


def names_in(recorded: str) -> list[str]:
    """The names of the open variables, in their order."""
    return [name.strip() for name in PLACEHOLDER.findall(recorded)]


def is_open(recorded: str) -> bool:
    """Whether a variable is left open in the text."""
    return len(pieces_of(recorded)) > 1


def fit(recorded: str, came: str) -> Fit:
    """EQUAL for the same text, OPEN when it is one that the open variables of the recorded one allow."""
    if recorded == came:
        return Fit.EQUAL
    pieces = pieces_of(recorded)
    return Fit.OPEN if len(pieces) > 1 and values_in(pieces, came) is not None else Fit.NOT


def values_in(pieces: Pieces, came: str) -> list[str] | None:
    """What stands in the place of each open variable, or None when the text does not fit.

    Each stands for one character at least, and for as few as possible, the last one for the rest.
    """
    start, end = len(pieces[0]), len(came) - len(pieces[-1])
    if not came.startswith(pieces[0]) or not came.endswith(pieces[-1]):
        return None
    values: list[str] = []
    for piece in pieces[1:-1]:
        found = came.find(piece, start + 1, end)
        if found < 0:
            return None
        values.append(came[start:found])
        start = found + len(piece)
    if start >= end:
        return None
    return [*values, came[start:end]]


class Patterns(Generic[T]):
    """Many open texts, each with something that belongs to it; those that fit are found by how they begin and end."""

    def __init__(self) -> None:
        self._by_ends: dict[tuple[int, int], dict[tuple[str, str], dict[Pieces, T]]] = {}

    def add(self, pieces: Pieces, held: T) -> None:
        """Takes in the open text with these literal pieces, which is new to it."""
        lengths = self._by_ends.setdefault((len(pieces[0]), len(pieces[-1])), {})
        lengths.setdefault((pieces[0], pieces[-1]), {})[pieces] = held

    def fitting(self, came: str) -> Iterator[T]:
        """What belongs to the open texts that this one fits; for a very long one not all of many are tried."""
        left = MOST // (len(came) + EACH)
        for (first, last), ends in self._by_ends.items():
            if first + last < len(came):
                for pieces, held in ends.get((came[:first], came[len(came) - last :]), {}).items():
                    left -= len(pieces) > 2
                    if len(pieces) == 2 or (left >= 0 and values_in(pieces, came) is not None):
                        yield held
