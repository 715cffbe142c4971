"""Bulk jobs: searches and enrichments by the thousand, and how their pages are read."""

from __future__ import annotations

from collections.abc import Mapping

from zianalytics.api.bulk import (
    CompanyBatch,
    CompanyPreview,
    CompanyRedemption,
    ContactBatch,
    ContactPreview,
    ContactRedemption,
    JobAsked,
    JobPage,
)
from zianalytics.api.jobs import JobNamespace, JobOperation
from zianalytics.api.spec import Namespace, Operation, Route
from zianalytics.schema.bulk import COMPANY_OF_A_JOB, CONTACT_OF_A_JOB, JOB_STATUS
from zianalytics.schema.company import COMPANY, COMPANY_PREVIEW
from zianalytics.schema.contact import CONTACT, CONTACT_PREVIEW
from zianalytics.schema.meters import REQUEST_ONLY, Cost

_COMPANY = Cost(entity="company", credit_per_new_record=True, counts_records=True)
_CONTACT = Cost(entity="contact", credit_per_new_record=True, counts_records=True)
_LISTED = Route("POST", "/bulk/job/results", ("result",), numbered=True)
_ANSWERED = Route("POST", "/bulk/job/results", ("result",))
_INPUTS_OF_A_JOB = 10_000


class Pages(Namespace):
    """The pages of jobs, as each kind of job fills them; what they cost was charged when they came off."""

    verb = "bulk.page"

    company_previews = Operation(JobPage, COMPANY_PREVIEW, enterprise=_LISTED, cost=REQUEST_ONLY)
    contact_previews = Operation(JobPage, CONTACT_PREVIEW, enterprise=_LISTED, cost=REQUEST_ONLY)
    companies = Operation(JobPage, COMPANY, enterprise=_LISTED, cost=REQUEST_ONLY)
    contacts = Operation(JobPage, CONTACT, enterprise=_LISTED, cost=REQUEST_ONLY)
    enriched_companies = Operation(JobPage, COMPANY, enterprise=_ANSWERED, cost=REQUEST_ONLY)
    enriched_contacts = Operation(JobPage, CONTACT, enterprise=_ANSWERED, cost=REQUEST_ONLY)


class JobCalls(Namespace):
    """What is asked about jobs."""

    verb = "bulk"

    status = Operation(
        JobAsked, JOB_STATUS, enterprise=Route("POST", "/bulk/job/status", single=True), cost=REQUEST_ONLY
    )


class BulkPreview(JobNamespace):
    """Everything that matches, listed by jobs; free of credits and records."""

    verb = "bulk.preview"

    companies = JobOperation(
        CompanyPreview,
        COMPANY_PREVIEW,
        enterprise=Route("POST", "/bulk/search/company"),
        cost=REQUEST_ONLY,
        kind="preview",
        page=Pages.company_previews,
        example=(
            'zi.bulk.preview.companies.quote(country="Germany")',
            "Quote(credits=0, records=0, requests=1)",
        ),
    )
    """Every company that matches, by id and name."""

    contacts = JobOperation(
        ContactPreview,
        CONTACT_PREVIEW,
        enterprise=Route("POST", "/bulk/search/contact"),
        cost=REQUEST_ONLY,
        kind="preview",
        page=Pages.contact_previews,
        example=(
            'zi.bulk.preview.contacts.quote(country="Germany")',
            "Quote(credits=0, records=0, requests=1)",
        ),
    )
    """Every contact who matches, without e-mail or phone."""


class BulkRedeem(JobNamespace):
    """Everything that matches, paid for; how much that is is counted first, by a quote without `max_credits=`, too."""

    verb = "bulk.redeem"

    companies = JobOperation(
        CompanyRedemption,
        COMPANY_OF_A_JOB,
        enterprise=Route("POST", "/bulk/search/company"),
        cost=_COMPANY,
        kind="redeem",
        page=Pages.companies,
        example=(
            'zi.bulk.redeem.companies.quote(country="Germany", max_credits=100)',
            "Quote(credits=100, records=100, requests=2)",
        ),
    )
    """Every company that matches, redeemed."""

    contacts = JobOperation(
        ContactRedemption,
        CONTACT_OF_A_JOB,
        enterprise=Route("POST", "/bulk/search/contact"),
        cost=_CONTACT,
        kind="redeem",
        page=Pages.contacts,
        example=(
            'zi.bulk.redeem.contacts.quote(country="Germany", max_credits=100)',
            "Quote(credits=100, records=100, requests=2)",
        ),
    )
    """Every contact who matches, redeemed."""


class BulkEnrich(JobNamespace):
    """Whole records of what you name, by the thousand; what is held is not asked."""

    verb = "bulk.enrich"

    companies = JobOperation(
        CompanyBatch,
        COMPANY_OF_A_JOB,
        enterprise=Route("POST", "/bulk/enrich/company"),
        cost=_COMPANY,
        batch=_INPUTS_OF_A_JOB,
        kind="enrich",
        page=Pages.enriched_companies,
        example=(
            'zi.bulk.enrich.companies.quote(zi.search.companies(country="Germany", limit=30)["company_id"])',
            "Quote(credits=30, records=30, requests=1)",
        ),
    )
    """Whole companies, one row per input."""

    contacts = JobOperation(
        ContactBatch,
        CONTACT_OF_A_JOB,
        enterprise=Route("POST", "/bulk/enrich/contact"),
        cost=_CONTACT,
        batch=_INPUTS_OF_A_JOB,
        kind="enrich",
        page=Pages.enriched_contacts,
        example=(
            'zi.bulk.enrich.contacts.quote(zi.search.contacts(country="Germany", limit=30)["contact_id"])',
            "Quote(credits=30, records=30, requests=1)",
        ),
    )
    """Whole contacts, with e-mail and phone, one row per input."""


JOBS: Mapping[str, JobOperation[...]] = {
    row.name: row
    for namespace in (BulkPreview, BulkRedeem, BulkEnrich)
    for row in namespace.operations()
    if isinstance(row, JobOperation)
}
"""Every operation that is carried out as a job, by its name."""

PAGES: Mapping[str, Operation[...]] = {row.name: row for row in Pages.operations()}
"""Every kind of page, by the name under which its replies are kept."""
