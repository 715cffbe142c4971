"""What a client is made of: all of it loads when the first one is made, so that importing `ZoomInfo` stays quick."""

from __future__ import annotations

from zianalytics.api.table import OPERATIONS, Enrich, Search
from zianalytics.client.bulk import Bulk
from zianalytics.client.call import Caller
from zianalytics.client.compliance import Compliance
from zianalytics.client.ledger import LedgerView
from zianalytics.client.lookups import Lookup
from zianalytics.client.metered.budget import Budget
from zianalytics.client.quotes.redemption import Redeem, as_price
from zianalytics.client.search.match import Match
from zianalytics.client.usage import Usage
from zianalytics.client.webhooks import Webhooks
from zianalytics.clock import ServerClock
from zianalytics.journal import Journal
from zianalytics.sandbox import Sandbox
from zianalytics.settings import Settings, Spender, Unshown
from zianalytics.transport.session import Session

__all__ = [
    "OPERATIONS",
    "Budget",
    "Bulk",
    "Caller",
    "Compliance",
    "Enrich",
    "Journal",
    "LedgerView",
    "Lookup",
    "Match",
    "Redeem",
    "Sandbox",
    "Search",
    "ServerClock",
    "Session",
    "Settings",
    "Spender",
    "Unshown",
    "Usage",
    "Webhooks",
    "as_price",
]
