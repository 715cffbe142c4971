"""From the service into DuckDB: our client beside what a notebook does today, and beside the floor.

The job is 100 pages of a search (10,000 rows) and 5,000 enriched companies with all their columns (200 requests), from
a server that gives fixed answers, or from the sandbox. Each way is a process of its own, and they take turns:
  zianalytics  search, enrich, `zi.warehouse`; journal, ledger and limiter on, its pace set out of the way
  notebook     requests in 8 threads, `pandas.json_normalize`, INSERT OR REPLACE; in an environment of its own
  floor        raw sockets in 8 threads, DuckDB's `read_json`
CPU is user and system of the process, with its imports. Ratios are medians over the rounds. docs/benchmarks.md quotes
the output. Run: python benchmarks/client.py [--rounds 3] [--sandbox]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.beside.servers import sandbox
from benchmarks.beside.spent import cpu_of, peak_mb_of
from benchmarks.into_duckdb.job import COUNTRIES

PARTS = Path(__file__).parent / "into_duckdb"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "zianalytics-benchmarks"
COMPANIES = 5_000
# Of 50,000 companies, queries that more than 1,000 match.
OF_SANDBOX = (
    *({"state": state} for state in ("California", "Texas", "New York", "Florida", "Illinois", "Pennsylvania")),
    *({"country": country} for country in ("Germany", "Canada", "France", "United Kingdom")),
)
WAYS = ("zianalytics", "notebook", "floor")


@dataclass(frozen=True)
class Spent:
    """What a process took: seconds of CPU and on the clock, MiB at most, and what it says itself."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    said: dict[str, Any]


def python_of_notebooks() -> Path:
    """The interpreter of an environment that has what notebooks have; made once."""
    folder = CACHE / "notebook_today"
    python = folder / "bin" / "python"
    wanted = (PARTS / "notebook_today.txt").read_text(encoding="utf-8")
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(folder, with_pip=True, clear=True)
        step = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*step, "-r", str(PARTS / "notebook_today.txt")], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def run(way: str, told: dict[str, Any], *options: str) -> Spent:
    """Do the job that way in a fresh folder."""
    python = str(python_of_notebooks()) if way == "notebook" else sys.executable
    script = {"zianalytics": "ours.py", "notebook": "notebook_today.py", "floor": "floor.py"}[way]
    with tempfile.TemporaryDirectory() as folder:
        step = [python, str(PARTS / script), json.dumps({**told, "folder": folder}), *options]
        # All are compiled once and for all, as pip leaves what it installs; ours would be compiled in each run else.
        environ = {**os.environ, "XDG_STATE_HOME": folder, "PYTHONPYCACHEPREFIX": str(CACHE / "compiled")}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        began = time.perf_counter()
        child = subprocess.Popen(step, stdout=subprocess.PIPE, text=True, env=environ)
        assert child.stdout  # noqa: S101
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{way} failed")
        return Spent(cpu_of(used), time.perf_counter() - began, peak_mb_of(used), json.loads(said))


