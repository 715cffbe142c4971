"""Enrichments: whole records of what one already names, paid for."""

from __future__ import annotations

from zianalytics.api.filters import CompanyEnrich, ContactEnrich, MasterDataEnrich
from zianalytics.api.signals import (
    SIGNAL_DAYS,
    HashtagsEnrich,
    IntentEnrich,
    NewsEnrich,
    ScoopEnrich,
    TechnologiesEnrich,
)
from zianalytics.api.single import OneCompany, OneContact, SingleNamespace, SingleOperation
from zianalytics.api.spec import EnrichOperation, Paging, Route, Window
from zianalytics.api.structures import HierarchyEnrich, IpEnrich, LocationEnrich, OrgChartEnrich
from zianalytics.schema.company import COMPANY
from zianalytics.schema.contact import CONTACT
from zianalytics.schema.events import NEWS_ARTICLE, SCOOP
from zianalytics.schema.holdings import HASHTAG, TECHNOLOGY_IN_USE
from zianalytics.schema.meters import Cost
from zianalytics.schema.office import LOCATION
from zianalytics.schema.signals import INTENT_SIGNAL
from zianalytics.schema.structure import COMPANY_LOCATION, HIERARCHY, ORG_CHART
from zianalytics.schema.visitor import IP_MATCH


class Enrich(SingleNamespace):
    """Whole records, paid for; `.quote()` beside each."""

    verb = "enrich"

    companies = SingleOperation(
        CompanyEnrich,
        COMPANY,
        single=OneCompany,
        enterprise=Route("POST", "/enrich/company", ("data", "result")),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True),
        batch=25,
        example=(
            'zi.enrich.companies.quote(zi.search.companies(country="Germany", limit=30)["company_id"])',
            "Quote(credits=30, records=30, requests=2)",
        ),
    )
    """Whole companies, one row per input; `.one(...)` gives one as a dict."""

    contacts = SingleOperation(
        ContactEnrich,
        CONTACT,
        single=OneContact,
        enterprise=Route("POST", "/enrich/contact", ("data", "result")),
        cost=Cost(entity="contact", credit_per_new_record=True, counts_records=True),
        batch=25,
        example=(
            'zi.enrich.contacts.quote(zi.search.contacts(country="Germany", limit=30)["contact_id"])',
            "Quote(credits=30, records=30, requests=2)",
        ),
    )
    """Whole contacts, with e-mail and phone, one row per input; `.one(...)` gives one as a dict."""

    master_data = EnrichOperation(
        MasterDataEnrich,
        LOCATION,
        enterprise=Route("POST", "/enrich/company-master", ("data", "result")),
        # docs/assumptions.md, "company-master meters"
        cost=Cost(entity="location", credit_per_new_record=True, counts_records=True),
        batch=25,
        long=True,
        example=(
            'zi.enrich.master_data.quote([{"company_website": "norvatek.example", "country": "Germany"}])',
            "Quote(credits=1, records=1, requests=1)",
        ),
    )
    """Master Data of offices, one location per input."""

    hierarchies = EnrichOperation(
        HierarchyEnrich,
        HIERARCHY,
        enterprise=Route("POST", "/enrich/corporatehierarchy", ("data", "result")),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True),
        batch=25,
        example=(
            'zi.enrich.hierarchies.quote(zi.search.companies(country="Germany", limit=30)["company_id"])',
            "Quote(credits=30, records=30, requests=2)",
        ),
    )
    """Families of companies, one row per input."""

    org_charts = EnrichOperation(
        OrgChartEnrich,
        ORG_CHART,
        enterprise=Route("POST", "/enrich/orgchart", ("data",)),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True, rows="together"),
        long=True,
        takes_fields=False,
        example=(
            'zi.enrich.org_charts.quote(zi.search.companies(country="Germany", limit=3), department="Sales")',
            "Quote(credits=3, records=3, requests=3)",
        ),
    )
    """People of companies by department and tier; a record a company, however many they are."""

    locations = EnrichOperation(
        LocationEnrich,
        COMPANY_LOCATION,
        enterprise=Route("POST", "/enrich/location", ("data",)),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True, rows="counted", listed="location"),
        long=True,
        takes_fields=False,
        example=(
            'zi.enrich.locations.quote(zi.search.companies(country="Germany", limit=3), max_records=60)',
            "Quote(credits=3, records=60 or more, requests=3)",
        ),
    )
    """Locations of companies; each is a record."""

    technologies = EnrichOperation(
        TechnologiesEnrich,
        TECHNOLOGY_IN_USE,
        enterprise=Route("POST", "/enrich/tech", ("data",)),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True, rows="together"),
        long=True,
        takes_fields=False,
        example=(
            'zi.enrich.technologies.quote(zi.search.companies(country="Germany", limit=3))',
            "Quote(credits=3, records=3, requests=3)",
        ),
    )
    """Technologies that companies run; a record a company, however many they are."""

    hashtags = EnrichOperation(
        HashtagsEnrich,
        HASHTAG,
        enterprise=Route("POST", "/enrich/hashtag", ("data",)),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True, rows="together"),
        long=True,
        takes_fields=False,
        example=(
            'zi.enrich.hashtags.quote(zi.search.companies(country="Germany", limit=3))',
            "Quote(credits=3, records=3, requests=3)",
        ),
    )
    """Hashtags of companies; a record a company, however many they are."""

    intent = EnrichOperation(
        IntentEnrich,
        INTENT_SIGNAL,
        enterprise=Route("POST", "/enrich/intent", ("data",)),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True, rows="counted", listed="intent"),
        paging=Paging(),
        window=Window(
            "signal_start_date", "signal_end_date", SIGNAL_DAYS, {"all_topics": None, "sort_by": "signal_date"}
        ),
        long=True,
        takes_fields=False,
        example=(
            'zi.enrich.intent.quote(zi.search.companies(country="Germany", limit=3), topics="Lead Scoring", limit=20)',
            "Quote(credits=3, records=60, requests=3)",
        ),
    )
    """Signals of companies; each is a record. `frames.recommended` makes a frame of the contacts in them."""

    news = EnrichOperation(
        NewsEnrich,
        NEWS_ARTICLE,
        enterprise=Route("POST", "/enrich/news", ("data",)),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True, rows="counted", listed="news"),
        paging=Paging(),
        long=True,
        takes_fields=False,
        example=(
            'zi.enrich.news.quote(zi.search.companies(country="Germany", limit=3), categories="FUNDING", limit=5)',
            "Quote(credits=3, records=15, requests=3)",
        ),
    )
    """Articles about companies; each is a record."""

    scoops = EnrichOperation(
        ScoopEnrich,
        SCOOP,
        enterprise=Route("POST", "/enrich/scoop", ("data",)),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True, rows="counted", listed="scoop"),
        paging=Paging(),
        long=True,
        takes_fields=False,
        example=(
            'zi.enrich.scoops.quote(zi.search.companies(country="Germany", limit=3), limit=5)',
            "Quote(credits=3, records=15, requests=3)",
        ),
    )
    """Scoops about companies; each is a record."""

    ips = EnrichOperation(
        IpEnrich,
        IP_MATCH,
        enterprise=Route("POST", "/enrich/ip", ("data", "result"), echo="ipAddress"),
        cost=Cost(entity="ip", counts_records=True, pool="websights"),
        takes_fields=False,
        example=(
            'zi.enrich.ips.quote(["203.0.113.9", "10.0.0.1", "203.0.113.9"])',
            "Quote(credits=0, records=1, requests=1, duplicates=1)",
        ),
    )
    """Who is behind IP addresses; records and requests come from a pool of their own."""
