from __future__ import annotations

import random
import sys
from datetime import date
from typing import Any

import polars as pl
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from zianalytics import scoring
from zianalytics.errors import ExtraMissing, RequestRefused, ScoresAlike
from zianalytics.scoring import Feature


def test_a_model_finds_what_the_deals_hang_on_and_beats_size(make_deals: Any, features: tuple[Feature, ...]) -> None:
    earlier, later = scoring.split(make_deals(300))
    card = scoring.fit(earlier, features=features).evaluate(later)
    assert card.has_signal
    assert card.size_alone is not None
    assert card.model.auc is not None
    assert card.size_alone.auc is not None
    assert card.model.auc > card.size_alone.auc + 0.1


def test_deals_that_hang_on_nothing_get_no_signal(make_deals: Any, features: tuple[Feature, ...]) -> None:
    chance = random.Random(5)
    deals = make_deals(300).with_columns(pl.Series("won", [chance.random() < 0.3 for _ in range(300)]))
    earlier, later = scoring.split(deals)
    assert scoring.fit(earlier, features=features).evaluate(later).finding == "no signal"


def test_constant_features_give_every_account_the_base_rate(make_deals: Any) -> None:
    deals = make_deals(100).select("company_id", "opened_on", "won").with_columns(pl.lit(1.0).alias("x"))
    model = scoring.fit(deals)
    assert model.terms == ()
    assert model.probability(deals).n_unique() == 1
    assert model.evaluate(deals.drop("opened_on")).model.auc == 0.5
    with pytest.warns(
        ScoresAlike, match=r"^All 100 accounts have the same score, \d\d %: .*Do not rank accounts by it"
    ):
        scored = model.score(deals)
    assert scored["reasons"].list.len().to_list() == [0] * 100
    assert scored["tier"].to_list() == ["C"] * 100


def test_the_order_of_the_rows_changes_nothing(make_deals: Any, features: tuple[Feature, ...]) -> None:
    deals = make_deals()
    assert scoring.fit(deals, features=features) == scoring.fit(
        deals.sample(fraction=1, shuffle=True, seed=4), features=features
    )


def test_nor_does_it_where_an_account_has_two_deals_on_a_day(make_deals: Any, features: tuple[Feature, ...]) -> None:
    pair = pl.int_range(pl.len()) // 2
    day = pl.lit(date(2025, 1, 1)) + pl.duration(days=pair)
    deals = make_deals(121).with_columns(company_id=pair, opened_on=day, closed_on=day)
    models = [
        scoring.fit(deals.sample(fraction=1, shuffle=True, seed=seed), closed_on="closed_on", features=features)
        for seed in range(4)
    ]
    assert models[1:] == models[:1] * 3


@pytest.mark.parametrize("name", ["won", "closed_on", "topics", "industry", "technologies", "funded"])
def test_deals_of_an_account_on_a_day_are_in_order_of_whatever_tells_them_apart(make_deals: Any, name: str) -> None:
    deals = make_deals(160).with_columns(company_id=1)
    twins = pl.concat([deals, deals.with_columns(pl.col(name).reverse())])
    one_way, other_way = (twins.sort(name, descending=down, maintain_order=True) for down in (False, True))
    assert scoring.fit(one_way, closed_on="closed_on") == scoring.fit(other_way, closed_on="closed_on")


def test_what_the_later_deals_say_does_not_reach_the_model(make_deals: Any, features: tuple[Feature, ...]) -> None:
    earlier, later = scoring.split(make_deals())
    spoilt = later.with_columns(~pl.col("won"), pl.col("topics") + 5)
    both = [scoring.fit(scoring.split(pl.concat([earlier, rest]))[0], features=features) for rest in (later, spoilt)]
    assert both[0] == both[1]


def test_a_calibrated_probability_is_near_what_comes(make_deals: Any, features: tuple[Feature, ...]) -> None:
    model = scoring.fit(make_deals(600), features=features)
    fresh = make_deals(2000, seed=9)
    likely = fresh.with_columns(model.probability(fresh)).filter(pl.col("score") > 0.6)
    assert likely.height > 100
    assert likely["won"].mean() == pytest.approx(likely["score"].mean(), abs=0.08)


def test_few_deals_train_without_calibration_and_the_model_says_so(
    make_deals: Any, features: tuple[Feature, ...]
) -> None:
    model = scoring.fit(make_deals(24), features=features)
    assert model.calibration.deals == 0
    assert "not calibrated: 12 forward predictions with " in repr(model)


