"""The sandbox behind a real socket, as a client meets it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import Replay, serve
from mockserver.sandbox import Options, Sandbox
from mockserver.sandbox.record import COLLECTION


def signed_in(base_url: str, credentials: dict[str, Any]) -> httpx.Client:
    login = {"username": credentials["username"], "password": credentials["password"]}
    token = httpx.post(f"{base_url}/authenticate", json=login).raise_for_status().json()["jwt"]
    return httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {token}"})


def test_a_client_searches_redeems_and_reads_its_usage() -> None:
    sandbox = Sandbox(Options(companies=100))
    with serve(sandbox) as mock, signed_in(mock.base_url, sandbox.credentials()) as client:
        found = client.post("/search/company", json={"country": "United States", "rpp": 3}).json()["data"]
        inputs = [{"companyId": row["id"]} for row in found]
        answer = client.post("/enrich/company", json={"matchCompanyInput": inputs, "outputFields": ["id", "name"]})
        assert [result["data"][0] for result in answer.json()["data"]["result"]] == found
        assert answer.headers["X-Usage-Unique-Id-Limit-Remaining"] == "4997"
        assert len(answer.headers.get_list("date")) == 1
        assert "01 Oct 2026 09:00" in answer.headers["date"]
        assert client.get("/lookup/usage").json()["usage"][0]["currentUsage"] == 3
        ledger = client.get("/__mock__/ledger").json()
        assert [entry["id"] for entry in ledger] == [row["id"] for row in found]
        assert {entry["request_id"] for entry in ledger} == {answer.headers["X-Request-Id"]}
    sandbox.close()


def test_a_cut_answer_is_charged() -> None:
    sandbox = Sandbox(Options(companies=20))
    with serve(sandbox) as mock, signed_in(mock.base_url, sandbox.credentials()) as client:
        rule = {"path": "/enrich/company", "fault": "cut_after_charge", "share": 1}
        client.post("/__mock__/faults", json={"seed": 7, "rules": [rule]}).raise_for_status()
        company = next(iter(sandbox.world.companies))
        with pytest.raises(httpx.TransportError):
            client.post("/enrich/company", json={"matchCompanyInput": [{"companyId": company}], "outputFields": ["id"]})
        assert [entry["id"] for entry in client.get("/__mock__/ledger").json()] == [company]
    sandbox.close()


def test_the_recordings_can_be_served_plainly() -> None:
    replay = Replay.read([COLLECTION])
    assert replay.faults == ()
    assert len(replay.examples) > 100
    with serve(replay) as mock, httpx.Client(base_url=mock.base_url) as client:
        assert client.get("/lookup/continent").json()[0] == {"Id": "Africa", "Name": "Africa"}


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """A sandbox of 50 companies in a process of its own, with a state file."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    options = ["--port", "0", "--companies", "50", "--state", str(folder / "state.db"), "--ready-file", str(ready)]
    with subprocess.Popen([sys.executable, "-m", "mockserver", *options], stdout=subprocess.DEVNULL) as process:
        try:
            while not ready.exists():
                assert process.poll() is None, "the sandbox ended before it was ready"
                time.sleep(0.02)
            yield process, json.loads(ready.read_text(encoding="utf-8"))
        finally:
            process.kill()


def test_after_a_kill_the_ledger_and_the_account_are_still_there(tmp_path: Path) -> None:
    with running(tmp_path) as (process, said), signed_in(said["base_url"], said) as client:
        row = client.post("/search/company", json={"employeeRangeMin": 1, "rpp": 1}).json()["data"][0]
        body = {"matchCompanyInput": [{"companyId": row["id"]}], "outputFields": ["id"]}
        client.post("/enrich/company", json=body).raise_for_status()
        before = client.get("/__mock__/ledger").json()
        process.kill()
    with running(tmp_path) as (_, again), signed_in(again["base_url"], said) as client:
        assert again["username"] == said["username"]
        assert client.get("/__mock__/ledger").json() == before
        client.post("/enrich/company", json=body).raise_for_status()
        assert [entry["credits"] for entry in client.get("/__mock__/ledger").json()] == [1, 0]
