"""The columns of an account: what each feature means, and whether the facts behind it carry their own days."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.feature import Feature

_WHOLE, _NUMBER, _TEXT, _FLAG = pl.Int64(), pl.Float64(), pl.String(), pl.Boolean()

FEATURES: tuple[Feature, ...] = (
    Feature(
        "employee_count", _WHOLE, "Approximate number of people employed.",
        label="headcount", theme="size", wording="{value} employee{s}", scale="log",
    ),
    Feature(
        "revenue_usd", _WHOLE, "Approximate revenue.", "US dollars a year",
        label="revenue", theme="size", wording="revenue of {value} a year", scale="log",
    ),
    Feature(
        "company_age_years", _WHOLE, "Years since the company was founded.", "years",
        label="age of the company", wording="founded {value} year{s} before", scale="log",
    ),
    Feature(
        "employee_growth_1y", _NUMBER,
        "Change of headcount in a year, as reported before the day; else that of the quarters before it.", "per cent",
        dated=True, label="growth of headcount", wording="headcount {rose} {value} in a year",
    ),
    Feature("industry", _TEXT, "Top-level industry.", wording="industry {value}"),
    Feature("country", _TEXT, "Country of the primary address.", wording="based in {value}"),
    Feature("company_type", _TEXT, "Private, public and so on.", label="type of company", wording="{value} company"),
    Feature(
        "is_defunct", _FLAG, "Has ceased to exist; null where that was received on the day or later.",
        label="end of business", wording="out of business",
    ),
    Feature("office_count", _WHOLE, "Number of offices.", theme="size", wording="{value} office{s}", scale="log"),
    Feature(
        "office_countries", _WHOLE, "Countries with an office that we hold; null where none was asked for.",
        label="countries with an office", wording="countries with an office: {value}",
    ),
    Feature(
        "technologies", pl.List(pl.String()), "Kinds of technology seen there before the day.", dated=True,
        label="technology", wording="runs a product for {value}",
    ),
    Feature(
        "is_recently_funded", _FLAG, "Raised money in the 18 months before the day.", dated=True,
        label="recent funding", theme="funding", wording="raised money in the last 18 months", on="latest_funding_on",
    ),
    Feature(
        "funding_usd", _WHOLE, "Raised in all before the day.", "US dollars", dated=True,
        label="funding", theme="funding", wording="{value} raised in all", on="latest_funding_on", scale="log",
    ),
    Feature(
        "intent_signals_90d", _WHOLE, "Intent signals in the 90 days before the day.", dated=True,
        sub_score="intent", theme="intent", label="intent signals in 90 days",
        wording="{value} intent signal{s} in 90 days", on="latest_intent_on", scale="log",
    ),
    Feature(
        "intent_topics_90d", _WHOLE, "Intent topics in the 90 days before the day.", dated=True,
        sub_score="intent", theme="intent", label="intent topics in 90 days",
        wording="{value} intent topic{s} in 90 days", on="latest_intent_on",
    ),
    Feature(
        "intent_topics_30d", _WHOLE, "Intent topics in the 30 days before the day.", dated=True,
        sub_score="intent", theme="intent", label="intent topics in 30 days",
        wording="{value} intent topic{s} in 30 days", on="latest_intent_on",
    ),
    Feature(
        "intent_best_score_90d", _WHOLE, "Best signal score in those 90 days; 0 without a signal.", "0 to 100",
        dated=True, sub_score="intent", theme="intent", label="best intent score in 90 days",
        wording="best intent score {value} in 90 days", on="latest_intent_on",
    ),
    Feature(
        "intent_strength_90d", _NUMBER, "Signals of those 90 days, weighed by score and audience.", dated=True,
        sub_score="intent", theme="intent", label="intent strength in 90 days",
        wording="intent strength {value} in 90 days", on="latest_intent_on", scale="log",
    ),
    Feature(
        "intent_freshness", _NUMBER, "0.98 for a signal of the day before, 0.5 after 30 days, 0 without one.", "0 to 1",
        dated=True, sub_score="intent", theme="intent", label="freshness of intent",
        wording="freshness of intent {value}", on="latest_intent_on",
    ),
    Feature(
        "intent_trend", _NUMBER, "Signals of the last 30 days less the monthly average of the 60 before.", dated=True,
        sub_score="intent", theme="intent", label="trend of intent",
        wording="intent trend of {value} signals a month", on="latest_intent_on",
    ),
)  # fmt: skip
"""Every feature, in the order of the columns."""

BESIDE = pl.Schema(
    {
        "company_id": pl.Int64(),
        "as_of": pl.Date(),
        "name": pl.String(),
        "seen_later": pl.Boolean(),
        "latest_intent_on": pl.Date(),
        "latest_funding_on": pl.Date(),
    }
)
"""The columns beside them: whose row it is, as of when, and the days that reasons name."""
