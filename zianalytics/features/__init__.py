"""Features: accounts as they were known before a day."""

from zianalytics.features.account import accounts, deals
from zianalytics.features.declared import FEATURES

__all__ = ["FEATURES", "accounts", "deals"]
