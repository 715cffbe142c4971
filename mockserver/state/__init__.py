"""What a service remembers: its clock, its account, its tokens, meters and rate windows."""

from mockserver.state.accounts import Account
from mockserver.state.bundles import Bundle
from mockserver.state.rates import Rates
from mockserver.state.service import Service
from mockserver.state.store import Call, Charge, StateUnusable
from mockserver.state.tokens import Tokens

__all__ = ["Account", "Bundle", "Call", "Charge", "Rates", "Service", "StateUnusable", "Tokens"]
