from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.transport.pace import Pace, next_moment
from zianalytics.transport.windows import STANDARD, Window

TEN_A_SECOND = (Window(10, 1.0),)


def pace_at(now: float, moments: int = 0) -> Pace:
    pace = Pace()
    pace.look(now)
    for _ in range(moments):
        pace.take(TEN_A_SECOND)
    return pace


def test_the_first_request_leaves_at_once() -> None:
    assert next_moment([], 1000.0, STANDARD) == 1000.0


def test_requests_are_evenly_paced() -> None:
    assert next_moment([1000.0], 1000.0, STANDARD) == 1000.0 + 1.045 / 25


def test_a_full_window_makes_the_next_wait_until_its_oldest_is_out() -> None:
    assert next_moment([1000.0, 1001.0, 1002.0], 1002.5, (Window(3, 10.0),)) == 1010.045


def test_a_request_after_a_long_pause_waits_for_nothing() -> None:
    assert next_moment([1000.0] * 25, 1100.0, STANDARD) == 1100.0


def test_moments_given_before_any_is_used_are_apart_too() -> None:
    pace = pace_at(1000.0)
    taken = [pace.take(TEN_A_SECOND) for _ in range(3)]
    assert [moment for moment, _ in taken] == pytest.approx([1000.0, 1000.1045, 1000.209])
    assert [is_given for _, is_given in taken] == [True] * 3


def test_no_moment_is_given_further_ahead_than_five_seconds_so_that_the_dead_hold_nobody_back() -> None:
    pace = pace_at(1000.0, moments=48)
    assert pace.given[-1] == pytest.approx(1004.9115)
    moment, is_given = pace.take(TEN_A_SECOND)
    assert moment == pytest.approx(1000.016)
    assert not is_given
    assert len(pace.given) == 48


def test_a_pause_takes_back_what_has_not_come_and_the_longest_one_counts() -> None:
    pace = pace_at(1000.0, moments=5)
    pace.look(1000.2)
    pace.hold_back(3.0)
    pace.hold_back(1.0)
    assert list(pace.given) == [1000.0, 1000.1045]
    assert pace.epoch == 2
    assert pace.take(TEN_A_SECOND) == (1003.2, True)


def test_a_clock_that_was_set_back_makes_nobody_wait_until_it_has_caught_up() -> None:
    pace = pace_at(90_000.0, moments=3)
    pace.not_before, pace.wide_until = 90_002.0, 90_300.0
    pace.look(1000.0)
    assert list(pace.given) == pytest.approx([1000.0, 1000.1045, 1000.209])
    assert (pace.not_before, pace.wide_until) == (1002.0, 1300.0)


def test_clocks_that_differ_by_less_than_a_second_change_nothing() -> None:
    pace = pace_at(1000.0, moments=3)
    pace.look(999.1)
    assert list(pace.given) == pytest.approx([1000.0, 1000.1045, 1000.209])


def test_what_is_too_old_to_rule_a_window_is_forgotten() -> None:
    pace = pace_at(1000.0, moments=3)
    pace.look(1065.15)
    assert list(pace.given) == pytest.approx([1000.209])


def test_it_is_crowded_when_more_than_a_second_holds_fell_into_two() -> None:
    pace = pace_at(1000.0, moments=10)
    assert not pace.is_crowded(TEN_A_SECOND)
    pace.take(TEN_A_SECOND)
    assert pace.is_crowded(TEN_A_SECOND)
    pace.given[-1] = 1002.5
    assert not pace.is_crowded(TEN_A_SECOND)


@pytest.mark.parametrize(
    ("refused_at", "wide_until"),
    [
        ([0.0], 0.0),
        ([0.0, 0.3], 0.0),
        ([0.0, 0.3, 1.4], 1061.4),
        ([0.0, 4.0], 1064.0),
        ([0.0, 4.1], 0.0),
        ([0.0, 4.1, 5.2], 1065.2),
    ],
    ids=["once", "in flight together", "and again", "three seconds after the wait", "later", "later and again"],
)
def test_a_second_is_wide_when_it_is_refused_again_after_the_wait(refused_at: list[float], wide_until: float) -> None:
    pace = Pace()
    for at in refused_at:
        pace.look(1000.0 + at)
        pace.suspect()
        pace.hold_back(1.0)
    assert pace.wide_until == pytest.approx(wide_until)


def test_its_form_in_a_file_holds_all_of_it() -> None:
    pace = pace_at(1000.5, moments=4)
    pace.told, pace.suspected_at, pace.wide_until = 2000, 990.0, 1300.0
    pace.hold_back(7.0)
    again = Pace.unpacked(pace.packed())
    assert again is not None
    assert (again.now, again.not_before, again.wide_until, again.told, again.epoch) == (1000.5, 1007.5, 1300.0, 2000, 1)
    assert again.suspected_at == 990.0
    assert list(again.given) == [1000.5]


@given(cut=st.integers(0, 200), flipped=st.integers(0, 79), bits=st.integers(1, 255), junk=st.binary(max_size=90))
def test_what_is_damaged_is_no_pace(cut: int, flipped: int, bits: int, junk: bytes) -> None:
    packed = pace_at(1000.0, moments=3).packed()
    assert len(packed) == 84
    spoilt = bytearray(packed)
    spoilt[flipped] ^= bits
    assert Pace.unpacked(bytes(spoilt)) is None
    assert Pace.unpacked(junk) is None
    assert cut >= 84 or Pace.unpacked(packed[:cut]) is None
    assert not junk or Pace.unpacked(packed + junk) is None


def test_another_version_is_no_pace() -> None:
    packed = pace_at(1000.0, moments=3).packed()
    assert Pace.unpacked(packed.replace(b"zipace02", b"zipace00")) is None
