"""What one can ask about the life of companies: signals of interest, news and scoops, over all or about one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, timedelta
from typing import Annotated as A
from typing import Literal, TypeAlias

from zianalytics.api.criteria import CompanyNames, Firmographics
from zianalytics.api.describe import Doc
from zianalytics.api.filters import Fields, Ids, Inputs, Page, Paid, Request, Rows, SortOrder, Texts
from zianalytics.api.listed import Listed
from zianalytics.errors import RequestRefused
from zianalytics.schema.events import NEWS_ARTICLE, SCOOP
from zianalytics.schema.holdings import HASHTAG, TECHNOLOGY_IN_USE
from zianalytics.schema.signals import INTENT_SIGNAL

Strength: TypeAlias = Literal["A", "B", "C", "D", "E"]

MAY_COST = (
    "Records this call may cost; it or `limit` is required. Where more rows match, as many as it pays for come, with a "
    "warning unless `limit` says so; what a budget does not allow is refused instead."
)
_MOST_OF_ANY, _MOST_OF_ALL = 50, 12
_LEAST_OF_URL = 5
SIGNAL_DAYS = timedelta(days=90)
"""The longest range of signals that one request takes."""


@dataclass(frozen=True, kw_only=True)
class SignalFilters(Request):
    """Which signals."""

    signal_start_date: A[date | None, Doc("First day of the signals.")] = None
    signal_end_date: A[date | None, Doc("Last day of the signals.")] = None
    signal_score_min: A[int | None, Doc("Signal score, at least: 60 to 100.")] = None
    signal_score_max: A[int | None, Doc("Signal score, at most: 60 to 100.")] = None
    audience_strength_min: A[Strength | None, Doc("Audience strength, at least: E (smallest) to A (largest).")] = None
    audience_strength_max: A[Strength | None, Doc("Audience strength, at most: E (smallest) to A (largest).")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._within("signal_score_min", 60, 100)
        self._within("signal_score_max", 60, 100)
        self._order("signal_score_min", "signal_score_max")
        self._order("signal_start_date", "signal_end_date")
        self._order("audience_strength_max", "audience_strength_min")  # A comes first in the alphabet and is the most


@dataclass(frozen=True, kw_only=True)
class NewsFilters(Request):
    """Which articles."""

    categories: A[
        Texts,
        Doc("Categories of news, as in zi.lookup.news_categories(); any of them."),
        Listed("news_categories", divided=False),
    ] = None
    url: A[Texts, Doc("Parts of the article's address, five letters each at least; any of them.")] = None
    page_date_min: A[date | None, Doc("First day on which the article may have been published.")] = None
    page_date_max: A[date | None, Doc("Last day on which the article may have been published.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        parts = [self.url] if isinstance(self.url, str) else self.url or ()
        if short := [part for part in parts if len(part) < _LEAST_OF_URL]:
            raise RequestRefused(
                f"url= has {short[0]!r}, and the service takes no part of less than {_LEAST_OF_URL} letters. Nothing "
                "was sent. Pass a longer part of the address."
            )
        self._order("page_date_min", "page_date_max")


@dataclass(frozen=True, kw_only=True)
class ScoopFilters(Request):
    """Which scoops; without days, those of the last 30."""

    published_start_date: A[date | None, Doc("First day on which the scoop may have been published.")] = None
    published_end_date: A[date | None, Doc("Last day on which the scoop may have been published.")] = None
    updated_since_creation: A[bool | None, Doc("Whether older scoops that were updated in that time are in.")] = None
    scoop_type: A[Texts, Doc("Types of scoops, as in zi.lookup.scoop_types(); any of them."), Listed("scoop_types")] = (
        None
    )
    scoop_topic: A[
        Texts, Doc("Topics of scoops, as in zi.lookup.scoop_topics(); any of them."), Listed("scoop_topics")
    ] = None
    department: A[
        Texts,
        Doc("Departments that scoops are about, as in zi.lookup.scoop_departments(); any of them."),
        Listed("scoop_departments"),
    ] = None
    scoop_id: A[Ids, Doc("ZoomInfo's ids of scoops; any of them.")] = None
    description: A[Texts, Doc("Words of the scoop's description; any of them.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._order("published_start_date", "published_end_date")


@dataclass(frozen=True, kw_only=True)
class NewsSearch(NewsFilters, Rows):
    """Articles about any company, the newest first. Every article that comes back is charged as a record."""

    max_records: A[int | None, Doc(MAY_COST)] = None


@dataclass(frozen=True, kw_only=True)
class ScoopSearch(ScoopFilters, CompanyNames, Firmographics, Page):
    """Scoops about companies that match. Every scoop that comes back is charged as a record."""

    sort_by: A[
        Literal["scoop_id", "original_published_date", "description", "url", "url_text"] | None,
        Doc("What the rows are sorted by."),
    ] = None
    max_records: A[int | None, Doc(MAY_COST)] = None


@dataclass(frozen=True, kw_only=True)
class Told(Request):
    """How much is told of each company, and what it may cost."""

    limit: A[int | None, Doc("Rows of each company at most; it or `max_records`, shared evenly, is required.")] = None
    max_credits: A[
        int | None, Doc("Credits this call may cost, with the records that come along; None for what zi.budget allows.")
    ] = None
    max_records: A[int | None, Doc("Records this call may cost; None for `limit` of each company.")] = None
    max_requests: A[int | None, Doc("Requests this call may make; None for no cap.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.limit is not None and self.limit < 1:
            raise RequestRefused(f"limit={self.limit} asks for no rows. Nothing was sent. Pass 1 or more.")
        self._says_something()


@dataclass(frozen=True)
class IntentEnrich(SignalFilters, Told):
    """Signals of your own companies: what each reads up on, in a long frame."""

    of: A[Inputs, Doc("A frame, ids, names or websites, or dicts: company_id, company_website or company_name.")]
    _: KW_ONLY
    topics: A[
        Texts,
        Doc("Topics, as in zi.lookup.intent_topics(), 50 at most; any of them. None for all."),
        Listed("intent_topics", divided=False),
    ] = None
    all_topics: A[
        Texts,
        Doc("Topics, 12 at most, all of which a company must show; not with `topics`."),
        Listed("intent_topics", divided=False),
    ] = None
    recommended_contacts: A[bool | None, Doc("Whether signals name contacts near the topic; they do unless told.")] = (
        None
    )
    sort_by: A[
        Literal["signal_date", "signal_score", "category", "topic", "audience_strength"] | None,
        Doc("What the rows of a company are sorted by."),
    ] = None
    sort_order: A[SortOrder | None, Doc('"asc" or "desc"; needs `sort_by`.')] = None
    fields: A[Fields, Doc("Names of columns; None for all.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        INTENT_SIGNAL.pick(self.fields)
        self._needs("sort_order", "sort_by")
        if self.topics and self.all_topics:
            raise RequestRefused(
                "topics= means any of them and all_topics= each of them. Nothing was sent. Pass one of the two."
            )
        for name, most in (("topics", _MOST_OF_ANY), ("all_topics", _MOST_OF_ALL)):
            given = getattr(self, name)
            if isinstance(given, Sequence) and not isinstance(given, str) and len(given) > most:
                raise RequestRefused(
                    f"{name}= has {len(given)} topics and the service takes {most}. Nothing was sent. Split the list, "
                    "and ask once for each part."
                )


@dataclass(frozen=True)
class NewsEnrich(NewsFilters, Told):
    """Articles about your own companies, the newest first, in a long frame."""

    of: A[Inputs, Doc("A frame with company_id, ids, or dicts with company_id.")]
    _: KW_ONLY
    fields: A[Fields, Doc("Names of columns; None for all.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        NEWS_ARTICLE.pick(self.fields)


@dataclass(frozen=True)
class ScoopEnrich(ScoopFilters, Told):
    """Scoops about your own companies, in a long frame."""

    of: A[Inputs, Doc("A frame, ids, names or websites, or dicts: company_id, company_website or company_name.")]
    _: KW_ONLY
    sort_by: A[
        Literal["scoop_id", "original_published_date", "description", "link", "link_text"] | None,
        Doc("What the rows of a company are sorted by."),
    ] = None
    sort_order: A[SortOrder | None, Doc('"asc" or "desc"; needs `sort_by`.')] = None
    fields: A[Fields, Doc("Names of columns; None for all.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        SCOOP.pick(self.fields)
        self._needs("sort_order", "sort_by")


@dataclass(frozen=True)
class TechnologiesEnrich(Paid):
    """Technologies that your own companies run, in a long frame."""

    of: A[Inputs, Doc("A frame with company_id, ids, or dicts with company_id.")]
    _: KW_ONLY
    fields: A[Fields, Doc("Names of columns; None for all.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        TECHNOLOGY_IN_USE.pick(self.fields)


@dataclass(frozen=True)
class HashtagsEnrich(Paid):
    """Hashtags of your own companies, in a long frame."""

    of: A[Inputs, Doc("A frame with company_id, ids, or dicts with company_id.")]
    _: KW_ONLY
    fields: A[Fields, Doc("Names of columns; None for all.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        HASHTAG.pick(self.fields)
