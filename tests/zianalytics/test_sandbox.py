from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from pydantic import SecretStr

from zianalytics.errors import AuthFailed, ExtraMissing, NotAnswered, RequestRefused, SandboxFailed
from zianalytics.sandbox import Sandbox
from zianalytics.settings import Settings
from zianalytics.transport import Session

SMALL = 60


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(companies=SMALL) as sandbox:
        yield sandbox


def settings_for(sandbox: Sandbox, folder: Path, **changed: Any) -> Settings:
    given = sandbox.settings() | {"home": folder / "home", "state_home": folder / "state"} | changed
    return Settings.read(environ={}, folder=folder, **given)


def listens(base_url: str) -> bool:
    try:
        urllib.request.urlopen(f"{base_url}/__mock__/usage", timeout=5).close()
    except OSError:
        return False
    return True


def gone_within(seconds: float, base_url: str) -> bool:
    until = time.monotonic() + seconds
    while listens(base_url):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_the_private_key_signs_in(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = settings_for(sandbox, tmp_path, password=None)
    with Session(settings) as session:
        assert session.send("GET", "/lookup/usage").status == 200


def test_the_password_signs_in(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = settings_for(sandbox, tmp_path, client_id=None, private_key=None)
    with Session(settings) as session:
        assert session.send("GET", "/lookup/usage").status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": None, "private_key": None, "password": "wrong"},
        {"client_id": "nobody", "password": None},
        {"client_id": None, "private_key": None, "username": "nobody@example.com"},
    ],
    ids=["password", "client id", "user"],
)
def test_who_is_not_known_is_refused(sandbox: Sandbox, tmp_path: Path, wrong: dict[str, Any]) -> None:
    with Session(settings_for(sandbox, tmp_path, **wrong)) as session, pytest.raises(AuthFailed) as caught:
        session.send("GET", "/lookup/usage")
    assert caught.value.status == 401
    assert "Nothing was spent" in str(caught.value)


