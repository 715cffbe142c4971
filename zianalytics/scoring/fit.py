"""Training: an L2 logistic regression whose penalty and calibration are both chosen forward in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from zianalytics.errors import ExtraMissing, RequestRefused
from zianalytics.schema.feature import Feature
from zianalytics.scoring.calibrate import Calibration, calibrate, softplus
from zianalytics.scoring.design import added, learn, standardised
from zianalytics.scoring.forward import folds
from zianalytics.scoring.given import Table, check_columns, check_features, chosen, in_order, outcomes, read
from zianalytics.scoring.model import Model, Training
from zianalytics.scoring.reasons import Typical

PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_UNTRIED = 0.1  # the penalty where there are too few deals to try several
_LEAST_OF_EACH = 2


def fit(
    frame: Table,
    *,
    outcome: str = "won",
    opened_on: str = "opened_on",
    closed_on: str | None = None,
    features: Sequence[Feature | str] | None = None,
    size: str | None = "employee_count",
    id: str = "company_id",
) -> Model:
    """A model of which deals are won; needs `pip install "zianalytics[score]"`.

    Parameters
    ----------
    frame
        One row per closed deal: its account as known before the deal was opened, and its outcome. A frame of polars
        or pandas; null and NaN are unknown.
    outcome
        The column that says whether the deal was won: Boolean, or 1 and 0.
    opened_on
        The column with the day on which it was opened: Date, or Datetime. Folds go forward along it.
    closed_on
        The column with the day on which its outcome became known; given, a fold never learns from a deal that was
        still open when the fold's first deal was opened, or whose day is not known.
    features
        What the model may use, such as `features.FEATURES`. The name of a column stands for a plain feature: the
        column as it is, whatever table it is of, without the scale and the words that `features.FEATURES` declares;
        `[one for one in features.FEATURES if one.name in names]` are the declared ones of these names. None takes
        every column of numbers, Booleans, texts (categories, too) and lists of texts as a plain one.
    size
        The feature that "size alone" is judged by; left out where there is none of that name.
    id
        The column that names an account.

    Returns
    -------
    Model
        Deterministic: the same frame gives the same model, whatever the order of its rows.

    Raises
    ------
    RequestRefused
        A column is missing, of another type or holds infinity, no feature is left, or there are fewer than two deals of
        either outcome.
    ExtraMissing
        scikit-learn is not installed.
    """
    given = read(frame, "trained")
    check_columns(given, (id, outcome), "trained", "Name the account's by id= and the outcome's by outcome=.")
    beside = {id: "the account", opened_on: "the day of opening", outcome: "the outcome"}
    beside |= {} if closed_on is None else {closed_on: "the day of closing"}
    used = chosen(given, features, beside)
    check_features(given, used, "trained")
    ties = [id, outcome, *([] if closed_on is None else [closed_on]), *(feature.name for feature in used)]
    ordered, opened, known = in_order(given, opened_on, closed_on, "trained", ties=ties)
    won = outcomes(ordered[outcome], f"The column {outcome!r}", "trained")
    wins = int(won.sum())
    if min(wins, len(won) - wins) < _LEAST_OF_EACH:
        raise RequestRefused(
            f"{len(won)} deals with {wins} won cannot teach a model. Nothing was trained. "
            "Pass closed deals with at least two of either outcome."
        )
    deals = Deals(ordered, won, opened.to_list(), known.to_list(), id, outcome, opened_on)
    sizes = tuple(feature for feature in used if feature.name == size)
    with _one_thread():
        return _train(deals, used, _size_alone(deals, sizes) if sizes else None)


@dataclass(frozen=True, eq=False)
class Deals:
    """Closed deals in order of opening, with what training needs to know of them."""

    frame: pl.DataFrame
    won: pl.Series
    opened: list[date]
    known: list[date | None]
    id: str
    outcome: str
    opened_on: str

    @property
    def until(self) -> date | None:
        """The last day on which a deal was opened or its outcome known; None where that of some is not known."""
        days = [day for day in self.known if day is not None]
        return max(self.opened[-1], *days) if len(days) == len(self.known) else None


def _train(deals: Deals, features: tuple[Feature, ...], size_alone: Model | None) -> Model:
    penalty, forward_logits, forward_won = _choose_penalty(deals, features)
    terms = learn(deals.frame, features, deals.won)
    weights, intercept = _weights(standardised(deals.frame, terms, features), deals.won, penalty)
    first, last = (day.date() if isinstance(day, datetime) else day for day in (deals.opened[0], deals.opened[-1]))
    return Model(
        features=features,
        terms=terms,
        weights=weights,
        intercept=intercept,
        calibration=calibrate(forward_logits, forward_won),
        typical={feature.name: _typical(feature, deals.frame[feature.name]) for feature in features},
        training=Training(
            len(deals.won), int(deals.won.sum()), first, last, penalty, len(forward_won), deals.opened_on, deals.until
        ),
        size_alone=size_alone,
        id=deals.id,
        outcome=deals.outcome,
    )


def _size_alone(deals: Deals, sizes: tuple[Feature, ...]) -> Model:
    """The rival: always in order of size, even where its forward predictions would not bear that out."""
    rival = _train(deals, sizes, None)
    return replace(rival, calibration=Calibration(1.0, 0.0, 0, "not calibrated"))


def _choose_penalty(deals: Deals, features: tuple[Feature, ...]) -> tuple[float, list[float], list[bool]]:
    """The penalty with the least log-loss on forward predictions, and those predictions with their outcomes."""
    won = deals.won.to_list()
    logits: dict[float, list[float]] = {penalty: [] for penalty in PENALTIES}
    judged: list[bool] = []
    for fold in folds(deals.opened, deals.known, won):
        past, past_won = deals.frame[list(fold.learn)], deals.won[list(fold.learn)]
        terms = learn(past, features, past_won)
        seen = standardised(past, terms, features)
        ahead = standardised(deals.frame[list(fold.predict)], terms, features)
        for penalty in PENALTIES:
            weights, intercept = _weights(seen, past_won, penalty)
            logits[penalty] += _logits(ahead, weights, intercept, len(fold.predict))
        judged += [won[i] for i in fold.predict]
    if not judged:
        return _UNTRIED, [], []
    best = min(PENALTIES, key=lambda penalty: (_log_loss(logits[penalty], judged), penalty))
    return best, logits[best], judged


def _weights(table: pl.DataFrame, won: pl.Series, penalty: float) -> tuple[tuple[float, ...], float]:
    if not table.width:
        share = float(won.cast(pl.Float64).sum()) / len(won)
        return (), math.log(share / (1 - share))
    model = _logistic()(C=penalty, solver="newton-cholesky", tol=1e-8, max_iter=1000)
    model.fit(table.to_numpy(), won.to_numpy())
    return tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0])


def _logits(table: pl.DataFrame, weights: Sequence[float], intercept: float, rows: int) -> list[float]:
    weighted = (column * weight for column, weight in zip(table, weights, strict=True))
    return (added(weighted, rows) + intercept).to_list()


def _log_loss(logits: Sequence[float], won: Sequence[bool]) -> float:
    return sum(softplus(-x if w else x) for x, w in zip(logits, won, strict=True)) / len(won)


def _typical(feature: Feature, values: pl.Series) -> Typical:
    n = max(len(values), 1)
    if feature.is_flag:
        return Typical(None, {"yes": int(values.cast(pl.Boolean).sum()) / n})
    if feature.is_group or feature.is_tags:
        texts = values.cast(pl.List(pl.String())).list.unique().explode() if feature.is_tags else values
        counted = texts.cast(pl.String()).drop_nulls().value_counts().sort(texts.name)
        return Typical(None, {level: count / n for level, count in counted.iter_rows()})
    median = values.cast(pl.Float64).median()
    return Typical(float(median) if isinstance(median, float) else None, {})


def _one_thread() -> AbstractContextManager[Any]:
    """Several threads would wait for each other longer than they reckon, and add up otherwise on another machine."""
    _logistic()  # brings what is to be held back, and threadpoolctl with it
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(1, user_api="blas")
    return limits


def _logistic() -> Any:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as exc:
        raise ExtraMissing(
            "Training a model needs scikit-learn, which is not installed. Nothing was trained or spent. "
            'Run: pip install "zianalytics[score]"'
        ) from exc
    return LogisticRegression
