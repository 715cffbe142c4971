"""Reasons: what moved a score most, in a sentence that a salesperson can read and check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zianalytics.schema.feature import Feature

Value = float | str | Sequence[str] | None


@dataclass(frozen=True)
class Typical:
    """What accounts of the training part were like: the median of a number, the share with each group or tag."""

    median: float | None
    shares: Mapping[str, float]


def number_reason(feature: Feature, value: float | None, typical: Typical, on: date | None) -> str:
    """A number beside the typical account's."""
    if value is None:
        return f"{feature.noun} not known"
    beside = "" if typical.median is None else f" (typical account: {spoken(typical.median, feature.unit)})"
    dated = f", latest on {_day(on)}" if on is not None else ""
    return f"{_worded(feature, spoken(value, feature.unit), one=value == 1)}{beside}{dated}"


def flag_reason(feature: Feature, value: bool | None, typical: Typical, on: date | None) -> str:
    """A yes or no beside the share of accounts that say yes."""
    if value is None:
        return f"{feature.noun} not known"
    share = _share(typical.shares.get("yes", 0.0))
    dated = f", on {_day(on)}" if on is not None and value else ""
    said = _worded(feature, "yes", one=True) if value else f"no {feature.noun}"
    return f"{said} ({share} of accounts have){dated}"


def group_reason(feature: Feature, value: str | None, typical: Typical) -> str:
    """The group an account is in, beside the share of accounts in it."""
    if value is None:
        return f"{feature.noun} not known"
    return f"{_worded(feature, value, one=True)} ({_share(typical.shares.get(value, 0.0))} of accounts)"


def tag_reason(feature: Feature, level: str, typical: Typical, *, held: bool) -> str:
    """A tag that is held, or that is not, beside the share of accounts that hold it."""
    share = _share(typical.shares.get(level, 0.0))
    worded = _worded(feature, level, one=True)
    return f"{worded} ({share} of accounts do)" if held else f"no sign that it {worded} ({share} of accounts do)"


def spoken(value: float, unit: str | None = None) -> str:
    """A number as one would say it.

    Examples
    --------
    >>> spoken(1_250_000, "US dollars"), spoken(0.184, "share"), spoken(12.0), spoken(2.345)
    ('$1.3 million', '18 %', '12', '2.3')
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
    for least, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= least:
            amount = value / least
            return f"${amount:,.0f} {word}" if abs(amount) >= 100 else f"${amount:,.1f} {word}"
    return f"${value:,.0f}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _day(on: date) -> str:
    return (on.date() if isinstance(on, datetime) else on).isoformat()
