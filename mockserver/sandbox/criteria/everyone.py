"""All people of a world by what searches ask: most is read off what they have in common, as bits of their places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property, reduce
from itertools import accumulate, chain, repeat
from operator import and_, mul
from typing import Any, Final

from mockserver import bits
from mockserver.sandbox.criteria.aspects import Common, PersonTest, rank_of
from mockserver.sandbox.criteria.sieve import keep_mask
from mockserver.world import World

MASKS = 128  # of criteria, and of companies; 7 MB each at most with the people of 50,000 companies
RARE = 20  # one of so many companies: then their people are put together one by one
# What people have in common that they are ordered by: the aspect, and what of its value.
ORDERS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "contactAccuracyScore": ("score", lambda score: score),
    "relevance": ("score", lambda score: score),
    "lastName": ("last name", str.casefold),
    "hierarchy": ("post", lambda post: rank_of(post[0])),
}


class Everyone:
    """The people of one world, in the order of their ids; all are drawn for it, or what is kept of them is read."""

    def __init__(self, world: World) -> None:
        self._world, self._crowd = world, world.crowd
        self._counts = [company.contact_count for company in world.companies.values()]
        self._starts = [0, *accumulate(self._counts)]
        self._masks: dict[str, int] = {}
        self._people: dict[int, int] = {}  # by companies
        self._gone = (0, 0)  # of those who leave, how many have; and their places
        self.column = cache(self._column)

    def those(self, tests: Mapping[str, PersonTest], companies: Iterable[int], now: datetime) -> int:
        """Places of the people who pass the tests, each under a text that says all of it, at `now`.

        Their employers are in all of these sets of companies. Those who have opted out are not among them.
        """
        found = reduce(and_, map(self._employed, companies), (1 << len(self._crowd.ids)) - 1)
        for text, test in tests.items():
            if isinstance(test, Common):
                found &= self._meeting(text, test)
        found ^= found & self._gone_at(now)
        people, ids = self._world.contacts, self._crowd.ids
        for test in tests.values():
            if not isinstance(test, Common):
                found = bits.of_places([p for p in bits.places(found) if test(people[ids[p]])], len(ids))
        return found

    def row(self, found: int, first: Callable[[int, int], Iterable[int]] = bits.first_places) -> Sequence[int]:
        """Ids of the people at these places, in the order in which `first` gives them."""
        ids = self._crowd.ids
        return bits.Row(found, lambda some, count: [ids[place] for place in first(some, count)])

    def leave_at(self, found: int) -> list[datetime]:
        """When those at these places opt out, as far as any do."""
        return [self._leave_at[place] for place in bits.places(found & self._leavers)]

    def _column(self, by: str) -> bits.Column | None:
        """The column that people are ordered by; None where it is nothing that they have in common."""
        if by == "companyName":
            names = (company.name.casefold() for company in self._world.companies.values())
            return bits.Column(chain.from_iterable(map(repeat, names, self._counts)))
        return self._crowd.column(*ORDERS[by]) if by in ORDERS else None

    def _employed(self, companies: int) -> int:
        """The people of these companies."""
        found = self._people.get(companies)
        if found is None:
            if companies.bit_count() * RARE < len(self._counts):
                starts = self._starts
                some = chain.from_iterable(range(starts[n], starts[n + 1]) for n in bits.places(companies))
                found = bits.of_places(some, starts[-1])
            else:
                flags = reversed(format(companies, f"0{len(self._counts)}b"))
                found = bits.of_digits("".join(map(mul, flags, self._counts)).encode())
            if len(self._people) >= MASKS:
                self._people = {}
            self._people[companies] = found
        return found

    def _meeting(self, text: str, test: Common) -> int:
        found = self._masks.get(text)
        if found is None:
            found = keep_mask(self._masks, text, self._crowd.those(test.aspect, test.passes), most=MASKS)
        return found

    def _gone_at(self, now: datetime) -> int:
        """Those who have opted out by then."""
        count = bisect_right(self._leaving, now, key=lambda one: one[0])
        known, gone = self._gone
        if known != count:
            gone = bits.of_places([place for _, place in self._leaving[:count]], len(self._crowd.ids))
            self._gone = count, gone
        return gone

    @cached_property
    def _leaving(self) -> list[tuple[datetime, int]]:
        """All who opt out ever, by the time at which they do."""
        opted_out_at = self._world.changes.opted_out_at
        found = ((opted_out_at(person_id), place) for place, person_id in enumerate(self._crowd.ids))
        return sorted((at, place) for at, place in found if at is not None)

    @cached_property
    def _leave_at(self) -> Mapping[int, datetime]:
        return {place: at for at, place in self._leaving}

    @cached_property
    def _leavers(self) -> int:
        return bits.of_places([place for _, place in self._leaving], len(self._crowd.ids))
