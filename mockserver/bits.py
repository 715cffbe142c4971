"""Which places of a row are meant, as the bits of one whole number: sets that are met, joined and counted at once."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, SupportsIndex, overload

FAR = 1_000  # places that are listed at once where more than the first of them are asked for
_NEAR = 1_024  # places among which the first ones are looked for first
_STEP = 128  # bytes that are read at once, most of which hold nothing where few places are meant
_NOTHING = bytes(_STEP)
_RARE = 100  # one of so many places: then most bytes hold nothing
_ON: Final = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))
# By bit: from each byte to whether it has that bit, as a digit.
_DIGITS: Final = tuple(bytes(48 + (byte >> bit & 1) for byte in range(256)) for bit in range(8))


def of_digits(digits: bytes) -> int:
    """The places with a digit 1 among zeros, place after place."""
    return int(digits[::-1] or b"0", 2)


def of_places(places: Iterable[int], length: int) -> int:
    """These places of a row of that length."""
    content = bytearray(length // 8 + 1)
    for place in places:
        content[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(content, "little")


def places(bits: int) -> list[int]:
    """All of the places, in their order."""
    count = bits.bit_count()
    if count * _RARE < bits.bit_length():
        return first_places(bits, count)
    content = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    return [8 * n + bit for n, byte in enumerate(content) if byte for bit in _ON[byte]]


def first_places(bits: int, count: int) -> list[int]:
    """The first of the places, so many; few are read where few are wanted."""
    near = _near(bits, count)
    content = near.to_bytes(near.bit_length() // 8 + 1, "little")
    found: list[int] = []
    for start in range(0, len(content), _STEP):
        part = content[start : start + _STEP]
        if part != _NOTHING:
            left, place = int.from_bytes(part, "little"), 8 * start - 1
            while left and len(found) < count:
                ahead = (left & -left).bit_length()
                place += ahead
                left >>= ahead
                found.append(place)
        if len(found) >= count:
            break
    return found


def _near(bits: int, count: int) -> int:
    """The places up to where there are so many, or some more; all of them where there are fewer."""
    size, length = _NEAR, bits.bit_length()
    while size < length:
        near = bits & ((1 << size) - 1)
        if near.bit_count() >= count:
            return near
        size *= 8
    return bits


class Column:
    """A value of each place that can be ordered, or None where none is known.

    It is kept as the bits of its rank, a set of places for each: all are compared in one step for each such bit.
    """

    def __init__(self, values: Iterable[Any]) -> None:
        told = list(values)
        self._values = sorted({value for value in told if value is not None})
        rank = {None: 0} | {value: n for n, value in enumerate(self._values, 1)}
        self._ranks = array("I", [rank[value] for value in told])
        self._everywhere = (1 << len(told)) - 1
        self._bits = _planes(self._ranks, len(self._values).bit_length())
        self._known = self._from(1)

    def at_least(self, least: float) -> int:
        """The places with this value or a greater one."""
        return self._from(bisect_left(self._values, least) + 1)

    def at_most(self, most: float) -> int:
        """The places with this value or a smaller one."""
        return self._known ^ self._from(bisect_right(self._values, most) + 1)

    def first_places(self, bits: int, count: int, *, descending: bool) -> list[int]:
        """The first of the places by their value, so many; equals in their own order, unknown ones last either way."""
        level, chosen = bits & self._known, 0
        left = count
        for one in reversed(self._bits):
            ahead = level & one
            if not descending:
                ahead ^= level
            has = _near(ahead, left).bit_count()
            if has >= left:
                level = ahead
            else:  # all of them are among the first, and the others are the next
                level, chosen, left = level ^ ahead, chosen | ahead, left - has
        ranks = self._ranks
        found = sorted(places(chosen), key=ranks.__getitem__, reverse=descending)
        found += first_places(level, left)
        return found + first_places(bits ^ (bits & self._known), count - len(found))

    def _from(self, rank: int) -> int:
        """The places of this rank and of those above."""
        if rank > len(self._values):
            return 0
        found = self._everywhere
        for n, one in enumerate(self._bits):
            found = one & found if rank >> n & 1 else one | found
        return found


def _planes(numbers: array[int], count: int) -> list[int]:
    """For each of the lowest bits of these numbers, so many, the places that have it; the lowest first."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    content, size = numbers.tobytes(), numbers.itemsize
    return [of_digits(content[bit // 8 :: size].translate(_DIGITS[bit % 8])) for bit in range(count)]


class Row(Sequence[int]):
    """The places that are meant, or what stands there, listed only as far as it is asked for.

    Parameters
    ----------
    bits
        The places.
    first
        Gives what is listed of the first of them, so many: the places themselves, in their order, unless it is told.
    """

    def __init__(self, bits: int, first: Callable[[int, int], Sequence[int]] = first_places) -> None:
        self._bits, self._first = bits, first
        self._length = bits.bit_count()
        self._listed: Sequence[int] = ()

    def __len__(self) -> int:
        return self._length

    def __sizeof__(self) -> int:
        return sys.getsizeof(self._bits) + sys.getsizeof(self._listed)

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> int | Sequence[int]:
        wanted = range(self._length)[index]
        if isinstance(wanted, int):
            return self._up_to(wanted + 1)[wanted]
        listed = self._up_to(max(wanted[0], wanted[-1]) + 1) if wanted else ()
        return [listed[n] for n in wanted]

    def _up_to(self, count: int) -> Sequence[int]:
        """The first of them, so many or more."""
        listed = self._listed
        if len(listed) < count:
            ahead = max(count, FAR, 2 * len(listed)) if listed else count
            listed = self._listed = array("q", self._first(self._bits, ahead))
        return listed
