"""Usage: what the service has counted on each meter. Free."""

from __future__ import annotations

from zianalytics.api.filters import Usage
from zianalytics.api.spec import Namespace, Operation, Route
from zianalytics.schema.lookup import USAGE


class Account(Namespace):
    """What the account may do and has used."""

    usage = Operation(
        Usage,
        USAGE,
        enterprise=Route("GET", "/lookup/usage", ("usage",)),
        example=('zi.usage()["limit_type"].head(2).to_list()', "['uniqueIdLimit', 'recordLimit']"),
    )
    """What the service has counted."""
