"""What one can ask for: the requests of the table, their fields shared by inheritance.

A request is a frozen value; each field is a keyword of the method, with its type and what it means. How a criterion is
written on the wire is the business of `enterprise/`. The searches are in `searches.py`, their criteria in `criteria.py`
and `people.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import timedelta
from reprlib import repr as shortened
from typing import Annotated as A
from typing import Any, ClassVar, Literal, TypeAlias

import polars as pl

from zianalytics.api.check import as_meant, fits, spoken
from zianalytics.api.describe import Doc, Parameter, nearest, parameters
from zianalytics.api.foreign import columns_of, plain
from zianalytics.errors import RequestRefused
from zianalytics.schema.column import Record
from zianalytics.schema.company import COMPANY
from zianalytics.schema.contact import CONTACT
from zianalytics.schema.office import LOCATION

Inputs: TypeAlias = pl.DataFrame | pl.Series | Sequence[int] | Sequence[str] | Sequence[Mapping[str, Any]]
Ids: TypeAlias = int | Sequence[int] | pl.Series | None
Texts: TypeAlias = str | Sequence[str] | pl.Series | None
Fields: TypeAlias = str | Sequence[str] | None
SortOrder: TypeAlias = Literal["asc", "desc"]


_SHOWN = 12
"""Criteria that a refusal names."""
_BESIDE = "Your columns come first in the result; one of ours of the same name gets `_zi`: pass ids alone for none."


@dataclass(frozen=True, kw_only=True)
class Request:
    """What one call asks for. Making one checks it; nothing is sent."""

    def __post_init__(self) -> None:
        for one in parameters(type(self)):
            value = plain(getattr(self, one.name))
            value = value if one.name == "of" else as_meant(value, one.annotation)
            object.__setattr__(self, one.name, value)
            if one.name != "of" and not fits(value, one.annotation):
                raise RequestRefused(_misfit(one, value))
            if one.annotation == Ids and (no_ids := [n for n in _each(value) if n < 0]):
                raise RequestRefused(
                    f"{one.name}={no_ids[0]} is not an id. Nothing was sent. Ids are above 0. {one.doc}"
                )

    def _order(self, least: str, most: str) -> None:
        """Refuse a range whose ends are the wrong way round."""
        low, high = getattr(self, least), getattr(self, most)
        if low is not None and high is not None and low > high:
            raise RequestRefused(
                f"{least}={low} is above {most}={high}, so nothing could match. Nothing was sent. Swap them."
            )

    def _within(self, name: str, least: int, most: int) -> None:
        """Refuse a number outside what the service documents."""
        value = getattr(self, name)
        if value is not None and not least <= value <= most:
            raise RequestRefused(f"{name}={value} is outside {least} to {most}. Nothing was sent.")

    def _none_below_0(self, *names: str) -> None:
        """Refuse counts and amounts that nothing can have."""
        for name in names:
            if (value := getattr(self, name)) is not None and value < 0:
                raise RequestRefused(f"{name}={value} is below 0. Nothing was sent. Pass 0 or more.")

    def _says_something(self) -> None:
        """Refuse a criterion that is there and empty."""
        for one in parameters(type(self)):
            if one.name != "of" and isinstance(value := getattr(self, one.name), Sequence) and not value:
                raise RequestRefused(
                    f"{one.name}={value!r} is empty, and could mean nothing or everything. Nothing was sent. "
                    f"Leave it out, or give it a value. {one.doc}"
                )

    def _needs(self, name: str, other: str) -> None:
        """Refuse a criterion that the service reads together with another one alone."""
        if getattr(self, name) and not getattr(self, other, None):
            raise RequestRefused(f"{name}= says nothing without {other}=. Nothing was sent. Pass both or neither.")


def _each(value: Any) -> Sequence[Any]:
    return () if value is None else value if isinstance(value, Sequence) else (value,)


def _misfit(one: Parameter, value: Any) -> str:
    """Why a value is refused, and what to write in its place."""
    if columns := columns_of(value):
        best = next((name for name in ("id", one.name) if name in columns), columns[0])
        return f'{one.name}= is a frame of {len(columns)} columns. Nothing was sent. Pass one of them: frame["{best}"].'
    many = isinstance(value, Sequence) and not isinstance(value, str)
    if many and any(part is None or part != part for part in value):  # NaN
        return (
            f"{one.name}= has an empty value among {len(value):,}. Nothing was sent. Leave it out; "
            f".drop_nulls() does so in a column. {one.doc}"
        )
    then = ""
    numbers = [part for part in (value if many else [value]) if isinstance(part, int) and not isinstance(part, bool)]
    if numbers and fits(str(numbers[0]), one.annotation):
        then = f'Write "{numbers[0]}": it is a text, of which noughts in front are part. '
    elif many and value and all(fits(part, one.annotation) for part in value):
        then = "It takes one: ask once for each. "
    return f"{one.name}={shortened(value)} is not {spoken(one.annotation)}. Nothing was sent. {then}{one.doc}"


@dataclass(frozen=True, kw_only=True)
class Rows(Request):
    """How much of a search is read."""

    last: ClassVar[tuple[str, ...]] = ("max_records", "sort_by", "sort_order", "limit", "max_requests")
    """What is said last, in this order: it is no criterion."""

    limit: A[int | None, Doc("Rows to fetch at most; None for all that the service hands out.")] = None
    max_requests: A[int | None, Doc("Requests this call may make; None for no cap.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.limit is not None and self.limit < 1:
            raise RequestRefused(
                f"limit={self.limit} asks for no rows. Nothing was sent. Use .count() for the number alone."
            )
        self._says_something()
        self._need_a_criterion()

    def _need_a_criterion(self) -> None:
        """Refuse a search for everything."""
        criteria = [one.name for one in parameters(type(self)) if one.name not in (*self.last, "of")]
        if all(getattr(self, name) is None for name in criteria):
            first = ", ".join(criteria[:_SHOWN])
            more = f", or one of {len(criteria) - _SHOWN} others, which Shift-Tab shows" if criteria[_SHOWN:] else ""
            raise RequestRefused(
                "A search needs a criterion, and none was given; one that is None counts as left out. Nothing was "
                f"sent. Pass one of {first}{more}."
            )


@dataclass(frozen=True, kw_only=True)
class Page(Rows):
    """How much of a search is read, and in which order."""

    sort_order: A[SortOrder | None, Doc('"asc" or "desc", which it is unless told; needs `sort_by`.')] = None

    def __post_init__(self) -> None:
        self._needs("sort_order", "sort_by")
        super().__post_init__()


@dataclass(frozen=True, kw_only=True)
class Aged(Request):
    """How old an answer may be that is taken from what is held."""

    max_age: A[
        timedelta | int | None,
        Doc("How old an answer that we hold may be, also as a number of days; 0 asks for all anew."),
        Doc("None for as long as its record is managed."),
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "max_age", _as_age(self.max_age))


def _as_age(given: timedelta | int | None) -> timedelta | None:
    """An age as a span of time, however it was given."""
    if given is None:
        return None
    days = given if isinstance(given, timedelta) else timedelta(days=min(given, timedelta.max.days))
    if days < timedelta():
        raise RequestRefused(f"max_age={given} is below 0. Nothing was sent. Use 0 to ask for everything again.")
    return days


@dataclass(frozen=True, kw_only=True)
class Paid(Aged):
    """What a call may cost."""

    max_credits: A[
        int | None, Doc("Credits this call may cost, with the records that come along; None for what zi.budget allows.")
    ] = None
    max_records: A[int | None, Doc("Records this call may cost; None for as many as the credits bring.")] = None
    max_requests: A[int | None, Doc("Requests this call may make; None for no cap.")] = None


@dataclass(frozen=True)
class CompanyEnrich(Paid):
    """Whole companies: one row per input, in order, after the columns you gave."""

    of: A[
        Inputs,
        Doc("A frame, ids, names or websites, or dicts: company_id, or company_website, company_name, ..."),
        Doc(_BESIDE),
    ]
    _: KW_ONLY
    fields: A[
        Fields, Doc('"default", "minimal", "firmographics", "all", or names of columns; "-name" leaves one out.')
    ] = None

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
    fields: A[
        Fields, Doc('"default", "minimal", "firmographics", "all", or names of columns; "-name" leaves one out.')
    ] = None
    required_fields: A[
        Texts,
        Doc(
            "Columns that must have a value: a contact who lacks one costs nothing, and has no row of values but "
            'match_status "missing_required_fields". What is held already is shown as it is.'
        ),
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _known(CONTACT, self.fields)
        if isinstance(self.required_fields, str):
            object.__setattr__(self, "required_fields", [one.strip() for one in self.required_fields.split(",")])
        if unknown := [name for name in self.required_fields or () if name not in CONTACT.names]:
            CONTACT.pick(unknown)


MATCH_FITS = ("exact", "fuzzy", "different", "missing")
MATCH_PARTS = (
    "company_name", "company_website", "phone", "building_name", "building_number", "road_name", "road_type",
    "directional", "unit", "city", "state", "zip_code", "country", "business_type",
)  # fmt: skip
_WAYS_TO_FIT = (
    'Ways to fit, one of which has to be met: [{"company_name": "fuzzy", "city": "exact", "match_score": 3}]. '
    f"Parts: {', '.join(MATCH_PARTS)}; each may be {', '.join(MATCH_FITS)}. match_score is from 0 to 10."
)


def _check_fit(part: str, fit: Any) -> None:
    """Refuse a part, or a way for it to fit, that is not documented."""
    if part not in (*MATCH_PARTS, "match_score"):
        raise RequestRefused(
            f"match_reasons: no part is called {nearest(str(part), MATCH_PARTS)}. Nothing was sent. Correct the name."
        )
    if part == "match_score":
        if not isinstance(fit, int) or isinstance(fit, bool) or not 0 <= fit <= 10:
            raise RequestRefused(
                f"match_reasons: match_score={fit!r} is not a whole number from 0 to 10. Nothing was sent. Correct it."
            )
    elif fit not in MATCH_FITS:
        raise RequestRefused(
            f"match_reasons: {part}={fit!r} is none of {', '.join(MATCH_FITS)}. Nothing was sent. Choose one of them."
        )


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
    match_reasons: A[Sequence[Mapping[str, Any]] | None, Doc(_WAYS_TO_FIT)] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _known(LOCATION, self.fields)
        for way in self.match_reasons or ():
            for part, fit in way.items():
                _check_fit(part, fit)


@dataclass(frozen=True)
class Lookup(Request):
    """A list of valid values."""

    text: A[str | None, Doc("Only rows that hold this text, whatever its case and accents; None for all.")] = None
    _: KW_ONLY
    max_age: A[
        timedelta | int | None,
        Doc("How old an answer that we hold may be, also as a number of days; 0 asks anew. None for 30 days."),
    ] = None

    last: ClassVar[tuple[str, ...]] = ("max_age",)
    """What is said last: it is no criterion."""
    # docs/assumptions.md, "age of a look-up"
    lasts: ClassVar[timedelta] = timedelta(days=30)
    """How old an answer may be, unless the call says otherwise."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.max_age is not None and self.may_be_old < timedelta():
            raise RequestRefused(
                f"max_age={self.max_age} is below 0. Nothing was sent. Use 0 to ask for everything again."
            )

    @property
    def may_be_old(self) -> timedelta:
        """How old an answer may be."""
        if self.max_age is None:
            return self.lasts
        return self.max_age if isinstance(self.max_age, timedelta) else timedelta(days=self.max_age)


@dataclass(frozen=True)
class FieldList(Lookup):
    """The fields of one operation, which change with the subscription: held for a day."""

    lasts: ClassVar[timedelta] = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Narrowed(Lookup):
    """A list of which the service hands out a part on request."""

    vendor: A[str | None, Doc("Only what belongs to this vendor.")] = None
    parent_category: A[str | None, Doc("Only what belongs to this parent category.")] = None
    category: A[str | None, Doc("Only what belongs to this category.")] = None


@dataclass(frozen=True, kw_only=True)
class TechProducts(Narrowed):
    """Technology products with the tags that `tech_attribute_tags` takes."""


@dataclass(frozen=True, kw_only=True)
class Usage(Request):
    """What the service has counted on each meter, and what is left."""


def _known(record: Record, fields: str | Sequence[str] | None) -> None:
    record.pick(fields)
