"""What the session sends again, how often, and when it stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from zianalytics.errors import NotAnswered, RetriesExhausted
from zianalytics.settings import Settings
from zianalytics.transport import Limiter, Session, Window
from zianalytics.transport.quota import RetryQuota, quota_of

if TYPE_CHECKING:
    from tests.zianalytics.transport.conftest import Naps, Service

OpenSession = Callable[..., Session]


def test_a_429_is_retried_after_the_wait_it_asks_for_even_for_a_paid_request(
    service: Service, open_session: OpenSession, naps: Naps
) -> None:
    service.will(status=429, times=3, retry_after="2")
    assert open_session().send("POST", "/enrich/company", may_pay=True).status == 200
    assert naps.taken.count(2.0) == 3
    assert len(service.asked("/enrich/company")) == 4


def test_a_429_holds_back_the_other_threads_too(service: Service, open_session: OpenSession) -> None:
    waited: list[float] = []
    limiter = Limiter((Window(100, 1.0),), now=lambda: 50.0, sleep=waited.append)
    service.will(status=429, retry_after="3")
    open_session(limiter=limiter).send("POST", "/search/company")
    waited.clear()
    limiter.wait()
    assert waited == [pytest.approx(3.01045)]


def test_a_storm_of_429_ends_as_an_answer_after_eight_tries(service: Service, open_session: OpenSession) -> None:
    service.will(status=429, times=20)
    assert open_session().send("POST", "/search/company").status == 429
    assert len(service.asked("/search/company")) == 8


def test_a_free_request_survives_passing_errors_of_the_service(
    service: Service, open_session: OpenSession, naps: Naps
) -> None:
    service.will(status=502)
    service.will(status=503)
    assert open_session().send("POST", "/search/company").status == 200
    assert [nap for nap in naps.taken if nap > 0.1] == [1.0, 2.0]


def test_a_storm_of_503_is_met_with_three_attempts_a_request_until_the_quota_stops_repeats_and_says_so(
    service: Service, settings: Settings, open_session: OpenSession, naps: Naps
) -> None:
    service.will(status=503, times=1_000)
    session = open_session()
    asked, stopped = [], []
    while sum(naps.taken) < 600:  # ten minutes, as the naps count them
        before = len(service.received)
        try:
            assert session.send("GET", "/lookup/usage").status == 503
        except RetriesExhausted as exc:
            stopped.append(exc)
            naps(10.0)  # whoever calls waits a little
        asked.append(len([one for one in service.received[before:] if one.path != "/authenticate"]))
    assert asked[:50] == [3] * 50
    assert asked[50:] == [1] * len(stopped) != []
    assert str(stopped[-1]) == (
        f"GET /lookup/usage got HTTP 503 and is not sent again: so much has failed at {settings.base_url} that this "
        "process has used up its quota of retries. Nothing was charged for it. Wait until the service answers again, "
        "then run it again; what succeeds fills the quota up."
    )
    assert (stopped[-1].status, stopped[-1].outcome_known, stopped[-1].retryable) == (503, True, True)


def test_requests_that_succeed_fill_the_quota_up_again(service: Service, open_session: OpenSession) -> None:
    quota = RetryQuota(tokens=20)
    session = open_session(quota=quota)
    service.will(status=503, times=3)
    session.send("GET", "/lookup/usage")
    assert quota.left == 10
    service.will(status=503, times=2)
    assert session.send("GET", "/lookup/usage").status == 200
    assert quota.left == 10  # what a success had taken
    assert session.send("GET", "/lookup/usage").status == 200
    assert quota.left == 11  # and a little for one that needed none


def test_a_time_out_takes_twice_as_much_of_the_quota(service: Service, open_session: OpenSession) -> None:
    quota = RetryQuota(tokens=19)
    service.will(delivery="stall", times=3)
    with pytest.raises(RetriesExhausted, match="got no whole reply and is not sent again") as caught:
        open_session(quota=quota, answer_s=0.1).send("GET", "/lookup/usage")
    assert quota.left == 9
    assert isinstance(caught.value.__cause__, NotAnswered)
    assert len(service.asked("/lookup/usage")) == 2


def test_an_empty_quota_stops_a_refused_request_too_and_nothing_else(
    service: Service, open_session: OpenSession
) -> None:
    session = open_session(quota=RetryQuota(tokens=0))
    assert session.send("POST", "/enrich/company", may_pay=True).status == 200
    service.will(status=429)
    with pytest.raises(RetriesExhausted, match="got HTTP 429") as caught:
        session.send("POST", "/enrich/company", may_pay=True)
    assert caught.value.outcome_known is True


def test_all_clients_of_a_process_share_the_quota_of_a_host(service: Service, open_session: OpenSession) -> None:
    quota = quota_of(service.base_url.removeprefix("http://"))
    service.will(status=503, times=3)
    open_session(quota=None).send("GET", "/lookup/usage")
    assert quota.left == 490
