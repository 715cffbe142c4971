from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zianalytics import scoring
from zianalytics.errors import RequestRefused, ScoresAlike, StoreDamaged
from zianalytics.scoring import Capacity, Feature, Model, Thresholds
from zianalytics.scoring.calibrate import Calibration
from zianalytics.scoring.design import Term


@pytest.fixture
def model(make_deals: Any, features: tuple[Feature, ...]) -> Model:
    return scoring.fit(make_deals(300), features=features)


@pytest.fixture
def accounts(make_deals: Any) -> pl.DataFrame:
    frame: pl.DataFrame = make_deals(40, seed=7)
    return frame


def test_scores_come_highest_first_with_a_tier_each(model: Model, accounts: pl.DataFrame) -> None:
    scored = model.score(accounts, keep=["industry"])
    assert scored.schema == {
        "company_id": pl.Int64, "industry": pl.String, "score": pl.Float64, "tier": pl.String,
        "reasons": pl.List(pl.String), "fit": pl.Float64, "intent": pl.Float64,
    }  # fmt: skip
    assert scored["score"].to_list() == sorted(scored["score"], reverse=True)
    assert scored["tier"].to_list() == ["A"] * 4 + ["B"] * 10 + ["C"] * 26
    assert scored["score"].is_between(0, 1).all()


def test_the_contributions_of_an_account_add_up_to_the_log_odds_of_its_score(
    model: Model, accounts: pl.DataFrame
) -> None:
    told = model.contributions(accounts)
    assert told.schema == {"company_id": pl.Int64, "term": pl.String, "contribution": pl.Float64}
    assert told.height == 40 * (len(model.terms) + 1)
    assert told["company_id"].unique(maintain_order=True).to_list() == accounts["company_id"].to_list()
    added = told.group_by("company_id").agg(pl.col("contribution").sum())
    scored = model.score(accounts).join(added, on="company_id")
    for score, log_odds in scored.select("score", "contribution").iter_rows():
        assert math.log(score / (1 - score)) == pytest.approx(log_odds, abs=1e-9)


def test_a_contribution_is_weight_times_standardised_term_times_slope(make_deals: Any) -> None:
    topics, size = Feature("topics", pl.Int64(), ""), Feature("employee_count", pl.Int64(), "")
    trained = scoring.fit(make_deals(300), features=[topics, size])
    one, other = Term("topics", "number", None, 0.0, 2.0, 4.0), Term("employee_count", "missing", None, 0.0, 0.5, 0.25)
    model = replace(
        trained, terms=(one, other), weights=(3.0, -1.0), intercept=0.5, calibration=Calibration(2.0, 0.1, 40, "")
    )
    accounts = pl.DataFrame({"company_id": [7, 3], "topics": [2, 4], "employee_count": [None, 10]})
    assert model.contributions(accounts).rows() == [
        (7, "average account", 1.1),
        (7, "topics", 0.0),
        (7, "employee_count not known", -4.0),
        (3, "average account", 1.1),
        (3, "topics", 3.0),
        (3, "employee_count not known", 4.0),
    ]


def test_contributions_of_no_accounts_have_the_same_columns_and_of_one_twice_are_refused(
    model: Model, accounts: pl.DataFrame
) -> None:
    assert model.contributions(accounts.clear()).schema == model.contributions(accounts).schema
    with pytest.raises(RequestRefused, match=r"more than once \(company_id\)"):
        model.contributions(pl.concat([accounts, accounts.head(1)]))


def test_equal_scores_share_a_tier_and_are_ordered_by_id(model: Model, accounts: pl.DataFrame) -> None:
    best, worst = (accounts.filter(pl.col("topics") == n).head(1) for n in (4, 0))
    some = pl.concat([worst] * 2 + [best] * 8).with_columns(company_id=pl.Series(range(10, 0, -1), dtype=pl.Int64))
    scored = model.score(some, tiers=Capacity({"A": 0.5, "B": 0.3, "C": 0.2}))
    assert scored["company_id"].to_list() == list(range(1, 11))
    assert scored["tier"].to_list() == ["B"] * 8 + ["C"] * 2


def test_equal_scores_take_no_tier_beyond_its_share() -> None:
    by = Capacity({"A": 0.25, "B": 0.25, "C": 0.5})
    for scores, tiers in (
        ([8, 7, 6, 5, 4, 3, 2, 1], "AABBCCCC"),
        ([8, 8, 6, 5, 4, 3, 2, 1], "AABBCCCC"),
        ([8, 7, 7, 5, 4, 3, 2, 1], "ABBBCCCC"),
        ([8, 7, 7, 7, 7, 3, 2, 1], "ACCCCCCC"),
        ([8, 8, 8, 8, 8, 8, 8, 8], "CCCCCCCC"),
    ):
        assert "".join(by.assign(pl.Series(scores))) == tiers


