"""The requests of the searches: which criteria each takes, and what its rows can be sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated as A
from typing import Literal

import polars as pl

from zianalytics.api.criteria import BusinessModel, CompanyFilters, Engagements, Firmographics, Growth, Vitality
from zianalytics.api.describe import Doc
from zianalytics.api.filters import Page
from zianalytics.api.listed import Listed
from zianalytics.api.people import PersonFilters
from zianalytics.api.signals import MAY_COST, SignalFilters
from zianalytics.errors import RequestRefused


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
class IntentSearch(SignalFilters, Firmographics, Growth, Vitality, Page):
    """Which companies read up on topics. Every signal that comes back is charged as a record."""

    topics: A[
        str | Sequence[str] | pl.Series,
        Doc("Topics, as in zi.lookup.intent_topics(); any of them."),
        Listed("intent_topics", divided=False),
    ]
    sort_by: A[
        Literal["signal_date", "company_name", "signal_score", "category", "topic", "audience_strength"] | None,
        Doc("What the rows are sorted by."),
    ] = None
    max_records: A[int | None, Doc(MAY_COST)] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(not topic for topic in self.topics):
            raise RequestRefused("topics= has an empty text. Nothing was sent. zi.lookup.intent_topics() has all.")
