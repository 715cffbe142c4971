"""The check of bodies blames the right name, and agrees with a full validator where both read the same words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockserver.contract import Problem, Shape, check, contract

SEARCH, ENRICH, MASTER = (
    Shape.of(contract()[name].body or {}) for name in ("search.company", "enrich.company", "enrich.company-master")
)
INTENTIONS = contract()["search.intent"].body or {}
INTENT = Shape.of(INTENTIONS)


def test_a_documented_body_has_no_problem() -> None:
    assert check(SEARCH, {"country": "Germany", "employeeRangeMin": "50", "revenueMax": 5_000_000, "rpp": 100}) == []


def test_an_undocumented_criterion_is_named() -> None:
    assert check(SEARCH, {"country": "Germany", "colour": "red"}) == [Problem("colour", "unknown")]


def test_a_missing_name_is_named() -> None:
    assert check(INTENT, {"signalScoreMin": 80}) == [Problem("topics", "missing")]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"topics": []}, "topics"),
        ({"topics": "CRM"}, "topics"),
        ({"topics": ["CRM"], "signalScoreMin": 59}, "signalScoreMin"),
        ({"topics": ["CRM"], "signalScoreMin": True}, "signalScoreMin"),
        ({"topics": ["CRM"], "audienceStrengthMin": "F"}, "audienceStrengthMin"),
        ({"topics": ["CRM"], "rpp": "many"}, "rpp"),
        ({"topics": ["CRM"], "country": None}, "country"),
    ],
)
def test_a_value_outside_what_is_documented_is_named(body: dict[str, Any], name: str) -> None:
    assert check(INTENT, body) == [Problem(name, "invalid")]


def test_inputs_are_checked_one_by_one() -> None:
    body = {"outputFields": ["id"], "matchCompanyInput": [{"companyId": 1}, {"companyNam": "x"}, {"companyId": "x1"}]}
    assert check(ENRICH, body) == [Problem("companyNam", "unknown"), Problem("companyId", "invalid")]


def test_more_than_25_inputs_are_too_many() -> None:
    body = {"outputFields": ["id"], "matchCompanyInput": [{"companyId": n} for n in range(1, 27)]}
    assert check(ENRICH, body) == [Problem("matchCompanyInput", "invalid")]


def test_a_part_of_an_address_is_named_with_its_address() -> None:
    body = {"outputFields": ["zi_c_name"], "matchCompanyInput": [{"address": {"zi_c_town": "Graz"}}]}
    assert check(MASTER, body) == [Problem("address.zi_c_town", "unknown")]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 120)
    | st.floats(allow_nan=False)
    | st.sampled_from(["A", "7", "", "desc"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
NAMES = st.sampled_from([*INTENTIONS["properties"], "colour"])


@given(body=st.dictionaries(NAMES, VALUES, max_size=5))
def test_the_check_agrees_with_a_full_validator(body: dict[str, Any]) -> None:
    assert bool(check(INTENT, body)) is not Draft202012Validator(INTENTIONS).is_valid(body)
