"""All people of a world, as far as most searches look at them: by what they have in common, not one by one.

Of each aspect in `ASPECTS` every person has a value that many share. For each value one person is known who has it, so
that what is asked of that aspect alone is asked of them, and holds for all. This takes some bytes a person, while the
people themselves are drawn when they are shown; for a large world it is built once and kept.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from mockserver.world.records import Company, Contact

T = TypeVar("T")
ASPECTS: Final[Mapping[str, Callable[[Contact, Company], Any]]] = {
    "post": lambda p, _: (p.job_title, p.management_levels, p.job_functions, p.is_board_member),
    "score": lambda p, _: p.accuracy_score,
    "reach": lambda p, c: (
        p.email is None,
        p.supplemental_email is None,
        p.direct_phone is None,
        p.mobile_phone is None,
        c.phone is None,
    ),
    "standing": lambda p, _: (p.has_moved, p.notified_at is None),
    "valid": lambda p, _: p.valid_at.date(),
    "updated": lambda p, _: p.updated_at and p.updated_at.date(),
    "since": lambda p, _: p.position_since,
    "years": lambda p, _: p.years_of_experience.id,
    "first name": lambda p, _: p.first_name,
    "last name": lambda p, _: p.last_name,
}
_CODES, _IDS = "H", "q"


class Crowd:
    """What the people of a world have in common, in the order of their ids."""

    def __init__(self, ids: Sequence[int], codes: Mapping[str, array[int]], examples: Mapping[str, array[int]]) -> None:
        self._ids, self._codes, self._examples = ids, codes, examples

    @classmethod
    def of(cls, people: Iterable[tuple[Contact, Company]], ids: Sequence[int]) -> Crowd:
        """Look at each person once, with their employer."""
        codes = {name: array(_CODES) for name in ASPECTS}
        examples = {name: array(_IDS) for name in ASPECTS}
        known: dict[str, dict[Any, int]] = {name: {} for name in ASPECTS}
        for person, company in people:
            for name, aspect in ASPECTS.items():
                values = known[name]
                code = values.setdefault(aspect(person, company), len(values))
                if code == len(examples[name]):
                    examples[name].append(person.id)
                codes[name].append(code)
        return cls(ids, codes, examples)

    @classmethod
    def read(cls, content: bytes | memoryview, ids: Sequence[int]) -> Crowd:
        """As `content` wrote it, for the same people.

        Raises
        ------
        ValueError
            It was written of other people, or is something else.
        """
        read = msgspec.msgpack.decode(content, type=dict[str, tuple[bytes, bytes]])
        codes = {name: _array(_CODES, one) for name, (one, _) in read.items()}
        examples = {name: _array(_IDS, one) for name, (_, one) in read.items()}
        if codes.keys() != ASPECTS.keys() or any(len(one) != len(ids) for one in codes.values()):
            raise ValueError("this was written of other people")
        return cls(ids, codes, examples)

    @property
    def content(self) -> bytes:
        """All of it, as plain values; numbers with their last byte first."""
        return msgspec.msgpack.encode(
            {name: (_bytes(self._codes[name]), _bytes(self._examples[name])) for name in ASPECTS}
        )

    def told(self, aspect: str, of: Callable[[int], T]) -> Callable[[int], T]:
        """What `of` says of a person by their id, where that aspect alone decides it; asked once for each value."""
        told, ids, codes = [of(example) for example in self._examples[aspect]], self._ids, self._codes[aspect]
        return lambda person_id: told[codes[bisect_left(ids, person_id)]]

    def those(self, tests: Mapping[str, Callable[[int], bool]]) -> Sequence[int]:
        """Ids of those who pass one test, by id, for each of these aspects."""
        left: Sequence[int] = range(len(self._ids))
        for aspect, test in tests.items():
            codes, passes = self._codes[aspect], [test(example) for example in self._examples[aspect]]
            left = [place for place in left if passes[codes[place]]]
        return [self._ids[place] for place in left]


def _bytes(numbers: array[int]) -> bytes:
    return _turned(numbers).tobytes()


def _array(code: str, content: bytes) -> array[int]:
    numbers = array(code)
    numbers.frombytes(content)
    return _turned(numbers)


def _turned(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers
