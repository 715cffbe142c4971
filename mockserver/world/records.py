"""Who and what lives in the world: companies, offices, people, signals and deals, as plain frozen values.

`None` means that the fact is not known to the service; an empty tuple means that there is none. Money is in whole
US dollars, rates are fractions (0.12 is twelve per cent), times are aware and in UTC. The records of companies,
people and offices, of which a world has most, are made by msgspec, and Python does not look through them for garbage:
nothing in them refers back to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec

from mockserver.world.catalogue import Industry, JobFunction, Product, Topic, Value

Outcome = Literal["won", "lost"]
Audience = Literal["A", "B", "C", "D", "E"]


class Technology(msgspec.Struct, frozen=True, gc=False):
    """A product that a company runs, and between which days it was seen there."""

    product: Product
    first_seen: date
    last_seen: date


class Funding(msgspec.Struct, frozen=True, gc=False):
    """One round of funding; the amount is not always published."""

    on: date
    kind: str
    amount_usd: int | None
    investors: tuple[str, ...]


class Company(msgspec.Struct, frozen=True, gc=False):
    """A company: what can be searched for, and most of what an enrichment answers.

    `employee_history` holds the headcount at the ends of the nine quarters in `World.quarters`, oldest first, or
    nothing when the headcount is unknown. `industries` begins with the primary one. Ancestors are companies of
    the same world.
    """

    id: int
    name: str
    legal_form: str | None
    website: str | None
    domains: tuple[str, ...]
    phone: str | None
    fax: str | None
    street: str | None
    city: str
    state: str | None
    zip_code: str | None
    country: str
    continent: str
    metro_area: str | None
    employees: int | None
    employee_history: tuple[int, ...]
    revenue_usd: int | None
    industries: tuple[Industry, ...]
    technologies: tuple[Technology, ...]
    funding: tuple[Funding, ...]
    founded_year: int | None
    kind: str
    business_model: tuple[str, ...]
    ticker: str | None
    ranking: tuple[str, ...]
    parent_id: int | None
    ultimate_parent_id: int | None
    sub_unit_type: str | None
    is_defunct: bool
    status_since: date
    is_certified: bool
    certified_on: date | None
    created_at: datetime
    updated_at: datetime
    contact_count: int
    office_count: int

    @property
    def primary_industry(self) -> Industry:
        """The first, which is a top-level one."""
        return self.industries[0]

    @property
    def primary_sub_industry(self) -> Industry | None:
        """The first sub-industry, where one is known."""
        for industry in self.industries:
            if industry.parent_id is not None:
                return industry
        return None

    @property
    def growth_1y(self) -> float | None:
        """Change of headcount over the last four quarters, as a fraction."""
        return _change(self.employee_history, 4)

    @property
    def growth_2y(self) -> float | None:
        """Change of headcount over the last eight quarters, as a fraction."""
        return _change(self.employee_history, 8)


def _change(history: tuple[int, ...], quarters: int) -> float | None:
    """Last point over the one `quarters` earlier, less one, to four places."""
    if len(history) <= quarters:
        return None
    return round(history[-1] / history[-1 - quarters] - 1, 4)


class SocialPage(msgspec.Struct, frozen=True, gc=False):
    """A company's or a person's page on a social network."""

    kind: str
    url: str
    followers: int | None


class Profile(msgspec.Struct, frozen=True, gc=False):
    """What only an enrichment shows of a company; drawn when it is asked for.

    `competitors` are ids of companies, the first rival first.
    """

    company_id: int
    descriptions: tuple[str, ...]
    social_pages: tuple[SocialPage, ...]
    logo: str | None
    hashtags: tuple[Value, ...]
    products: tuple[str, ...]
    competitors: tuple[int, ...]
    sub_unit_codes: tuple[str, ...]
    department_counts: Mapping[str, int]
    department_budgets_usd: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What only company-master shows of a company; drawn when it is asked for.

    The keys of `grades` are `tech_spend`, `hr_spend`, `sales_spend`, `marketing_spend`, `finance_spend`, the same
    five with `_strength`, and those and `social` with `_sophistication`; values are Low, Medium, High. The keys of
    `confidence` are name, url, address, phone, employees, revenue, industry, naics, sic and parent_child; values
    0.2, 0.4, 0.6, 0.8 or 1.0.
    """

    company_id: int
    other_names: tuple[str, ...]
    ein: str | None
    currency: str
    has_mobile_app: bool
    website_status: str | None
    website_checked_on: date | None
    tier_grade: str
    hierarchy_code: str
    hierarchy_level: int
    is_franchisor: bool
    grades: Mapping[str, str]
    confidence: Mapping[str, float]
    monthly_growth: float | None


