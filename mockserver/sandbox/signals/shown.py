"""What one company shows: its signals, technologies and hashtags. It is redeemed when there is something to tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from mockserver.sandbox.criteria.companies import signal_tests
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich.company_fields import FIELDS, Seen
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.search.pages import in_order, page_of
from mockserver.sandbox.search.searches import SIGNAL_KEYS, signal_id, signal_shown
from mockserver.sandbox.signals.events import companies_meant, redeemed
from mockserver.sandbox.values import days_of

WINDOW = timedelta(days=90)
MOST_OF_ANY, MOST_OF_ALL = 50, 12


def enrich_signals(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Signals of the company in a range of at most 90 days, the last 90 unless told."""
    company = next(iter(companies_meant(body, directory)), None)
    topics, needs_all = _topics(body, directory)
    first, last = _range(body, now.date())
    days = {"signalStartDate": first.isoformat(), "signalEndDate": last.isoformat()}
    said = {**body, "topics": topics, **days}
    tests = signal_tests(said, directory.world.lists)
    shown = () if company is None else directory.world.signals_of(company.id)
    signals = [s for s in shown if s.at <= now and all(test(s) for test in tests)]
    if needs_all and len({signal.topic.id for signal in signals}) < len(topics):
        signals = []
    page = page_of(in_order(signals, body, SIGNAL_KEYS, unless_told="signalDate"), body, ceiling=None)
    rows = [signal_shown(signal, directory, now) for signal in page["data"]]
    if not body.get("findRecommendedContacts", True):
        rows = [row | {"recommendedContacts": []} for row in rows]
    told = redeemed([s.company_id for s in page["data"]], [("intent", signal_id(s)) for s in page["data"]])
    return Found(page | {"data": rows}, told)


def enrich_technologies(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """The technologies of a company."""
    return _whole(body, directory, FIELDS["techAttributes"])


def enrich_hashtags(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """The hashtags of a company."""
    return _whole(body, directory, FIELDS["hashtags"])


# docs/assumptions.md, "technologies, hashtags"
def _whole(body: Mapping[str, Any], directory: Directory, show: Callable[[Seen], list[dict[str, Any]]]) -> Found:
    """All rows at once: they count as one record of the company, and none as no record."""
    company = directory.company(body["companyId"])
    rows = [] if company is None else show(Seen(company, directory.world, {}))
    counts = {"maxResults": len(rows), "totalResults": len(rows), "currentPage": 1}
    return Found(counts | {"data": rows}, redeemed([company.id] if company and rows else [], ()))


def _topics(body: Mapping[str, Any], directory: Directory) -> tuple[list[str], bool]:
    """The topics that are asked for, all of them when none is, and whether a company must show each."""
    said = body.get("topics")
    if not said:
        return [topic.name for topic in directory.world.lists.topics], False
    if isinstance(said, str):
        needs_all = re.search(r"\bAND\b", said) is not None
        parts = re.split(r"\bAND\b" if needs_all else r"\|", said)
    else:
        needs_all, parts = False, said
    if len(parts) > (MOST_OF_ALL if needs_all else MOST_OF_ANY):
        raise Refused(INVALID_FIELDS, ["topics"])
    return list(dict.fromkeys(part.strip() for part in parts)), needs_all


# docs/assumptions.md, "days of signals of one company"
def _range(body: Mapping[str, Any], today: date) -> tuple[date, date]:
    """The days that are asked for."""
    start, end = days_of(body, "signalStartDate", "signalEndDate")
    end = end if "signalEndDate" in body else today
    start = start if "signalStartDate" in body else end - min(WINDOW, end - date.min)
    if end - start > WINDOW:
        raise Refused(INVALID_FIELDS, ["signalStartDate", "signalEndDate"])
    return start, end
