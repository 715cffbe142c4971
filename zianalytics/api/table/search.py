"""Searches: who matches, as previews."""

from __future__ import annotations

from zianalytics.api.searches import CompanySearch, ContactSearch, IntentSearch
from zianalytics.api.signals import NewsSearch, ScoopSearch
from zianalytics.api.spec import Namespace, Paging, Route, SearchOperation
from zianalytics.schema.company import COMPANY_PREVIEW
from zianalytics.schema.contact import CONTACT_PREVIEW
from zianalytics.schema.events import NEWS_PREVIEW, SCOOP
from zianalytics.schema.meters import REQUEST_ONLY, Cost
from zianalytics.schema.signals import INTENT_SIGNAL


class Search(Namespace):
    """Previews and signals; `.count()` and `.quote()` beside each."""

    verb = "search"

    companies = SearchOperation(
        CompanySearch,
        COMPANY_PREVIEW,
        enterprise=Route("POST", "/search/company", ("data",)),
        cost=REQUEST_ONLY,
        paging=Paging(ceiling=1000),
        example=('zi.search.companies(country="Germany", employee_range_min=500, limit=3).height', "3"),
    )
    """Preview companies: id and name of those that match."""

    contacts = SearchOperation(
        ContactSearch,
        CONTACT_PREVIEW,
        enterprise=Route("POST", "/search/contact", ("data",)),
        cost=REQUEST_ONLY,
        paging=Paging(ceiling=1000),
        example=('zi.search.contacts(country="Germany", management_level=["Director"], limit=3).height', "3"),
    )
    """Preview contacts: who matches, without e-mail or phone."""

    intent = SearchOperation(
        IntentSearch,
        INTENT_SIGNAL,
        enterprise=Route("POST", "/search/intent", ("data",)),
        cost=Cost(entity="intent", counts_records=True),
        paging=Paging(),
        example=(
            'zi.search.intent.quote(topics=["Lead Scoring", "Sales Forecasting"], limit=50)',
            "Quote(credits=0, records=50, requests=1)",
        ),
    )
    """Which companies read up on topics; each signal is charged as a record."""

    news = SearchOperation(
        NewsSearch,
        NEWS_PREVIEW,
        enterprise=Route("POST", "/search/news", ("data",)),
        cost=Cost(entity="news", counts_records=True),
        paging=Paging(ceiling=100_000),
        example=(
            'zi.search.news.quote(categories=["FUNDING"], limit=50)',
            "Quote(credits=0, records=50, requests=1)",
        ),
    )
    """Articles about companies; each is charged as a record."""

    scoops = SearchOperation(
        ScoopSearch,
        SCOOP,
        enterprise=Route("POST", "/search/scoop", ("data",)),
        cost=Cost(entity="scoop", counts_records=True),
        paging=Paging(),
        example=(
            'zi.search.scoops.quote(country="Germany", scoop_type=["Hiring Plans", "Project"], limit=50)',
            "Quote(credits=0, records=50, requests=1)",
        ),
    )
    """Scoops about companies; each is charged as a record."""
