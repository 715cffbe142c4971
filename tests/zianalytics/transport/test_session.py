from __future__ import annotations

import gzip
import io
import json
import logging
import socket
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from zianalytics.errors import AuthFailed, NotAnswered, RateLimited, SettingsRefused
from zianalytics.settings import Settings
from zianalytics.transport import Limiter, Session, Window

if TYPE_CHECKING:
    from tests.zianalytics.transport.conftest import Naps, Service

OpenSession = Callable[..., Session]
PASSWORD = "correct horse battery"


def test_the_first_request_signs_in_and_carries_the_token(service: Service, open_session: OpenSession) -> None:
    service.will(body=b'{"data": []}', X_Request_Id="r-1")
    answer = open_session().send("POST", "/search/company", body=b'{"companyName": "Acme"}')
    assert (answer.status, answer.body, answer.headers["x-request-id"]) == (200, b'{"data": []}', "r-1")
    assert [request.path for request in service.received] == ["/authenticate", "/search/company"]
    assert json.loads(service.received[0].body) == {"username": "ann@example.com", "password": PASSWORD}
    assert service.received[1].headers["authorization"] == f"Bearer {service.tokens[0]}"
    assert service.received[1].headers["content-type"] == "application/json"
    assert service.received[1].body == b'{"companyName": "Acme"}'


def test_a_query_is_sent_encoded_and_a_request_without_body_has_no_content_type(
    service: Service, open_session: OpenSession
) -> None:
    open_session().send("GET", "/lookup/usage", query={"q": "a b&c"})
    assert service.received[1].method == "GET"
    assert service.received[1].path == "/lookup/usage?q=a+b%26c"
    assert "content-type" not in service.received[1].headers


def test_one_sign_in_serves_many_requests_and_threads(service: Service, open_session: OpenSession) -> None:
    session = open_session()
    service.sign_in_s = 0.05
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: session.send("POST", "/search/company", body=b"{}").status, range(24)))
    assert answers == [200] * 24
    assert len(service.asked("/authenticate")) == 1


def test_a_session_says_how_many_requests_reach_its_pace(service: Service, open_session: OpenSession) -> None:
    session = open_session(limiter=Limiter((Window(100_000, 1.0),)))
    assert session.at_once == 8
    session.send("POST", "/search/company", body=b"{}")
    assert session.at_once == 32  # no reply comes within a hundred-thousandth of a second


def test_a_revoked_token_is_renewed_once_unseen_by_eight_threads(service: Service, open_session: OpenSession) -> None:
    session = open_session()
    session.send("POST", "/search/company", body=b"{}")
    service.revoke()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: session.send("POST", "/enrich/company", may_pay=True).status, range(8)))
    assert answers == [200] * 8
    assert len(service.asked("/authenticate")) == 2


def test_a_token_that_expired_because_the_service_lives_later_is_renewed_unseen(
    service: Service, open_session: OpenSession
) -> None:
    session = open_session()
    session.send("POST", "/search/company")
    service.ahead = timedelta(days=366)
    assert session.send("POST", "/search/company").status == 200
    assert len(service.asked("/authenticate")) == 2
    assert session.send("POST", "/search/company").status == 200
    assert len(service.asked("/authenticate")) == 2


def test_an_answer_is_dated_by_the_service(service: Service, open_session: OpenSession) -> None:
    service.ahead = timedelta(days=366)
    answer = open_session().send("POST", "/search/company")
    assert answer.received.tzinfo is UTC
    assert abs(answer.received - service.now()) < timedelta(seconds=30)


def test_a_token_that_stays_refused_after_renewal_comes_back_as_401(
    service: Service, open_session: OpenSession
) -> None:
    service.will(status=401, times=2)
    assert open_session().send("POST", "/search/company").status == 401
    assert len(service.asked("/authenticate")) == 2


def test_a_wrong_password_is_a_clear_refusal_and_tried_once(
    service: Service, settings: Settings, open_session: OpenSession
) -> None:
    session = open_session(settings.model_copy(update={"password": SecretStr("wrong")}))
    with pytest.raises(AuthFailed, match="Authentication failed") as caught:
        session.send("POST", "/search/company")
    assert caught.value.status == 401
    assert len(service.received) == 1


