"""What processes that are killed have paid for is what the service says, and a plain re-run finishes it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = Path(__file__).parents[3] / "benchmarks" / "kills.py"


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("seed", [11, 12, 13], ids=["first ten", "second ten", "third ten"])
def test_ledger_held_records_and_warehouse_are_what_the_service_charged_after_ten_kills(seed: int) -> None:
    done = subprocess.run(
        [sys.executable, KILLS, "10", "--seed", str(seed)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"\d\d kills at 10 of 10 points, \d+ accounts compared: 0 credits paid twice, 0 records lost, 0 credits over "
        r"budget, 0 runs unfinished; the ledger lacks 0 charges and has 0 too many\n",
        done.stdout,
    ), done.stdout
