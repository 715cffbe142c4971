"""What an import costs, beside that of polars, duckdb and httpx, which every notebook of this kind has anyway.

Each import is a process of its own; they take turns in every round, and the start of Python alone is taken off. CPU
comes first: unlike seconds it hardly depends on what else the machine does. All is compiled beforehand, as pip leaves
it, whatever the environment says of that. docs/benchmarks.md quotes the output.
Run: python benchmarks/imports.py [--rounds 20]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from statistics import median

from benchmarks.beside.spent import cpu_of, machine

BESIDE = "import polars, duckdb, httpx"
ROWS = {
    "Python alone": "pass",
    BESIDE: BESIDE,
    "import zianalytics": "import zianalytics",
    "from zianalytics import ZoomInfo": "from zianalytics import ZoomInfo",
    "ZoomInfo(...), nothing asked": (
        "from zianalytics import ZoomInfo; ZoomInfo(username='ada@aster.example', password='x', home='{home}').close()"
    ),
    "zia --help": "import sys; sys.argv = ['zia', '--help']; from zianalytics.cli import main; main()",
    "import mockserver": "import mockserver",
}
# What nobody should wait for who only imports.
HEAVY = {"sklearn", "altair", "uvicorn", "starlette", "httptools", "jupyter_client", "IPython", "pandas"}
LOADED = "\nfinally: import sys; print('loaded:', *sorted({heavy} & set(sys.modules)))"


def taken(code: str, environ: dict[str, str]) -> tuple[float, float]:
    """Seconds of CPU, and seconds, of a Python process that runs this code."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True, env=environ)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return cpu_of(after) - cpu_of(before), seconds


def loaded(code: str) -> str:
    """Which of the heavy packages, and of the mock server, are there afterwards."""
    unwanted = HEAVY if "mockserver" in code else HEAVY | {"mockserver"}
    told = subprocess.run(
        [sys.executable, "-c", f"try: {code}" + LOADED.format(heavy=unwanted)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return told.rpartition("loaded:")[2].strip() or "none"


def main() -> None:
    """Measure each in turn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    rounds: list[dict[str, tuple[float, float]]] = []
    with tempfile.TemporaryDirectory() as folder:
        rows = {name: code.replace("{home}", folder) for name, code in ROWS.items()}
        environ = {**os.environ, "XDG_STATE_HOME": folder, "PYTHONPYCACHEPREFIX": folder}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(given.rounds + 1):
            turn = {name: taken(code, environ) for name, code in rows.items()}
            if number:  # the first reads the files from the disk, and compiles them
                rounds.append(turn)
        heavy = {name: loaded(code) for name, code in rows.items()}
    print(f"Python {sys.version.split()[0]}; {given.rounds} rounds; {machine()}")
    for name in ROWS:
        cpu, wall = (median(turn[name][kind] for turn in rounds) * 1e3 for kind in (0, 1))
        row = f"{name:<33} {cpu:>5.0f} ms CPU {wall:>5.0f} ms"
        if name != "Python alone":
            row += f"   {beside(rounds, name, 0):.2f} x CPU {beside(rounds, name, 1):.2f} x ms   heavy: {heavy[name]}"
        print(row)


def beside(rounds: list[dict[str, tuple[float, float]]], name: str, kind: int) -> float:
    """How many times what the three cost, Python itself taken off both; the median of the rounds."""
    return median(
        (turn[name][kind] - turn["Python alone"][kind]) / (turn[BESIDE][kind] - turn["Python alone"][kind])
        for turn in rounds
    )


if __name__ == "__main__":
    main()