def test_threads_that_waited_for_a_refused_sign_in_do_not_repeat_it(
    service: Service, settings: Settings, open_session: OpenSession
) -> None:
    session = open_session(settings.model_copy(update={"password": SecretStr("wrong")}))
    service.sign_in_s = 0.3
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(session.send, "POST", "/search/company") for _ in range(8)]
    assert [type(one.exception()) for one in asked] == [AuthFailed] * 8
    assert len(service.asked("/authenticate")) == 1


def test_an_account_without_password_and_key_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    bare = Settings.read(environ={}, folder=tmp_path, username="ann@example.com", base_url="http://127.0.0.1:9")
    with pytest.raises(SettingsRefused, match="neither a password nor a private key"):
        Session(bare)


@pytest.mark.parametrize("status", [400, 403, 404, 500, 501, 502, 503])
def test_a_paid_request_is_not_repeated_whatever_the_service_says(
    service: Service, open_session: OpenSession, status: int
) -> None:
    service.will(status=status)
    assert open_session().send("POST", "/enrich/company", may_pay=True).status == status
    assert len(service.asked("/enrich/company")) == 1


@pytest.mark.parametrize("delivery", ["cut", "truncate"])
def test_a_paid_request_whose_reply_was_lost_is_sent_once_and_its_outcome_is_unknown(
    service: Service, open_session: OpenSession, delivery: str
) -> None:
    service.will(body=b"x" * 1000, delivery=delivery)
    with pytest.raises(NotAnswered, match="may have been carried out and charged") as caught:
        open_session().send("POST", "/enrich/company", may_pay=True)
    assert caught.value.outcome_known is False
    assert len(service.asked("/enrich/company")) == 1


@pytest.mark.parametrize("delivery", ["cut", "truncate"])
def test_a_free_request_whose_reply_was_lost_is_asked_again(
    service: Service, open_session: OpenSession, delivery: str
) -> None:
    service.will(body=b"x" * 1000, delivery=delivery)
    assert open_session().send("POST", "/search/company").status == 200
    assert len(service.asked("/search/company")) == 2


def test_a_service_that_stalls_is_given_up_after_the_time_allowed(service: Service, open_session: OpenSession) -> None:
    service.will(delivery="stall")
    with pytest.raises(NotAnswered, match="timed out") as caught:
        open_session(answer_s=0.2).send("POST", "/enrich/company", may_pay=True)
    assert caught.value.outcome_known is False


def test_a_packed_reply_is_unpacked(service: Service, open_session: OpenSession) -> None:
    service.will(body=gzip.compress(b'{"data": []}'), Content_Encoding="gzip")
    service.will(body=b"", Content_Encoding="gzip")
    session = open_session()
    assert session.send("POST", "/search/company").body == b'{"data": []}'
    assert session.send("POST", "/search/company").body == b""
    assert {request.headers["accept-encoding"] for request in service.received} == {"gzip"}


def test_a_reply_may_be_as_large_as_the_bound_and_no_larger(service: Service, open_session: OpenSession) -> None:
    session = open_session(largest_bytes=1_000)
    for packing, pack in (("identity", bytes), ("gzip", gzip.compress)):
        service.will(body=pack(b"x" * 1_000), Content_Encoding=packing)
        service.will(body=pack(b"x" * 1_001), Content_Encoding=packing)
        assert session.send("POST", "/search/company").body == b"x" * 1_000
        with pytest.raises(NotAnswered, match="more than 1,000 bytes"):
            session.send("POST", "/search/company")
    assert len(service.asked("/search/company")) == 4  # a second try would bring the same


