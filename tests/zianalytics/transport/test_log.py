"""What is logged of requests: enough to see what went wrong, and neither a secret nor a person."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from zianalytics.errors import AuthFailed, NotAnswered
from zianalytics.transport import Limiter, Session, Window

if TYPE_CHECKING:
    from tests.zianalytics.transport.conftest import Naps, Service

OpenSession = Callable[..., Session]
PASSWORD = "correct horse battery"
LOGGER = "zianalytics.transport"
HEADERS: dict[str, Any] = {
    "X_Request_Id": "r-1",
    "X_RateLimit_Limit": "1500",
    "X_RateLimit_Remaining": "1499",
    "X_Usage_Record_Limit_Limit": "125000",
    "X_Usage_Record_Limit_Remaining": "124990",
    "X_Usage_Request_Limit_Remaining": "ask ann@example.com",
}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, LOGGER)
    return caplog


def fields(record: logging.LogRecord, *names: str) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in names)


def test_a_request_is_one_record_with_its_numbers_as_fields(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture
) -> None:
    session = open_session()
    session.send("POST", "/search/company", body=b"{}")
    service.ahead = timedelta(seconds=90)
    service.will(**HEADERS)
    session.send("POST", "/search/company", body=b"{}")  # teaches the time
    log.clear()
    service.will(**HEADERS)
    session.send("POST", "/enrich/contact", body=b'{"emailAddress": "ada@aster.example"}', operation="enrich.contacts")
    [record] = log.records
    assert record.name == LOGGER
    assert record.levelname == "INFO"
    assert fields(record, "operation", "method", "path", "attempt", "status", "request_id") == (
        "enrich.contacts", "POST", "/enrich/contact", 1, 200, "r-1",
    )  # fmt: skip
    assert fields(record, "rate", "usage") == (
        {"limit": 1500, "remaining": 1499},
        {"record_limit_limit": 125000, "record_limit_remaining": 124990},
    )
    latency_s, waited_s, age_s = fields(record, "latency_s", "waited_s", "token_age_s")
    assert isinstance(latency_s, float)
    assert 0 < latency_s < 60
    assert isinstance(waited_s, float)
    assert isinstance(age_s, float)
    assert 80 <= age_s <= 120
    said = record.getMessage()
    assert said.startswith("enrich.contacts: POST /enrich/contact got 200 after 0.")
    told = f"(try 1; request r-1; rate left: 1499; usage left: record_limit 124990; token {age_s:.0f} s old)"
    assert said.endswith(told)


def test_signing_in_is_logged_without_who_does(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture
) -> None:
    open_session().send("GET", "/lookup/usage", query={"q": "ada@aster.example"})
    sign_in, request = log.records
    assert fields(sign_in, "operation", "path", "status", "token_age_s") == ("sign-in", "/authenticate", 200, None)
    assert fields(request, "operation", "path") == ("/lookup/usage", "/lookup/usage")
    everything = "".join(str(vars(record)) + record.getMessage() for record in log.records)
    assert [word for word in (PASSWORD, "ann@", "ada@", *service.tokens) if word in everything] == []


def test_each_try_is_a_record_and_each_wait_before_another(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture
) -> None:
    session = open_session()
    session.send("POST", "/search/company")
    log.clear()
    service.will(429, Retry_After="2")
    service.will(503)
    session.send("POST", "/search/company", operation="search.companies")
    assert [(one.levelname, getattr(one, "status", "wait"), getattr(one, "attempt", 0)) for one in log.records] == [
        ("WARNING", 429, 1),
        ("INFO", "wait", 2),
        ("WARNING", 503, 2),
        ("INFO", "wait", 3),
        ("INFO", 200, 3),
    ]
    assert log.records[1].getMessage() == "search.companies: try 2 follows in 2.00 s"
    assert fields(log.records[1], "operation", "wait_s") == ("search.companies", 2.0)


def test_a_wait_for_the_pace_is_said(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture
) -> None:
    session = open_session(limiter=Limiter((Window(1, 0.2), Window(1000, 60.0))))
    session.send("POST", "/search/company")
    session.send("POST", "/search/company")
    waited_s = log.records[-1].waited_s  # type: ignore[attr-defined]
    assert waited_s > 0.05
    assert f"waited {waited_s:.2f} s for the pace" in log.records[-1].getMessage()


def test_a_request_without_an_answer_is_logged_by_the_kind_of_failure_alone(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture
) -> None:
    session = open_session()
    session.send("POST", "/search/company")
    log.clear()
    service.will(delivery="cut")
    with pytest.raises(NotAnswered):
        session.send("POST", "/enrich/contact", body=b'{"emailAddress": "ada@aster.example"}', may_pay=True)
    [record] = log.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert fields(record, "status", "request_id", "rate") == (None, None, {})
    assert "got no whole reply (RemoteProtocolError), and it may have been carried out, after" in record.getMessage()
    assert "ada@" not in str(vars(record))


def test_a_refused_sign_in_is_logged_without_the_services_words(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture
) -> None:
    reply = type(service).reply
    service.sign_in_replies.append(reply(401, b'{"message": "no such user: ann@example.com"}'))
    with pytest.raises(AuthFailed):
        open_session().send("POST", "/search/company")
    [record] = log.records
    assert fields(record, "operation", "status") == ("sign-in", 401)
    assert "ann@" not in str(vars(record)) + record.getMessage()


def test_a_request_id_from_outside_cannot_pose_as_another_line(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture
) -> None:
    session = open_session()
    service.will(X_Request_Id="r\x1b[31m" + "x" * 500)
    session.send("POST", "/search/company")
    request_id = log.records[-1].request_id  # type: ignore[attr-defined]
    assert len(request_id) == 100
    assert "\x1b" not in log.records[-1].getMessage()


def test_fields_are_plain_values_that_json_can_hold(
    service: Service, open_session: OpenSession, log: pytest.LogCaptureFixture, naps: Naps
) -> None:
    service.will(**HEADERS)
    open_session().send("POST", "/search/company")
    for record in log.records:
        own = vars(record).keys() - vars(logging.makeLogRecord({})).keys() - {"message", "asctime"}
        assert own >= {"operation", "status", "latency_s", "request_id", "rate", "usage", "token_age_s", "attempt"}
        json.dumps({name: getattr(record, name) for name in own})


def test_who_sets_up_no_log_sees_none() -> None:
    script = (
        "import logging, zianalytics; logging.getLogger('zianalytics.transport').warning('seen'); "
        "print(logging.getLogger().handlers)"
    )
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert (child.stdout.strip(), child.stderr) == ("[]", "")
