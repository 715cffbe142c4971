"""`zia from-postman` as it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RECORDINGS = Path(__file__).parents[3] / "mockserver" / "recordings" / "enterprise.postman_collection.json"


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


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    done = zia(RECORDINGS, "Compony Search")
    assert done.returncode == 1
    assert "did you mean" in done.stderr
    assert "Company Search" in done.stderr
    assert "Traceback" not in done.stderr
