from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from zianalytics.transport.quota import RetryQuota, quota_of


def test_a_hundred_retries_or_fifty_after_time_outs_are_allowed() -> None:
    quota = RetryQuota()
    assert [quota.take(5) for _ in range(101)] == [True] * 100 + [False]
    quota = RetryQuota()
    assert [quota.take(10) for _ in range(51)] == [True] * 50 + [False]


def test_what_is_given_back_never_makes_it_larger_than_it_was() -> None:
    quota = RetryQuota()
    quota.take(5)
    quota.give(5)
    quota.give(1)
    assert quota.left == 500


def test_threads_take_no_token_twice() -> None:
    quota = RetryQuota()
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: quota.take(1), range(600)))
    assert taken.count(True) == 500


def test_a_host_has_one_quota_in_a_process() -> None:
    assert quota_of("api.quota.example") is quota_of("api.quota.example")
    assert quota_of("api.quota.example") is not quota_of("api.other.example")
