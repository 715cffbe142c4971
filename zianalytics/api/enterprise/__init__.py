"""The Enterprise API's own words: the only room that knows its names, units, envelopes and statuses."""

from zianalytics.api.enterprise.answers import Entry, Returned, entries, returned, total, usage_of
from zianalytics.api.enterprise.names import layout
from zianalytics.api.enterprise.requests import body, query

__all__ = ["Entry", "Returned", "body", "entries", "layout", "query", "returned", "total", "usage_of"]
