"""Sets of places as bits are the same sets, and columns order them as sorting does."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver import bits

SETS = st.sets(st.integers(0, 9_000), max_size=300) | st.integers(1, 3_000).map(lambda n: set(range(n)))
NUMBERS = st.lists(st.none() | st.integers(-5, 5) | st.floats(-3, 3, allow_nan=False), max_size=80)


def of(places: set[int]) -> int:
    return bits.of_places(places, 9_001)


@given(places=SETS, count=st.integers(0, 1_200))
def test_what_is_put_in_comes_out_in_order(places: set[int], count: int) -> None:
    assert bits.places(of(places)) == sorted(places)
    assert bits.first_places(of(places), count) == sorted(places)[:count]


@given(flags=st.lists(st.booleans(), max_size=200))
def test_digits_are_taken_place_after_place(flags: list[bool]) -> None:
    assert bits.places(bits.of_digits(bytes(b"01"[flag] for flag in flags))) == [
        place for place, flag in enumerate(flags) if flag
    ]


@given(numbers=NUMBERS, bound=st.integers(-6, 6) | st.floats(-4, 4) | st.sampled_from([float("inf"), 10**400]))
def test_a_column_knows_who_is_above_and_who_is_below(numbers: list[float | None], bound: float) -> None:
    column = bits.Column(numbers)
    assert bits.places(column.at_least(bound)) == [n for n, x in enumerate(numbers) if x is not None and x >= bound]
    assert bits.places(column.at_most(bound)) == [n for n, x in enumerate(numbers) if x is not None and x <= bound]


@pytest.mark.parametrize("descending", [True, False], ids=["descending", "ascending"])
@given(numbers=NUMBERS, left_out=st.sets(st.integers(0, 79)), count=st.integers(0, 90))
def test_the_first_of_a_column_are_those_that_sorting_puts_first(
    descending: bool, numbers: list[float | None], left_out: set[int], count: int
) -> None:
    among = [place for place in range(len(numbers)) if place not in left_out]
    told = sorted((p for p in among if numbers[p] is not None), key=lambda p: numbers[p] or 0, reverse=descending)
    wanted = told + [place for place in among if numbers[place] is None]
    column = bits.Column(numbers)
    found = column.first_places(bits.of_places(among, len(numbers)), count, descending=descending)
    assert found == wanted[:count]


def test_a_column_of_many_values_and_of_words_has_as_many_ranks() -> None:
    numbers = [n * 7 % 70_001 for n in range(70_001)]
    assert bits.places(bits.Column(numbers).at_least(69_999)) == [n for n, x in enumerate(numbers) if x >= 69_999]
    words = bits.Column(["pear", "apple", None, "fig"])
    assert words.first_places(0b1111, 3, descending=False) == [1, 3, 0]


@given(places=SETS, slices=st.lists(st.slices(60), max_size=4))
def test_a_row_is_listed_like_a_list(places: set[int], slices: list[slice]) -> None:
    row, wanted = bits.Row(of(places)), sorted(places)
    assert len(row) == len(wanted)
    for part in slices:
        assert row[part] == wanted[part]
    assert list(row) == wanted


def test_only_so_many_of_a_row_are_listed_as_are_asked_for() -> None:
    asked: list[int] = []

    def first(some: int, count: int) -> Any:
        asked.append(count)
        return bits.first_places(some, count)

    row = bits.Row((1 << 5_000) - 1, first)
    assert 600 < sys.getsizeof(row) < 1_000
    assert row[:25] == list(range(25))
    assert row[10:20] == list(range(10, 20))
    assert row[25:50] == list(range(25, 50))
    assert row[75:100] == list(range(75, 100))
    assert asked == [25, bits.FAR]
