"""A power cut takes nothing that was acknowledged, and leaves nothing that is called damaged."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CUTS = Path(__file__).parents[4] / "benchmarks" / "power_cuts.py"


def said(*arguments: str) -> str:
    done = subprocess.run([sys.executable, CUTS, *arguments], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the layer under SQLite that is recorded is POSIX's")
def test_what_was_acknowledged_outlives_three_hundred_power_cuts() -> None:
    assert re.fullmatch(
        r"300 power cuts: 0 of \d\d,\d{3} acknowledged replies lost, "
        r"0 of \d\d,\d{3} charges, 0 of \d\d,\d{3} reservations; called damaged 0 times\n",
        said("300"),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the layer under SQLite that is recorded is POSIX's")
def test_a_disk_that_does_not_sync_would_be_seen() -> None:
    assert "10 power cuts: 0 of" not in said("10", "--deaf")