def test_a_group_of_a_handful_of_deals_gets_no_weight(make_deals: Any, features: tuple[Feature, ...]) -> None:
    few = pl.when(pl.int_range(pl.len()) < 7).then(pl.lit("Whaling")).otherwise("industry").alias("industry")
    model = scoring.fit(make_deals(100).with_columns(few), features=features)
    assert [term.level for term in model.terms if term.kind == "is"] == ["Mining", "Retail", "Software"]


def test_one_deal_does_not_decide_a_score(make_deals: Any) -> None:
    deals = make_deals(300)
    [first, *_] = deals["won"].arg_true()
    marked = deals.with_columns(pl.int_range(pl.len()).eq(first).alias("flag")).with_columns(
        pl.when("flag").then(1000).otherwise(0).alias("amount")
    )
    names = ["topics", "industry", "flag", "amount"]
    model = scoring.fit(marked, features=names)
    assert {term.feature for term in model.terms} == {"topics", "industry"}
    others = marked.with_columns(flag=~pl.col("flag"), amount=pl.lit(10_000))
    assert model.probability(others).equals(model.probability(marked))


def test_unknown_values_get_the_median_and_a_term_of_their_own(make_deals: Any, features: tuple[Feature, ...]) -> None:
    terms = {(t.feature, t.kind): t for t in scoring.fit(make_deals(), features=features).terms}
    assert terms["employee_count", "missing"].mean == pytest.approx(0.15, abs=0.08)
    assert ("topics", "missing") not in terms


def test_a_deal_still_open_at_the_time_is_not_learnt_from(make_deals: Any, features: tuple[Feature, ...]) -> None:
    deals = make_deals(120)
    never = deals.with_columns(pl.lit(date(2040, 1, 1)).alias("closed_on"))
    assert scoring.fit(deals, features=features, closed_on="closed_on").training.forward == 72
    assert scoring.fit(never, features=features, closed_on="closed_on").training.forward == 0
    unknown = deals.with_columns(pl.lit(None, pl.Date).alias("closed_on"))
    assert scoring.fit(unknown, features=features, closed_on="closed_on").training.forward == 0


def test_without_declared_features_every_usable_column_is_taken(make_deals: Any) -> None:
    model = scoring.fit(make_deals().drop("closed_on", "latest"))
    assert [f.name for f in model.features] == ["employee_count", "topics", "industry", "technologies", "funded"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d.drop("topics"), "no column 'topics'"),
        (lambda d: d.drop("won"), "no column 'won'"),
        (lambda d: d.with_columns(won=pl.lit(True)), "160 deals with 160 won cannot teach a model"),
        (
            lambda d: d.with_columns(won=pl.lit(0.5)),
            r"The column 'won' must say true or false .*Nothing was trained\. ",
        ),
        (lambda d: d.with_columns(won=pl.lit("won")), "must say true or false"),
        (lambda d: d.with_columns(won=pl.lit(None, dtype=pl.Boolean)), "must say true or false"),
        (lambda d: d.with_columns(opened_on=pl.lit(None, dtype=pl.Date)), "no opened_on"),
        (lambda d: d.with_columns(topics=pl.lit("four")), "topics is String, expected Int64"),
    ],
)
def test_deals_that_cannot_teach_are_refused_in_plain_words(
    make_deals: Any, features: tuple[Feature, ...], spoil: Any, message: str
) -> None:
    with pytest.raises(RequestRefused, match=message):
        scoring.fit(spoil(make_deals()), features=features)


@pytest.mark.parametrize(
    "kind", [pl.Int8, pl.UInt64, pl.Float64, pl.Float32], ids=["Int8", "UInt64", "Float64", "Float32"]
)
def test_an_outcome_may_be_one_and_nought(make_deals: Any, features: tuple[Feature, ...], kind: Any) -> None:
    deals = make_deals(60)
    assert scoring.fit(deals.with_columns(pl.col("won").cast(kind)), features=features) == scoring.fit(
        deals, features=features
    )


def test_without_scikit_learn_the_error_says_what_to_install(
    make_deals: Any, features: tuple[Feature, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(ExtraMissing, match=r'pip install "zianalytics\[score\]"'):
        scoring.fit(make_deals(), features=features)


def test_a_fit_leaves_the_threads_of_others_as_they_were(make_deals: Any, features: tuple[Feature, ...]) -> None:
    scoring.fit(make_deals(60), features=features)  # loads what has threads
    with threadpool_limits(3, user_api="blas"):
        before = [(one["internal_api"], one["num_threads"]) for one in threadpool_info()]
        scoring.fit(make_deals(60), features=features)
        assert [(one["internal_api"], one["num_threads"]) for one in threadpool_info()] == before
