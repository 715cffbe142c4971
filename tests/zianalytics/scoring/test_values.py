"""What stands in a column is read as what it means: gaps, categories and numbers of any width."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from zianalytics import scoring
from zianalytics.errors import RequestRefused
from zianalytics.scoring import Feature


def test_nan_is_as_unknown_as_null(make_deals: Any) -> None:
    gap = pl.when(pl.int_range(pl.len()) % 3 > 0).then(pl.col("topics").cast(pl.Float64))
    with_null = make_deals().with_columns(rate=gap)
    with_nan = with_null.with_columns(pl.col("rate").fill_null(float("nan")))
    model = scoring.fit(with_nan, features=["rate", "industry"])
    assert model == scoring.fit(with_null, features=["rate", "industry"])
    assert [term.kind for term in model.terms if term.feature == "rate"] == ["number", "missing"]
    assert model.typical["rate"].median == 0.0
    assert model.score(with_nan, keep=["rate"]).equals(model.score(with_null, keep=["rate"]))
    later = (frame.drop("opened_on") for frame in (with_nan, with_null))
    by_nan, by_null = (model.evaluate(frame).judged for frame in later)
    assert by_nan.equals(by_null)
    told = {text for reasons in model.score(with_nan)["reasons"] for text in reasons}
    assert any(text.endswith("rate not known") for text in told)
    assert not any("nan" in text for text in told)


def test_infinity_is_refused_with_its_column(make_deals: Any) -> None:
    deals = make_deals().with_columns(rate=pl.col("topics").cast(pl.Float64))
    endless = deals.with_columns(rate=1 / pl.col("rate"))
    mended = endless.with_columns(pl.when(pl.col("rate").is_finite()).then("rate"))
    told = r'Some values of rate are infinite\. Nothing was {}\. .*pl\.when\(pl\.col\("rate"\)\.is_finite'
    with pytest.raises(RequestRefused, match=told.format("trained")):
        scoring.fit(endless, features=["rate"])
    model = scoring.fit(mended, features=["rate"])
    with pytest.raises(RequestRefused, match=told.format("scored")):
        model.score(endless)
    with pytest.raises(RequestRefused, match=told.format("scored")):
        model.probability(endless)
    with pytest.raises(RequestRefused, match=told.format("judged")):
        model.evaluate(endless)
    assert scoring.fit(endless, features=["topics"]).features[0].name == "topics"


def test_a_gap_in_the_true_probability_is_refused(make_deals: Any) -> None:
    earlier, later = scoring.split(make_deals(120))
    gap = pl.when(pl.int_range(pl.len()) % 2 == 0).then(0.3).alias("truth")
    with pytest.raises(RequestRefused, match=r"best is no number for 20 of 40 deals\. Nothing was judged"):
        scoring.fit(earlier, features=["topics"]).evaluate(later.with_columns(gap), best="truth")


def test_categories_and_enums_are_texts(make_deals: Any) -> None:
    deals = make_deals().drop("closed_on", "latest")
    kinds = {
        "industry": pl.Categorical(),
        "technologies": pl.List(pl.Enum(["Aster DB", "Birch CRM"])),
        "company_id": pl.Categorical(),
    }
    texts = deals.with_columns(pl.col("company_id").cast(pl.String))
    model = scoring.fit(texts)
    named = [feature.name for feature in model.features]
    for features in (None, named, [Feature(f.name, kinds.get(f.name, f.dtype), f.doc) for f in model.features]):
        assert scoring.fit(texts.cast(kinds), features=features) == model
    assert named == ["employee_count", "topics", "industry", "technologies", "funded"]
    assert {term.kind for term in model.terms} >= {"is", "has"}
    as_enum = texts.with_columns(pl.lit("Whaling").cast(pl.Enum(["Whaling"])).alias("industry"))
    as_text = texts.with_columns(industry=pl.lit("Whaling"))
    assert model.score(as_enum, keep=["industry"]).equals(model.score(as_text, keep=["industry"]))


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        (pl.Int32(), pl.Int64()),
        (pl.UInt8(), pl.Int64()),
        (pl.Float32(), pl.Float64()),
        (pl.Decimal(10, 2), pl.Float64()),
        (pl.Enum(["a", "b"]), pl.String()),
        (pl.Categorical(), pl.String()),
    ],
    ids=["Int32", "UInt8", "Float32", "Decimal", "Enum", "Categorical"],
)
def test_a_model_of_features_of_any_width_can_be_kept(
    make_deals: Any, tmp_path: Any, declared: Any, kind: pl.DataType
) -> None:
    value = (
        pl.col("topics")
        if kind.is_numeric()
        else pl.when(pl.col("topics") > 0).then(pl.lit("a")).otherwise(pl.lit("b"))
    )
    deals = make_deals().with_columns(value.cast(declared).alias("x"))
    model = scoring.fit(deals, features=[Feature("x", declared, "X.", label="an x")])
    assert [(f.name, f.dtype, f.label) for f in model.features] == [("x", kind, "an x")]
    assert model.terms
    again = scoring.load(scoring.save(model, tmp_path / "model.json"))
    assert again == model
    assert again.probability(deals).equals(model.probability(deals))
