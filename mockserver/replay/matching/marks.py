"""Sets of examples as the bits of a number: what they have in common is one operation, however many they are."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from mockserver.bits import of_places

# A mark is the number itself, or the few positions whose bits are set: 20,000 numbers of 20,000 bits are 50 MB.
Mark = int | tuple[int, ...]
K = TypeVar("K", bound=Hashable)


def packed(positions: Sequence[int], size: int) -> Mark:
    """The mark of these positions among `size` examples, in whichever form is the smaller."""
    return bits(positions) if len(positions) * 64 >= size else tuple(positions)


def packed_all(positions: Mapping[K, Sequence[int]], size: int) -> dict[K, Mark]:
    """`packed` for each value."""
    return {key: packed(listed, size) for key, listed in positions.items()}


def bits(mark: Mark | Sequence[int]) -> int:
    """The mark as a number."""
    if isinstance(mark, int):
        return mark
    if len(mark) == 1:
        return 1 << mark[0]
    return of_places(mark, max(mark, default=0) + 1)


def first(among: int) -> int:
    """The position of the first example of some."""
    return (among & -among).bit_length() - 1


def most(among: int, marks: Iterable[int]) -> tuple[int, int]:
    """How many of the marks the best of `among` bear, and which ones bear so many."""
    count, left = 0, among
    for power, digit in reversed(list(enumerate(_counted(among, marks)))):
        if left & digit:
            left &= digit
            count |= 1 << power
    return count, left


def fewest(among: int, marks: Iterable[int]) -> tuple[int, int]:
    """How few of the marks the best of `among` bear, and which ones bear so few."""
    count, left = 0, among
    for power, digit in reversed(list(enumerate(_counted(among, marks)))):
        if left & ~digit:
            left &= ~digit
        else:
            count |= 1 << power
    return count, left


def _counted(among: int, marks: Iterable[int]) -> list[int]:
    """For each binary digit of the number of marks, which of `among` have it: counting all of them at once."""
    digits: list[int] = []
    for mark in marks:
        carried = mark & among
        for power, digit in enumerate(digits):
            if not carried:
                break
            digits[power], carried = digit ^ carried, digit & carried
        if carried:
            digits.append(carried)
    return digits
