"""Features: accounts as they were known before a day."""

from zianalytics.features.account import accounts, deals
from zianalytics.schema.account import FEATURES

__all__ = ["FEATURES", "accounts", "deals"]
