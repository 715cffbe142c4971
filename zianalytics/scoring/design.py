"""From a table of features to numbers: which terms a model has, learnt on the training part alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from zianalytics.schema.feature import Feature

TermKind = Literal["number", "flag", "is", "has", "missing"]

_LEAST_SUPPORT = 8  # a group or tag of fewer accounts says more about them than about the group
_LEAST_SHARE = 0.05
_MOST_TAGS = 6
_ROUNDING = 1e-12  # a spread of less beside the mean is what adding up has rounded
_LEAST_UNKNOWN = 0.125  # a term of its own for what is unknown, where that is no rarity


@dataclass(frozen=True)
class Term:
    """One number that the model weighs, standardised by what the training part showed.

    Attributes
    ----------
    feature
        Name of the column it is made of.
    kind
        "number" and "flag" take the value, "is" and "has" ask whether it is or holds `level`, "missing" whether it
        is unknown.
    level
        The group or tag, for "is" and "has".
    fill
        What stands in for an unknown number: the training median.
    mean, spread
        Mean and standard deviation in the training part.
    """

    feature: str
    kind: TermKind
    level: str | None
    fill: float
    mean: float
    spread: float


def learn(frame: pl.DataFrame, features: Sequence[Feature], won: pl.Series) -> tuple[Term, ...]:
    """The terms that this training part supports: none that hardly varies, none of a handful of accounts.

    A flag needs as many known accounts of its rarer answer as a group needs members, a number as many known ones that
    differ from its most frequent value. Of the tags, only those most told apart by the outcome are kept, so that
    hundreds of technologies do not become hundreds of weights.
    """
    terms: list[Term] = []
    for feature in features:
        values = frame[feature.name]
        if feature.is_group or feature.is_tags:
            terms += _levels(feature, values, won)
        else:
            terms += _number(feature, values)
    return tuple(terms)


def standardised(frame: pl.DataFrame, terms: Sequence[Term], features: Sequence[Feature]) -> pl.DataFrame:
    """One column per term, in the order of `terms`: how many standard deviations above the training mean."""
    by_name = {feature.name: feature for feature in features}
    return frame.select(
        ((_raw(term, by_name[term.feature]) - term.mean) / term.spread).alias(str(n)) for n, term in enumerate(terms)
    )


def added(columns: Iterable[pl.Series], rows: int) -> pl.Series:
    """Added one after another: `sum_horizontal` adds in an order of its own, and the last bit differs each time."""
    return sum(columns, start=pl.zeros(rows, dtype=pl.Float64, eager=True))


def _raw(term: Term, feature: Feature) -> pl.Expr:
    column = pl.col(term.feature)
    match term.kind:
        case "missing":
            return column.is_null().cast(pl.Float64)
        case "is":
            return (column == term.level).fill_null(value=False).cast(pl.Float64)
        case "has":
            return column.cast(pl.List(pl.String())).list.contains(term.level).fill_null(value=False).cast(pl.Float64)
        case "flag":
            return column.cast(pl.Boolean).cast(pl.Float64).fill_null(term.fill)
        case "number":
            return _scaled(column.cast(pl.Float64), feature).fill_null(term.fill)


def _scaled(column: pl.Expr, feature: Feature) -> pl.Expr:
    return column.clip(lower_bound=0).log1p() if feature.scale == "log" else column


def _number(feature: Feature, values: pl.Series) -> list[Term]:
    kind: TermKind = "flag" if feature.is_flag else "number"
    known = values.to_frame("x").select(_scaled(pl.col("x").cast(pl.Float64), feature).drop_nulls())["x"]
    if not len(known):
        return []
    fill = _float(known.median())
    filled = values.to_frame(feature.name).select(_raw(Term(feature.name, kind, None, fill, 0, 1), feature)).to_series()
    unlike_most = len(known) - _float(known.unique_counts().max())
    varies = unlike_most >= _least(len(values)) and _float(filled.std()) > _ROUNDING * abs(_float(filled.mean()))
    terms = [_term(feature, kind, None, fill, filled)] if varies else []
    unknown = values.is_null().cast(pl.Float64)
    if _supported(_float(unknown.sum()), len(values)) and _float(unknown.mean()) >= _LEAST_UNKNOWN:
        terms.append(_term(feature, "missing", None, 0.0, unknown))
    return terms


def _levels(feature: Feature, values: pl.Series, won: pl.Series) -> list[Term]:
    texts = values.cast(pl.List(pl.String())).explode() if feature.is_tags else values.cast(pl.String())
    kind: TermKind = "has" if feature.is_tags else "is"
    counted = texts.drop_nulls().value_counts().sort("count", texts.name, descending=[True, False])
    found: list[tuple[float, Term]] = []
    for level in counted[texts.name]:
        raw = values.to_frame(feature.name).select(_raw(Term(feature.name, kind, level, 0, 0, 1), feature)).to_series()
        if _supported(_float(raw.sum()), len(values)):
            found.append((_told_apart(raw, won), _term(feature, kind, level, 0.0, raw)))
    if feature.is_tags:
        found = sorted(found, key=lambda pair: (-pair[0], str(pair[1].level)))[:_MOST_TAGS]
    return [term for _, term in sorted(found, key=lambda pair: str(pair[1].level))]


def _told_apart(raw: pl.Series, won: pl.Series) -> float:
    """How many standard errors the win rates of accounts with and without it lie apart, smoothed for small counts."""
    with_it, wins = _float(raw.sum()), _float((raw * won.cast(pl.Float64)).sum())
    without, other = len(raw) - with_it, _float(won.cast(pl.Float64).sum()) - wins
    a, b = (wins + 1) / (with_it + 2), (other + 1) / (without + 2)
    error = (a * (1 - a) / (with_it + 2) + b * (1 - b) / (without + 2)) ** 0.5
    return float(abs(a - b) / error)


def _supported(count: float, of: int) -> bool:
    return _least(of) <= count <= of - _least(of)


def _least(of: int) -> float:
    return max(_LEAST_SUPPORT, _LEAST_SHARE * of)


def _term(feature: Feature, kind: TermKind, level: str | None, fill: float, raw: pl.Series) -> Term:
    return Term(feature.name, kind, level, fill, _float(raw.mean()), _float(raw.std(ddof=0)))


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