class Office(msgspec.Struct, frozen=True, gc=False):
    """A place where a company works; `id` is its Location ID. The first of a company is its headquarters."""

    id: int
    company_id: int
    es_location_id: str
    ecid: int
    is_hq: bool
    is_country_hq: bool
    name: str
    phone: str | None
    fax: str | None
    street: str | None
    street_2: str | None
    city: str
    county: str | None
    state: str | None
    zip_code: str | None
    country: str
    continent: str
    metro_area: str | None
    latitude: float
    longitude: float
    is_verified: bool
    employees: int | None
    revenue_usd: int | None
    updated_on: date


class Job(msgspec.Struct, frozen=True, gc=False):
    """One line of an employment history; `until` is None for a job that is still held."""

    title: str
    management_levels: tuple[str, ...]
    company_id: int | None
    company_name: str
    since: date
    until: date | None


class Degree(msgspec.Struct, frozen=True, gc=False):
    """One line of an education."""

    school: str
    degree: str | None
    area: str | None


class Contact(msgspec.Struct, frozen=True, gc=False):
    """A person in the job the service believes in. A stale one has moved, or was last confirmed long ago.

    `jobs` begins with the present one; a second without an end is a seat held elsewhere at the same time.
    """

    id: int
    company_id: int
    office_id: int | None
    salutation: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    suffix: str | None
    job_title: str
    management_levels: tuple[str, ...]
    job_functions: tuple[JobFunction, ...]
    division: str | None
    is_board_member: bool
    email: str | None
    supplemental_email: str | None
    direct_phone: str | None
    direct_phone_do_not_call: bool
    mobile_phone: str | None
    mobile_phone_do_not_call: bool
    street: str | None
    city: str | None
    state: str | None
    zip_code: str | None
    country: str | None
    continent: str | None
    metro_area: str | None
    is_in_eu: bool
    has_moved: bool
    accuracy_score: int
    valid_at: datetime
    updated_at: datetime | None
    notified_at: datetime | None
    picture: str | None
    social_pages: tuple[SocialPage, ...]
    jobs: tuple[Job, ...]
    education: tuple[Degree, ...]
    years_of_experience: Value
    tech_skills: tuple[str, ...]

    @property
    def department(self) -> str:
        """The department of the first job function."""
        return self.job_functions[0].department

    @property
    def position_since(self) -> date:
        """First day of the present job."""
        return self.jobs[0].since


@dataclass(frozen=True, slots=True)
class Signal:
    """People at a company read more than usual about a topic."""

    topic: Topic
    company_id: int
    at: datetime
    score: int
    audience: Audience
    trend: int
    is_new: bool
    has_other_topics: bool


@dataclass(frozen=True, slots=True)
class Article:
    """A piece of news about one company, or about one and a partner of it."""

    url: str
    domain: str
    title: str
    description: str
    image_url: str
    at: datetime
    categories: tuple[str, ...]
    company_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scoop:
    """What somebody at a company has let known: plans, moves, needs.

    `updated_at` and `update` are None where it stands as first published; `contact_id` is the person it is about.
    """

    id: int
    company_id: int
    at: datetime
    updated_at: datetime | None
    update: str | None
    kind: Value
    topics: tuple[Value, ...]
    department: Value
    description: str
    link: str | None
    link_text: str | None
    contact_id: int | None


@dataclass(frozen=True, slots=True)
class Deal:
    """A closed deal as a CRM keeps it, with its dirt; `company_id` and `win_probability` are the truth behind it."""

    id: str
    company_id: int | None
    website: str | None
    company_name: str
    amount_usd: int
    outcome: Outcome
    opened_on: date
    closed_on: date
    win_probability: float
