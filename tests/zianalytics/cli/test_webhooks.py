"""`zia webhooks serve` in a process of its own: told of changes by a sandbox, and killed in the middle."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from zianalytics import ZoomInfo
from zianalytics.journal import Journal


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "zianalytics", "webhooks", "serve", "--home", str(home), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Receiving at "), line + (process.stderr.read() if process.stderr else "")
            yield process, line.split()[2]
        finally:
            process.kill()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def admin(zi: ZoomInfo, path: str, body: dict[str, Any] | None = None) -> Any:
    assert zi.sandbox is not None
    request = urllib.request.Request(f"{zi.sandbox.base_url}{path}", headers={"Content-Type": "application/json"})
    request.data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def test_changes_travel_from_the_sandbox_through_the_receiver_into_the_warehouse(tmp_path: Path) -> None:
    with ZoomInfo.mock(home=tmp_path, companies=60, bundle="scaling", progress=False) as zi:
        found = zi.search.companies(employee_range_min=0, limit=30)
        before = zi.enrich.companies(found, fields=["phone", "fax", "last_updated_date"], max_credits=30)
        assert zi.warehouse.rows()["companies"] == 30
        with served(tmp_path) as (_, address):
            zi.webhooks.create("Changes", target_url=address, object_types=["company"], enabled=True)
            admin(zi, "/__mock__/clock", {"advance_days": 120})
            until(lambda: [d["outcome"] for d in admin(zi, "/__mock__/deliveries")] == ["delivered"] * 2)
        changed = zi.webhooks.received()["ids"].explode().to_list()
        assert len(changed) > 25
        told = zi.warehouse.sql("SELECT * FROM companies").filter(pl.col("company_id").is_in(changed))
        assert told["extra"].null_count() == told.height
        assert set(told["received"].dt.date()) == {date(2027, 1, 29)}
        names = ["phone", "fax", "last_updated_date"]
        fresh = zi.enrich.companies(changed, fields=names, max_credits=0, max_age=timedelta(0))
        columns = ["company_id", *names]
        assert told.select(columns).sort("company_id").equals(fresh.select(columns).sort("company_id"))
        assert not told.select("phone").equals(before.filter(pl.col("company_id").is_in(changed)).select("phone"))


def test_a_receiver_that_is_killed_in_the_middle_has_everything_that_it_said_it_had(tmp_path: Path) -> None:
    with ZoomInfo.mock(home=tmp_path, companies=30, progress=False) as zi:
        folder = zi.home
    tokens = tmp_path / "tokens.txt"
    tokens.write_text("the-right-token\n")
    details = {"id": "7", "title": "x", "objectType": "Company", "eventType": "Update"}
    bodies = [json.dumps({"webhookDetails": details, "data": [{"id": n}]}).encode() for n in range(1, 400)]
    acknowledged: list[bytes] = []

    def send(address: str, some: list[bytes]) -> None:
        with httpx.Client(headers={"x-zoominfo-token": "the-right-token"}, timeout=20) as client:
            for body in some:
                try:
                    if client.post(address, content=body).status_code == 200:
                        acknowledged.append(body)
                except httpx.HTTPError:
                    return

    with served(tmp_path, "--token-file", str(tokens)) as (process, address):
        threads = [threading.Thread(target=send, args=(address, bodies[n::3])) for n in range(3)]
        for thread in threads:
            thread.start()
        until(lambda: len(acknowledged) > 60)
        process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()
    assert 60 < len(acknowledged) < len(bodies)
    with Journal.open(folder) as journal:
        kept = [reply.body for reply in journal.replies()]
        assert set(acknowledged) <= set(kept)
    with served(tmp_path, "--token-file", str(tokens)) as (_, address):
        send(address, bodies)
    with Journal.open(folder) as journal:
        assert sorted(reply.body for reply in journal.replies()) == sorted(bodies), "each is there once"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to catch")
def test_it_ends_on_sigterm_and_says_nothing_of_tokens_or_people(tmp_path: Path) -> None:
    with ZoomInfo.mock(home=tmp_path, companies=20, progress=False):
        pass
    tokens = tmp_path / "tokens.txt"
    tokens.write_text("the-right-token\n")
    with served(tmp_path, "--token-file", str(tokens)) as (process, address):
        details = {"id": "7", "objectType": "Contact"}
        body = {"webhookDetails": details, "data": [{"id": 1, "email": "ada@aster.example"}]}
        assert httpx.post(address, json=body, headers={"x-zoominfo-token": "the-right-token"}).status_code == 200
        assert httpx.post(address, json=body, headers={"x-zoominfo-token": "another-token"}).status_code == 401
        process.terminate()
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert (out, err) == (
        "Received. 1 records\n",
        "refused (401): The token is missing or not the one expected.\n",
    )


def test_without_an_account_it_says_where_it_looked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "zianalytics", "webhooks", "serve", "--home", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"{tmp_path} holds no account's journal. Nothing was received." in done.stderr
