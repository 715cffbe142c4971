"""`zia from-postman` as it is typed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from mockserver.shell import run

ROOT = Path(__file__).parents[3]
RECORDINGS = ROOT / "mockserver" / "recordings" / "enterprise.postman_collection.json"


def zia(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zianalytics", "from-postman", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_it_prints_the_cell_of_a_request_and_nothing_else() -> None:
    done = zia(RECORDINGS, "Search/Company Search")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith('zi.search.companies(country="Germany", sort_by="employee_count", limit=5)\n')
    assert done.stdout.startswith("from zianalytics import ZoomInfo\n")
    assert done.stderr == ""


def test_without_a_name_it_lists_them() -> None:
    listed = zia(RECORDINGS).stdout.splitlines()
    assert "Enrich/Company Enrich" in listed
    assert len(listed) > 50


def test_the_command_of_the_readme_prints_a_cell() -> None:
    [line] = re.findall(r"^\.venv/bin/zia (from-postman .*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    command = [sys.executable, "-m", "zianalytics", *shlex.split(line)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "zi.search.companies(" in done.stdout


def test_a_name_that_several_saved_requests_begin_with_lists_them(tmp_path: Path) -> None:
    assert run(["export-postman", str(tmp_path)]) == 0
    [exported] = tmp_path.glob("*collection.json")
    done = zia(exported, "Search/company search")
    assert done.returncode == 1
    assert "has 7 requests under 'Search/company search': Search/Company Search: A page of results; " in done.stderr
    assert "Pass one of these names whole." in done.stderr
    assert zia(exported, "Search/Company Search: A page of results").returncode == 0
    wrong = zia(exported, "Search/Compny Serch").stderr
    assert "did you mean Search/Company Search: " in wrong


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    done = zia(RECORDINGS, "Compony Search")
    assert done.returncode == 1
    assert "did you mean" in done.stderr
    assert "Company Search" in done.stderr
    assert "Traceback" not in done.stderr
