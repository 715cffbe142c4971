"""What a service remembers: its clock, its account, its tokens, meters, webhooks, jobs and rate windows."""

from mockserver.state.accounts import Account
from mockserver.state.bundles import BUNDLES, Bundle
from mockserver.state.jobs import MOST_ACTIVE, Job
from mockserver.state.rates import Rates
from mockserver.state.service import Service
from mockserver.state.store import Call, Charge, StateUnusable
from mockserver.state.tokens import Tokens
from mockserver.state.webhooks import Delivery, Subscription, Webhook, Webhooks, new_token

__all__ = [
    "BUNDLES",
    "MOST_ACTIVE",
    "Account",
    "Bundle",
    "Call",
    "Charge",
    "Delivery",
    "Job",
    "Rates",
    "Service",
    "StateUnusable",
    "Subscription",
    "Tokens",
    "Webhook",
    "Webhooks",
    "new_token",
]
