from __future__ import annotations

from zianalytics.schema.account import FEATURES


def test_each_feature_says_what_it_means_and_which_names_are_its_own() -> None:
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == len(names)
    assert all(feature.doc.endswith(".") for feature in FEATURES)
    assert all("{value}" in f.wording or f.is_flag for f in FEATURES)


def test_intent_is_dated_and_who_a_company_is_is_not() -> None:
    assert all(f.dated for f in FEATURES if f.sub_score == "intent")
    assert {f.name for f in FEATURES if f.dated and f.sub_score == "fit"} == {
        "employee_growth_1y",
        "technologies",
        "is_recently_funded",
        "funding_usd",
    }
