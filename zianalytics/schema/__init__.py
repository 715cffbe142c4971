"""Which columns exist: their names, types, units and meaning. Knows nothing of the wire."""

from zianalytics.schema.column import Column, Record
from zianalytics.schema.meters import FREE, Cost, Meters
from zianalytics.schema.quote import Quote

__all__ = ["FREE", "Column", "Cost", "Meters", "Quote", "Record"]
