"""Threads and processes that reserve on one budget at once: exact to the credit, never above it at any moment."""

import re
import subprocess
import sys
from pathlib import Path

RESERVATIONS = Path(__file__).parents[4] / "benchmarks" / "reservations.py"


def test_eight_threads_in_each_of_two_processes_are_exact_to_the_credit_and_never_above_the_budget() -> None:
    done = subprocess.run(
        [sys.executable, RESERVATIONS, "240"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = re.match(
        r"(\d+) reserved, \d+ refused; of 540 credits (\d+) spent, (\d+) in doubt, (\d+) left: exact\n"
        r"never more than (\d+) reserved and spent, at any of \d+ changes\n",
        done.stdout,
    )
    assert counts
    reserved, spent, doubted, left, most = map(int, counts.groups())
    assert reserved >= 240
    assert spent + doubted + left == 540
    assert most <= 540
