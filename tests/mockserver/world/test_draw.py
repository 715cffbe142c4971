from __future__ import annotations

import math
import statistics

from hypothesis import given
from hypothesis import strategies as st

from mockserver.world.draw import Draw, Weights


def test_a_key_gives_the_same_stream_on_every_machine() -> None:
    draw = Draw("7/0/company")
    assert [round(draw.unit(), 12) for _ in range(3)] == [0.312042612356, 0.707544693368, 0.071770999665]


def test_another_key_gives_another_stream() -> None:
    assert Draw("7/0/company").unit() != Draw("8/0/company").unit()


@given(st.text(), st.integers(-50, 50), st.integers(0, 50))
def test_a_whole_number_stays_within_both_ends(key: str, low: int, width: int) -> None:
    assert low <= Draw(key).whole(low, low + width) <= low + width


def test_both_ends_of_a_whole_number_are_reached() -> None:
    draw = Draw("ends")
    assert {draw.whole(1, 3) for _ in range(100)} == {1, 2, 3}


@given(st.text(), st.lists(st.integers(), unique=True, max_size=12), st.integers(0, 15))
def test_some_are_different_and_never_more_than_there_are(key: str, values: list[int], count: int) -> None:
    drawn = Draw(key).some(values, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(values))
    assert set(drawn) <= set(values)


def test_weights_decide_how_often_a_value_comes() -> None:
    draw, weights = Draw("weights"), Weights([6, 3, 1])
    drawn = [draw.weighted("abc", weights) for _ in range(10_000)]
    assert [round(drawn.count(letter) / 10_000, 1) for letter in "abc"] == [0.6, 0.3, 0.1]


def test_a_bell_has_mean_nought_and_deviation_one() -> None:
    draw = Draw("bell")
    drawn = [draw.bell() for _ in range(20_000)]
    assert abs(statistics.mean(drawn)) < 0.03
    assert abs(statistics.stdev(drawn) - 1) < 0.03


def test_a_spread_lies_about_its_median_evenly_in_logarithms() -> None:
    draw = Draw("spread")
    drawn = [math.log(draw.spread(50, 1.5)) for _ in range(20_000)]
    assert abs(statistics.median(drawn) - math.log(50)) < 0.05
    assert abs(statistics.stdev(drawn) - 1.5) < 0.05


def test_a_pattern_is_filled_with_digits_letters_and_the_area_code() -> None:
    filled = Draw("pattern").filled("+1 (@) 555-01## M# ?", "416")
    assert filled.startswith("+1 (416) 555-01")
    assert filled[15:17].isdigit()
    assert filled[18] == "M"
    assert filled[19].isdigit()
    assert filled[21].isalpha()
