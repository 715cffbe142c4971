"""Who buys: the probability that a deal is won, as docs/world.md documents it.

A few smooth effects, each of a fact that the API shows; a fact that is not known counts as nothing.
"""

from __future__ import annotations

from datetime import date
from math import exp, log1p, log10

from mockserver.world.records import Company

# What the practice company sells is about these.
RELEVANT_TOPICS = ("Lead Scoring", "Sales Forecasting", "Revenue Intelligence")
WINDOW_DAYS = 90
FUNDING_DAYS = 540

INTERCEPT = -4.7
INDUSTRY = {
    "software": 1.6,
    "finance": 1.1,
    "bizservice": 0.9,
    "insurance": 0.6,
    "telecom": 0.6,
    "realestate": -1.0,
    "education": -1.2,
    "retail": -1.2,
    "construction": -1.5,
    "hospitality": -1.5,
}
COUNTRY = {"United States": 0.3, "Canada": 0.15, "United Kingdom": 0.15}
TECHNOLOGY = {"Customer Relationship Management": 1.5, "Cloud Data Warehouse": 1.2}
# By tenfold headcount, up to 10**3.3 (about 2,000); by a growth of 100 % a year, which is cut at -30 % and +50 %.
SIZE, SIZE_CEILING = 0.9, 3.3
GROWTH, SHRINKAGE_FLOOR, GROWTH_CEILING = 5.0, -0.3, 0.5
FUNDED, INTENT, DEFUNCT = 0.9, 1.5, -4.0


def win_logit(company: Company, *, recent_signals: int, on: date) -> float:
    """Log-odds that this company, asked on that day, would buy.

    Parameters
    ----------
    company
        As enrichment shows it: headcount, industry, country, growth, technologies and funding.
    recent_signals
        Signals on `RELEVANT_TOPICS` in the `WINDOW_DAYS` before `on`, that day not included.
    on
        The day asked about; technologies first seen and money raised later do not count.
    """
    logit = INTERCEPT + INDUSTRY.get(company.primary_industry.id, 0.0) + COUNTRY.get(company.country, 0.0)
    if company.employees is not None:
        logit += SIZE * (min(log10(company.employees), SIZE_CEILING) - 2)
    if company.growth_1y is not None:
        logit += GROWTH * max(SHRINKAGE_FLOOR, min(GROWTH_CEILING, company.growth_1y))
    running = {t.product.category for t in company.technologies if t.first_seen <= on}
    logit += sum(effect for category, effect in TECHNOLOGY.items() if category in running)
    if any(0 <= (on - round_.on).days < FUNDING_DAYS for round_ in company.funding):
        logit += FUNDED
    if company.is_defunct:
        logit += DEFUNCT
    return logit + INTENT * log1p(recent_signals)


def win_probability(company: Company, *, recent_signals: int, on: date) -> float:
    """The probability behind `win_logit`, to six places, so that no platform's last digit decides an outcome."""
    return round(1 / (1 + exp(-win_logit(company, recent_signals=recent_signals, on=on))), 6)
