"""Whether the deals that a model is judged by come after those it learnt from is looked up, and told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zianalytics import scoring
from zianalytics.errors import DealsNotLater
from zianalytics.scoring import Model
from zianalytics.scoring.forward import not_after

NAMES = ["topics", "industry"]


@pytest.fixture
def model(make_deals: Any) -> Model:
    """Of 60 deals, the last of them opened on 2025-08-25 and closed on 2025-09-24."""
    return scoring.fit(make_deals(60), closed_on="closed_on", features=NAMES)


def test_deals_that_split_sets_aside_are_called_later(make_deals: Any) -> None:
    earlier, later = scoring.split(make_deals(300), closed_on="closed_on")
    card = scoring.fit(earlier, closed_on="closed_on", features=NAMES).evaluate(later)
    assert card.later
    assert "on 100 later deals, " in card.verdict
    assert "<caption>100 later deals, " in card._repr_html_()


def test_deals_that_the_model_learnt_from_are_told_of_and_not_called_later(make_deals: Any) -> None:
    deals = make_deals(120)
    model = scoring.fit(deals, closed_on="closed_on", features=NAMES)
    told = r"^120 of 120 deals were opened on or before 2026-05-22, .* better than it is\. Judge it by later ones"
    with pytest.warns(DealsNotLater, match=told):
        card = model.evaluate(deals)
    assert not card.later
    assert "on 120 deals, " in card.verdict
    assert "<caption>120 deals, " in card._repr_html_()


def test_a_deal_is_later_from_the_day_after_the_last_closing(model: Model, make_deals: Any) -> None:
    assert model.training.until == date(2025, 9, 24)
    deals = make_deals(40, seed=2)
    assert model.evaluate(deals.with_columns(opened_on=date(2025, 9, 25))).later
    one = pl.when(pl.int_range(pl.len()) == 7).then(date(2025, 9, 24)).otherwise(date(2025, 9, 25))
    with pytest.warns(DealsNotLater, match=r"^1 of 40 deals were opened on or before 2025-09-24"):
        card = model.evaluate(deals.with_columns(opened_on=one))
    assert not card.later


def test_without_a_day_of_closing_a_deal_is_later_from_the_day_after_the_last_opening(make_deals: Any) -> None:
    model = scoring.fit(make_deals(60), features=NAMES)
    assert model.training.until == date(2025, 8, 25)
    assert model.evaluate(make_deals(40, seed=2).with_columns(opened_on=date(2025, 8, 26))).later


@pytest.mark.parametrize(
    "spoilt",
    [
        pl.col("opened_on").alias("elsewhere"),
        pl.col("opened_on").dt.to_string("%d/%m/%Y"),
        pl.when(pl.int_range(pl.len()) > 0).then("opened_on"),
    ],
    ids=["other name", "text", "gap"],
)
def test_what_cannot_be_looked_up_is_not_called_later(model: Model, make_deals: Any, spoilt: pl.Expr) -> None:
    deals = make_deals(40, seed=2).with_columns(opened_on=date(2030, 1, 1))
    assert model.evaluate(deals).later
    named = [] if spoilt.meta.output_name() == "opened_on" else ["opened_on"]
    assert not model.evaluate(deals.with_columns(spoilt).drop(named)).later


def test_where_a_deal_has_no_day_of_closing_nothing_is_called_later(make_deals: Any) -> None:
    gap = pl.when(pl.int_range(pl.len()) > 0).then("closed_on")
    model = scoring.fit(make_deals(60).with_columns(gap), closed_on="closed_on", features=NAMES)
    assert model.training.until is None
    deals = make_deals(40, seed=2)
    assert not model.evaluate(deals.with_columns(opened_on=date(2030, 1, 1))).later
    with pytest.warns(DealsNotLater, match="opened on or before 2025-08-25"):
        model.evaluate(deals.with_columns(opened_on=date(2025, 8, 25)))


def test_times_of_one_day_are_told_apart(make_deals: Any, tmp_path: Path) -> None:
    at_noon = pl.col("opened_on", "closed_on").dt.combine(pl.time(12)).dt.replace_time_zone("America/New_York")
    model = scoring.fit(make_deals(60).with_columns(at_noon), closed_on="closed_on", features=NAMES)
    deals = make_deals(40, seed=2)
    for again in (model, scoring.load(scoring.save(model, tmp_path / "model.json"))):
        assert again == model
        one = pl.lit(datetime(2025, 9, 24, 16, 1, tzinfo=UTC))  # a minute past noon there
        assert again.evaluate(deals.with_columns(opened_on=one)).later
        with pytest.warns(DealsNotLater, match="^40 of 40 deals were opened on or before 2025-09-24 12:00:00-04:00"):
            again.evaluate(deals.with_columns(opened_on=one.dt.offset_by("-1m")))


NOON = datetime(2026, 3, 1, 12)
EAST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("opened", "last", "early"),
    [
        ([date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)], date(2026, 3, 1), 2),
        ([date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)], NOON, 2),
        ([NOON - timedelta(hours=1), NOON, NOON + timedelta(hours=1)], NOON, 2),
        ([NOON, NOON + timedelta(hours=11), NOON + timedelta(hours=12)], date(2026, 3, 1), 2),
        # Noon there is three in the morning in UTC; where only one of both has a zone, the day decides.
        ([datetime(2026, 3, 1, 3, tzinfo=UTC), datetime(2026, 3, 1, 4, tzinfo=UTC)], NOON.replace(tzinfo=EAST), 1),
        ([NOON + timedelta(hours=1), NOON + timedelta(hours=13)], NOON.replace(tzinfo=EAST), 1),
        ([datetime(2026, 3, 1, 13, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC)], NOON, 1),
        ([None, date(2026, 3, 1)], date(2026, 3, 1), 1),
    ],
    ids=["days", "days by time", "times", "times by day", "zones", "zone of last", "zone of opening", "gap"],
)
def test_deals_are_early_up_to_the_last_day_or_time(opened: list[Any], last: date, early: int) -> None:
    assert not_after(pl.Series(opened), last) == early


def test_a_model_kept_before_its_last_day_was_told_loads_and_calls_nothing_later(
    model: Model, make_deals: Any, tmp_path: Path
) -> None:
    path = scoring.save(model, tmp_path / "model.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    del told["training"]["opened_on"], told["training"]["until"]
    path.write_text(json.dumps(told), encoding="utf-8")
    old = scoring.load(path)
    assert (old.training.opened_on, old.training.until) == (None, None)
    deals = make_deals(40, seed=2).with_columns(opened_on=date(2030, 1, 1))
    assert old.probability(deals).equals(model.probability(deals))
    assert not old.evaluate(deals).later
