"""The report: one HTML page that holds all it shows, so that it can be mailed, printed and read anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from zianalytics.errors import RequestRefused
from zianalytics.reports import charts
from zianalytics.reports.render import render
from zianalytics.schema.account import FEATURES
from zianalytics.schema.feature import Feature
from zianalytics.scoring import Model, Scorecard
from zianalytics.scoring.reasons import is_against
from zianalytics.scoring.scorecard import Line

Known = Literal["received", "dated"]

_BEST = 10
_LATELY, _EAGER = 90, 5
_DATED = {feature.name for feature in FEATURES if feature.dated}
_WITHHELD = {"is_defunct"}  # `features.accounts` gives none that was received later
_INTENT = {feature.name for feature in FEATURES if feature.sub_score == "intent"}
_NEEDED = {
    "costs": ("step", "credits", "records", "requests"),
    "segments": ("segment", "sold_share", "all_share"),
    "accounts": ("name", "score", "tier", "reasons", "fit", "intent"),
    "signals": ("company_id", "company_name", "topic", "signal_date"),
}
_FOUND = {
    "signal": "The model has found a signal",
    "not shown to beat size": "It is not shown that the model does better than sorting by size",
    "no signal": "The model has found no signal",
    "too few": "There are too few deals to judge the model",
}


def page(
    *,
    title: str = "Which accounts to call next",
    question: str,
    as_of: date,
    costs: pl.DataFrame,
    segments: pl.DataFrame,
    model: Model,
    scorecard: Scorecard,
    accounts: pl.DataFrame,
    signals: pl.DataFrame,
    known: Known,
    notes: Sequence[str] = (),
) -> str:
    """The report as HTML text: self-contained, nothing is loaded from outside, and no text in it can act.

    Parameters
    ----------
    title
        What stands at the top.
    question
        What was asked, in a sentence or two.
    as_of
        The day before which all facts lie.
    costs
        One row per step: step, credits, records, requests.
    segments
        One row per segment: segment, sold_share, all_share (0 to 1).
    model, scorecard
        The model, and how it did on deals that it had not seen.
    accounts
        What `model.score(..., keep=["name"])` returned, in any order: the ten with the highest score are shown. The
        columns website, country and employee_count are shown beside the name where the frame has them. Who of them is
        looking now is told where it has a company_id, as the id or kept beside another one.
    signals
        Intent signals: company_id, company_name, topic, signal_date. Those of `as_of` or later are left out.
    known
        How the features of past days were known: as passed to `features.accounts`.
    notes
        Further remarks for the section on method, one paragraph each.

    Raises
    ------
    RequestRefused
        A frame lacks a column.
    ExtraMissing
        altair, vl-convert-python or jinja2 is not installed.
    """
    given = {"costs": costs, "segments": segments, "accounts": accounts, "signals": signals}
    for name, needed in _NEEDED.items():
        if missing := [column for column in needed if column not in given[name].columns]:
            raise RequestRefused(
                f"{name} has no column {', '.join(missing)}. No report was made. Add it and try again."
            )
    telling = charts.telling_segments(segments)
    accounts = accounts.sort("score", descending=True, nulls_last=True, maintain_order=True)
    signals = signals.filter(pl.col("signal_date").dt.date() < as_of)
    return render(
        "report.html.j2",
        title=title,
        question=question,
        as_of=as_of,
        found=_FOUND[scorecard.finding],
        has_signal=scorecard.has_signal,
        costs=costs.to_dicts(),
        spent={meter: costs[meter].sum() for meter in ("credits", "records", "requests")},
        segments_chart=charts.picture(charts.segments(segments)) if telling.height else None,
        best_segment=telling.row(0, named=True) if telling.height else None,
        card=scorecard,
        lines=[_line(line) for line in scorecard.lines],
        lift=scorecard.model.lift,
        calibration_chart=charts.picture(charts.calibration(scorecard)),
        gains_chart=charts.picture(charts.gains(scorecard)) if scorecard.wins else None,
        weights=model.table.head(10).to_dicts(),
        heaviest=max((abs(weight) for weight in model.table["weight"]), default=0.0),
        model=model,
        accounts=[_account(row) for row in accounts.head(_BEST).iter_rows(named=True)],
        account_count=accounts.height,
        tiers=dict(accounts["tier"].value_counts().sort("tier").iter_rows()),
        scores_chart=charts.picture(charts.scores(accounts)) if accounts.height else None,
        intent_chart=charts.picture(charts.intent_over_time(signals)) if signals.height else None,
        signal_count=signals.height,
        eager=_eager(signals, accounts, as_of),
        predicted=float(scorecard.judged["score"].mean() or 0.0) if scorecard.deals else None,  # type: ignore[arg-type]
        known=known,
        **_how_known(model.features, known),
        notes=notes,
    )


def _line(line: Line) -> dict[str, Any]:
    return {"name": line.name, "auc": line.auc, "pr_auc": line.pr_auc, "brier": line.brier, "lift": line.lift}


def _how_known(features: Sequence[Feature], known: Known) -> dict[str, Any]:
    """How each feature was known; one that was named by its column alone is taken for that of `features.accounts`."""
    withheld = _WITHHELD if known == "dated" else set()
    dated = [feature for feature in features if feature.dated or feature.name in _DATED]
    return {
        "dated": [feature.noun for feature in dated],
        "slow": [feature.noun for feature in features if feature not in dated and feature.name not in withheld],
        "withheld": [feature.noun for feature in features if feature.name in withheld],
        "has_intent": any(feature.name in _INTENT for feature in features),
    }


def _account(row: Mapping[str, Any]) -> dict[str, Any]:
    told = [is_against(reason) for reason in row["reasons"] or []]
    reasons = [{"text": text, "is_against": against} for against, text in told]
    size = row.get("employee_count")
    about = [row.get("website"), row.get("country"), f"{size:,} people" if size is not None else None]
    return {**row, "name": row["name"] or "(no name)", "about": [a for a in about if a], "reasons": reasons}


def _eager(signals: pl.DataFrame, accounts: pl.DataFrame, as_of: date) -> list[dict[str, Any]]:
    """The scored accounts with most signals of late; none where nothing says which company an account is."""
    if "company_id" not in accounts.columns:
        return []
    scored = accounts.select(pl.col("company_id").cast(pl.String).alias("account"), "tier", "score")
    return (
        signals.filter(pl.col("signal_date").dt.date() >= as_of - timedelta(days=_LATELY))
        .join(scored, left_on=pl.col("company_id").cast(pl.String), right_on="account")
        .group_by("company_id", "company_name", "tier", "score")
        .agg(pl.len().alias("signals"), pl.col("signal_date").max().dt.date().alias("latest"))
        .sort(["signals", "latest", "company_id"], descending=[True, True, False])
        .head(_EAGER)
        .to_dicts()
    )
