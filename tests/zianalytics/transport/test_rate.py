from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.transport.rate import Limiter
from zianalytics.transport.shared import OwnPace
from zianalytics.transport.windows import SCALING, SIGN_IN, STANDARD, Window, Windows

SECOND_IS_FULL = {"x-ratelimit-remaining": "900"}
TOLD_NOTHING: dict[str, str] = {}


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def limiter_in(time: Time, *windows: Window, pace: OwnPace | None = None) -> Limiter:
    return Limiter(windows or STANDARD, pace, now=time.now, sleep=time.sleep)


def sent_by(time: Time, limiter: Limiter, requests: int) -> list[float]:
    sent = []
    for _ in range(requests):
        limiter.wait()
        sent.append(time.now_s)
    return sent


def test_signing_in_takes_a_second_between_two() -> None:
    time = Time()
    assert sent_by(time, limiter_in(time, *SIGN_IN), 2) == [1000.0, 1001.045]


@pytest.mark.parametrize(("told", "fastest_s"), [("1500", 40.0), ("2000", 1000 / 33)], ids=["standard", "scaling"])
def test_95_percent_of_the_permitted_rate_are_reached(told: str, fastest_s: float) -> None:
    time = Time()
    limiter = limiter_in(time)
    limiter.learn({"x-ratelimit-limit": told})
    sent = sent_by(time, limiter, 1001)
    assert fastest_s < sent[-1] - sent[0] < fastest_s / 0.95


@given(
    windows=st.lists(st.builds(Window, st.integers(1, 30), st.sampled_from([1.0, 2.0, 60.0])), min_size=1, max_size=3),
    thinking=st.lists(st.lists(st.floats(0, 5), max_size=30), min_size=1, max_size=5),
    refusals=st.lists(st.tuples(st.floats(0, 30), st.floats(0, 9)), max_size=3),
    deaths=st.lists(st.floats(0, 30), max_size=2),
)
def test_whatever_threads_and_processes_do_and_whoever_dies_every_window_and_every_pause_is_kept(
    windows: list[Window], thinking: list[list[float]], refusals: list[tuple[float, float]], deaths: list[float]
) -> None:
    time, pace = Time(), OwnPace()
    sent: list[float] = []

    def asks(limiter: Limiter, thoughts: Sequence[float]) -> Iterator[float]:
        for thought in thoughts:
            yield thought
            yield from limiter.naps()
            sent.append(time.now_s)

    def is_refused(limiter: Limiter, at: float, wait_s: float) -> Iterator[float]:
        yield at
        limiter.refused(wait_s, TOLD_NOTHING)
        paused.append((time.now_s, time.now_s + wait_s))

    paused: list[tuple[float, float]] = []
    acting = [asks(limiter_in(time, *windows, pace=pace), one) for one in thinking]
    acting += [is_refused(limiter_in(time, *windows, pace=pace), *one) for one in refusals]
    dies = {number: 1000.0 + at for number, at in enumerate(deaths)}
    due = [(1000.0, number) for number in range(len(acting))]
    while due:
        time.now_s, number = heapq.heappop(due)
        if time.now_s >= dies.get(number, float("inf")):
            continue
        if (nap := next(acting[number], None)) is not None:
            heapq.heappush(due, (time.now_s + nap, number))
    for window in windows:
        pairs = zip(sent, sent[window.requests :], strict=False)
        assert [first for first, after in pairs if after - first <= window.seconds] == []
    assert [one for one in sent for begin, end in paused if begin < one < end - 1e-6] == []
    if not deaths:
        assert len(sent) == sum(map(len, thinking))


def test_a_pause_holds_back_whoever_was_given_a_moment_already_in_this_process_or_another() -> None:
    time, pace = Time(), OwnPace()
    ours, theirs = (limiter_in(time, Window(10, 1.0), pace=pace) for _ in range(2))
    ours.wait()
    waiting = theirs.naps()
    assert next(waiting) == pytest.approx(0.1045)
    ours.refused(7.0, TOLD_NOTHING)
    time.now_s += 0.1045
    # five seconds ahead is as far as moments are given: it asks once more before that
    assert list(waiting) == pytest.approx([1.8955, 5.0])


