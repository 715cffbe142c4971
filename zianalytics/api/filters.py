"""What one can ask for: the requests of the table, their criteria shared by inheritance.

A request is a frozen value; each field is a keyword of the method, with its type and what it means. How a criterion is
written on the wire is the business of `enterprise/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, timedelta
from reprlib import repr as shortened
from typing import Annotated as A
from typing import Any, ClassVar, Literal, TypeAlias

import polars as pl

from zianalytics.api.check import fits, plain, spoken
from zianalytics.api.describe import Doc, parameters
from zianalytics.errors import RequestRefused
from zianalytics.schema.column import Record
from zianalytics.schema.company import COMPANY
from zianalytics.schema.contact import CONTACT
from zianalytics.schema.office import LOCATION

Inputs: TypeAlias = pl.DataFrame | pl.Series | Sequence[int] | Sequence[str] | Sequence[Mapping[str, Any]]
Ids: TypeAlias = int | Sequence[int] | pl.Series | None
Texts: TypeAlias = str | Sequence[str] | pl.Series | None
Fields: TypeAlias = str | Sequence[str] | None
Strength: TypeAlias = Literal["A", "B", "C", "D", "E"]
SortOrder: TypeAlias = Literal["asc", "desc"]

_BESIDE = "Your columns come first in the result; a column of ours by the name of one of yours gets `_zi` behind it."


@dataclass(frozen=True, kw_only=True)
class Request:
    """What one call asks for. Making one checks it; nothing is sent."""

    def __post_init__(self) -> None:
        for one in parameters(type(self)):
            value = plain(getattr(self, one.name))
            object.__setattr__(self, one.name, value)
            if one.name != "of" and not fits(value, one.annotation):
                raise RequestRefused(
                    f"{one.name}={shortened(value)} is not {spoken(one.annotation)}. Nothing was sent. {one.doc}"
                )

    def _order(self, least: str, most: str) -> None:
        """Refuse a range whose ends are the wrong way round."""
        low, high = getattr(self, least), getattr(self, most)
        if low is not None and high is not None and low > high:
            raise RequestRefused(
                f"{least}={low} is above {most}={high}, so nothing could match. Nothing was sent. Swap them."
            )


@dataclass(frozen=True, kw_only=True)
class Page(Request):
    """How much of a search is read, and in which order."""

    last: ClassVar[tuple[str, ...]] = ("max_records", "sort_by", "sort_order", "limit", "max_requests")
    """What is said last, in this order: it is no criterion."""

    sort_order: A[SortOrder | None, Doc('"asc" or "desc"; needs `sort_by`.')] = None
    limit: A[int | None, Doc("Rows to fetch at most; None for all that the service hands out.")] = None
    max_requests: A[int | None, Doc("Requests this call may make; None for no cap.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.limit is not None and self.limit < 1:
            raise RequestRefused(
                f"limit={self.limit} asks for no row. Nothing was sent. Use .count() for a number alone."
            )
        if self.sort_order and not getattr(self, "sort_by", None):
            raise RequestRefused("sort_order= says nothing without sort_by=. Nothing was sent. Pass both or neither.")
        self._need_a_criterion()

    def _need_a_criterion(self) -> None:
        """Refuse a search for everything, and one by nothing; a criterion that must be there has words of its own."""
        criteria = {one.name: getattr(self, one.name) for one in parameters(type(self)) if one.name not in self.last}
        for one in parameters(type(self)):
            if one.name in criteria and one.default is None and criteria[one.name] in ("", [], ()):
                raise RequestRefused(
                    f"{one.name}={criteria[one.name]!r} is empty, and could mean nothing or everything. Nothing was "
                    "sent. Leave it out, or give it a value."
                )
        if all(value is None for value in criteria.values()):
            raise RequestRefused(
                "A search needs a criterion, and none was given. Nothing was sent. "
                f"Pass one, such as country=, or another of {', '.join(criteria)}."
            )


@dataclass(frozen=True, kw_only=True)
class Place(Request):
    """Where the company has its primary address."""

    country: A[str | None, Doc("Country of the primary address, as in zi.lookup.countries().")] = None
    state: A[str | None, Doc("State or province (US, Canada), as in zi.lookup.states(); not with `country`.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        # docs/assumptions.md, "`country` and `state` together"
        if self.country and self.state:
            raise RequestRefused(
                "country= and state= exclude each other: the service would return all states of the country. "
                "Nothing was sent. Pass state= alone."
            )


@dataclass(frozen=True, kw_only=True)
class Firmographics(Place):
    """What kind of company it is."""

    industry_codes: A[Texts, Doc("Industry codes, as in zi.lookup.industries(); any of them.")] = None
    employee_range_min: A[int | None, Doc("People employed, at least.")] = None
    employee_range_max: A[int | None, Doc("People employed, at most.")] = None
    revenue_min_usd: A[int | None, Doc("Annual revenue in US dollars, at least.")] = None
    revenue_max_usd: A[int | None, Doc("Annual revenue in US dollars, at most.")] = None
    employee_ranges: A[Texts, Doc("Ranges of headcount, as in zi.lookup.employee_ranges(); any of them.")] = None
    revenue_ranges: A[Texts, Doc("Ranges of revenue, as in zi.lookup.revenue_ranges(); any of them.")] = None
    tech_attribute_tags: A[
        Texts, Doc('Technologies in use, as in zi.lookup.tech_products(): "333.202.28", or "333.202.*"; any of them.')
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._order("employee_range_min", "employee_range_max")
        self._order("revenue_min_usd", "revenue_max_usd")


@dataclass(frozen=True, kw_only=True)
class CompanyFilters(Firmographics):
    """Which company it is."""

    company_id: A[Ids, Doc("ZoomInfo's ids of companies; any of them.")] = None
    company_name: A[str | None, Doc("Company name.")] = None
    company_website: A[str | None, Doc("Address of the company's website.")] = None


@dataclass(frozen=True, kw_only=True)
class CompanySearch(CompanyFilters, Page):
    """Preview companies: id and name of those that match, nothing else."""

    sort_by: A[Literal["name", "employee_count", "revenue"] | None, Doc("What the rows are sorted by.")] = None


@dataclass(frozen=True, kw_only=True)
class ContactSearch(CompanyFilters, Page):
    """Preview contacts: who matches and what is held of them, without e-mail or phone."""

    management_level: A[Texts, Doc("Levels, as in zi.lookup.management_levels(); any of them.")] = None
    department: A[Texts, Doc("Departments, as in zi.lookup.departments(); any of them.")] = None
    job_title: A[Texts, Doc("Job titles; any of them.")] = None
    person_id: A[Ids, Doc("ZoomInfo's ids of contacts (`contact_id` in frames); any of them.")] = None
    sort_by: A[
        Literal["contact_accuracy_score", "last_name", "company_name"] | None, Doc("What the rows are sorted by.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class IntentSearch(Firmographics, Page):
    """Which companies read up on topics. Every signal that comes back is charged as a record."""

    topics: A[str | Sequence[str] | pl.Series, Doc("Topics, as in zi.lookup.intent_topics(); any of them.")]
    signal_start_date: A[date | None, Doc("First day of the signals.")] = None
    signal_end_date: A[date | None, Doc("Last day of the signals.")] = None
    signal_score_min: A[int | None, Doc("Signal score, at least: 60 to 100.")] = None
    signal_score_max: A[int | None, Doc("Signal score, at most: 60 to 100.")] = None
    audience_strength_min: A[Strength | None, Doc("Audience strength, at least: E (smallest) to A (largest).")] = None
    audience_strength_max: A[Strength | None, Doc("Audience strength, at most: E (smallest) to A (largest).")] = None
    sort_by: A[
        Literal["signal_date", "company_name", "signal_score", "category", "topic", "audience_strength"] | None,
        Doc("What the rows are sorted by."),
    ] = None
    max_records: A[
        int | None, Doc("Records this call may cost: required, unless zi.budget allows records and `limit` is given.")
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.topics or any(not topic for topic in self.topics):
            raise RequestRefused("topics= is empty. Nothing was sent. zi.lookup.intent_topics() has the valid ones.")
        for name in ("signal_start_date", "signal_end_date"):
            if isinstance(getattr(self, name), datetime):
                object.__setattr__(self, name, getattr(self, name).date())
        for name in ("signal_score_min", "signal_score_max"):
            score = getattr(self, name)
            if score is not None and not 60 <= score <= 100:
                raise RequestRefused(f"{name}={score} is outside 60 to 100. Nothing was sent.")
        self._order("signal_score_min", "signal_score_max")
        self._order("signal_start_date", "signal_end_date")
        self._order("audience_strength_max", "audience_strength_min")  # A comes first in the alphabet and is the most


@dataclass(frozen=True, kw_only=True)
class Paid(Request):
    """What a call may cost."""

    max_credits: A[
        int | None, Doc("Credits this call may cost, with the records that come along; None for what zi.budget allows.")
    ] = None
    max_records: A[int | None, Doc("Records this call may cost; None for as many as the credits bring.")] = None
    max_requests: A[int | None, Doc("Requests this call may make; None for no cap.")] = None
    max_age: A[
        timedelta | None, Doc("How old an answer that we hold may be; None for as long as its record is managed.")
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.max_age is not None and self.max_age < timedelta():
            raise RequestRefused(
                f"max_age={self.max_age} is below 0, and no answer is as young. Nothing was sent. "
                "timedelta(0) asks for all anew."
            )


@dataclass(frozen=True)
class CompanyEnrich(Paid):
    """Whole companies: one row per input, in order, after the columns you gave."""

    of: A[
        Inputs,
        Doc("A frame, ids, names or websites, or dicts: company_id, or company_website, company_name, ..."),
        Doc(_BESIDE),
    ]
    _: KW_ONLY
    fields: A[Fields, Doc('"default", "minimal", "all", or names of columns; "-name" leaves one out.')] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _known(COMPANY, self.fields)


@dataclass(frozen=True)
class ContactEnrich(Paid):
    """Whole contacts, with e-mail and phone: one row per input, in order, after the columns you gave."""

    of: A[
        Inputs,
        Doc("A frame, ids, e-mail addresses, or dicts: contact_id, or email, or full_name and company_id, ..."),
        Doc(_BESIDE),
    ]
    _: KW_ONLY
    fields: A[Fields, Doc('"default", "minimal", "all", or names of columns; "-name" leaves one out.')] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _known(CONTACT, self.fields)


@dataclass(frozen=True)
class MasterDataEnrich(Paid):
    """Master Data of offices: one location per input, so give one input per company and country."""

    of: A[
        Inputs,
        Doc("A frame, location ids, names or websites, or dicts: location_id, or company_id and country, ..."),
        Doc("In the result `input_row` says which of them a row answers."),
    ]
    _: KW_ONLY
    fields: A[Fields, Doc('"default", "minimal", "all", or names of columns; "-name" leaves one out.')] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _known(LOCATION, self.fields)


@dataclass(frozen=True, kw_only=True)
class Lookup(Request):
    """A list of valid values."""


@dataclass(frozen=True, kw_only=True)
class TechProducts(Lookup):
    """Technology products with the tags that `tech_attribute_tags` takes."""

    vendor: A[str | None, Doc("Only products of this vendor.")] = None
    parent_category: A[str | None, Doc("Only products of this parent category.")] = None
    category: A[str | None, Doc("Only products of this category.")] = None


@dataclass(frozen=True, kw_only=True)
class Usage(Request):
    """What the service has counted on each meter, and what is left."""


def _known(record: Record, fields: str | Sequence[str] | None) -> None:
    record.pick(fields)
