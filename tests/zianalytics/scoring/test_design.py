from __future__ import annotations

import random
from itertools import accumulate
from typing import Any

import polars as pl
import pytest

from zianalytics.scoring import Feature
from zianalytics.scoring.design import added, learn

FLAG = Feature("x", pl.Boolean(), "A flag.")
NUMBER = Feature("x", pl.Float64(), "A number.")
AMOUNT = Feature("x", pl.Float64(), "An amount.", scale="log")


def terms_of(feature: Feature, values: list[Any]) -> list[str]:
    won = pl.Series([n % 2 == 0 for n in range(len(values))])
    return [term.kind for term in learn(pl.DataFrame({"x": pl.Series(values, dtype=feature.dtype)}), [feature], won)]


def test_columns_are_added_from_the_first_to_the_last_to_the_last_bit() -> None:
    chance = random.Random(1)
    columns = [pl.Series([chance.gauss(0, 1) for _ in range(64)]) for _ in range(60)]
    in_order = [list(accumulate(row))[-1] for row in zip(*columns, strict=True)]
    assert added(columns, 64).to_list() == in_order


def test_no_columns_are_a_zero_a_row() -> None:
    assert added([], 3).to_list() == [0.0, 0.0, 0.0]


# A twentieth of 300 deals are 15, of 100 the least is 8.


@pytest.mark.parametrize(
    ("rare", "of", "kinds"),
    [(1, 300, []), (14, 300, []), (15, 300, ["flag"]), (7, 100, []), (8, 100, ["flag"])],
    ids=["1 of 300", "14 of 300", "15 of 300", "7 of 100", "8 of 100"],
)
def test_a_flag_is_a_term_where_its_rarer_answer_is_no_handful(rare: int, of: int, kinds: list[str]) -> None:
    assert terms_of(FLAG, [True] * rare + [False] * (of - rare)) == kinds
    assert terms_of(FLAG, [False] * rare + [True] * (of - rare)) == kinds


def test_a_flag_that_is_only_ever_yes_or_unknown_is_a_term_for_what_is_unknown() -> None:
    assert terms_of(FLAG, [True] * 60 + [None] * 40) == ["missing"]


@pytest.mark.parametrize(
    ("other", "of", "kinds"),
    [(1, 300, []), (14, 300, []), (15, 300, ["number"]), (7, 100, []), (8, 100, ["number"])],
    ids=["1 of 300", "14 of 300", "15 of 300", "7 of 100", "8 of 100"],
)
def test_a_number_is_a_term_where_no_handful_differs_from_its_most_frequent_value(
    other: int, of: int, kinds: list[str]
) -> None:
    assert terms_of(NUMBER, [1000.0 + n for n in range(other)] + [0.0] * (of - other)) == kinds
    assert terms_of(AMOUNT, [1000.0 + n for n in range(other)] + [0.0] * (of - other)) == kinds


def test_numbers_that_are_one_on_the_scale_of_an_amount_are_no_term() -> None:
    assert terms_of(AMOUNT, [-float(n) for n in range(100)]) == []


def test_known_numbers_count_and_what_stands_in_for_unknown_ones_does_not() -> None:
    assert terms_of(NUMBER, [float(n) for n in range(9)] + [None] * 91) == ["number", "missing"]
    assert terms_of(NUMBER, [float(n) for n in range(8)] + [None] * 92) == ["missing"]


@pytest.mark.parametrize("value", [0.3, 0.7, 1234567.891], ids=str)
def test_a_constant_is_no_term_whatever_its_mean_is_rounded_to(value: float) -> None:
    assert terms_of(NUMBER, [value] * 300) == []


def test_what_differs_in_the_last_bit_alone_is_no_term() -> None:
    assert terms_of(NUMBER, [0.1 + 0.2] * 150 + [0.3] * 150) == []
