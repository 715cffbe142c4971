"""All people of a world, as far as most searches look at them: by what they have in common, not one by one.

Of each aspect in `ASPECTS` every person has a value that many share. The values are kept, and for each person which it
is, in some bytes: what is asked of an aspect is asked of its values, while people are drawn when they are shown. For a
large world this is built once and kept.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from mockserver import bits
from mockserver.world.records import Company, Contact


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a person's value is, and of which type all values are."""

    kind: Any
    of: Callable[[Contact, Company], Any]


ASPECTS: Final[Mapping[str, Aspect]] = {
    "title": Aspect(list[str], lambda p, _: p.job_title),
    # Levels, functions by name and department, and whether they sit on the board.
    "post": Aspect(
        list[tuple[tuple[str, ...], tuple[tuple[str, str], ...], bool]],
        lambda p, _: (
            p.management_levels,
            tuple([(function.name, function.department) for function in p.job_functions]),
            p.is_board_member,
        ),
    ),
    "score": Aspect(list[int], lambda p, _: p.accuracy_score),
    # Whether known: e-mail, personal e-mail, direct and mobile telephone, that of the company.
    "reach": Aspect(
        list[tuple[bool, bool, bool, bool, bool]],
        lambda p, c: (
            p.email is not None,
            p.supplemental_email is not None,
            p.direct_phone is not None,
            p.mobile_phone is not None,
            c.phone is not None,
        ),
    ),
    "has moved": Aspect(list[bool], lambda p, _: p.has_moved),
    "was notified": Aspect(list[bool], lambda p, _: p.notified_at is not None),
    "valid": Aspect(list[date], lambda p, _: p.valid_at.date()),
    "updated": Aspect(list[date | None], lambda p, _: p.updated_at and p.updated_at.date()),
    "since": Aspect(list[date], lambda p, _: p.position_since),
    "years": Aspect(list[str], lambda p, _: p.years_of_experience.id),
    "first name": Aspect(list[str], lambda p, _: p.first_name),
    "last name": Aspect(list[str], lambda p, _: p.last_name),
}
_CODES = "H"


class Crowd:
    """What the people of a world have in common, in the order of their ids.

    Attributes
    ----------
    ids
        Theirs; the place of each is its place in every set of them.
    """

    def __init__(
        self, ids: Sequence[int], codes: Mapping[str, array[int]], values: Mapping[str, Sequence[Any]]
    ) -> None:
        self.ids, self._codes, self._values = ids, codes, values

    @classmethod
    def of(cls, people: Iterable[tuple[Contact, Company]], ids: Sequence[int]) -> Crowd:
        """Look at each person once, with their employer."""
        codes = {name: array(_CODES) for name in ASPECTS}
        known: dict[str, dict[Any, int]] = {name: {} for name in ASPECTS}
        looks = [(aspect.of, known[name], codes[name].append) for name, aspect in ASPECTS.items()]
        for person, company in people:
            for of, values, append in looks:
                append(values.setdefault(of(person, company), len(values)))
        return cls(ids, codes, {name: tuple(values) for name, values in known.items()})

    @classmethod
    def read(cls, content: bytes | memoryview, ids: Sequence[int]) -> Crowd:
        """As `content` wrote it, for the same people.

        Raises
        ------
        ValueError
            It was written of other people, or is something else.
        """
        read = msgspec.msgpack.decode(content, type=dict[str, tuple[bytes, msgspec.Raw]])
        codes = {name: _array(one) for name, (one, _) in read.items()}
        if codes.keys() != ASPECTS.keys() or any(len(one) != len(ids) for one in codes.values()):
            raise ValueError("this was written of other people")
        values = {name: msgspec.msgpack.decode(read[name][1], type=aspect.kind) for name, aspect in ASPECTS.items()}
        return cls(ids, codes, values)

    @property
    def content(self) -> bytes:
        """All of it, as plain values; numbers with their last byte first."""
        return msgspec.msgpack.encode(
            {name: (_turned(self._codes[name]).tobytes(), self._values[name]) for name in ASPECTS}
        )

    def those(self, aspect: str, passes: Callable[[Any], bool]) -> int:
        """The places of those whose value passes."""
        digits = bytes([49 if passes(value) else 48 for value in self._values[aspect]])
        return bits.of_digits(bytes(map(list(digits).__getitem__, self._codes[aspect])))

    def column(self, aspect: str, key: Callable[[Any], Any]) -> bits.Column:
        """All of them, ordered by what `key` makes of their value."""
        keys = [key(value) for value in self._values[aspect]]
        return bits.Column([keys[code] for code in self._codes[aspect]])


def _array(content: bytes) -> array[int]:
    numbers = array(_CODES)
    numbers.frombytes(content)
    return _turned(numbers)


def _turned(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers
