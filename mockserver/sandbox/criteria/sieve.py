"""Which companies meet criteria, all at once: what they share is looked at once, and kept as one bit for each company.

A search joins and meets the bits of the values that it names, and looks at no company. Numbers lie in columns of their
own, and names in an index of their words. Safe to use from threads: what is kept is only ever replaced as a whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache, cached_property, reduce
from operator import or_
from typing import Any, Final

import msgspec

from mockserver import bits
from mockserver.sandbox.criteria.aspects import ASPECTS, NUMBERS, AnyOf, Bands, Named, OneOf, Range, Shared
from mockserver.sandbox.criteria.growth import ENDS
from mockserver.world import Company

Test = Callable[[Company], bool]
MASKS = 1_024  # of criteria; 7 MB at most with 50,000 companies
WORDY = 4_096  # letters; a criterion of more is not kept
_PLACES: Final = frozenset({"country", "state", "continent", "metroRegion", "excludedRegions"})
# Criteria that come again, read once: by the name of the first where several are one.
KEPT: Final[Mapping[str, str]] = {
    name: name
    for name in (
        *("companyType", "companyRanking", "businessModel", "subUnitTypes", "companyStructureIncludedSubUnitTypes"),
        *("industryCodes", "sicCodes", "naicsCodes", "techAttributeTagList"),
        *("employeeCount", "revenue", "certified", "excludeDefunctCompanies"),
        *ENDS,
        *_PLACES,
    )
} | {"state": "country", "primaryIndustriesOnly": "industryCodes"}
# What companies are ordered by.
ORDERS: Final[Mapping[str, Callable[[Company], Any]]] = {**NUMBERS, "name": lambda c: c.name.casefold()}


def kept_criteria(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What of a search can be kept, criterion by criterion, each under a text that says all of it."""
    is_of_companies = body.get("locationSearchType", "HQ") == "HQ"
    parts: dict[str, dict[str, Any]] = {}
    for name in body:
        if name in KEPT and (is_of_companies or name not in _PLACES):
            parts.setdefault(KEPT[name], {})[name] = body[name]
    return {repr(part): part for part in parts.values()}


def keep_mask(masks: dict[str, int], text: str, found: int, *, most: int) -> int:
    """Keep who meets a criterion, among so many others at most, unless it says a great deal; and say it."""
    if len(text) <= WORDY:
        if len(masks) >= most:
            masks.clear()
        masks[text] = found
    return found


class Sieve:
    """The companies of one world, in their order.

    Attributes
    ----------
    companies
        They themselves, of which each has its place.
    everyone
        All places.
    """

    def __init__(self, companies: Iterable[Company]) -> None:
        self.companies = tuple(companies)
        self.everyone = (1 << len(self.companies)) - 1
        self.column = cache(self._column)
        self._masks: dict[str, int] = {}
        self._values = cache(self._look)
        self._places = cache(lambda: {company.id: place for place, company in enumerate(self.companies)})
        self._words: Mapping[str, Sequence[int]] | None = None

    def kept(self, text: str) -> int | None:
        """Which companies meet a criterion; None when it is not known."""
        return self._masks.get(text)

    def keep(self, text: str, found: int) -> int:
        """Keep which companies meet a criterion, with so many others; and say it."""
        return keep_mask(self._masks, text, found, most=MASKS)

    def of(self, found: int) -> list[Company]:
        """The companies at these places."""
        return [self.companies[place] for place in bits.places(found)]

    def left(self, among: int, tests: Iterable[Test]) -> int:
        """Those among some companies that pass all these tests."""
        asked = []
        for test in tests:
            found = self._those(test)
            if found is None:
                asked.append(test)
            else:
                among &= found
        for test in asked:
            companies = self.companies
            left = [place for place in bits.places(among) if test(companies[place])]
            among = bits.of_places(left, len(companies))
        return among

    @cached_property
    def previews(self) -> Sequence[msgspec.Raw]:
        """What a search shows of each company, as JSON: docs/assumptions.md, "preview of a company"."""
        return [msgspec.Raw(msgspec.json.encode({"id": c.id, "name": c.name})) for c in self.companies]

    def of_ids(self, ids: Iterable[int]) -> int:
        """The companies with these ids; others are none."""
        known = self._places()
        return bits.of_places([known[one] for one in ids if one in known], len(self.companies))

    def _those(self, test: Test) -> int | None:
        """Who passes a test, where it says what it looks at."""
        match test:
            case Shared():
                return _union(some for value, some in self._values(test.aspect).items() if test.passes(value))
            case Range():
                column = self.column(test.name)
                return column.at_least(test.bound) if test.is_least else column.at_most(test.bound)
            case Bands():
                return _union(self._between(test.name, band.low, band.high) for band in test.bands)
            case OneOf():
                return self.of_ids(test.ids)
            case AnyOf():
                return _union(self.left(self.everyone, tests) for tests in test.alternatives)
            case Named():
                has = _union(self._with(words, test.names) for words in test.has)
                return has ^ (has & _union(self._with(words, test.names) for words in test.lacks))
        return None

    def _between(self, name: str, low: int, high: int | None) -> int:
        column = self.column(name)
        found = column.at_least(low)
        return found if high is None else found ^ column.at_least(high)

    def _with(self, words: str, names: Mapping[int, str]) -> int:
        """Whose name has these words together."""
        index = self._words = self._words or _by_word(names.values())
        several = words.split(" ")
        found = min((index.get(word, ()) for word in several), key=len)
        if len(several) > 1:
            found = [place for place in found if f" {words} " in f" {names[self.companies[place].id]} "]
        return bits.of_places(found, len(self.companies))

    def _look(self, aspect: str) -> Mapping[Hashable, int]:
        """By value of an aspect: who has it."""
        found: dict[Hashable, list[int]] = {}
        of = ASPECTS[aspect]
        for place, company in enumerate(self.companies):
            for value in of(company):
                found.setdefault(value, []).append(place)
        return {value: bits.of_places(some, len(self.companies)) for value, some in found.items()}

    def _column(self, name: str) -> bits.Column:
        return bits.Column(map(ORDERS[name], self.companies))


def _by_word(names: Iterable[str]) -> Mapping[str, Sequence[int]]:
    """From each word to the places of the names that have it."""
    index: dict[str, array[int]] = {}
    for place, name in enumerate(names):
        for word in set(name.split(" ")):
            index.setdefault(word, array("I")).append(place)
    return index


def _union(some: Iterable[int]) -> int:
    return reduce(or_, some, 0)
