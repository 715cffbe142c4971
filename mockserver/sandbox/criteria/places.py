"""Criteria about where: of the company's headquarters, or of the people who work for it.

`country` and `state` are one criterion, joined by OR; the others are met together. What they mean beyond that is our
choice: docs/assumptions.md, "whose place", "`zipCodeRadiusMiles`", "`address` and `street`".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Any, TypeAlias

from mockserver.sandbox.criteria.aspects import Shared
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.values import known_names, number_of, plain, stands_in
from mockserver.sandbox.words import listed
from mockserver.world import Company, Contact, Lists, World
from mockserver.world.catalogue import City

EARTH_MILES = 3958.8
_PATTERN = {"#": "[0-9]", "?": "[A-Z]"}
# The headquarters of a company, or the place of work of a person.
Place: TypeAlias = Company | Contact
PlaceTest = Callable[[Place], bool]


@dataclass(frozen=True)
class Whereabouts:
    """The criteria about places of one search, and whose place they mean."""

    tests: tuple[PlaceTest, ...]
    whose: str = "HQ"

    @property
    def is_of_companies(self) -> bool:
        """Whether it does not matter where people work."""
        return not self.tests or self.whose == "HQ"

    def company(self, company: Company, world: World) -> bool:
        """Whether the company may be found: its headquarters fit, or its people's places, as `whose` says."""
        if not self.tests:
            return True
        if self.whose == "HQ" or (company.contact_count == 0 and self.whose in ("PersonOrHQ", "PersonThenHQ")):
            return self._fit(company)
        return any(self.person(person, company) for person in world.contacts_of(company.id))

    def person(self, person: Contact, company: Company) -> bool:
        """Whether the person may be found."""
        if self.whose == "HQ":
            return self._fit(company)
        if self.whose == "PersonOrHQ":
            return self._fit(person) or self._fit(company)
        if self.whose == "PersonAndHQ":
            return self._fit(person) and self._fit(company)
        is_somewhere = person.city is not None or self.whose == "Person"
        return self._fit(person if is_somewhere else company)

    def _fit(self, place: Place) -> bool:
        return all(test(place) for test in self.tests)


def whereabouts(body: Mapping[str, Any], lists: Lists) -> Whereabouts:
    """What a search says about places.

    Raises
    ------
    Refused
        A value is not in its look-up, or a radius has no postal code to be around.
    """
    tests: list[PlaceTest] = []
    if "country" in body or "state" in body:
        tests.append(_country_or_state(body.get("country"), body.get("state"), lists))
    if "continent" in body:
        continents = known_names("continent", body["continent"], lists.continents)
        tests.append(Shared("continent", continents.__contains__))
    if "metroRegion" in body:
        wanted = known_names("metroRegion", body["metroRegion"], lists.metro_areas)
        tests.append(Shared("metro area", wanted.__contains__))
    if "excludedRegions" in body:
        unwanted = known_names("excludedRegions", body["excludedRegions"], lists.metro_areas)
        tests.append(Shared("metro area", lambda area: area not in unwanted))
    if "zipCode" in body:
        tests.append(_zip_code(body["zipCode"], body.get("zipCodeRadiusMiles"), lists))
    elif "zipCodeRadiusMiles" in body:
        raise Refused(INVALID_FIELDS, ["zipCodeRadiusMiles"])
    if "street" in body:
        street = plain(body["street"])
        tests.append(lambda p: stands_in(street, plain(p.street or "")))
    if "address" in body:
        parts = [plain(part) for part in listed(body["address"])]
        tests.append(lambda p: bool(parts) and all(stands_in(part, _address(p)) for part in parts))
    return Whereabouts(tuple(tests), body.get("locationSearchType", "HQ"))


def _country_or_state(country: str | None, state: str | None, lists: Lists) -> PlaceTest:
    codes = {c.code.casefold(): c.name for c in lists.countries} | {c.name.casefold(): c.name for c in lists.countries}
    short = {s.code.casefold(): s.name for s in lists.states} | {s.name.casefold(): s.name for s in lists.states}
    countries = {codes.get(part.casefold()) for part in listed(country or "")} - {None}
    states = {short.get(part.casefold()) for part in listed(state or "")} - {None}
    return Shared("country and state", lambda place: place[0] in countries or place[1] in states)


def _zip_code(value: str, miles: Any, lists: Lists) -> PlaceTest:
    """The same code; or, with a radius, a city that is not farther than so from the one that the code belongs to."""
    wanted = _plain_zip(value)
    if miles is None:
        return lambda p: p.zip_code is not None and _plain_zip(p.zip_code) == wanted
    centres = [city for city in lists.cities if _zip_pattern(city.zip_pattern).fullmatch(wanted)]
    near = {
        (city.name, city.state, city.country)
        for city in lists.cities
        if any(_miles_between(city, centre) <= number_of(miles) for centre in centres)
    }
    return Shared("city", near.__contains__)


# docs/assumptions.md, "`zipCode`"
def _plain_zip(value: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", value.upper())


@cache
def _zip_pattern(pattern: str) -> re.Pattern[str]:
    """The codes of a city; in the United States four more digits may follow."""
    signs = (_PATTERN.get(sign, sign) for sign in pattern.upper() if sign.isalnum() or sign in _PATTERN)
    return re.compile("".join(signs) + "([0-9]{4})?")


@cache
def _miles_between(one: City, other: City) -> float:
    """Along a great circle."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(half))


def _address(place: Place) -> str:
    parts: Iterable[str | None] = (place.street, place.city, place.state, place.zip_code, place.country)
    return plain(" ".join(part for part in parts if part))
