"""Which companies meet criteria that come again and again: countries, industries, sizes; each is looked for once.

A criterion is kept as one bit for each company, several together as places. Numbers lie in columns, so that a new limit
costs no look at companies. Safe to use from threads: what is kept is only ever replaced as a whole.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import nan
from typing import Any, Final

from mockserver.sandbox.growth import NUMBERS, Range
from mockserver.world import Company

MASKS, TOGETHER = 1_024, 64  # of criteria, and of several together; 7 and 13 MB at most with 50,000 companies
_PLACES: Final = frozenset({"country", "state", "continent", "metroRegion"})
# Those with values of a look-up, by the name of the first where several are one.
KEPT: Final[Mapping[str, str]] = {
    name: name
    for name in (
        *("companyType", "companyRanking", "businessModel", "subUnitTypes", "industryCodes", "sicCodes", "naicsCodes"),
        *("techAttributeTagList", "employeeCount", "revenue", "certified", "excludeDefunctCompanies"),
        *_PLACES,
    )
} | {"state": "country", "primaryIndustriesOnly": "industryCodes"}
_ON: Final = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def kept_criteria(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What of a search can be kept, criterion by criterion, each under a text that says all of it."""
    is_of_companies = body.get("locationSearchType", "HQ") == "HQ"
    parts: dict[str, dict[str, Any]] = {}
    for name in sorted(KEPT.keys() & body.keys()):
        if is_of_companies or name not in _PLACES:
            parts.setdefault(KEPT[name], {})[name] = body[name]
    return {json.dumps(part): part for part in parts.values()}


class Sieve:
    """The companies of one world, in their order."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self.companies = tuple(companies)
        self._masks: dict[str, int] = {}
        self._together: dict[tuple[str, ...], Sequence[int]] = {}
        self._column = cache(self._numbers)

    def knows(self, texts: Iterable[str]) -> bool:
        """Whether all these criteria have been looked for."""
        masks = self._masks
        return all(text in masks for text in texts)

    def left(
        self, texts: Iterable[str], ranges: Iterable[Range], test_of: Callable[[str], Callable[[Company], bool]]
    ) -> list[Company]:
        """The companies that meet all these criteria, and whose numbers lie within these ranges.

        `test_of` gives the test of a criterion that has not been looked for.
        """
        places = self._places(tuple(texts), test_of)
        for one in ranges:
            column, bound = self._column(one.name), one.bound
            places = (
                [place for place in places if column[place] >= bound]
                if one.is_least
                else [place for place in places if column[place] <= bound]
            )
        companies = self.companies
        return [companies[place] for place in places]

    def _places(self, texts: tuple[str, ...], test_of: Callable[[str], Callable[[Company], bool]]) -> Sequence[int]:
        if not texts:
            return range(len(self.companies))
        known = self._together.get(texts)
        if known is None:
            mask = -1
            for text in texts:
                mask &= self._mask(text, test_of)
            content = mask.to_bytes(len(self.companies) // 8 + 1, "little")
            known = array("I", [8 * n + bit for n, byte in enumerate(content) if byte for bit in _ON[byte]])
            if len(self._together) >= TOGETHER:
                self._together = {}
            self._together[texts] = known
        return known

    def _mask(self, text: str, test_of: Callable[[str], Callable[[Company], bool]]) -> int:
        mask = self._masks.get(text)
        if mask is None:
            test = test_of(text)
            mask = int("".join(["1" if test(company) else "0" for company in reversed(self.companies)]), 2)
            if len(self._masks) >= MASKS:
                self._masks = {}
            self._masks[text] = mask
        return mask

    def _numbers(self, name: str) -> array[float]:
        """A number of each company; one that is not known lies within no range."""
        told = map(NUMBERS[name], self.companies)
        return array("d", [nan if number is None else number for number in told])
