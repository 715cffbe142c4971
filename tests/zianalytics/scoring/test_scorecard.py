from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.scoring import judge

WON = pl.Series([True] * 15 + [False] * 35)
GOOD = pl.Series([0.8] * 12 + [0.3] * 3 + [0.6] * 4 + [0.1] * 31)
CONSTANT = pl.Series([0.3] * 50)


def test_a_constant_score_shows_auc_one_half_and_has_no_signal() -> None:
    card = judge(CONSTANT, WON, base_rate=0.3)
    assert card.model.auc == 0.5
    assert not card.has_signal
    assert card.finding == "no signal"
    assert card.verdict.startswith("No signal: on 50 deals, 15 of them won, the model does not do better")


def test_a_score_that_orders_the_deals_has_signal() -> None:
    card = judge(GOOD, WON, base_rate=0.3, size=CONSTANT)
    assert card.has_signal
    assert card.verdict == (
        "Signal: on 50 deals, 15 of them won, the model orders deals better than chance and better than size "
        "alone (AUC 0.98, 95 % interval 0.86 to 1.00; size alone 0.50)."
    )


def test_a_score_without_a_size_beside_it_is_compared_with_chance() -> None:
    assert judge(GOOD, WON, base_rate=0.3).verdict == (
        "Signal: on 50 deals, 15 of them won, the model orders deals better than chance "
        "(AUC 0.98, 95 % interval 0.86 to 1.00)."
    )


def test_a_score_that_size_alone_matches_is_not_shown_to_beat_it() -> None:
    card = judge(GOOD, WON, base_rate=0.3, size=GOOD)
    assert card.lead == (0.0, 0.0)
    assert card.finding == "not shown to beat size"
    assert not card.has_signal


def test_a_lead_over_size_that_may_be_luck_is_not_shown_to_beat_it() -> None:
    # One win more is ranked below some losses by size than by the model.
    size = pl.Series([0.8] * 11 + [0.3] * 4 + [0.6] * 4 + [0.1] * 31)
    card = judge(GOOD, WON, base_rate=0.3, size=size)
    assert card.verdict == (
        "Not shown to beat size: on 50 deals, 15 of them won, AUC 0.98, 95 % interval 0.86 to 1.00; size alone "
        "0.97; the model's AUC less that of size: -0.01 to +0.02. Sorting accounts by size may do as well; more deals "
        "would tell."
    )
    assert not card.has_signal


def test_a_score_worse_than_size_is_not_shown_to_beat_it() -> None:
    assert judge(GOOD, WON, base_rate=0.3, size=WON.cast(pl.Float64)).finding == "not shown to beat size"


def test_a_dozen_deals_are_too_few_for_a_verdict() -> None:
    card = judge(GOOD[9:21], WON[9:21], base_rate=0.3)
    assert card.finding == "too few"
    assert "Too few deals to judge" in card.verdict


def test_deals_of_one_outcome_show_a_dash_where_nothing_can_be_told() -> None:
    card = judge(CONSTANT, pl.Series([False] * 50), base_rate=0.3)
    assert card.model.auc is None
    assert card.finding == "too few"
    assert "model" in repr(card)
    assert "<td>-</td>" in card._repr_html_()


def test_the_table_sets_the_model_beside_what_it_has_to_beat() -> None:
    card = judge(GOOD, WON, base_rate=0.25, size=CONSTANT, best=GOOD)
    assert card.frame["order_by"].to_list() == ["model", "size alone", "base rate", "best possible"]
    assert card.frame["auc"].round(3).to_list() == [0.977, 0.5, 0.5, 0.977]
    assert card.frame["brier"].round(4).to_list()[2] == round(0.3 * 0.75**2 + 0.7 * 0.25**2, 4)


def test_the_text_is_the_same_each_time_and_lines_up() -> None:
    card = judge(GOOD, WON, base_rate=0.3, size=CONSTANT)
    assert repr(card) == (
        "Scorecard of 50 deals, 15 won (30 %)\n"
        "             AUC  PR-AUC  Brier  lift at 10 %\n"
        "model       0.98    0.96  0.074           3.3\n"
        "size alone  0.50    0.30  0.210           1.0\n"
        "base rate   0.50    0.30  0.210           1.0\n"
        "Signal: on 50 deals, 15 of them won, the model orders deals better than chance and better than size "
        "alone (AUC 0.98, 95 % interval 0.86 to 1.00; size alone 0.50)."
    )


@pytest.mark.parametrize("kind", [pl.Int64, pl.UInt8, pl.Float64], ids=["Int64", "UInt8", "Float64"])
def test_outcomes_may_be_one_and_nought(kind: Any) -> None:
    card, by_booleans = (judge(GOOD, won, base_rate=0.3) for won in (WON.cast(kind), WON))
    assert repr(card) == repr(by_booleans)
    assert card.judged.equals(by_booleans.judged)


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ({"won": WON.cast(pl.Int64) + 1}, r"won must say true or false for each deal \(or 1 and 0\)"),
        ({"won": pl.Series([None, *WON[1:]])}, "won must say true or false"),
        ({"won": WON.cast(pl.String)}, "won must say true or false"),
        ({"won": WON[:49]}, r"score has 50 values, and won has 49\. .* same order"),
        ({"size": GOOD[:3]}, "size has 3 values, and won has 50"),
        ({"score": pl.Series([None, *GOOD[1:]])}, r"score is no number for 1 of 50 deals\. .* leave these deals out"),
        ({"score": pl.Series([float("nan"), *GOOD[1:]])}, "score is no number for 1 of 50 deals"),
        ({"best": pl.Series([float("inf"), *GOOD[1:]])}, "best is no number for 1 of 50 deals"),
        ({"best": pl.Series([None] * 50)}, "best is no number for 50 of 50 deals"),
        ({"best": GOOD.cast(pl.String)}, "best is String, and no probability"),
    ],
    ids=["ones and twos", "unknown outcome", "texts", "deals", "size", "gap", "NaN", "infinity", "gaps", "text"],
)
def test_what_cannot_be_judged_is_refused(spoilt: dict[str, pl.Series], message: str) -> None:
    given = {"score": GOOD, "won": WON, "size": GOOD, "best": GOOD} | spoilt
    with pytest.raises(RequestRefused, match=message) as refused:
        judge(**given, base_rate=0.3)
    assert ". Nothing was judged. " in str(refused.value)
