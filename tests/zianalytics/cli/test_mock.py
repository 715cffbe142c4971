"""`zia mock` beside a client in another terminal, with nothing but what it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def printed() -> Iterator[list[str]]:
    """What a running `zia mock` has printed."""
    command = [sys.executable, "-m", "zianalytics", "mock", "--companies", "60", "--parent-pipe"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield [*iter(lambda: process.stdout.readline().rstrip("\n"), "It ends on Ctrl-C.")]  # type: ignore[union-attr]
        process.stdin.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a line for a POSIX shell")
def test_the_line_that_it_prints_makes_it_the_service_of_a_client(printed: list[str], tmp_path: Path) -> None:
    [line] = [line.strip() for line in printed if line.startswith("  export ")]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
    done = subprocess.run(
        ["/bin/sh", "-c", f'{line}\nexec "$PYTHON" -m zianalytics usage --format csv'],
        cwd=tmp_path,
        env=clean | {"PYTHON": sys.executable, "ZOOMINFO_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("limit_type,current_usage,")


def test_it_says_the_same_for_powershell_and_the_readme_names_no_other(printed: list[str]) -> None:
    names = ["ZOOMINFO_BASE_URL", "ZOOMINFO_USERNAME", "ZOOMINFO_PASSWORD"]
    [posix] = [line for line in printed if line.startswith("  export ")]
    [powershell] = [line for line in printed if line.startswith("  $env:")]
    assert re.findall(r"(\w+)=", posix) == names
    assert re.findall(r"\$env:(\w+)='[^']+'", powershell) == names
    shown = re.findall(r"^export (ZOOMINFO_BASE_URL=.*)$", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE)
    assert [re.findall(r"(\w+)=", line) for line in shown] == [names]
