"""What the headers of an answer say of rates and usage."""

from __future__ import annotations

import math
from datetime import datetime

from mockserver.state import Service

_USAGE = [
    (kind, f"X-Usage-{name}-Limit-Limit", f"X-Usage-{name}-Limit-Remaining")
    for kind, name in {
        "recordLimit": "Record",
        "requestLimit": "Request",
        "uniqueIdLimit": "Unique-Id",
        "websightsRecordLimit": "Websights-Api-Record",
        "websightsRequestLimit": "Websights-Api-Request",
    }.items()
]


# docs/assumptions.md, "rates"
def rate_headers(service: Service, now: datetime) -> list[tuple[str, str]]:
    """The minute window: its size, what is left, and the epoch second at which its oldest request leaves it."""
    if service.no_limits:
        return []
    window, at = service.rates.minute, now.timestamp()
    return [
        ("X-RateLimit-Limit", str(window.limit)),
        ("X-RateLimit-Remaining", str(window.remaining(at))),
        ("X-RateLimit-Reset", str(math.ceil(window.reset_at(at)))),
    ]


def usage_headers(service: Service) -> list[tuple[str, str]]:
    """Two headers for each limit: how much it allows and how much is left."""
    lines = list[tuple[str, str]]()
    for kind, limit, remaining in _USAGE:
        lines += (limit, str(service.meters.limits[kind])), (remaining, str(service.meters.remaining(kind)))
    return lines
