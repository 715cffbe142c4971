"""The sandbox as a process of its own, from the outside."""

from __future__ import annotations

import shlex
import stat
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

Started = Callable[..., AbstractContextManager[Any]]
SMALL = ("--companies", "60")


def log_in(told: dict[str, Any]) -> httpx.Client:
    login = {"username": told["username"], "password": told["password"]}
    jwt = httpx.post(f"{told['base_url']}/authenticate", json=login).json()["jwt"]
    return httpx.Client(base_url=told["base_url"], headers={"Authorization": f"Bearer {jwt}"})


def a_company(client: httpx.Client, page: int = 1) -> int:
    """The id of a company that a free search finds."""
    answer = client.post("/search/company", json={"employeeRangeMin": "1", "rpp": 1, "page": page})
    found: int = answer.json()["data"][0]["id"]
    return found


def enrich(client: httpx.Client, company: int) -> httpx.Response:
    wanted = {"matchCompanyInput": [{"companyId": company}], "outputFields": ["id", "name"]}
    return client.post("/enrich/company", json=wanted)


def test_it_says_where_it_listens_and_how_to_log_in_but_never_the_key(started: Started) -> None:
    with started(*SMALL) as sandbox:
        told = sandbox.told
        key = Path(told["private_key_file"])
        assert set(told) == {"base_url", "username", "password", "client_id", "private_key_file", "pid"}
        assert key.read_text(encoding="utf-8").startswith("-----BEGIN PRIVATE KEY-----\n")
        if sys.platform != "win32":
            assert stat.S_IMODE(key.stat().st_mode) == 0o600
            assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
        out, err, code = sandbox.stop_with_output()
    assert (code, err) == (0, "")
    assert not key.parent.exists()
    for name in ("base_url", "username", "password", "client_id", "private_key_file"):
        assert told[name] in out
    assert "PRIVATE KEY" not in out


def test_the_printed_curl_lines_log_in_and_search_with_the_token(started: Started) -> None:
    with started(*SMALL) as sandbox:
        words = shlex.split(next(line for line in sandbox.said_until("curl") if "curl" in line))
        assert words[:2] == ["curl", "-s"]
        url, data = words[2], words[words.index("-d") + 1]
        name, value = words[words.index("-H") + 1].split(": ")
        answer = httpx.post(url, content=data, headers={name: value})
        assert answer.status_code == 200
        jwt = answer.json()["jwt"]

        words = shlex.split(next(line for line in sandbox.said_until("curl") if "curl" in line))
        headers = dict(words[n + 1].split(": ") for n, word in enumerate(words) if word == "-H")
        assert headers == {"Authorization": "Bearer TOKEN", "Content-Type": "application/json"}
        headers["Authorization"] = f"Bearer {jwt}"
        found = httpx.post(words[2], content=words[words.index("-d") + 1], headers=headers)
    assert found.status_code == 200
    assert len(found.json()["data"]) == 3


def test_the_admin_pages_tell_and_move_the_sandbox(started: Started) -> None:
    with started(*SMALL, "--now", "2026-03-01T12:00:00Z") as sandbox, log_in(sandbox.told) as client:
        company = a_company(client)
        assert client.get("/__mock__/ledger").json() == []

        paid = enrich(client, company)

        assert paid.headers["date"].startswith("Sun, 01 Mar 2026 12:00:")
        [entry] = client.get("/__mock__/ledger").json()
        assert set(entry) == {"time", "endpoint", "entity", "id", "credits", "records", "request_id"}
        assert (entry["endpoint"], entry["entity"], entry["id"]) == ("/enrich/company", "company", company)
        assert (entry["credits"], entry["records"]) == (1, 1)
        assert entry["request_id"] == paid.headers["x-request-id"]
        assert client.get("/__mock__/usage").json() != {}
        assert client.get("/__mock__/deals.csv").text.splitlines()[0] == (
            "deal_id,website,company_name,amount_usd,outcome,opened_on,closed_on"
        )
        assert client.get("/__mock__/truth.csv").text.splitlines()[0] == "company_id,win_probability"

        assert client.post("/__mock__/colleague", json={"credits": 3}).status_code == 200
        assert len(client.get("/__mock__/ledger").json()) == 4
        assert client.post("/__mock__/colleague", json={"credits": 100_000}).status_code == 400

        assert client.post("/__mock__/clock", json={"advance_days": 366}).status_code == 200
        late = enrich(client, company)
        assert late.status_code == 401  # the token has expired with the clock
        assert late.headers["date"].startswith("Tue, 02 Mar 2027 12:00:")

        assert client.post("/__mock__/reset", json={}).status_code == 200
        assert client.get("/__mock__/ledger").json() == []


def test_trouble_after_the_charge_reaches_the_wire_and_the_ledger_tells(started: Started) -> None:
    with started(*SMALL) as sandbox, log_in(sandbox.told) as client:
        companies = [a_company(client, page) for page in (1, 2, 3)]
        for company, fault in zip(companies, ("cut_after_charge", "truncate", "bad_gateway_after_charge"), strict=True):
            rules = {"seed": 7, "rules": [{"path": "/enrich/company", "fault": fault, "share": 1.0}]}
            assert client.post("/__mock__/faults", json=rules).status_code == 200
            if fault == "bad_gateway_after_charge":
                assert enrich(client, company).status_code == 502
            else:
                with pytest.raises(httpx.RemoteProtocolError):
                    enrich(client, company)
        assert [entry["id"] for entry in client.get("/__mock__/ledger").json()] == companies
        refused = client.post(
            "/__mock__/faults", json={"rules": [{"path": "/enrich/company", "fault": "x", "share": 1}]}
        )
        assert refused.status_code == 400


def test_with_a_state_file_a_killed_sandbox_goes_on_where_it_stopped(started: Started, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with started(*SMALL, "--state", state) as first:
        with log_in(first.told) as client:
            company = a_company(client)
            assert enrich(client, company).status_code == 200
        first.process.kill()
        first.process.wait(10)
    key = tmp_path / "state.db.key.pem"
    assert first.told["private_key_file"] == str(key)
    held = key.read_bytes()
    with started(*SMALL, "--state", state) as second, log_in(second.told) as client:
        same = ("username", "password", "client_id", "private_key_file")
        assert [second.told[name] for name in same] == [first.told[name] for name in same]
        assert key.read_bytes() == held
        assert [entry["id"] for entry in client.get("/__mock__/ledger").json()] == [company]
        assert second.stop_with_output()[2] == 0


def test_a_state_file_that_cannot_be_used_is_told(failed: Callable[..., str], tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    state.write_bytes(b"not a state file, and long enough not to be taken for an empty one" * 10)

    assert f"{state} " in failed(*SMALL, "--state", state)
    assert state.read_bytes().startswith(b"not a state file")


def test_two_sandboxes_of_one_seed_are_one_world(started: Started) -> None:
    def world(*flags: str) -> tuple[str, str]:
        with started(*SMALL, *flags) as sandbox, httpx.Client(base_url=sandbox.told["base_url"]) as client:
            return client.get("/__mock__/deals.csv").text, client.get("/__mock__/truth.csv").text

    assert world("--seed", "11") == world("--seed", "11") != world("--seed", "12")
