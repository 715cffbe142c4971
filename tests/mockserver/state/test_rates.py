"""Rate windows are exact: no stretch of a second or a minute holds more than its share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.state.rates import LoginRates, Rates, SlidingWindow


def test_the_26th_request_of_a_second_waits_for_the_first_to_leave() -> None:
    rates = Rates(per_second=25, per_minute=1_500)
    assert [rates.take(10.0 + n / 100) for n in range(25)] == [0.0] * 25
    assert round(rates.take(10.5), 6) == 0.5
    assert rates.take(11.0) == 0.0


def test_a_request_that_is_turned_away_counts_in_no_window() -> None:
    rates = Rates(per_second=1, per_minute=2)
    assert rates.take(0.0) == 0.0
    assert rates.take(0.5) == 0.5
    assert rates.minute.remaining(0.5) == 1
    assert rates.take(1.0) == 0.0
    assert rates.take(2.0) == 58.0


def test_the_minute_window_says_when_it_frees_a_place() -> None:
    window = SlidingWindow(3, 60.0)
    assert window.reset_at(5.0) == 5.0
    window.admit(5.0)
    window.admit(9.0)
    assert (window.remaining(9.0), window.reset_at(9.0)) == (1, 65.0)
    assert (window.remaining(65.0), window.reset_at(65.0)) == (2, 69.0)


@given(gaps=st.lists(st.floats(0, 0.3), max_size=120))
def test_no_stretch_holds_more_than_the_limit(gaps: list[float]) -> None:
    window, at, admitted = SlidingWindow(5, 1.0), 0.0, []
    for gap in gaps:
        at += gap
        if not window.wait_s(at):
            window.admit(at)
            admitted.append(at)
    assert all(sum(first <= other < first + 1.0 for other in admitted) <= 5 for first in admitted)


def test_logins_are_one_a_second_for_each_name() -> None:
    logins = LoginRates()
    assert logins.take("ada", 1.0) == 0.0
    assert logins.take("ada", 1.25) == 0.75
    assert logins.take("bob", 1.25) == 0.0
    assert logins.take("ada", 2.0) == 0.0
