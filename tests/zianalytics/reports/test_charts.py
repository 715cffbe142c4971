from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from zianalytics.reports import charts
from zianalytics.scoring import judge

WON = pl.Series([True, True, False, True, False, False, False, False])
SCORE = pl.Series([0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1])


def test_gains_count_the_wins_met_from_the_top() -> None:
    table = charts.gains_table(judge(SCORE, WON, base_rate=0.4))
    model = table.filter(pl.col("order_by") == "model")
    assert model["met"].round(3).to_list() == [0, 0.333, 0.667, 0.667, 1, 1, 1, 1, 1]
    chance = table.filter(pl.col("order_by") == "chance")
    assert chance["met"].round(3).to_list() == chance["called"].round(3).to_list()
    assert table["order_by"].unique().sort().to_list() == ["chance", "model"]


def test_calibration_groups_have_the_share_won_and_its_interval() -> None:
    score = pl.Series([n / 40 for n in range(40)])
    won = pl.Series([True] * 2 + [False] * 18 + [True] * 12 + [False] * 8)
    groups = charts.calibration_groups(judge(score, won, base_rate=0.3))
    assert groups["deals"].to_list() == [8] * 5
    assert groups["predicted"].round(4).to_list() == [0.0875, 0.2875, 0.4875, 0.6875, 0.8875]
    assert groups["won"].to_list() == [0.25, 0.0, 0.5, 1.0, 0.0]
    assert groups["low"].round(3).to_list() == [0.071, 0.0, 0.215, 0.676, 0.0]
    assert groups["high"].round(3).to_list() == [0.591, 0.324, 0.785, 1.0, 0.324]


def test_no_interval_of_a_calibration_group_goes_beyond_none_or_all() -> None:
    score = pl.Series([0.1, 0.2, 0.3, 0.4, 0.5])
    none, every = (charts.calibration_groups(judge(score, pl.Series([w] * 5), base_rate=0.3)) for w in (False, True))
    assert none["low"].to_list() == [0.0]
    assert every["high"].to_list() == [1.0]


def test_equal_scores_share_a_calibration_group_whatever_the_order_of_the_rows() -> None:
    score, won = pl.Series([0.1] * 20 + [0.6] * 20), pl.Series([True] * 2 + [False] * 18 + [True] * 12 + [False] * 8)
    groups = charts.calibration_groups(judge(score, won, base_rate=0.3))
    assert groups.select("predicted", "won", "deals").rows() == [(0.1, 0.1, 20), (0.6, 0.6, 20)]
    backwards = charts.calibration_groups(judge(score.reverse(), won.reverse(), base_rate=0.3))
    assert backwards.equals(groups)
    alike = charts.calibration_groups(
        judge(pl.Series([0.5] * 100), pl.Series([True] * 50 + [False] * 50), base_rate=0.5)
    )
    assert alike.select("predicted", "won", "deals").rows() == [(0.5, 0.5, 100)]


def test_a_month_without_signals_is_shown_as_nought() -> None:
    days = [datetime(2026, m, 30, tzinfo=UTC) for m in (6, 8, 8)]
    table = charts.intent_by_month(pl.DataFrame({"topic": ["a", "b", "b"], "signal_date": days}))
    assert table.rows() == [
        ("a", "2026-06", 1), ("b", "2026-06", 0), ("a", "2026-07", 0), ("b", "2026-07", 0), ("a", "2026-08", 0),
        ("b", "2026-08", 2),
    ]  # fmt: skip


def test_the_last_month_is_there_whatever_its_day() -> None:
    days = [datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)]
    table = charts.intent_by_month(pl.DataFrame({"topic": ["a", "a"], "signal_date": days}))
    assert table["month"].to_list() == ["2026-06", "2026-07"]


def test_rare_topics_are_put_together() -> None:
    topics = [f"topic {n}" for n in range(8) for _ in range(9 - n)]
    day = datetime(2026, 6, 1, tzinfo=UTC)
    table = charts.intent_by_month(pl.DataFrame({"topic": topics, "signal_date": [day] * len(topics)}))
    assert table.filter(pl.col("topic") == "other topics")["signals"].to_list() == [3 + 2]
    assert table.height == 7


def test_scores_are_grouped_in_steps_by_tier() -> None:
    frame = pl.DataFrame({"score": [0.51, 0.52, 0.499, 0.0], "tier": ["A", "A", "B", "C"]})
    assert charts.score_groups(frame).rows() == [
        (0.0, "C", 1, 0.025),
        (0.475, "B", 1, 0.5),
        (0.5, "A", 2, 0.525),
    ]


def test_each_chart_is_drawn_the_same_each_time(parts: dict[str, Any]) -> None:
    for chart in (
        charts.segments(parts["segments"]),
        charts.calibration(parts["scorecard"]),
        charts.gains(parts["scorecard"]),
        charts.scores(parts["accounts"]),
        charts.intent_over_time(parts["signals"]),
    ):
        assert charts.svg(chart) == charts.svg(chart)
        assert charts.picture(chart).startswith("data:image/svg+xml;base64,")


def test_a_segment_of_a_handful_of_companies_is_left_out() -> None:
    frame = pl.DataFrame(
        {"segment": ["a", "b", "c", "d"], "sold_share": [0.04, 0.05, 0.5, 0.0], "all_share": [0.01, 0.04, 0.25, 0.0]}
    )
    assert charts.telling_segments(frame)["segment"].to_list() == ["c", "b"]
    assert charts.svg(charts.segments(frame.tail(1))).startswith("<svg")


@pytest.mark.parametrize("topic", ["<script>", "a\u202eb", "'];alert(1)//", "{{7*7}}", ""])
def test_no_topic_breaks_a_chart(topic: str) -> None:
    frame = pl.DataFrame({"topic": [topic], "signal_date": [datetime(2026, 6, 1, tzinfo=UTC)]})
    drawn = charts.svg(charts.intent_over_time(frame))
    assert "<script" not in drawn
    assert "\u202e" not in drawn