def post(sandbox: Sandbox, path: str, body: object) -> None:
    request = urllib.request.Request(
        f"{sandbox.base_url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=5).close()


def test_a_clock_that_was_moved_by_a_year_is_believed_and_the_token_renewed_unseen(tmp_path: Path) -> None:
    with Sandbox.start(companies=SMALL) as sandbox, Session(settings_for(sandbox, tmp_path)) as session:
        before = session.send("GET", "/lookup/usage")
        post(sandbox, "/__mock__/clock", {"advance_days": 366})
        after = session.send("GET", "/lookup/usage")
    assert (before.status, after.status) == (200, 200)
    assert (after.received - before.received).days == 366


def test_its_clock_starts_where_it_was_told(tmp_path: Path) -> None:
    start = datetime(2031, 3, 1, 12, tzinfo=UTC)
    with Sandbox.start(companies=SMALL, now=start) as sandbox, Session(settings_for(sandbox, tmp_path)) as session:
        assert abs((session.send("GET", "/lookup/usage").received - start).total_seconds()) < 60


def test_its_account_lives_on_in_its_state(tmp_path: Path) -> None:
    def account() -> tuple[str, str, SecretStr, SecretStr]:
        with Sandbox.start(companies=SMALL, state=tmp_path / "state") as sandbox:
            return sandbox.username, sandbox.client_id, sandbox.password, sandbox.private_key

    assert account() == account()


def test_it_ends_with_its_block_and_leaves_nothing_behind() -> None:
    with Sandbox.start(companies=SMALL) as sandbox:
        assert listens(sandbox.base_url)
        assert repr(sandbox) == f"<Sandbox {sandbox.base_url} runs>"
    assert not listens(sandbox.base_url)
    assert repr(sandbox) == f"<Sandbox {sandbox.base_url} has ended>"
    sandbox.stop()


def test_it_ends_when_it_is_forgotten() -> None:
    sandbox = Sandbox.start(companies=SMALL)
    base_url = sandbox.base_url
    del sandbox
    gc.collect()
    assert not listens(base_url)


def test_tab_offers_to_stop_it_and_not_to_start_another(sandbox: Sandbox) -> None:
    assert "stop" in dir(sandbox)
    assert "start" not in dir(sandbox)
    assert "start" in dir(Sandbox)


def test_its_repr_shows_no_secret(sandbox: Sandbox) -> None:
    shown = f"{sandbox!r} {sandbox.__dict__} {sandbox.settings()}"
    assert sandbox.password.get_secret_value() not in shown
    assert "PRIVATE KEY" not in shown


PARENT = """
import signal, sys, threading
from zianalytics.sandbox import Sandbox
signal.signal(signal.SIGINT, lambda *_: print("interrupted", flush=True))  # a background job starts with it ignored
sandbox = Sandbox.start(companies=60)
print(sandbox.base_url, flush=True)
reader = threading.Thread(target=sys.stdin.read, daemon=True)
reader.start()
while reader.is_alive():
    reader.join(0.05)  # not for ever: a signal that comes just before the wait would go unheard
"""


def start_parent() -> tuple[subprocess.Popen[str], str]:
    """A process that holds a sandbox until its input ends, in a group of processes of its own."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    return parent, parent.stdout.readline().strip()


def test_it_ends_with_a_parent_that_ends_by_itself() -> None:
    parent, base_url = start_parent()
    with parent:
        assert listens(base_url)
    assert not listens(base_url)


def test_it_ends_with_a_parent_that_is_killed() -> None:
    parent, base_url = start_parent()
    with parent:
        assert listens(base_url)
        parent.kill()
    assert gone_within(10, base_url)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a signal to a group of processes on POSIX")
def test_it_survives_a_ctrl_c_that_was_meant_for_its_parent() -> None:
    parent, base_url = start_parent()
    with parent:
        os.killpg(parent.pid, signal.SIGINT)
        assert parent.stdout is not None
        assert parent.stdout.readline() == "interrupted\n"
        assert not gone_within(1, base_url)


def test_a_sandbox_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(SandboxFailed, match=r"^The sandbox did not start: .*Nothing is served"):
        Sandbox.start(state=tmp_path)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"companies": "x"}, r"companies='x' is not a whole number of 1 or more\. Nothing was started"),
        ({"companies": 0}, r"companies=0 is not a whole number of 1 or more"),
        ({"companies": True}, r"companies=True is not a whole number"),
        ({"seed": 0.5}, r"seed=0\.5 is not a whole number"),
        ({"now": "2026-10-01"}, r"now='2026-10-01' is not a datetime\.datetime"),
        ({"bundle": "gold"}, r"bundle='gold' is not one of 'standard', 'scaling'"),
    ],
)
def test_what_a_sandbox_cannot_be_made_from_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestRefused, match=words):
        Sandbox.start(**given)


@pytest.mark.parametrize("days", ["x", -5, 0.5, True, 3_651])
def test_days_that_a_clock_cannot_be_moved_by_are_refused(days: Any, sandbox: Sandbox) -> None:
    with pytest.raises(RequestRefused, match=r"is not a whole number from 0 to 3,650\. The clock was not moved"):
        sandbox.advance(days)


def test_a_colleague_redeems_what_nobody_has_yet() -> None:
    with Sandbox.start(companies=SMALL) as sandbox:
        first, then = sandbox.colleague(2), sandbox.colleague(3)
        assert (first.len(), then.len(), pl.concat([first, then]).n_unique()) == (2, 3, 5)
        charged = sandbox.ledger()
    assert charged["id"].to_list() == [str(one) for one in [*first, *then]]
    assert charged["credits"].to_list() == [1] * 5


def test_faults_are_met_until_they_are_over(tmp_path: Path) -> None:
    with Sandbox.start(companies=SMALL) as sandbox, Session(settings_for(sandbox, tmp_path)) as session:
        sandbox.faults({"path": "/lookup/usage", "fault": "cut_after_charge", "share": 1})
        with pytest.raises(NotAnswered):
            session.send("GET", "/lookup/usage")
        sandbox.faults()
        assert session.send("GET", "/lookup/usage").status == 200


def test_what_a_sandbox_does_not_do_is_refused_in_its_own_words(sandbox: Sandbox) -> None:
    with pytest.raises(RequestRefused) as refused:
        sandbox.faults({"path": "/enrich/company", "fault": "earthquake", "share": 1})
    assert str(refused.value).startswith("The sandbox does not do that: Rule 1: no fault 'earthquake'. Choose from ")
    with pytest.raises(RequestRefused, match=r"redeem 1 to 60 companies, not 61\. Nothing was charged"):
        sandbox.colleague(61)


def test_two_sandboxes_of_one_state_at_once_are_refused(tmp_path: Path) -> None:
    with Sandbox.start(companies=SMALL, state=tmp_path / "state") as one:
        with pytest.raises(SandboxFailed) as refused:
            Sandbox.start(state=tmp_path / "state")
        assert str(refused.value) == (
            f"The sandbox did not start: {tmp_path / 'state'} is held by another sandbox. Nothing was changed. Stop "
            "that one, or name another file."
        )
        assert listens(one.base_url)


def test_a_sandbox_that_is_late_is_ended_and_reported() -> None:
    with pytest.raises(SandboxFailed, match=r"did not listen within 0\.001 s"):
        Sandbox.start(companies=SMALL, start_s=0.001)


def test_a_python_without_the_extra_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(ExtraMissing, match=r"needs uvicorn\. .* pip install 'zianalytics\[mock\]'"):
        Sandbox.start()


def test_it_hands_out_a_practice_crm_and_the_truth_behind_it(sandbox: Sandbox) -> None:
    deals, truth = sandbox.deals(), sandbox.truth()
    assert deals.columns == [
        "deal_id", "website", "company_name", "amount_usd", "outcome", "opened_on", "closed_on",
    ]  # fmt: skip
    assert deals.height == 15  # one deal for every fourth company
    assert set(deals["outcome"]) <= {"won", "lost"}
    assert truth.height == SMALL
    assert truth["win_probability"].is_between(0, 1).all()


def test_its_ledger_has_the_same_columns_before_anything_was_charged(sandbox: Sandbox) -> None:
    assert dict(sandbox.ledger().schema) == {
        "time": pl.String, "endpoint": pl.String, "entity": pl.String, "id": pl.String,
        "credits": pl.Int64, "records": pl.Int64,
    }  # fmt: skip


def test_one_that_has_ended_says_so_when_it_is_asked() -> None:
    with Sandbox.start(companies=SMALL) as sandbox:
        pass
    with pytest.raises(SandboxFailed, match="This sandbox was ended, as it is when its client is closed"):
        sandbox.ledger()


def test_faults_without_a_seed_are_those_of_seed_7(sandbox: Sandbox) -> None:
    said = {"username": sandbox.username, "password": sandbox.password.get_secret_value()}
    token = httpx.post(f"{sandbox.base_url}/authenticate", json=said).json()["jwt"]

    def fates(**seed: int) -> list[int]:
        sandbox.faults({"path": "/lookup/usage", "fault": "503", "share": 0.5}, **seed)
        headers = {"Authorization": f"Bearer {token}"}
        return [httpx.get(f"{sandbox.base_url}/lookup/usage", headers=headers).status_code for _ in range(6)]

    assert fates() == fates(seed=7) == [503, 200, 200, 503, 200, 503]
    assert fates(seed=0) == [503, 503, 200, 503, 503, 200]
    sandbox.faults()