def test_accounts_that_the_model_tells_not_apart_are_in_the_last_tier_with_a_warning(
    model: Model, accounts: pl.DataFrame
) -> None:
    same = pl.concat([accounts.head(1)] * 10).with_columns(company_id=pl.int_range(10))
    with pytest.warns(
        ScoresAlike, match=r"^All 10 accounts have the same score, 17 %: the model tells none from another"
    ):
        assert model.score(same)["tier"].to_list() == ["C"] * 10
    blind = replace(model, calibration=Calibration(0.0, -1.0, 120, "a higher score did not mean more wins"))
    with pytest.warns(ScoresAlike, match=r"^All 40 accounts have the same score, 27 %"):
        assert blind.score(accounts)["tier"].to_list() == ["C"] * 40
    assert blind.score(accounts.head(1))["tier"].to_list() == ["C"]


def test_an_empty_frame_gives_the_same_columns(model: Model, accounts: pl.DataFrame) -> None:
    assert model.score(accounts.clear()).schema == model.score(accounts).schema


def test_tiers_may_go_by_threshold_or_by_other_shares(model: Model, accounts: pl.DataFrame) -> None:
    by_threshold = model.score(accounts, tiers=Thresholds({"A": 0.5, "B": 0.2}))
    assert by_threshold.filter(pl.col("tier") == "A")["score"].min() >= 0.5  # type: ignore[operator]
    assert by_threshold.filter(pl.col("tier") == "C")["score"].max() < 0.2  # type: ignore[operator]
    assert (
        model.score(accounts, tiers=Capacity({"call": 0.5, "wait": 0.5}))["tier"].to_list()
        == ["call"] * 20 + ["wait"] * 20
    )
    with pytest.raises(RequestRefused, match=r"must add up to 1, not 0\.9"):
        Capacity({"A": 0.9})
    with pytest.raises(RequestRefused, match=r"must add up to 1, not nan"):
        Capacity({"A": float("nan"), "B": 0.5})


@pytest.mark.parametrize("least", [60, 1.01, -0.1, float("nan")], ids=str)
def test_a_threshold_that_no_probability_can_meet_is_refused(least: float) -> None:
    with pytest.raises(RequestRefused, match=rf"from 0 to 1, and that of B is {least:g}\. Nothing was scored\. "):
        Thresholds({"A": 0.6, "B": least})
    assert Thresholds({"A": 1, "B": 0}).assign(pl.Series([1.0, 0.0])).to_list() == ["A", "B"]


def test_a_reason_has_its_value_what_it_is_compared_with_and_its_day(model: Model, accounts: pl.DataFrame) -> None:
    eager = accounts.filter(pl.col("topics") == 4).head(1)
    reasons = model.score(eager)["reasons"].to_list()[0]
    assert reasons[0] == f"4 topics in 90 days (typical of past deals: 0), latest on {eager['latest'][0]}"
    assert len(reasons) == 3


def test_what_lowers_a_score_is_said_to_speak_against_it(model: Model, accounts: pl.DataFrame) -> None:
    quiet = accounts.filter(pl.col("topics") == 0)
    texts = [text for row in model.score(quiet)["reasons"] for text in row]
    assert "against: 0 topics in 90 days (typical of past deals: 0)" in texts


def test_reasons_are_the_three_largest_contributions(model: Model, accounts: pl.DataFrame) -> None:
    one = accounts.filter(pl.col("topics") == 4).head(1)
    told = model.score(one)["reasons"].to_list()[0]
    without = model.score(one.with_columns(topics=pl.lit(0)))["score"][0]
    assert told[0].startswith("4 topics")
    assert without < model.score(one)["score"][0]


def test_features_of_one_theme_make_one_reason(make_deals: Any, features: tuple[Feature, ...]) -> None:
    deals = make_deals(300).with_columns((pl.col("topics") * 20).alias("reading"))
    twins = (
        *(replace(feature, theme="intent") if feature.name == "topics" else feature for feature in features),
        Feature("reading", pl.Int64(), "Minutes.", wording="{value} minutes of reading", theme="intent"),
    )
    model = scoring.fit(deals, features=twins)
    for reasons in model.score(deals)["reasons"]:
        assert sum("topic" in reason or "minutes" in reason for reason in reasons) <= 1
    eager = model.score(deals.filter(pl.col("topics") == 4).head(1))["reasons"].to_list()[0]
    assert "in 90 days" in eager[0] or "minutes of reading" in eager[0]


