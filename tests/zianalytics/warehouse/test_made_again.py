"""A warehouse that is lost is made again from the journal, the same to the row."""

import re
import subprocess
import sys
from pathlib import Path

REBUILD = Path(__file__).parents[3] / "benchmarks" / "rebuild.py"


def test_a_warehouse_made_again_equals_the_one_that_was_lost() -> None:
    done = subprocess.run([sys.executable, REBUILD, "500"], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"\d\d replies: journal looked through and warehouse made again in \d+ s \(\d+ s of CPU\), "
        r"with \d+ MB at most\n"
        r"500 records, 1,\d{3} rows with their histories: 0 differ from those that were lost\n",
        done.stdout,
    ), done.stdout
