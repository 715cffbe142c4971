"""The lists of valid values that the world is drawn from and that the look-ups serve."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """A look-up value: the word a request passes, and the words a person reads."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Band:
    """A range of employees or of revenue; `low` is in, `high` is out, and None is open."""

    id: str
    name: str
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry ("software") or a sub-industry ("software.security", whose parent is "software")."""

    id: str
    name: str
    parent_id: str | None
    sic: tuple[Value, ...]
    naics: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country; `code` is ISO 3166-1 alpha-2."""

    name: str
    code: str
    continent: str
    currency: str
    dialling: str
    is_eu: bool


@dataclass(frozen=True, slots=True)
class State:
    """A state of the United States or a province of Canada, with its two-letter code."""

    name: str
    code: str
    country: str


@dataclass(frozen=True, slots=True)
class City:
    """A place where offices stand. Cities in `states` without a metro area have none."""

    name: str
    county: str | None
    state: str | None
    country: str
    metro_area: str | None
    latitude: float
    longitude: float
    zip_prefix: str


@dataclass(frozen=True, slots=True)
class MetroArea:
    """A metro area of the United States or Canada: "usa.california.sanfrancisco", "CA - San Francisco"."""

    id: str
    name: str
    state: str
    country: str


@dataclass(frozen=True, slots=True)
class Product:
    """A technology product; its tag reads parent category, category, vendor, product: "333.202.28.4"."""

    tag: str
    parent_category: str
    category: str
    vendor: str
    name: str
    website: str
    description: str


@dataclass(frozen=True, slots=True)
class JobFunction:
    """A job function inside a department."""

    id: str
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Topic:
    """An intent topic, and whose interest it is."""

    id: str
    name: str
    category: str
    department: str
    job_function: str
    description: str


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list of values, in the order in which the look-ups show them."""

    industries: tuple[Industry, ...]
    countries: tuple[Country, ...]
    continents: tuple[Value, ...]
    states: tuple[State, ...]
    metro_areas: tuple[MetroArea, ...]
    cities: tuple[City, ...]
    technologies: tuple[Product, ...]
    topics: tuple[Topic, ...]
    departments: tuple[Value, ...]
    job_functions: tuple[JobFunction, ...]
    management_levels: tuple[Value, ...]
    board_member: tuple[Value, ...]
    employee_ranges: tuple[Band, ...]
    revenue_ranges: tuple[Band, ...]
    company_types: tuple[Value, ...]
    company_rankings: tuple[Value, ...]
    sub_unit_types: tuple[Value, ...]
    hierarchy_codes: tuple[Value, ...]
    years_of_experience: tuple[Value, ...]
    hashtags: tuple[Value, ...]

    @property
    def sic_codes(self) -> tuple[Value, ...]:
        """Every SIC code in use, sorted."""
        return tuple(sorted({code for i in self.industries for code in i.sic}, key=lambda code: code.id))

    @property
    def naics_codes(self) -> tuple[Value, ...]:
        """Every NAICS code in use, sorted."""
        return tuple(sorted({code for i in self.industries for code in i.naics}, key=lambda code: code.id))


def band_of(bands: tuple[Band, ...], number: int) -> Band:
    """The range that holds `number`."""
    return next(band for band in bands if band.low <= number and (band.high is None or number < band.high))