def test_what_raises_a_score_is_said_before_what_lowers_it(model: Model, accounts: pl.DataFrame) -> None:
    for reasons in model.score(accounts)["reasons"]:
        against = [reason.startswith("against: ") for reason in reasons]
        assert against == sorted(against)


def test_sub_scores_move_with_their_own_features_alone(model: Model, accounts: pl.DataFrame) -> None:
    one = accounts.filter(pl.col("topics") == 0, pl.col("industry") != "Software").head(1)
    before = model.score(one)
    eager = model.score(one.with_columns(topics=pl.lit(4)))
    software = model.score(one.with_columns(industry=pl.lit("Software")))
    assert eager["fit"][0] == before["fit"][0]
    assert eager["intent"][0] > before["intent"][0]
    assert software["fit"][0] > before["fit"][0]
    assert software["intent"][0] == before["intent"][0]


def test_a_group_or_value_never_seen_before_is_scored_all_the_same(model: Model, accounts: pl.DataFrame) -> None:
    odd = accounts.head(1).with_columns(industry=pl.lit("Whaling"), employee_count=pl.lit(None, dtype=pl.Int64),
                                        technologies=pl.lit(None, dtype=pl.List(pl.String)))  # fmt: skip
    assert 0 < model.score(odd)["score"][0] < 1


def test_an_account_that_comes_twice_is_refused(model: Model, accounts: pl.DataFrame) -> None:
    with pytest.raises(RequestRefused, match="come more than once"):
        model.score(pl.concat([accounts, accounts]))


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        (["company_id"], "keep holds 'company_id', and a column of that name is there anyway"),
        (["industry", "score"], "keep holds 'score', and a column of that name is there anyway"),
        (["reasons"], "keep holds 'reasons', and a column of that name"),
        (["industry", "industry"], "keep holds 'industry' more than once"),
        ("industry", "keep takes a list of columns, and not str"),
        (None, "keep takes a list of columns, and not NoneType"),
    ],
    ids=["id", "score", "reasons", "twice", "text", "none"],
)
def test_columns_that_cannot_be_handed_on_are_refused(
    model: Model, accounts: pl.DataFrame, keep: Any, message: str
) -> None:
    with pytest.raises(RequestRefused, match=rf"{message}.*\. Nothing was scored\. "):
        model.score(accounts.with_columns(score=0.5), keep=keep)


def test_a_kept_model_is_the_same_to_the_last_bit(model: Model, accounts: pl.DataFrame, tmp_path: Path) -> None:
    again = scoring.load(scoring.save(model, tmp_path / "model.json"))
    assert again == model
    assert again.score(accounts).equals(model.score(accounts))


def test_scoring_again_gives_the_same_to_the_last_bit(model: Model, make_deals: Any) -> None:
    accounts = make_deals(40, seed=8)
    first = model.score(accounts)
    assert all(model.score(accounts).equals(first) for _ in range(200))


def test_a_file_that_is_not_a_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    for text in ("", "{}", "[]", '{"format": "zianalytics model 1"}', '{"format": "other"}'):
        path.write_text(text)
        with pytest.raises(StoreDamaged, match=r"model\.json does not hold a model"):
            scoring.load(path)


def test_scoring_needs_no_scikit_learn(model: Model, accounts: pl.DataFrame, tmp_path: Path) -> None:
    scoring.save(model, tmp_path / "model.json")
    accounts.write_parquet(tmp_path / "accounts.parquet")
    code = (
        "import sys, polars as pl; from zianalytics import scoring\n"
        "scored = scoring.load('model.json').score(pl.read_parquet('accounts.parquet'))\n"
        "print(scored.height, 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["40", "False"]


def test_the_reprs_name_the_weights_and_hold_no_live_markup(make_deals: Any, features: tuple[Feature, ...]) -> None:
    hostile = make_deals(300).with_columns(industry=pl.col("industry").replace({"Software": "<script>\u202eSoftware"}))
    model = scoring.fit(hostile, features=features)
    assert repr(model).startswith("Model of 9 terms from 5 features, trained on 300 deals (")
    assert "industry is <script>\\u202eSoftware" in repr(model)
    assert "<script>" not in model._repr_html_()
    assert "&lt;script&gt;\\u202eSoftware" in model._repr_html_()
    assert "\u202e" not in repr(model) + model._repr_html_()
    assert model._repr_html_() == scoring.fit(hostile, features=features)._repr_html_()
