from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from zianalytics import features
from zianalytics.warehouse import Warehouse

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
DAY = date(2026, 10, 2)
OF_ANOTHER = (  # so that on any day between them it is known that intent was asked for
    (2, "Lead Scoring", 50, "C", "8/1/2026 10:00 AM"),
    (2, "Lead Scoring", 50, "C", "10/15/2026 10:00 AM"),
)
INTENT = [feature.name for feature in features.FEATURES if feature.sub_score == "intent"]


def row_of(warehouse: Warehouse, as_of: date, known: Any) -> dict[str, Any]:
    return features.accounts(warehouse, as_of=as_of, known=known).row(0, named=True)


@pytest.mark.parametrize(
    ("as_of", "topics", "latest"),
    [
        (date(2026, 9, 14), 0, None),
        (date(2026, 9, 15), 0, None),  # the signal is of this very day
        (date(2026, 9, 16), 1, date(2026, 9, 15)),
        (date(2026, 12, 14), 1, date(2026, 9, 15)),  # 90 days later
        (date(2026, 12, 15), 0, None),
    ],
)
def test_a_signal_is_seen_from_the_day_after_it_for_ninety_days(
    load: Any, aster: dict[str, Any], as_of: date, topics: int, latest: date | None
) -> None:
    warehouse = load(aster, signals=((1, "Lead Scoring", 80, "A", "9/15/2026 12:00 AM"), *OF_ANOTHER))
    row = row_of(warehouse, as_of, "dated")
    assert (row["intent_topics_90d"], row["latest_intent_on"]) == (topics, latest)


def test_a_signal_late_in_the_evening_before_is_seen(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(aster, signals=((1, "Lead Scoring", 80, "A", "9/15/2026 11:59 PM"), *OF_ANOTHER))
    assert row_of(warehouse, date(2026, 9, 15), "dated")["intent_topics_90d"] == 0
    assert row_of(warehouse, date(2026, 9, 16), "dated")["intent_topics_90d"] == 1


def test_intent_is_counted_weighed_and_dated(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(
        aster,
        signals=(
            (1, "Lead Scoring", 80, "A", "9/20/2026 10:00 AM"),
            (1, "Lead Scoring", 60, "E", "8/1/2026 10:00 AM"),
            (1, "Sales Forecasting", 90, "C", "9/1/2026 10:00 AM"),
            (2, "Sales Forecasting", 99, "A", "9/1/2026 10:00 AM"),
            (1, "Sales Forecasting", 99, "A", "1/1/2026 10:00 AM"),
        ),
    )
    row = row_of(warehouse, date(2026, 10, 1), "dated")
    assert (row["intent_signals_90d"], row["intent_topics_90d"], row["intent_topics_30d"]) == (3, 2, 2)
    assert row["intent_best_score_90d"] == 90
    assert row["intent_strength_90d"] == pytest.approx(0.8 * 1.0 + 0.6 * 0.4 + 0.9 * 0.7)
    assert row["intent_freshness"] == pytest.approx(0.5 ** (11 / 30))
    assert row["intent_trend"] == 2 - 1 / 2
    assert row["latest_intent_on"] == date(2026, 9, 20)


def test_freshness_is_nearly_one_on_the_day_after_a_signal_and_halves_every_thirty_days(
    load: Any, aster: dict[str, Any]
) -> None:
    warehouse = load(aster, signals=((1, "Lead Scoring", 80, "A", "8/1/2026 10:00 AM"),))
    days = [date(2026, 8, 2), date(2026, 8, 31), date(2026, 9, 30)]
    assert [round(row_of(warehouse, day, "dated")["intent_freshness"], 2) for day in days] == [0.98, 0.5, 0.25]


@pytest.mark.parametrize(
    ("as_of", "nought"),
    [
        (date(2026, 9, 15), None),  # the first signal of anyone is of this very day
        (date(2026, 9, 16), 0),
        (date(2026, 12, 14), 0),
        (date(2026, 12, 15), None),  # and this is 91 days later
    ],
    ids=str,
)
def test_intent_is_nought_where_another_had_a_signal_in_those_ninety_days_and_else_unknown(
    load: Any, aster: dict[str, Any], as_of: date, nought: int | None
) -> None:
    warehouse = load(aster, signals=((2, "Lead Scoring", 80, "A", "9/15/2026 10:00 AM"),))
    row = row_of(warehouse, as_of, "dated")
    assert [row[name] for name in INTENT] == [nought] * 7
    assert row["latest_intent_on"] is None


def test_where_intent_was_never_asked_for_it_is_unknown(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(aster)
    for known in ("received", "dated"):
        row = row_of(warehouse, DAY, known)
        assert [row[name] for name in INTENT] == [None] * 7


def test_strictly_intent_is_unknown_until_some_was_received(load: Any, aster: dict[str, Any]) -> None:
    load(aster)
    bought = NOW + timedelta(days=5)
    warehouse = load(signals=((2, "Lead Scoring", 80, "A", "9/20/2026 10:00 AM"),), received=bought)
    told = [row_of(warehouse, date(2026, 10, day), "received")["intent_signals_90d"] for day in (6, 7)]
    assert told == [None, 0]
    assert row_of(warehouse, date(2026, 10, 6), "dated")["intent_signals_90d"] == 0


def test_a_signal_received_twice_counts_once(load: Any, aster: dict[str, Any]) -> None:
    signal = (1, "Lead Scoring", 80, "A", "9/20/2026 10:00 AM")
    load(aster, signals=(signal,))
    warehouse = load(signals=((1, "Lead Scoring", 88, "A", "9/20/2026 10:00 AM"),), received=NOW + timedelta(days=3))
    assert row_of(warehouse, date(2026, 10, 1), "dated")["intent_signals_90d"] == 1
