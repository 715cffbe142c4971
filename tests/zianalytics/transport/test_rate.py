from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zianalytics.transport.rate import SIGN_IN, STANDARD, Limiter, Window, next_moment


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def limiter_in(time: Time, *windows: Window) -> Limiter:
    return Limiter(windows or STANDARD, now=time.now, sleep=time.sleep)


def test_the_first_request_leaves_at_once() -> None:
    assert next_moment([], 1000.0, STANDARD) == 1000.0


def test_requests_are_evenly_paced() -> None:
    assert next_moment([1000.0], 1000.0, STANDARD) == 1000.0 + 1.05 / 25


def test_a_full_window_makes_the_next_wait_until_its_oldest_is_out() -> None:
    assert next_moment([1000.0, 1001.0, 1002.0], 1002.5, (Window(3, 10.0),)) == 1010.05


def test_a_request_after_a_long_pause_waits_for_nothing() -> None:
    assert next_moment([1000.0] * 25, 1100.0, STANDARD) == 1100.0


def test_signing_in_takes_a_second_between_two() -> None:
    time = Time()
    limiter = limiter_in(time, *SIGN_IN)
    limiter.wait()
    limiter.wait()
    assert time.now_s == 1001.05


def test_95_percent_of_25_a_second_are_reached() -> None:
    time = Time()
    limiter = limiter_in(time)
    for _ in range(1000):
        limiter.wait()
    assert 41.9 < time.now_s - 1000.0 < 42.0  # 1,000 at 25 a second take 40


@given(
    windows=st.lists(st.builds(Window, st.integers(1, 30), st.sampled_from([1.0, 2.0, 60.0])), min_size=1, max_size=3),
    pauses=st.lists(st.floats(0, 5), max_size=80),
)
def test_no_window_ever_holds_more_than_it_may(windows: list[Window], pauses: list[float]) -> None:
    time = Time()
    limiter = limiter_in(time, *windows)
    sent = []
    for pause in pauses:
        time.now_s += pause
        limiter.wait()
        sent.append(time.now_s)
    for window in windows:
        crowded = [
            first
            for first, after in zip(sent, sent[window.requests :], strict=False)
            if after - first <= window.seconds
        ]
        assert crowded == []


def test_moments_reserved_before_any_is_used_are_apart_too() -> None:
    limiter = limiter_in(Time(), Window(10, 1.0))
    waits = [limiter.reserve() for _ in range(3)]
    assert waits == [0.0, 0.10500000000001819, 0.21000000000003638]


def test_a_pause_holds_everybody_back() -> None:
    time = Time()
    limiter = limiter_in(time)
    limiter.pause(7.0)
    limiter.pause(3.0)
    limiter.wait()
    assert time.now_s == 1007.0


def test_a_lower_limit_is_learnt_for_the_minute() -> None:
    limiter = limiter_in(Time())
    limiter.learn({"x-ratelimit-limit": "600"})
    assert limiter.windows == (Window(25, 1.0), Window(600, 60.0))


def test_a_higher_limit_is_not_believed() -> None:
    limiter = limiter_in(Time())
    limiter.learn({"x-ratelimit-limit": "600"})
    limiter.learn({"x-ratelimit-limit": "2000"})
    assert limiter.windows == (Window(25, 1.0), Window(600, 60.0))


def test_headers_that_say_nothing_teach_nothing() -> None:
    limiter = limiter_in(Time())
    for told in ("", " ", "-1", "0", "many", "1.5", "٣"):
        limiter.learn({"x-ratelimit-limit": told})
    limiter.learn({})
    assert limiter.windows == STANDARD
