"""Reasons: what moved a score most, in a sentence that a salesperson can read and check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from zianalytics.schema.feature import Feature

REASONS = 3
_AGAINST = "against: "
_ROSE = "{rose}"
_LOUD = 3  # a third of what the loudest adds is enough to speak for a theme


@dataclass(frozen=True)
class Typical:
    """What accounts of the training part were like: the median of a number, the share with each group or tag."""

    median: float | None
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Fact:
    """What a reason can be about: a feature, or one tag of it.

    Attributes
    ----------
    feature, level
        The feature, and the tag where it holds tags.
    moved
        What it adds to the log-odds of each account, beside an average one.
    """

    feature: Feature
    level: str | None
    moved: Sequence[float]


def account_reasons(frame: pl.DataFrame, facts: Sequence[Fact], typical: Mapping[str, Typical]) -> list[list[str]]:
    """For each account at most three reasons: the themes that move its score most, each by the fact that speaks for it.

    Those that raise the score come first, then those that lower it, each by size.

    Parameters
    ----------
    frame
        The accounts.
    facts
        All that may be a reason.
    typical
        Per feature, what accounts of the training part were like.
    """
    themes: dict[tuple[str, str | None], list[Fact]] = {}
    for fact in facts:
        themes.setdefault((fact.feature.theme or fact.feature.name, fact.level), []).append(fact)
    sums = [[sum(moved) for moved in zip(*(fact.moved for fact in group), strict=True)] for group in themes.values()]
    columns = {name: frame[name].to_list() for name in _columns(frame, facts)}
    told = []
    for row in range(frame.height):
        values = {name: column[row] for name, column in columns.items()}
        moved = [(sum_[row], group) for sum_, group in zip(sums, themes.values(), strict=True) if sum_[row]]
        largest = sorted(moved, key=lambda one: -abs(one[0]))[:REASONS]
        raising = [_told(_speaker(group, row, 1), values, typical) for total, group in largest if total > 0]
        lowering = [_told(_speaker(group, row, -1), values, typical) for total, group in largest if total < 0]
        told.append([*raising, *(f"{_AGAINST}{text}" for text in lowering)])
    return told


def is_against(reason: str) -> tuple[bool, str]:
    """Whether a reason lowers the score, and the reason without the word that says so."""
    return reason.startswith(_AGAINST), reason.removeprefix(_AGAINST)


def _speaker(group: Sequence[Fact], row: int, sign: int) -> Fact:
    """The fact that speaks for its theme: the first declared of those that move the account much in its direction."""
    loudest = max(sign * fact.moved[row] for fact in group)
    return next(fact for fact in group if sign * fact.moved[row] * _LOUD >= loudest)


def _columns(frame: pl.DataFrame, facts: Sequence[Fact]) -> list[str]:
    names = [name for fact in facts for name in (fact.feature.name, fact.feature.on) if name in frame.columns]
    return list(dict.fromkeys(name for name in names if name is not None))


def _told(fact: Fact, values: Mapping[str, object], typical: Mapping[str, Typical]) -> str:
    feature, level = fact.feature, fact.level
    value, usual = values[feature.name], typical[feature.name]
    on = values.get(feature.on) if feature.on else None
    day = on if isinstance(on, date) else None
    if level is not None:
        return tag_reason(feature, level, usual, held=isinstance(value, list) and level in value)
    if feature.is_group:
        return group_reason(feature, None if value is None else str(value), usual)
    if feature.is_flag:
        return flag_reason(feature, None if value is None else bool(value), usual, day)
    return number_reason(feature, float(value) if isinstance(value, int | float) else None, usual, day)


def number_reason(feature: Feature, value: float | None, typical: Typical, on: date | None) -> str:
    """A number beside what is typical of the deals that the model learnt from."""
    if value is None:
        return f"{feature.noun} not known"
    beside = "" if typical.median is None else f" (typical of past deals: {spoken(typical.median, feature.unit)})"
    dated = f", latest on {_day(on)}" if on is not None else ""
    shown = spoken(abs(value) if _ROSE in feature.wording else value, feature.unit)
    worded = _worded(feature, shown, one=value == 1).replace(_ROSE, "down" if value < 0 else "up")
    return f"{worded}{beside}{dated}"


def flag_reason(feature: Feature, value: bool | None, typical: Typical, on: date | None) -> str:
    """A yes or no beside the share of past deals that say yes."""
    if value is None:
        return f"{feature.noun} not known"
    share = _share(typical.shares.get("yes", 0.0))
    dated = f", on {_day(on)}" if on is not None and value else ""
    said = _worded(feature, "yes", one=True) if value else f"no {feature.noun}"
    return f"{said} ({share} of past deals){dated}"


def group_reason(feature: Feature, value: str | None, typical: Typical) -> str:
    """The group an account is in, beside the share of past deals in it."""
    if value is None:
        return f"{feature.noun} not known"
    return f"{_worded(feature, value, one=True)} ({_share(typical.shares.get(value, 0.0))} of past deals)"


def tag_reason(feature: Feature, level: str, typical: Typical, *, held: bool) -> str:
    """A tag that is held, or that is not, beside the share of past deals that hold it."""
    share = _share(typical.shares.get(level, 0.0))
    worded = _worded(feature, level, one=True)
    return f"{worded} ({share} of past deals)" if held else f"no sign that it {worded} ({share} of past deals)"


def spoken(value: float, unit: str | None = None) -> str:
    """A number as one would say it.

    Examples
    --------
    >>> spoken(1_260_000, "US dollars"), spoken(0.184, "share"), spoken(12.0), spoken(2.345)
    ('USD 1.3 million', '18 %', '12', '2.3')
    """
    if unit is not None and unit.startswith("US dollars"):
        return _money(value)
    if unit == "share":
        return _share(value)
    if unit == "per cent":
        return f"{value:.0f} %"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:.1f}"


def _worded(feature: Feature, value: str, *, one: bool) -> str:
    if not feature.wording:
        return f"{feature.noun}: {value}"
    return feature.wording.replace("{s}", "" if one else "s").replace("{value}", value)


def _money(value: float) -> str:
    # Not the dollar sign: two of them in a notebook's table are read as the ends of a formula.
    for least, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= least:
            amount = value / least
            return f"USD {amount:,.0f} {word}" if abs(amount) >= 100 else f"USD {amount:,.1f} {word}"
    return f"USD {value:,.0f}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _day(on: date) -> str:
    return (on.date() if isinstance(on, datetime) else on).isoformat()
