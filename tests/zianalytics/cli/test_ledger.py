"""`zia ledger` as a team lead types it, and as a schedule does."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import polars as pl
import pytest
from typer.testing import CliRunner

from zianalytics import ZoomInfo
from zianalytics.cli import app
from zianalytics.cli.manners.printing import Format, show
from zianalytics.journal import Charge, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters
from zianalytics.settings import Settings


@pytest.fixture(scope="module")
def spent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ZoomInfo, Path]]:
    """A home in which six companies were redeemed, and its client."""
    home = tmp_path_factory.mktemp("home")
    with ZoomInfo.mock(home=home, companies=60, progress=False) as zi:
        zi.usage()
        zi.enrich.companies(zi.search.companies(employee_range_min=0, limit=6), max_credits=6)
        yield zi, home


def zia(*arguments: str, home: Path, **environ: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["ledger", *arguments], env={"ZOOMINFO_HOME": str(home), **environ})
    return done.exit_code, done.stdout, done.stderr


def settings(zi: ZoomInfo) -> dict[str, str]:
    assert zi.sandbox is not None
    said = zi.sandbox.settings()
    open_ = {name: said[name] for name in ("base_url", "username", "client_id")}
    environ = {f"ZOOMINFO_{name.upper()}": str(value) for name, value in open_.items()}
    return environ | {"ZOOMINFO_PRIVATE_KEY": said["private_key"].get_secret_value()}


def test_a_statement_is_a_table_json_or_csv(spent: tuple[ZoomInfo, Path]) -> None:
    _, home = spent
    code, table, said = zia("statement", "--by", "endpoint", home=home)
    assert (code, said) == (0, "")
    assert [line.split() for line in table.splitlines()] == [
        ["endpoint", "credits", "records", "requests"],
        ["enrich.companies", "6", "6", "1"],
        ["search.companies", "0", "0", "1"],
    ]
    assert json.loads(zia("statement", "--by", "day, endpoint", "--format", "json", home=home)[1]) == [
        {"day": "2026-10-01", "endpoint": "enrich.companies", "credits": 6, "records": 6, "requests": 1},
        {"day": "2026-10-01", "endpoint": "search.companies", "credits": 0, "records": 0, "requests": 1},
    ]
    rows = list(csv.DictReader(io.StringIO(zia("statement", "--format", "csv", home=home)[1])))
    assert [row["credits"] for row in rows] == ["6", "0"]


def test_words_to_sum_by_come_with_commas_or_again_and_none_is_dropped(spent: tuple[ZoomInfo, Path]) -> None:
    _, home = spent
    asked = ("--by", "month", "--by", "entity,endpoint", "--format", "csv")
    assert zia("statement", *asked, home=home)[1].splitlines()[0] == "month,entity,endpoint,credits,records,requests"
    assert len(zia("statement", "--by", "", "--format", "csv", home=home)[1].splitlines()) == 2


def test_a_table_has_its_ids_plain_and_its_numbers_with_commas(capsys: pytest.CaptureFixture[str]) -> None:
    show(pl.DataFrame({"id": [340003833], "company_id": [1001002], "revenue_usd": [1001002]}), Format.TABLE)
    assert capsys.readouterr().out.splitlines()[1].split() == ["340003833", "1001002", "1,001,002"]


def test_what_it_costs_to_have_it_again_is_told_without_a_connection(spent: tuple[ZoomInfo, Path]) -> None:
    _, home = spent
    rows = json.loads(zia("renewal-plan", "--days", "3650", "--ended-days", "3650", "--format", "json", home=home)[1])
    assert {"renew": 6}.items() <= {row["choice"]: row["credits"] for row in rows}.items()


def test_what_ends_soon_is_told_without_a_connection(spent: tuple[ZoomInfo, Path]) -> None:
    _, home = spent
    rows = json.loads(zia("expiring", "--days", "3650", "--ended-days", "3650", "--format", "json", home=home)[1])
    assert {(row["entity"], row["managed_until"], row["is_certain"]) for row in rows} == {
        ("company", "2027-10-01", True)
    }
    assert all(row["name"] for row in rows)


def test_what_ends_soon_is_judged_by_the_time_of_the_sandbox_that_was_paid(tmp_path: Path) -> None:
    ahead = datetime.now(UTC) + timedelta(days=3650)
    with ZoomInfo.mock(home=tmp_path, companies=60, now=ahead, progress=False) as zi:
        zi.enrich.companies(zi.search.companies(employee_range_min=0, limit=1), max_credits=1)
        folder = zi.home
    ends = ("expiring", "--days", "370", "--format", "json")
    [row] = json.loads(zia(*ends, home=tmp_path)[1])
    assert 364 <= row["days_left"] <= 366
    before = datetime.now(UTC) - timedelta(days=350)
    with ZoomInfo.mock(home=tmp_path / "past", companies=60, now=before, progress=False) as zi:
        zi.enrich.companies(zi.search.companies(employee_range_min=0, limit=1), max_credits=1)
        past = zi.home
    assert zia("expiring", "--days", "30", "--format", "json", home=past.parent)[1].strip() == "[]"
    elsewhere = past.rename(tmp_path / "past" / "api.example-ana-00000000")  # a service whose time is this machine's
    [row] = json.loads(zia("expiring", "--days", "30", "--format", "json", home=elsewhere.parent)[1])
    assert 14 <= row["days_left"] <= 16
    assert folder.name.startswith("loopback-")


def test_a_comparison_ends_with_3_when_others_have_spent(spent: tuple[ZoomInfo, Path]) -> None:
    zi, home = spent
    assert zi.sandbox is not None
    code, shown, _ = zia("compare", home=home, **settings(zi))
    assert code == 0, shown
    httpx.post(f"{zi.sandbox.base_url}/__mock__/colleague", json={"credits": 4}, trust_env=False)
    code, shown, _ = zia("compare", "--format", "json", home=home, **settings(zi))
    told = [(row["line"], row["amount"]) for row in json.loads(shown) if row["meter"] == "credits"]
    assert (code, told) == (
        3,
        [("counted before", 0), ("charged by us", 6), ("spent elsewhere", 4), ("counted by the service", 10)],
    )
    table = zia("compare", home=home, **settings(zi))[1]
    assert "limits are common to all" in table


def test_a_mistake_ends_with_1_and_what_to_do(spent: tuple[ZoomInfo, Path], tmp_path: Path) -> None:
    _, home = spent
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
    command = [sys.executable, "-m", "zianalytics", "ledger", "statement", "--by", "dya", "--home", str(home)]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(
        "zia: by='dya': a statement is not summed by that. Did you mean 'day'? Nothing was sent."
    )


def test_of_several_accounts_the_one_of_the_settings_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = {"ZOOMINFO_USERNAME": "ana@example.com", "ZOOMINFO_PASSWORD": "geheim"}
    mine = Settings.read(environ=said | {"ZOOMINFO_HOME": str(tmp_path)}).account
    for name in ("other", mine):
        Journal.open(tmp_path / name).close()
    code, _, _ = zia("statement", home=tmp_path)
    assert code == 1
    assert zia("statement", home=tmp_path, **said)[0] == 0
    assert zia("statement", "--account", "other", home=tmp_path)[0] == 0


def test_a_day_that_stands_out_is_named_on_the_standard_error(tmp_path: Path) -> None:
    first = datetime(2026, 10, 1, 9, tzinfo=UTC)
    with Journal.open(tmp_path / "account") as journal:
        for day, records in enumerate((2, 2, 2, 2, 9)):
            at, worst = first + timedelta(days=day), Meters(records=records, requests=1)
            call = journal.ledger.begin("search.intent", worst, at=at)
            journal.reserve(
                Intent(
                    id=f"i-{day}",
                    call=call.id,
                    operation="search.intent",
                    request=b"{}",
                    worst=worst,
                    at=at,
                    who="ana",
                    source="week\u202ely.py",
                )
            )
            charge = Charge(entity="intent", record_id=None, records=records)
            journal.settle(Settlement(intent=f"i-{day}", charged_at=at, charges=(charge,)))
    code, _, said = zia("statement", home=tmp_path)
    assert (code, said) == (
        0,
        "zia ledger: on 2026-10-05 9 records were spent, usually 2: 100% by search.intent by ana in "
        "week\\u202ely.py.\n",
    )


def test_a_cell_that_would_compute_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pl.DataFrame({"source": ["=HYPERLINK(1)", None], "credits": [1234, None]})
    show(frame, Format.CSV)
    assert capsys.readouterr().out == "source,credits\n'=HYPERLINK(1),1234\n,\n"
    show(frame, Format.TABLE)
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["source", "credits"],
        ["=HYPERLINK(1)", "1,234"],
        ["-", "-"],
    ]
