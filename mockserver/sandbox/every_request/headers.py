"""What the headers of an answer say: when it was given, which request it answers, and how rates and usage stand."""

from __future__ import annotations

import math
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from mockserver.state import Service

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


def http_date(now: datetime) -> str:
    """A moment as HTTP writes it."""
    return _written(int(now.timestamp()))


@lru_cache(1)
def _written(second: int) -> str:
    """All answers of a second have the same date."""
    return format_datetime(_EPOCH + timedelta(seconds=second), usegmt=True)


def new_id() -> str:
    """A random UUID; to make one of `uuid` and to write it takes twice as long."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


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
    limits, used = service.meters.limits, service.meters.used
    lines = list[tuple[str, str]]()
    for kind, limit, remaining in _USAGE:
        allowed, left = limits[kind], limits[kind] - used[kind]
        lines += (limit, str(allowed)), (remaining, str(left) if left > 0 else "0")
    return lines
