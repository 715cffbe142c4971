"""Which columns a look-up of output fields speaks of."""

from __future__ import annotations

from collections.abc import Collection

from zianalytics.api.enterprise.names import output_field
from zianalytics.schema.column import Record


def columns_asked_by(record: Record, fields: Collection[str]) -> tuple[str, ...]:
    """The columns that are asked for by these words of the service, in the order of the record."""
    return tuple(column.name for column in record if output_field(record, column) in fields)
