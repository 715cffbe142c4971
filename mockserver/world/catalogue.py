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
    """A country; `code` is ISO 3166-1 alpha-2.

    `phone` and `mobile` are patterns of numbers that are kept for fiction or can't exist; # is a digit, @ the area
    code of the city (docs/assumptions.md, "telephone numbers in the world").
    """

    name: str
    code: str
    continent: str
    currency: str
    is_eu: bool
    phone: str
    mobile: str


@dataclass(frozen=True, slots=True)
class State:
    """A state of the United States or a province of Canada, with its two-letter code."""

    name: str
    code: str
    country: str


@dataclass(frozen=True, slots=True)
class City:
    """A place where offices stand. In a zip pattern # is a digit and ? a letter."""

    name: str
    county: str | None
    state: str | None
    country: str
    metro_area: str | None
    latitude: float
    longitude: float
    zip_pattern: str
    area_code: str


@dataclass(frozen=True, slots=True)
class MetroArea:
    """A metro area of the United States or Canada: "usa.california.sanfrancisco", "CA - San Francisco"."""

    id: str
    name: str
    state: str
    country: str


@dataclass(frozen=True, slots=True)
class Product:
    """A technology product; its tag reads parent category, category, vendor, product: "131.202.3.1".

    The first three parts are the documented notation; a request may stop after them, or put * for any part
    (docs/assumptions.md, "parts of a technology tag").
    """

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
class BuyingGroup:
    """People whom the account wants to meet together: those of some departments, from some levels."""

    id: str
    name: str
    departments: tuple[str, ...]
    levels: tuple[str, ...]


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
class Names:
    """Word parts from which the names of the world are put together; all of them invented."""

    onsets: tuple[str, ...]
    middles: tuple[str, ...]
    ends: tuple[str, ...]
    nouns: dict[str, tuple[str, ...]]
    first_names: tuple[str, ...]
    surname_heads: tuple[str, ...]
    surname_tails: tuple[str, ...]
    streets: tuple[str, ...]
    street_kinds: tuple[str, ...]
    investors: tuple[str, ...]
    schools: tuple[str, ...]
    degrees: tuple[str, ...]
    areas: tuple[str, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """What people in a job function are called: its chief, the head of it, and who does the work."""

    function: JobFunction
    chief: str
    subject: str
    worker: str


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list of values, in the order in which the look-ups show them.

    The last four are no look-ups: the world is drawn from them. `category_shares` says which share of middling
    companies runs something of a technology category.
    """

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
    buying_groups: tuple[BuyingGroup, ...]
    news_categories: tuple[str, ...]
    scoop_types: tuple[Value, ...]
    scoop_topics: tuple[Value, ...]
    scoop_departments: tuple[Value, ...]
    news_sites: tuple[str, ...]
    titles: tuple[Titles, ...]
    category_shares: dict[str, float]
    names: Names

    @property
    def sic_codes(self) -> tuple[Value, ...]:
        """Every SIC code in use, sorted."""
        return tuple(sorted({code for i in self.industries for code in i.sic}, key=lambda code: code.id))

    @property
    def naics_codes(self) -> tuple[Value, ...]:
        """Every NAICS code in use, sorted."""
        return tuple(sorted({code for i in self.industries for code in i.naics}, key=lambda code: code.id))

    @property
    def tech_skills(self) -> tuple[Value, ...]:
        """Technology skills of people, numbered in the order of the list."""
        return tuple(Value(str(number), name) for number, name in enumerate(self.names.skills, start=1))


def _file(name: str) -> Any:
    return json.loads((resources.files(__package__) / "lists" / f"{name}.json").read_text("utf-8"))


def _slug(words: str) -> str:
    return "".join(c for c in words.lower() if c.isalnum())


def _plain(names: list[str]) -> tuple[Value, ...]:
    """Values whose id is their name, as in most of ZoomInfo's own lists."""
    return tuple(Value(name, name) for name in names)


def _pairs(rows: list[list[str]]) -> tuple[Value, ...]:
    return tuple(Value(*row) for row in rows)


def _industries() -> tuple[Industry, ...]:
    found = []
    for top in _file("industries"):
        for row, parent_id in ((top, None), *((sub, top["id"]) for sub in top["subs"])):
            sic, naics = (Value(*row["sic"]),), (Value(*row["naics"]),)
            found.append(Industry(row["id"], row["name"], parent_id, sic, naics))
    return tuple(found)


def _technologies(parents: list[dict[str, Any]]) -> tuple[Product, ...]:
    """Products with their tags; a vendor has one number wherever it sells, as in the real list."""
    found: list[Product] = []
    vendors: dict[str, int] = {}
    for parent in parents:
        for category in parent["categories"]:
            for number, row in enumerate(category["products"], start=1):
                vendor, name = row.split("|")
                tag = f"{parent['id']}.{category['id']}.{vendors.setdefault(vendor, len(vendors) + 1)}.{number}"
                website = f"www.{_slug(vendor)}.example"
                description = f"{name}, a product for {category['name'].lower()} by {vendor}."
                found.append(Product(tag, parent["name"], category["name"], vendor, name, website, description))
    return tuple(found)


@cache
def read() -> Lists:
    """All lists, read once from the package's own files."""
    people, bands, companies, names = _file("people"), _file("bands"), _file("companies"), _file("names")
    technologies, events = _file("technologies"), _file("events")
    cities = tuple(City(*row) for row in _file("cities"))
    titles = tuple(
        Titles(JobFunction(_slug(function), function, department), *words)
        for department, functions in people["departments"].items()
        for function, words in functions.items()
    )
    states = tuple(
        State(name, code, country) for country, rows in _file("states").items() for name, code in rows.items()
    )
    codes = {state.name: state.code for state in states}
    short = {"United States": "usa", "Canada": "can"}
    return Lists(
        industries=_industries(),
        countries=tuple(Country(**row) for row in _file("countries")),
        continents=_plain(companies["continents"]),
        states=states,
        metro_areas=tuple(
            MetroArea(
                f"{short[city.country]}.{_slug(city.state)}.{_slug(city.metro_area)}",
                f"{codes[city.state]} - {city.metro_area}",
                city.state,
                city.country,
            )
            for city in cities
            if city.metro_area and city.state
        ),
        cities=cities,
        technologies=_technologies(technologies),
        topics=tuple(Topic(*row) for row in _file("topics")),
        departments=_plain(list(people["departments"])),
        job_functions=tuple(title.function for title in titles),
        management_levels=_plain(people["management_levels"]),
        board_member=_plain(people["board_member"]),
        employee_ranges=tuple(Band(*row) for row in bands["employee_ranges"]),
        revenue_ranges=tuple(Band(*row) for row in bands["revenue_ranges"]),
        company_types=_pairs(companies["company_types"]),
        company_rankings=_pairs(companies["company_rankings"]),
        sub_unit_types=_plain(companies["sub_unit_types"]),
        hierarchy_codes=_pairs(companies["hierarchy_codes"]),
        years_of_experience=_plain(people["years_of_experience"]),
        hashtags=_pairs(companies["hashtags"]),
        buying_groups=tuple(
            BuyingGroup(row["id"], row["name"], tuple(row["departments"]), tuple(row["levels"]))
            for row in _file("buying_groups")
        ),
        news_categories=tuple(events["news_categories"]),
        scoop_types=_pairs(events["scoop_types"]),
        scoop_topics=_pairs(events["scoop_topics"]),
        scoop_departments=_pairs(events["scoop_departments"]),
        news_sites=tuple(events["news_sites"]),
        titles=titles,
        category_shares={c["name"]: c["share"] for parent in technologies for c in parent["categories"]},
        names=Names(
            **{key: tuple(parts) for key, parts in names.items() if key != "nouns"},
            nouns={industry: tuple(words) for industry, words in names["nouns"].items()},
            investors=tuple(companies["investors"]),
            **{key: tuple(people[key]) for key in ("schools", "degrees", "areas", "skills")},
        ),
    )


def band_of(bands: tuple[Band, ...], number: int) -> Band:
    """The range that holds `number`."""
    for band in bands:
        if band.low <= number and (band.high is None or number < band.high):
            return band
    raise ValueError(f"no range holds {number}")
