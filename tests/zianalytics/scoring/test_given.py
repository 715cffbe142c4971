"""What is given is taken from any library of frames, or refused in words before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from zianalytics import scoring
from zianalytics.errors import RequestRefused
from zianalytics.features import FEATURES
from zianalytics.scoring import Feature


class Foreign:
    """A frame of another library: its columns, and how it hands them over."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self.columns = frame.columns

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


class Mixed(Foreign):
    """One with a column of several types, which its library refuses to hand over."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        raise TypeError("Expected bytes, got a 'int' object")


class Old:
    """A frame of a library that does not hand columns over."""

    columns = ("company_id",)


Old.__module__ = "pandas.core.frame"


def as_text(day: str) -> pl.Expr:
    return pl.col(day).dt.strftime("%d/%m/%Y")


# --- days


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        (as_text("opened_on"), 'opened_on is String, expected Date. .*"opened_on".*str.to_date.* 21/02/2025'),
        (as_text("closed_on"), 'closed_on is String, expected Date. .*"closed_on".*str.to_date'),
        (pl.col("opened_on").cast(pl.Int32), "opened_on is Int32, expected Date. .*from_epoch"),
        (pl.col("closed_on").cast(pl.Int64), "closed_on is Int64, expected Date. .*from_epoch"),
        (pl.col("opened_on").cast(pl.Datetime).dt.time(), r"opened_on is Time, expected Date. .*cast\(pl.Date\)"),
    ],
    ids=["text opened", "text closed", "number opened", "number closed", "time opened"],
)
def test_days_that_are_no_dates_are_refused_with_the_cast_that_mends_them(
    make_deals: Any, features: tuple[Feature, ...], spoilt: pl.Expr, message: str
) -> None:
    deals = make_deals().with_columns(spoilt)
    with pytest.raises(RequestRefused, match=message.replace("Date. ", r"Date\. Nothing was split\. ")):
        scoring.split(deals, closed_on="closed_on")
    with pytest.raises(RequestRefused, match=message.replace("Date. ", r"Date\. Nothing was trained\. ")):
        scoring.fit(deals, closed_on="closed_on", features=features)


def test_both_days_as_text_are_named(make_deals: Any) -> None:
    deals = make_deals().with_columns(as_text("opened_on"), as_text("closed_on"))
    with pytest.raises(RequestRefused, match="opened_on is String, expected Date, closed_on is String, expected Date"):
        scoring.split(deals, closed_on="closed_on")


def test_the_cast_that_a_refusal_names_mends_the_frame(make_deals: Any) -> None:
    deals = make_deals()
    mended = deals.with_columns(as_text("opened_on")).with_columns(pl.col("opened_on").str.to_date("%d/%m/%Y"))
    assert scoring.split(mended)[0].equals(scoring.split(deals)[0])


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        (pl.Date, pl.Datetime),
        (pl.Datetime, pl.Date),
        (pl.Datetime("ns", "UTC"), pl.Date),
        (pl.Datetime, pl.Datetime("ns")),
    ],
    ids=["date and time", "time and date", "time in UTC and date", "times of two precisions"],
)
def test_days_and_times_beside_each_other_teach_what_days_do(
    make_deals: Any, features: tuple[Feature, ...], opened: Any, closed: Any
) -> None:
    deals = make_deals()
    timed = deals.with_columns(pl.col("opened_on").cast(opened), pl.col("closed_on").cast(closed))
    by_day, by_time = (
        scoring.fit(scoring.split(one, closed_on="closed_on")[0], closed_on="closed_on", features=features)
        for one in (deals, timed)
    )
    assert isinstance(by_time.training.until, date)
    assert str(by_time.training.until).removesuffix(" 00:00:00") == "2026-03-03"
    assert replace(by_time, training=by_day.training, size_alone=by_day.size_alone) == by_day


def test_times_of_two_zones_are_refused(make_deals: Any, features: tuple[Feature, ...]) -> None:
    mixed = make_deals().with_columns(
        pl.col("opened_on").cast(pl.Datetime("us", "UTC")), pl.col("closed_on").cast(pl.Datetime("us"))
    )
    with pytest.raises(RequestRefused, match=r"of other time zones\. Nothing was trained\. .*replace_time_zone"):
        scoring.fit(mixed, closed_on="closed_on", features=features)


def test_a_model_of_deals_opened_at_a_time_can_be_kept(
    make_deals: Any, features: tuple[Feature, ...], tmp_path: Any
) -> None:
    model = scoring.fit(make_deals(60).with_columns(pl.col("opened_on").cast(pl.Datetime)), features=features)
    assert (model.training.first, model.training.last) == (date(2025, 1, 1), date(2025, 8, 25))
    assert not isinstance(model.training.first, datetime)
    assert scoring.load(scoring.save(model, tmp_path / "model.json")) == model


# --- features by name


def test_a_name_is_the_column_as_it_is_beside_features_that_are_declared(
    make_deals: Any, features: tuple[Feature, ...]
) -> None:
    model = scoring.fit(make_deals(), features=["industry", features[1], "employee_count"])
    assert [(f.name, f.dtype) for f in model.features] == [
        ("industry", pl.String), ("topics", pl.Int64), ("employee_count", pl.Float64),
    ]  # fmt: skip
    assert model.features[1] is features[1]
    assert model.size_alone is not None


def test_a_name_says_the_same_of_any_table_and_a_declaration_is_picked_by_its_name(make_deals: Any) -> None:
    deals, names = make_deals().with_columns(headcount="employee_count"), ["employee_count"]
    [named] = scoring.fit(deals, features=names).features
    [other] = scoring.fit(deals, features=["headcount"]).features
    assert replace(named, name="headcount", doc="Column headcount.") == other
    picked = scoring.fit(deals, features=[one for one in FEATURES if one.name in names]).features
    assert [(one.name, one.scale, one.wording) for one in picked] == [("employee_count", "log", "{value} employee{s}")]


def test_the_names_of_all_columns_are_what_no_names_are(make_deals: Any) -> None:
    deals = make_deals()
    names = ["employee_count", "topics", "industry", "technologies", "funded"]
    assert scoring.fit(deals, features=names) == scoring.fit(deals)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (["employe_count"], r"no column 'employe_count' \(did you mean employee_count, .*\?\)\. Nothing was trained"),
        ([], r"features is empty\. Nothing was trained"),
        ("topics", r"features takes a list, and not str\. Nothing was trained"),
        (Feature("topics", pl.Int64(), "Topics."), "features takes a list, and not Feature"),
        (7, "features takes a list, and not int"),
        ([pl.col("topics")], "features holds Expr, which is neither a Feature nor the name of a column"),
        (["topics", "industry", "topics"], "features holds 'topics' more than once"),
        (["topics", "won"], "'won' is the outcome, and no feature"),
        ([Feature("won", pl.Boolean(), "Won.")], "'won' is the outcome, and no feature"),
        (["company_id"], "'company_id' is the account, and no feature"),
        (["latest"], "latest is Date, which no feature can be made of"),
        ([Feature("latest", pl.Date(), "Day.")], r"latest is Date, which no feature .* made of\. Nothing was trained"),
    ],
    ids=["misspelt", "none", "text", "one", "number", "expression", "twice", "outcome", "declared", "id", "date",
         "declared date"],
)  # fmt: skip
def test_features_that_cannot_be_used_are_refused(make_deals: Any, features: Any, message: str) -> None:
    with pytest.raises(RequestRefused, match=message):
        scoring.fit(make_deals(), features=features)


def test_a_frame_without_any_column_for_a_model_is_refused(make_deals: Any) -> None:
    bare = make_deals().select("company_id", "opened_on", "won", "latest")
    with pytest.raises(RequestRefused, match=r"no column for a model beside company_id, opened_on, won\. .* trained"):
        scoring.fit(bare)


# --- frames of other libraries


def test_frames_of_another_library_give_what_those_of_polars_give(
    make_deals: Any, features: tuple[Feature, ...]
) -> None:
    deals = make_deals()
    for other in (Foreign(deals), deals.to_arrow(), deals.lazy()):
        earlier, later = scoring.split(other, closed_on="closed_on")
        assert earlier.equals(scoring.split(deals, closed_on="closed_on")[0])
    model = scoring.fit(Foreign(earlier), closed_on="closed_on", features=features)
    assert model == scoring.fit(earlier, closed_on="closed_on", features=features)
    assert model.score(Foreign(later)).equals(model.score(later))
    assert model.probability(Foreign(later)).equals(model.probability(later))
    assert model.evaluate(Foreign(later)).judged.equals(model.evaluate(later).judged)


@pytest.mark.parametrize(
    ("given", "kind"),
    [(Old(), r"pandas\.Old"), (pl.Series([1]), r"polars\.Series"), ({"won": [True]}, "dict"), ([], "list")],
    ids=["old pandas", "series", "dict", "list"],
)
def test_what_is_no_frame_is_refused_with_the_way_from_pandas(
    make_deals: Any, features: tuple[Feature, ...], given: Any, kind: str
) -> None:
    model = scoring.fit(make_deals(60), features=features)
    calls: dict[str, Callable[[Any], object]]
    calls = {"split": scoring.split, "trained": scoring.fit, "scored": model.score, "judged": model.evaluate}
    for doing, call in calls.items():
        told = rf"A frame is wanted, and not {kind}\. Nothing was {doing}\. .*pl\.from_pandas\(frame\)"
        with pytest.raises(RequestRefused, match=told):
            call(given)


def test_a_column_of_several_types_is_refused(make_deals: Any) -> None:
    with pytest.raises(RequestRefused, match=r"A column of the .*Mixed holds values of several types\. .* split"):
        scoring.split(Mixed(make_deals()))


# --- names of columns


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            {"closed_on": "closedon"},
            r"no column 'closedon' \(did you mean closed_on, opened_on\?\)\. Nothing was trained",
        ),
        (
            {"opened_on": "opend_on"},
            r"no column 'opend_on' \(did you mean opened_on, closed_on\?\)\. Nothing was trained",
        ),
        ({"outcome": "wno"}, r"no column 'wno' \(did you mean won\?\)\. Nothing was trained\. .*outcome="),
        ({"id": "companyid"}, r"no column 'companyid' \(did you mean company_id\?\)\. Nothing was trained\. .*id="),
        ({"outcome": "zzz"}, r"no column 'zzz'\. Nothing was trained"),
    ],
    ids=["closed_on", "opened_on", "outcome", "id", "like none"],
)
def test_a_misspelt_column_is_refused_with_the_nearest_in_the_words_of_fitting(
    make_deals: Any, features: tuple[Feature, ...], named: dict[str, str], message: str
) -> None:
    with pytest.raises(RequestRefused, match=message):
        scoring.fit(make_deals(), features=features, **named)


def test_a_misspelt_day_is_refused_by_split_too(make_deals: Any) -> None:
    with pytest.raises(RequestRefused, match=r"'closedon' \(did you mean closed_on, opened_on\?\)\. Nothing was split"):
        scoring.split(make_deals(), closed_on="closedon")


def test_scoring_and_judging_name_a_missing_column_each_in_its_words(
    make_deals: Any, features: tuple[Feature, ...]
) -> None:
    deals = make_deals(60)
    model = scoring.fit(deals, features=features)
    with pytest.raises(RequestRefused, match=r"no column 'topics' \(did you mean topic\?\)\. Nothing was scored"):
        model.score(deals.rename({"topics": "topic"}))
    with pytest.raises(RequestRefused, match=r"'industri' \(did you mean industry\?\)\. Nothing was scored\. .*keep"):
        model.score(deals, keep=["industri"])
    with pytest.raises(RequestRefused, match=r"'won' \(did you mean wno\?\)\. Nothing was judged"):
        model.evaluate(deals.rename({"won": "wno"}))
    with pytest.raises(RequestRefused, match=r"no column 'topics'.*Nothing was judged"):
        model.evaluate(deals.drop("topics"))
    with pytest.raises(RequestRefused, match=r"'fundd' \(did you mean funded\?\)\. Nothing was judged\. .*best="):
        model.evaluate(deals, best="fundd")
