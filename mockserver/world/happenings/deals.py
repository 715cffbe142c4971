"""Closed deals: which companies were sold to and when, what came of it, and how the CRM wrote it down."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mockserver.world.catalogue import Lists
from mockserver.world.draw import Draw
from mockserver.world.records import Company, Deal

DEALS, UNKNOWN_SHARE = 150, 0.04
FIRST_OPENING, LAST_OPENING = 670, 50
# How gladly sales people call on a company, by headcount: few bother with the very small or reach the very large.
REACH = ((10, 0.08), (30, 0.35), (2000, 1.0), (10_000, 0.6))
TWIN_REACH = 3.0
UNKNOWN_WIN = 0.3


@dataclass(frozen=True, slots=True)
class Opening:
    """A deal before its end: who, when, for how long. `company` is None for a firm that the service does not know."""

    company: Company | None
    opened_on: date
    closed_on: date


def plan(companies: Sequence[Company], *, seed: int, today: date) -> tuple[Opening, ...]:
    """Openings over the last 22 months, by day; at most one deal per company and one for every fourth company."""
    draw = Draw(f"{seed}/deals")
    wanted = min(DEALS, len(companies) // 4)
    unknown = round(wanted * UNKNOWN_SHARE)
    websites: dict[str, int] = {}
    for company in companies:
        if company.website:
            websites[company.website] = websites.get(company.website, 0) + 1
    chosen: dict[int, Company | None] = {-n: None for n in range(1, unknown + 1)}
    for _ in range(wanted * 200):
        if len(chosen) == wanted:
            break
        company = draw.pick(companies)
        twins = websites.get(company.website or "", 0) > 1
        if draw.chance(_reach(company) * (TWIN_REACH if twins else 1.0) / TWIN_REACH):
            chosen.setdefault(company.id, company)
    openings = []
    for candidate in chosen.values():
        age = draw.whole(LAST_OPENING, FIRST_OPENING)
        length = min(age - 3, 15 + int(draw.spread(60, 0.5)))
        opened = today - timedelta(days=age)
        openings.append(Opening(candidate, opened, opened + timedelta(days=length)))
    return tuple(sorted(openings, key=lambda o: (o.opened_on, o.company.id if o.company else 0)))


def _reach(company: Company) -> float:
    if company.is_defunct or company.employees is None:
        return 0.0 if company.is_defunct else 0.3
    return next((reach for limit, reach in REACH if company.employees < limit), 0.3)


def close(
    openings: Iterable[Opening], probability: Callable[[Company, date], float], lists: Lists, *, seed: int
) -> tuple[Deal, ...]:
    """The deals with their outcomes, each drawn with its own probability, and written down as a CRM would."""
    deals = []
    for number, opening in enumerate(openings, start=1):
        draw = Draw(f"{seed}/deal/{number}")
        company = opening.company
        chance = probability(company, opening.opened_on) if company else UNKNOWN_WIN
        size = company.employees or 50 if company else 50
        name, website = _as_written(draw, company) if company else _stranger(draw, lists)
        deals.append(
            Deal(
                id=f"OPP-{1000 + number}",
                company_id=company.id if company else None,
                website=website,
                company_name=name,
                amount_usd=max(2_000, int(draw.spread(900 * size**0.6, 0.5)) // 100 * 100),
                outcome="won" if draw.chance(chance) else "lost",
                opened_on=opening.opened_on,
                closed_on=opening.closed_on,
                win_probability=chance,
            )
        )
    return tuple(deals)


def _as_written(draw: Draw, company: Company) -> tuple[str, str | None]:
    """Name and website as somebody typed them."""
    name = company.name
    if draw.chance(0.3):
        form = company.legal_form or "Inc"
        name = draw.pick((f"{name}, {form}.", f"{name} {form}", f"{name} ({form})"))
    elif draw.chance(0.08):
        name = draw.pick((name.upper(), name.lower(), f"{name} "))
    if company.website is None or draw.chance(0.08):
        return name, None
    bare = company.website.removeprefix("www.")
    forms = (bare, bare, company.website, f"https://{company.website}", f"https://{bare}/", f"http://www.{bare}/")
    website = draw.pick((*forms, bare.upper(), f"HTTPS://WWW.{bare.upper()}", f"https://www.{bare}/en/home"))
    return name, website


def _stranger(draw: Draw, lists: Lists) -> tuple[str, str | None]:
    """A firm that nobody else has heard of; its middle syllable occurs in no other name."""
    names = lists.names
    stem = f"{draw.pick(names.onsets)}ux{draw.pick(names.ends)}"
    return f"{stem} & Sons", f"www.{stem.lower()}.example" if draw.chance(0.7) else None


def deals_csv(deals: Iterable[Deal]) -> str:
    """The deals as a CRM exports them; a website that nobody entered is empty."""
    rows = ((d.id, d.website, d.company_name, d.amount_usd, d.outcome, d.opened_on, d.closed_on) for d in deals)
    return _csv(("deal_id", "website", "company_name", "amount_usd", "outcome", "opened_on", "closed_on"), rows)


def truth_csv(truth: Mapping[int, float]) -> str:
    """The truth behind them, for judging only."""
    return _csv(("company_id", "win_probability"), truth.items())


def _csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