def test_a_reply_that_unpacks_without_end_is_not_taken_and_fills_no_memory(
    service: Service, open_session: OpenSession
) -> None:
    session = open_session(largest_bytes=1_000_000)
    session.send("POST", "/search/company")
    service.will(body=gzip.compress(bytes(100_000_000)), Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(NotAnswered, match="may have been carried out and charged") as caught:
            session.send("POST", "/enrich/company", may_pay=True)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert not caught.value.outcome_known
    assert session.send("POST", "/enrich/company", may_pay=True).status == 200


def test_a_reply_that_drips_is_given_up_when_its_time_is_over(service: Service, open_session: OpenSession) -> None:
    session = open_session(whole_s=0.3)
    for may_pay, doubt in ((True, "may have been carried out and charged"), (False, "costs no credits")):
        service.will(body=b"x" * 400, delivery="drip")
        with pytest.raises(NotAnswered, match=f"the reply not taken: it took too long to arrive.*{doubt}"):
            session.send("POST", "/enrich/company", may_pay=may_pay)
    assert len(service.asked("/enrich/company")) == 2


@pytest.mark.parametrize(
    ("packing", "body", "reason"),
    [
        ("br", b"x", "packed as 'br'"),
        ("gzip, gzip", b"x", "packed as 'gzip, gzip'"),
        ("gzip", b"no gzip", "packing is damaged"),
        ("gzip", gzip.compress(b"x" * 1_000)[:-4], "packing breaks off"),
    ],
    ids=["an unknown packing", "packed twice", "no gzip", "cut off"],
)
def test_a_reply_that_cannot_be_unpacked_is_none(
    service: Service, open_session: OpenSession, packing: str, body: bytes, reason: str
) -> None:
    service.will(body=body, Content_Encoding=packing)
    with pytest.raises(NotAnswered, match=reason):
        open_session().send("POST", "/search/company")


def test_a_redirect_is_an_answer_and_is_not_followed(service: Service, open_session: OpenSession) -> None:
    service.will(status=302, location="/elsewhere")
    assert open_session().send("POST", "/search/company").status == 302
    assert service.asked("/elsewhere") == []


def test_a_lower_limit_told_by_the_service_is_kept(service: Service, open_session: OpenSession) -> None:
    limiter = Limiter(sleep=lambda _: None)
    service.will(x_ratelimit_limit="600")
    open_session(limiter=limiter).send("POST", "/search/company")
    assert limiter.windows == (Window(25, 1.0), Window(600, 60.0))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_service_that_cannot_be_reached_is_named_with_the_way_to_start_it(
    settings: Settings, open_session: OpenSession
) -> None:
    port = free_port()
    session = open_session(settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"}))
    with pytest.raises(NotAnswered) as caught:
        session.send("POST", "/enrich/company", may_pay=True)
    assert caught.value.outcome_known is True
    assert f"http://127.0.0.1:{port} cannot be reached" in str(caught.value)
    assert f"zia mock --port {port}, or python -m mockserver --port {port}" in str(caught.value)


def test_a_service_that_went_away_in_mid_run_has_certainly_not_charged(
    service: Service, open_session: OpenSession
) -> None:
    session = open_session()
    session.send("POST", "/search/company")
    session.close()
    service.stop()
    gone = open_session()
    with pytest.raises(NotAnswered) as caught:
        gone.send("POST", "/enrich/company", may_pay=True)
    assert caught.value.outcome_known is True


def test_a_sign_in_that_got_no_answer_leaves_no_doubt_about_what_was_to_follow(
    service: Service, open_session: OpenSession
) -> None:
    for _ in range(3):
        service.sign_in_replies.append(type(service).reply(delivery="cut"))
    with pytest.raises(NotAnswered, match="Signing in costs nothing") as caught:
        open_session().send("POST", "/enrich/company", may_pay=True)
    assert caught.value.outcome_known is True
    assert service.asked("/enrich/company") == []


def test_a_sign_in_answered_without_a_token_is_no_usable_reply(service: Service, open_session: OpenSession) -> None:
    service.sign_in_replies.append(type(service).reply(body=b"<html>proxy</html>"))
    with pytest.raises(NotAnswered, match="without a token") as caught:
        open_session().send("POST", "/enrich/company", may_pay=True)
    assert caught.value.outcome_known is True


def test_a_sign_in_that_is_asked_to_slow_down_waits_and_ends_in_a_refusal_of_the_pace(
    service: Service, open_session: OpenSession, naps: Naps
) -> None:
    service.sign_in_replies.extend([type(service).reply(status=429)] * 8)
    with pytest.raises(RateLimited, match="refused the sign-in"):
        open_session().send("POST", "/search/company")
    assert {1.0, 2.0, 4.0, 8.0, 16.0, 30.0} <= set(naps.taken)
    assert len(service.asked("/authenticate")) == 8


def secrets_shown(text: str, service: Service) -> list[str]:
    return [secret for secret in (PASSWORD, *service.tokens) if secret in text]


def test_no_secret_is_in_any_log_even_of_the_libraries_below(service: Service, open_session: OpenSession) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        open_session().send("POST", "/search/company", body=b"{}")
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert "receive_response_headers" in written.getvalue()
    assert secrets_shown(written.getvalue(), service) == []
