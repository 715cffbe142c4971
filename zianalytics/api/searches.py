"""The requests of the searches: which criteria each takes, and what its rows can be sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated as A
from typing import Literal, TypeAlias

import polars as pl

from zianalytics.api.criteria import BusinessModel, CompanyFilters, Engagements, Firmographics, Vitality
from zianalytics.api.describe import Doc
from zianalytics.api.filters import Page
from zianalytics.api.people import PersonFilters
from zianalytics.errors import RequestRefused

Strength: TypeAlias = Literal["A", "B", "C", "D", "E"]


@dataclass(frozen=True, kw_only=True)
class CompanySearch(CompanyFilters, Vitality, Engagements, Page):
    """Preview companies: id and name of those that match, nothing else."""

    sort_by: A[Literal["name", "employee_count", "revenue"] | None, Doc("What the rows are sorted by.")] = None
    business_model: A[BusinessModel | Sequence[BusinessModel] | None, Doc("Whom it sells to; any of them.")] = None


@dataclass(frozen=True, kw_only=True)
class ContactSearch(PersonFilters, CompanyFilters, Engagements, Page):
    """Preview contacts: who matches and what is held of them, without e-mail or phone."""

    sort_by: A[
        Literal[
            "contact_accuracy_score",
            "last_name",
            "company_name",
            "hierarchy",
            "source_count",
            "last_mentioned",
            "relevance",
        ]
        | None,
        Doc("What the rows are sorted by."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class IntentSearch(Firmographics, Vitality, Page):
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
    max_records: A[int | None, Doc("Records this call may cost; it or `limit` is required.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(not topic for topic in self.topics):
            raise RequestRefused("topics= has an empty text. Nothing was sent. zi.lookup.intent_topics() has all.")
        self._within("signal_score_min", 60, 100)
        self._within("signal_score_max", 60, 100)
        self._order("signal_score_min", "signal_score_max")
        self._order("signal_start_date", "signal_end_date")
        self._order("audience_strength_max", "audience_strength_min")  # A comes first in the alphabet and is the most
