"""The Enterprise API's own words: the only room that knows its names, units, envelopes and statuses."""

from zianalytics.api.enterprise.allowed import columns_asked_by
from zianalytics.api.enterprise.answers import Entry, echoes, entries, job_id, total
from zianalytics.api.enterprise.blame import Blamed, blamed
from zianalytics.api.enterprise.hooks import TOKEN_HEADER, Delivery, as_answer, columns_told, read_delivery
from zianalytics.api.enterprise.names import layout
from zianalytics.api.enterprise.requests import body, criteria, inputs_in, path, query
from zianalytics.api.enterprise.usage import LIMITS, METERS, endless, limits_in, limits_told

__all__ = [
    "LIMITS",
    "METERS",
    "TOKEN_HEADER",
    "Blamed",
    "Delivery",
    "Entry",
    "as_answer",
    "blamed",
    "body",
    "columns_asked_by",
    "columns_told",
    "criteria",
    "echoes",
    "endless",
    "entries",
    "inputs_in",
    "job_id",
    "layout",
    "limits_in",
    "limits_told",
    "path",
    "query",
    "read_delivery",
    "total",
]