def test_who_dies_while_waiting_holds_the_others_back_for_five_seconds_at_most() -> None:
    time, pace = Time(), OwnPace()
    for _ in range(500):
        next(limiter_in(time, Window(1, 1.0), pace=pace).naps(), None)
    alive = limiter_in(time, Window(1, 1.0), pace=pace)
    alive.wait()
    assert time.now_s == pytest.approx(1005.225)


def test_a_clock_that_is_set_back_while_all_wait_delays_nobody() -> None:
    time, pace = Time(), OwnPace()
    limiter = limiter_in(time, pace=pace)
    sent_by(time, limiter, 40)
    time.now_s -= 86_400.0
    before = time.now_s
    limiter.wait()
    assert time.now_s - before == pytest.approx(2 * 1.045 / 25)  # as long as if no time had passed since the last


def test_a_lower_limit_is_learnt_for_the_minute_and_kept_for_the_account() -> None:
    time, pace = Time(), OwnPace()
    limiter_in(time, pace=pace).learn({"x-ratelimit-limit": "600"})
    later = limiter_in(time, pace=pace)
    later.wait()
    assert later.windows == (Window(25, 1.0), Window(600, 60.0))


def test_the_bundle_is_learnt_from_what_the_service_says_of_the_minute_up_and_down() -> None:
    limiter = limiter_in(Time())
    seen: list[Windows] = []
    for told in ("2000", "", "-1", "1500"):
        limiter.learn({"x-ratelimit-limit": told})
        seen.append(limiter.windows)
    assert seen == [SCALING, SCALING, SCALING, STANDARD]


def test_a_limit_that_no_bundle_has_does_not_raise_what_is_kept() -> None:
    limiter = limiter_in(Time())
    limiter.learn({"x-ratelimit-limit": "5000"})
    assert limiter.windows == STANDARD


def test_a_second_that_is_refused_twice_although_it_was_kept_is_spread_over_two_for_a_minute() -> None:
    time = Time()
    limiter = limiter_in(time)
    sent_by(time, limiter, 26)
    limiter.refused(1.0, SECOND_IS_FULL)
    sent_by(time, limiter, 26)
    assert limiter.windows == STANDARD
    limiter.refused(1.0, SECOND_IS_FULL)
    sent = sent_by(time, limiter, 100)
    assert limiter.windows == (Window(25, 2.0), Window(1500, 60.0))
    assert [first for first, after in zip(sent, sent[25:], strict=False) if after - first <= 2.0] == []
    time.now_s += 60.0
    limiter.wait()
    assert limiter.windows == STANDARD


@pytest.mark.parametrize(
    ("requests", "headers"),
    [(25, SECOND_IS_FULL), (40, TOLD_NOTHING), (40, {"x-ratelimit-rejected-bucket": "hour"})],
    ids=["too few to explain it", "not named", "another window"],
)
def test_a_refusal_that_a_wide_second_does_not_explain_is_waited_out_and_no_more(
    requests: int, headers: dict[str, str]
) -> None:
    time = Time()
    limiter = limiter_in(time)
    for _ in range(3):
        sent_by(time, limiter, requests)
        before = time.now_s
        limiter.refused(1.0, headers)
        limiter.wait()
        assert time.now_s == before + 1.0
        time.now_s += 1.0
    assert limiter.windows == STANDARD


def test_who_wakes_too_late_takes_another_moment_once() -> None:
    time = Time()
    limiter = limiter_in(time, Window(10, 1.0))
    limiter.wait()
    waiting = limiter.naps()
    assert next(waiting) == pytest.approx(0.1045)
    time.now_s += 0.1045 + 0.03
    assert next(waiting) == pytest.approx(0.0745)
    time.now_s += 0.0745 + 0.03
    assert next(waiting, None) is None
