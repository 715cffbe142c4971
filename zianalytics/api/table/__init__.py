"""The table: every operation of the API that is built, one row each."""

from collections.abc import Mapping

from zianalytics.api.spec import Operation
from zianalytics.api.table.enrich import Enrich
from zianalytics.api.table.lookup import InputFields, OutputFields, Values
from zianalytics.api.table.search import Search
from zianalytics.api.table.usage import Account

__all__ = ["OPERATIONS", "Account", "Enrich", "InputFields", "OutputFields", "Search", "Values"]

OPERATIONS: Mapping[str, Operation[...]] = {
    row.name: row
    for namespace in (Search, Enrich, Values, InputFields, OutputFields, Account)
    for row in namespace.operations()
}
"""Every row by its name."""
