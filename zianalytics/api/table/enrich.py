"""Enrichments: whole records of what one already names, paid for."""

from __future__ import annotations

from zianalytics.api.filters import CompanyEnrich, ContactEnrich, MasterDataEnrich
from zianalytics.api.spec import EnrichOperation, Namespace, Route
from zianalytics.schema.company import COMPANY
from zianalytics.schema.contact import CONTACT
from zianalytics.schema.meters import Cost
from zianalytics.schema.office import LOCATION


class Enrich(Namespace):
    """Whole records, paid for; `.quote()` beside each."""

    verb = "enrich"

    companies = EnrichOperation(
        CompanyEnrich,
        COMPANY,
        enterprise=Route("POST", "/enrich/company", ("data", "result")),
        cost=Cost(entity="company", credit_per_new_record=True, counts_records=True),
        batch=25,
        example=(
            'zi.enrich.companies.quote(zi.search.companies(country="Germany", limit=30)["company_id"])',
            "Quote(credits=30, records=30, requests=2)",
        ),
    )
    """Whole companies, one row per input."""

    contacts = EnrichOperation(
        ContactEnrich,
        CONTACT,
        enterprise=Route("POST", "/enrich/contact", ("data", "result")),
        cost=Cost(entity="contact", credit_per_new_record=True, counts_records=True),
        batch=25,
        example=(
            'zi.enrich.contacts.quote(zi.search.contacts(country="Germany", limit=30)["contact_id"])',
            "Quote(credits=30, records=30, requests=2)",
        ),
    )
    """Whole contacts, with e-mail and phone, one row per input."""

    master_data = EnrichOperation(
        MasterDataEnrich,
        LOCATION,
        enterprise=Route("POST", "/enrich/company-master", ("data", "result")),
        cost=Cost(entity="location", credit_per_new_record=True, counts_records=True),
        batch=25,
        long=True,
        example=(
            'zi.enrich.master_data.quote([{"company_website": "norvatek.example", "country": "Germany"}])',
            "Quote(credits=1, records=1, requests=1)",
        ),
    )
    """Master Data of offices, one location per input."""
