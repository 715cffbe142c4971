"""`zia doctor` as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zianalytics.journal import Journal


def doctor(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
    command = [sys.executable, "-m", "zianalytics", "doctor", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_a_sound_home_ends_with_0_and_a_damaged_one_with_1_and_no_traceback(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Journal.open(home / "account").close()
    well = doctor("--home", str(home), "--format", "json", folder=tmp_path)
    assert well.returncode == 0, well.stdout
    lines = json.loads(well.stdout)
    assert {line["state"] for line in lines} <= {"ok", "warn"}
    assert "account/ledger.db" in [line["what"] for line in lines]
    for name in ("ledger.db", "replies.db"):
        (home / "account" / name).write_bytes(b"\x00garbage" * 999)
    ill = doctor("--home", str(home), folder=tmp_path)
    assert ill.returncode == 1
    assert "SQLite cannot read it" in ill.stdout
    assert "Traceback" not in ill.stdout + ill.stderr


@pytest.mark.parametrize("columns", ["60", "140"], ids=["narrow", "wide"])
def test_its_lines_are_as_wide_as_the_terminal_and_tell_all(tmp_path: Path, columns: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
    command = [sys.executable, "-m", "zianalytics", "doctor", "--home", str(tmp_path)]
    environ["COLUMNS"] = columns
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=True)
    lines = done.stdout.splitlines()
    assert max(len(line.rstrip()) for line in lines) <= int(columns)
    assert any(line.startswith("warn  settings  ") for line in lines)
    assert "-> Set ZOOMINFO_USERNAME with ZOOMINFO_PASSWORD, or with ZOOMINFO_CLIENT_ID" in " ".join(
        done.stdout.split()
    )


def test_it_looks_where_no_home_is(tmp_path: Path) -> None:
    (tmp_path / ".zoominfo").mkdir()
    assert "holds no journal yet" in doctor("--format", "csv", folder=tmp_path).stdout
