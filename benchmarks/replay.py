"""What a replay costs: beside a bare Starlette app, with many examples, and at the start.

Each part runs its servers as processes of their own and gives each its turn in every round. Prints the CPU of a request
first: unlike requests a second it hardly depends on what else the machine does. docs/benchmarks.md quotes the output.
Run: python benchmarks/replay.py [--rounds 100]
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from benchmarks.beside import exchanges
from benchmarks.beside.exchanges import Exchange
from benchmarks.beside.rounds import Row, measure
from benchmarks.beside.servers import Start, bare, replay, said_of
from benchmarks.beside.spent import machine
from mockserver import Replay, Request

WORKSHOP: dict[str, list[Exchange]] = {"GET": exchanges.reads(50), "POST by body": exchanges.posts(10, 5)}
# Of each server in a round; how often each is started; how often each row answers without a socket.
REQUESTS, STARTS, TURNS = 500, 7, 7
SCALES = {"literal paths": exchanges.posts, "variables in paths": exchanges.wild}


def saved(folder: Path, name: str, recorded: Sequence[Exchange]) -> Path:
    """These exchanges as a collection file."""
    file = folder / f"{name.replace(' ', '_')}.json"
    file.write_text(json.dumps(exchanges.collection(recorded), indent=1), encoding="utf-8")
    return file


def beside_starlette(folder: Path, rounds: int) -> None:
    """CPU and requests a second beside one route of Starlette that says a constant of the same size."""
    for name, recorded in WORKSHOP.items():
        with replay(saved(folder, name, recorded), recorded[0]) as ours, bare(recorded[0]) as theirs:
            rows = [
                Row("replay", ours, recorded, REQUESTS),
                Row("replay, never the same", ours, recorded, REQUESTS, is_new=True),
                Row("starlette", theirs, recorded[:1], REQUESTS),
            ]
            print(f"{name}: {len(recorded)} examples of {len(recorded[0].answer)} bytes; {machine()}")
            for measured in measure(rows, rounds=rounds, beside="starlette"):
                print(f"  {measured}")


def many_examples(folder: Path, rounds: int) -> None:
    """The same 100 requests to 100 examples and to 20,000, and requests for any of these; with and without a socket."""
    for name, made in SCALES.items():
        few, many = made(25, 4), made(5_000, 4)
        anywhere = random.Random(7).sample(many, 2_000)
        small, large = saved(folder, f"few {name}", few), saved(folder, f"many {name}", many)
        print(f"{name}: 100 examples on 25 paths, 20,000 on 5,000; {machine()}")
        served = {small: Replay.read([small]), large: Replay.read([large])}
        rows = {"100 examples": (small, few), "20,000 examples": (large, few), "20,000, any of them": (large, anywhere)}
        for row, cpu_us in answering({row: (served[file], asked) for row, (file, asked) in rows.items()}).items():
            print(f"  {row:<22} {cpu_us:>7.1f} us CPU an answer without a socket")
        with ExitStack() as stack:
            plan = [
                Row(row, stack.enter_context(replay(file, few[0])), asked, REQUESTS)
                for row, (file, asked) in rows.items()
            ]
            for measured in measure(plan, rounds=rounds, beside="100 examples"):
                print(f"  {measured}")


def answering(rows: Mapping[str, tuple[Replay, Sequence[Exchange]]]) -> dict[str, float]:
    """Microseconds of CPU that an answer takes, the median of rounds; none is known from before, each is compared."""
    kind = {"content-type": "application/json"}
    asked = {
        row: [Request(one.method, one.path, (), kind, (one.body or "").encode()) for one in recorded]
        for row, (_, recorded) in rows.items()
    }
    taken: dict[str, list[float]] = {row: [] for row in rows}
    for turn in range(TURNS + 1):
        for row, (served, recorded) in rows.items():
            again = 2_000 // len(recorded)
            began = time.process_time()
            for _ in range(again):
                bodies = [served.answer(request).body for request in asked[row]]
            spent = time.process_time() - began
            if bodies != [one.answer.encode() for one in recorded]:
                raise RuntimeError("another answer than the recorded one")
            if turn:
                taken[row].append(spent / again / len(recorded) * 1e6)
    return {row: median(each) for row, each in taken.items()}


def start(folder: Path) -> None:
    """From the start of the process to the first answer, and the most memory held until then."""
    count = 0
    recorded: list[Exchange] = []
    file = saved(folder, "a megabyte", recorded)
    while file.stat().st_size < 1_000_000:
        count += 100
        recorded = exchanges.posts(count // 4, 4)
        file = saved(folder, "a megabyte", recorded)
    print(f"start: a collection of {file.stat().st_size / 1e6:.2f} MB, {len(recorded)} examples; {machine()}")
    taken: dict[str, list[Start]] = {}
    for _ in range(STARTS):
        for server in (replay(file, recorded[0]), bare(recorded[0])):
            with server as one:
                taken.setdefault(one.name, []).append(one.start())
    for name, starts in taken.items():
        print(f"  {name:<22} {said_of(starts)}")


def installed(*names: str) -> str:
    """Names and versions of what is installed of these."""
    told = [f"Python {platform.python_version()}"]
    for name in names:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(f"no {name}")
    return ", ".join(told)


def main() -> None:
    """Measure all parts, or those named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", help="beside, many, start; all when none is named")
    parser.add_argument("--rounds", type=int, default=100, help=f"of {REQUESTS:,} requests to each server")
    said = parser.parse_args()
    print(f"{installed('uvicorn', 'httptools', 'uvloop', 'starlette')}; {said.rounds} rounds")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not said.parts or "beside" in said.parts:
            beside_starlette(folder, said.rounds)
        if not said.parts or "many" in said.parts:
            many_examples(folder, said.rounds)
        if not said.parts or "start" in said.parts:
            start(folder)


if __name__ == "__main__":
    main()
