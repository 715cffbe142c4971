"""`zia reconcile` as it is typed, with something open: what it prints, by what it ends, and two of them at once."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mockserver import Response
from zianalytics import ZoomInfo
from zianalytics.cli import app
from zianalytics.errors import NotAnswered, QuoteRefused, ZoomInfoError

if TYPE_CHECKING:
    from .conftest import Desk

COMPANY, NEWS = "/enrich/company", "/search/news"
REPEAT = ("reconcile", "--max-records", "60", "--format", "json")


def zia(desk: Desk, *arguments: str) -> tuple[int, str, str]:
    """Exit code, what it printed, and what it said beside it."""
    done = CliRunner().invoke(app, list(arguments), env=desk.settings)
    told = f"zia: {done.exception}\n" if isinstance(done.exception, ZoomInfoError) else ""
    assert told or done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr + told


def enrich(desk: Desk, count: int, *options: str) -> tuple[int, str, str]:
    """`zia enrich companies` of the first of them."""
    ids = desk.file("ids.txt", *desk.ids[:count])
    return desk.run("companies", "--ids", ids, "--out", str(desk.folder / "out.csv"), *options)


@contextmanager
def lost(desk: Desk, path: str) -> Iterator[None]:
    desk.service.sandbox.set_faults({"rules": [{"path": path, "fault": "cut_after_charge", "share": 1.0}]})
    yield
    desk.service.sandbox.set_faults({"rules": []})


@pytest.fixture
def unanswered(desk: Desk) -> Desk:
    """Three companies were paid for, and the reply was lost."""
    with lost(desk, COMPANY):
        code, _, said = enrich(desk, 3, "--max-credits", "3")
    assert code == 1
    assert "Run the same call again, or zia reconcile, and it is settled: what was charged costs no second" in said
    return desk


def test_with_nothing_open_it_prints_no_row_and_ends_with_0(desk: Desk) -> None:
    assert zia(desk, "reconcile", "--format", "json") == (0, "[]\n", "")
    assert zia(desk, "reconcile") == (0, "", "zia reconcile: nothing is open.\n")
    code, told, said = zia(desk, "reconcile", "--format", "csv")
    assert (code, told.splitlines()[0].split(",")[:2], said) == (0, ["sent_at", "endpoint"], "")


def test_a_lost_reply_is_told_as_json_and_waits_until_it_may_cost_its_records(unanswered: Desk) -> None:
    code, said, _ = zia(unanswered, "reconcile", "--format", "json")
    [row] = json.loads(said)
    assert code == 3
    assert (row["endpoint"], row["outcome"], row["credits"]) == ("enrich.companies", "waits", 0)
    assert row["why"] == "no room for its records: pass --max-records"
    assert unanswered.service.asked[COMPANY] == 1
    code, said, _ = zia(unanswered, "reconcile", "--max-records", "3", "--max-requests", "1", "--format", "json")
    [row] = json.loads(said)
    assert code == 0
    assert (row["outcome"], row["credits"], row["records"], row["counted_records"]) == ("settled", 3, 6, 3)
    assert row["why"] == "it had been carried out"
    assert zia(unanswered, "reconcile", "--format", "json") == (0, "[]\n", "")
    assert enrich(unanswered, 3)[0] == 0
    assert unanswered.service.asked[COMPANY] == 2


def test_the_same_as_csv_and_as_a_table(unanswered: Desk) -> None:
    code, said, _ = zia(unanswered, "reconcile", "--format", "csv")
    [row] = csv.DictReader(io.StringIO(said))
    assert (code, row["endpoint"], row["outcome"], row["inputs"]) == (3, "enrich.companies", "waits", "3")
    code, said, _ = zia(unanswered, "reconcile", "--max-records", "3")
    assert code == 0
    assert said.split()[:3] == ["sent", "at", "endpoint"]
    assert "it had been carried out" in said


def test_a_service_that_does_not_answer_ends_it_with_1_and_nothing_is_asked_again(unanswered: Desk) -> None:
    refused = Response(403, (("Content-Type", "application/json"),), b'{"error": "no"}')
    unanswered.service.trouble = lambda request: refused if request.path == "/lookup/usage" else None
    code, said, why = zia(unanswered, "reconcile", "--max-records", "3")
    assert (code, said) == (1, "")
    assert why.startswith("zia: ")
    assert unanswered.service.asked[COMPANY] == 1


def test_a_list_is_asked_again_by_its_flag_alone_and_then_its_approval_is_redeemed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", desk.settings["XDG_STATE_HOME"])
    with ZoomInfo(home=desk.folder / "home", progress=False, credentials=lambda: credentials(desk)) as zi:
        quote = zi.search.news.quote(categories=["FUNDING"], limit=4)
        file = str(quote.save(desk.folder / "approval.json"))
        with lost(desk, NEWS), pytest.raises(NotAnswered):
            zi.redeem(quote)
        with pytest.raises(QuoteRefused, match="zia reconcile --ask-lists --max-records 4"):
            zi.redeem(quote)
    code, _, why = zia(desk, "redeem", file)
    assert code == 1
    assert "may have cost up to 0 credits, 4 records, 1 request. zia reconcile --ask-lists --max-records 4" in why
    code, said, _ = zia(desk, "reconcile", "--max-records", "4", "--format", "json")
    assert (code, json.loads(said)[0]["outcome"]) == (3, "waits")
    assert "zia reconcile --ask-lists" in json.loads(said)[0]["why"]
    assert desk.service.asked[NEWS] == 1
    code, said, _ = zia(desk, "reconcile", "--ask-lists", "--max-records", "4", "--format", "json")
    assert (code, json.loads(said)[0]["records"]) == (0, 8)
    code, said, _ = zia(desk, "redeem", file)
    assert code == 0
    assert said.splitlines()[1:] == [
        "4 rows.", "Charged for this quote in all, however often it is redeemed: 0 credits, 8 records.",
    ]  # fmt: skip
    assert desk.service.asked[NEWS] == 2


def test_two_at_once_fetch_a_reply_that_was_lost_once(desk: Desk) -> None:
    assert enrich(desk, 30, "--max-credits", "30")[0] == 0
    [kept] = (desk.folder / "home").glob("*/replies.db")
    for left in kept.parent.glob("replies.db*"):
        left.unlink()
    missing = apart(desk, "ledger", "statement")
    assert missing.returncode == 0
    assert f"\nzia: {kept} lacks 2 of the replies" in missing.stderr
    assert all(line.startswith("zia: ") for line in missing.stderr.splitlines())
    asked = desk.service.asked[COMPANY]
    with ThreadPoolExecutor() as several:
        both = list(
            several.map(lambda _: apart(desk, "reconcile", "--max-records", "60", "--format", "json"), range(2))
        )
    assert [one.returncode for one in both] == [0, 0], both
    assert desk.service.asked[COMPANY] - asked == asked
    assert sum(row["records"] for one in both for row in json.loads(one.stdout)) == 30
    assert sum(desk.service.charges.values()) == 60
    assert zia(desk, "reconcile", "--format", "json")[:2] == (0, "[]\n")


def credentials(desk: Desk) -> dict[str, str]:
    found = {name.removeprefix("ZOOMINFO_").lower(): value for name, value in desk.settings.items()}
    return {name: found[name] for name in ("base_url", "username", "password")}


def apart(desk: Desk, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
    return subprocess.run(
        [sys.executable, "-m", "zianalytics", *arguments],
        env={**others, **desk.settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