@contextmanager
def fixed_answers(answers: Path, delay_s: float) -> Iterator[dict[str, Any]]:
    """The server of fixed answers, and what a client is to be told of it."""
    step = [sys.executable, str(PARTS / "serve.py"), str(answers), str(delay_s)]
    with subprocess.Popen(step, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout and server.stdin  # noqa: S101, PT018
        port = int(server.stdout.readline())
        yield {"base_url": f"http://127.0.0.1:{port}", "username": "ann@example.com", "password": "none"}
        server.stdin.close()


@contextmanager
def large_sandbox(folder: Path) -> Iterator[dict[str, Any]]:
    """The sandbox without limits, and what a client is to be told of it."""
    ready = folder / "ready.json"
    with sandbox(50_000, ready):
        said = json.loads(ready.read_text(encoding="utf-8"))
        yield {name: said[name] for name in ("base_url", "username", "password")}


def rounds(told: dict[str, Any], count: int) -> dict[str, list[Spent]]:
    """All ways in turn, so many times."""
    spent: dict[str, list[Spent]] = {way: [] for way in WAYS}
    for _ in range(count):
        for way in WAYS:
            spent[way].append(run(way, told))
    return spent


def table(title: str, spent: dict[str, list[Spent]]) -> None:
    """Print the three ways, and ours beside the others."""
    print(f"{title}; load {os.getloadavg()[0]:.1f}")
    for way, some in spent.items():
        cpu, wall, peak = (median(getattr(one, name) for one in some) for name in ("cpu_s", "wall_s", "peak_mib"))
        print(f"  {way:<12} {cpu:5.2f} s CPU  {wall:5.2f} s  {peak:4.0f} MiB")
    for way in WAYS[1:]:
        beside = ", ".join(
            f"{ratio(spent['zianalytics'], spent[way], name):.2f} x {word}"
            for name, word in (("cpu_s", "CPU"), ("wall_s", "time"), ("peak_mib", "memory"))
        )
        print(f"  zianalytics beside {way}: {beside}", flush=True)


def ratio(ours: Sequence[Spent], theirs: Sequence[Spent], name: str) -> float:
    """Of the two in each round, the median."""
    return median(float(getattr(one, name) / getattr(two, name)) for one, two in zip(ours, theirs, strict=True))


def with_fixed_answers(folder: Path, count: int) -> None:
    """All that is measured against the server of fixed answers."""
    subprocess.run([sys.executable, str(PARTS / "answers.py"), str(folder)], check=True)
    parts = [[{"country": country, "zipCode": str(part)} for country in COUNTRIES] for part in range(10)]
    told = {"companies": COMPANIES, "output_fields": json.loads((folder / "fields.json").read_text(encoding="utf-8"))}
    for delay_s in (0.0, 0.05):
        with fixed_answers(folder, delay_s) as server:
            spent = rounds({**told, **server, "parts": parts[:1]}, count)
        table(f"{delay_s * 1e3:.0f} ms of delay", spent)
    with fixed_answers(folder, 0.0) as server:
        once = run("zianalytics", {**told, **server, "parts": parts[:1]}, "--split")
        split = once.said["split"]
        print(
            "where it goes:", ", ".join(f"{name} {s:.2f} s" for name, s in sorted(split.items(), key=lambda o: -o[1]))
        )
    with fixed_answers(folder, 0.0) as server:
        for way in ("zianalytics", "notebook"):
            said = run(way, {**told, **server, "parts": parts[:1]}, "--again").said
            job, load = said["job_again_s"] / said["job_s"], said["load_again_s"] / said["load_s"]
            print(f"{way}, the same rows again: {job:.2f} x CPU of the first time, {load:.2f} x that of its load")
    with fixed_answers(folder, 0.0) as server:
        for way in ("zianalytics", "notebook"):
            one, ten = (run(way, {**told, **server, "parts": parts[:n]}).peak_mib for n in (1, 10))
            print(f"{way}, ten jobs one after another: {ten:.0f} MiB, {ten / one:.2f} x that of one", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sandbox", action="store_true", help="against the sandbox, and not the fixed answers")
    said = parser.parse_args()
    print(f"{said.rounds} rounds; {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        if not said.sandbox:
            with_fixed_answers(Path(folder), said.rounds)
            return
        subprocess.run([sys.executable, str(PARTS / "answers.py"), folder], check=True)
        fields = json.loads((Path(folder) / "fields.json").read_text(encoding="utf-8"))
        spent: dict[str, list[Spent]] = {way: [] for way in WAYS}
        for _ in range(said.rounds):
            for way in WAYS:  # a sandbox each, because an account remembers what was redeemed
                with tempfile.TemporaryDirectory() as place, large_sandbox(Path(place)) as server:
                    told = {**server, "parts": [list(OF_SANDBOX)], "companies": COMPANIES, "output_fields": fields}
                    spent[way].append(run(way, told))
        table("the sandbox", spent)


if __name__ == "__main__":
    main()
