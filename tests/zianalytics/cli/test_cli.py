"""`zia` as it is typed: in a process of its own."""

from __future__ import annotations

import shlex
import subprocess
import sys
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zianalytics import Warehouse, ZoomInfo
from zianalytics.cli import app
from zianalytics.errors import StoreDamaged
from zianalytics.journal import Journal


def zia(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zianalytics", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_without_a_verb_it_lists_them(tmp_path: Path) -> None:
    shown = zia(folder=tmp_path)
    for verb in ("demo", "from-postman", "ledger", "mock", "rebuild", "usage", "webhooks"):
        assert f" {verb} " in shown.stdout


def test_it_says_its_version(tmp_path: Path) -> None:
    assert zia("--version", folder=tmp_path).stdout == f"{version('zianalytics')}\n"


@pytest.mark.parametrize("command", [["enrich", "companies"], ["erase"]], ids=["enrich", "erase"])
def test_the_lines_of_a_help_are_as_long_as_the_terminal_is_wide(command: list[str]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"], terminal_width=100, env={"COLUMNS": "100"}).stdout
    about = [line.strip() for line in shown.split("Options", 1)[0].splitlines()]
    broken = [
        f"{line} / {after}"
        for line, after in pairwise(about)
        if line and after and len(f"{line} {after.split()[0]}") <= 98
    ]
    assert len(about) > 5
    assert not broken, broken


def test_mock_hands_on_the_options_of_the_mock_server(tmp_path: Path) -> None:
    shown = zia("mock", "--help", folder=tmp_path)
    assert shown.returncode == 0
    for flag in ("--port", "--ready-file", "--companies", "--seed", "--now", "--bundle", "--state", "--replay"):
        assert flag in shown.stdout


def test_a_mistake_in_the_options_of_mock_is_told_under_its_own_name(tmp_path: Path) -> None:
    wrong = zia("mock", "--companies", "many", folder=tmp_path)
    assert wrong.returncode == 2
    assert wrong.stderr.splitlines()[-1] == "zia mock: error: argument --companies: 'many' is not a whole number"
    unusable = zia("mock", "--replay", "absent.json", folder=tmp_path)
    assert unusable.returncode == 1
    assert unusable.stderr.startswith("zia mock: absent.json cannot be read")


def test_rebuild_makes_a_warehouse_that_was_deleted_again_and_pays_nothing(tmp_path: Path) -> None:
    with ZoomInfo.mock(home=tmp_path / "home", companies=100, progress=False) as zi:
        found = zi.search.companies(employee_range_min=0, limit=30)
        zi.enrich.companies(found, max_credits=30)
        rows = zi.warehouse.rows()
        path, spent = zi.warehouse.path, zi.ledger.totals().spent
    assert path is not None
    path.unlink()
    done = zia("rebuild", "--home", str(tmp_path / "home"), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{sum(rows.values()):,} rows from" in done.stdout
    assert rows["companies"] == 30
    assert spent.credits == 30


def test_the_command_that_a_damaged_warehouse_advises_mends_it(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "my home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with Journal.open(home / "account"):
        pass
    warehouse = Warehouse(home / "account" / "warehouse.duckdb")
    (home / "account" / "warehouse.duckdb").write_bytes(b"no database " * 500)
    with pytest.raises(StoreDamaged) as told:
        warehouse.rows()
    command = str(told.value).rpartition("run: zia ")[2]
    done = zia(*shlex.split(command), folder=elsewhere)
    assert done.returncode == 0, done.stderr
    assert warehouse.rows()["companies"] == 0


def test_rebuild_finds_the_home_of_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / ".zoominfo").mkdir()
    done = zia("rebuild", folder=tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path / '.zoominfo'} holds no account's journal. Nothing was changed." in done.stderr


def test_an_error_of_ours_is_its_message_and_no_traceback(tmp_path: Path) -> None:
    done = zia("rebuild", "--home", str(tmp_path / "nowhere"), folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("zia: ")
    assert "Traceback" not in done.stderr


def test_the_help_waits_for_no_duckdb_and_no_cryptography() -> None:
    late = "{'duckdb', 'cryptography', 'jwt', 'sklearn', 'altair', 'zianalytics.features', 'zianalytics.client.call'}"
    code = f"import sys, zianalytics.cli; print(sorted({late} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"
