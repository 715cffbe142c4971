"""Broken collections and broken requests, a few of each; benchmarks/fuzz.py does it for as long as one likes."""

import re
import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).parents[2] / "benchmarks" / "fuzz.py"


def test_broken_collections_and_requests_stop_nothing() -> None:
    command = [sys.executable, str(FUZZ), "--most", "80", "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.match(
        r"80 broken collections: \d+ refused, [\d,]+ examples served of the others with \d+ faults told; .*\n"
        r"80 broken requests: \d+ answered, \d+ closed, \d+ waits\n"
        r"no crash, no hang, no mistake in \d+ s, seed 7\n",
        done.stdout,
    ), done.stdout
