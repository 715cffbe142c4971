"""What a service remembers: its clock, its account, its tokens, meters and rate windows."""

from mockserver.state.accounts import Account
from mockserver.state.bundles import BUNDLES, UNLIMITED, Bundle
from mockserver.state.clock import Clock
from mockserver.state.meters import Meters
from mockserver.state.rates import LoginRates, Rates
from mockserver.state.store import Call, Charge, StateUnusable, Store
from mockserver.state.tokens import Tokens

__all__ = [
    "BUNDLES",
    "UNLIMITED",
    "Account",
    "Bundle",
    "Call",
    "Charge",
    "Clock",
    "LoginRates",
    "Meters",
    "Rates",
    "StateUnusable",
    "Store",
    "Tokens",
]
