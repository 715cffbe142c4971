"""The warehouse: one DuckDB file, a function of the journal."""

from zianalytics.warehouse.given import DEALS_GIVEN, pack_deals
from zianalytics.warehouse.store import Warehouse, check_left, renew

__all__ = ["DEALS_GIVEN", "Warehouse", "check_left", "pack_deals", "renew"]
