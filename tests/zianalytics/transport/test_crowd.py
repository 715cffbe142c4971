import pytest

from zianalytics.transport.crowd import Crowd
from zianalytics.transport.windows import STANDARD, Window


@pytest.mark.parametrize(
    ("latency_s", "at_once"),
    [(0.05, 8), (0.25, 8), (0.5, 15), (1.0, 30), (5.0, 32)],
    ids=["quick", "as usual", "slow", "slower", "never more than there are connections"],
)
def test_the_slower_replies_come_the_more_requests_are_under_way(latency_s: float, at_once: int) -> None:
    crowd = Crowd()
    crowd.took(latency_s)
    assert crowd.at_once(STANDARD) == at_once


def test_before_the_first_reply_there_are_eight() -> None:
    assert Crowd().at_once(STANDARD) == 8


def test_a_single_slow_reply_changes_little_and_a_habit_all() -> None:
    crowd = Crowd()
    for _ in range(20):
        crowd.took(0.3)
    crowd.took(1.1)
    assert crowd.at_once(STANDARD) == 12
    for _ in range(50):
        crowd.took(1.1)
    assert crowd.at_once(STANDARD) == 32


def test_where_a_minute_permits_less_than_a_second_the_minute_rules() -> None:
    crowd = Crowd()
    crowd.took(1.0)
    assert crowd.at_once((Window(25, 1.0), Window(600, 60.0))) == 12
