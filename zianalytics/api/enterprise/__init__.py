"""The Enterprise API's own words: the only room that knows its names, units, envelopes and statuses."""

from zianalytics.api.enterprise.answers import Entry, echoes, entries, total
from zianalytics.api.enterprise.names import layout
from zianalytics.api.enterprise.requests import body, inputs_in, query

__all__ = ["Entry", "body", "echoes", "entries", "inputs_in", "layout", "query", "total"]
