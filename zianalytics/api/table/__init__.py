"""The table: every operation of the API that is built, one row each."""

from collections.abc import Mapping

from zianalytics.api.spec import Operation
from zianalytics.api.table.bulk import JOBS, PAGES, BulkEnrich, BulkPreview, BulkRedeem, JobCalls, Pages
from zianalytics.api.table.compliance import ComplianceCalls
from zianalytics.api.table.enrich import Enrich
from zianalytics.api.table.lookup import InputFields, OutputFields, Values
from zianalytics.api.table.search import Search
from zianalytics.api.table.usage import Account
from zianalytics.api.table.webhooks import DELIVERED, WebhookCalls

__all__ = [
    "DELIVERED",
    "JOBS",
    "OPERATIONS",
    "PAGES",
    "Account",
    "BulkEnrich",
    "BulkPreview",
    "BulkRedeem",
    "ComplianceCalls",
    "Enrich",
    "InputFields",
    "JobCalls",
    "OutputFields",
    "Search",
    "Values",
    "WebhookCalls",
]

OPERATIONS: Mapping[str, Operation[...]] = {
    row.name: row
    for namespace in (
        Search, Enrich, BulkPreview, BulkRedeem, BulkEnrich, Pages, JobCalls, Values, InputFields, OutputFields,
        Account, WebhookCalls, ComplianceCalls,
    )
    for row in namespace.operations()
}  # fmt: skip
"""Every row by its name."""
