"""The session against a whole sandbox, with trouble on demand."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from zianalytics.errors import NotAnswered
from zianalytics.sandbox import Sandbox
from zianalytics.settings import Settings
from zianalytics.transport import Session

SEARCH = json.dumps({"country": "United States", "rpp": 25, "page": 1}).encode()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(companies=200) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def settings(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("client")
    return Settings.read(environ={}, folder=folder, home=folder, state_home=folder / "state", **sandbox.settings())


@pytest.fixture
def admin(sandbox: Sandbox) -> Iterator[Callable[..., Any]]:
    def admin(path: str, body: object = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"{sandbox.base_url}/__mock__/{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())

    yield admin
    admin("faults", {"seed": 7, "rules": []})


def faults(path: str, fault: str, share: float) -> dict[str, Any]:
    return {"seed": 7, "rules": [{"path": path, "fault": fault, "share": share}]}


def found(session: Session) -> list[int]:
    answer = session.send("POST", "/search/company", body=SEARCH)
    assert answer.status == 200, answer.body
    return [company["id"] for company in json.loads(answer.body)["data"]]


def enrich(session: Session, company_id: int) -> int:
    body = {"matchCompanyInput": [{"companyId": company_id}], "outputFields": ["id", "name"]}
    return session.send("POST", "/enrich/company", body=json.dumps(body).encode(), may_pay=True).status


def charges(admin: Callable[..., Any], company_id: int) -> list[int]:
    return [row["credits"] for row in admin("ledger") if row["entity"] == "company" and row["id"] == company_id]


def test_eight_threads_at_full_pace_all_come_through(settings: Settings) -> None:
    with Session(settings) as session, ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: session.send("POST", "/search/company", body=SEARCH).status, range(60)))
    assert statuses == [200] * 60


ASKS = """
import json, sys
from pathlib import Path
from zianalytics.settings import Settings
from zianalytics.transport import Limiter, Session, Window
from zianalytics.transport.shared import SharedPace
class Counting(Limiter):
    refusals = 0
    def refused(self, wait_s, headers):
        self.refusals += 1
        super().refused(wait_s, headers)
settings = Settings.read(environ={}, **json.loads(sys.stdin.readline()))
limiter = Counting((Window(20, 1.0),), SharedPace(settings.state_folder / "pace.bin"))
with Session(settings, limiter=limiter) as session:
    answers = [session.send("GET", "/lookup/usage").status for _ in range(20)]
print(answers.count(200), limiter.refusals)
"""


def test_three_processes_of_one_account_are_never_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    # 20 a second of 25, so that a busy machine has room; full pace is measured by benchmarks/rate.py
    told = {"base_url": sandbox.base_url, "username": sandbox.username, "state_home": str(tmp_path / "state")}
    asked = json.dumps({**told, "password": sandbox.password.get_secret_value()}) + "\n"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", ASKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdin
        process.stdin.write(asked)
        process.stdin.flush()
    assert [process.communicate()[0].split() for process in started] == [["20", "0"]] * 3


def test_a_storm_of_429_delays_and_loses_nothing(settings: Settings, admin: Callable[..., Any]) -> None:
    with Session(settings) as session:
        company_id = found(session)[0]
        admin("faults", faults("/enrich/company", "429", 0.7))
        assert enrich(session, company_id) == 200
    assert charges(admin, company_id) == [1]


@pytest.mark.parametrize("fault", ["cut_after_charge", "truncate"])
def test_a_paid_reply_that_is_lost_is_reported_as_unknown_and_charged_once(
    settings: Settings, admin: Callable[..., Any], fault: str
) -> None:
    with Session(settings) as session:
        company_id = found(session)[{"cut_after_charge": 1, "truncate": 2}[fault]]
        admin("faults", faults("/enrich/company", fault, 1.0))
        with pytest.raises(NotAnswered) as caught:
            enrich(session, company_id)
    assert caught.value.outcome_known is False
    assert charges(admin, company_id) == [1]


def test_a_bad_gateway_after_the_charge_is_not_answered_by_paying_again(
    settings: Settings, admin: Callable[..., Any]
) -> None:
    with Session(settings) as session:
        company_id = found(session)[3]
        admin("faults", faults("/enrich/company", "bad_gateway_after_charge", 1.0))
        assert enrich(session, company_id) == 502
    assert charges(admin, company_id) == [1]


def test_a_token_that_the_service_forgot_is_renewed_unseen(settings: Settings, admin: Callable[..., Any]) -> None:
    with Session(settings) as session:
        found(session)
        admin("reset", {})
        assert len(found(session)) == 25


def test_a_stalled_service_is_given_up(settings: Settings, admin: Callable[..., Any]) -> None:
    with Session(settings, answer_s=0.3) as session:
        company_id = found(session)[4]
        admin("faults", faults("/enrich/company", "stall", 1.0))
        with pytest.raises(NotAnswered, match="timed out"):
            enrich(session, company_id)


def test_a_service_that_ends_in_mid_run_is_named(tmp_path: Path) -> None:
    with Sandbox.start(companies=60) as sandbox:
        settings = Settings.read(environ={}, folder=tmp_path, state_home=tmp_path / "state", **sandbox.settings())
        session = Session(settings)
        company_id = found(session)[0]
    with session, pytest.raises(NotAnswered, match="cannot be reached") as caught:
        enrich(session, company_id)
    assert caught.value.outcome_known is True
