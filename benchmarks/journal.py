"""What the journal costs: CPU a record, how long a commit takes, how long two writers wait, and disk beside memory.

Writes down enrichments of 25 companies as the client does: reserve, keep and settle, each a commit of its own. Disk and
memory (a folder in /dev/shm, where there is one) take turns, each in a process of its own. Then two processes write
into one journal at a time. docs/benchmarks.md quotes the output. Run: python benchmarks/journal.py [--replies 400]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from decode import record  # type: ignore[import-not-found]  # beside this file

from benchmarks.beside.spent import machine
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.metered.exchange import Kept
from zianalytics.client.metered.settled import settlement
from zianalytics.frames.decode import served
from zianalytics.journal import Intent, Journal
from zianalytics.schema.meters import Meters

BATCH = 25
ROUNDS = 3
COMPANIES = OPERATIONS["enrich.companies"]
MEMORY = Path("/dev/shm")  # noqa: S108  # made private by `tempfile`
NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


class Timed:
    """Seconds and CPU of each commit."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.cpu_s = 0.0

    @contextmanager
    def commit(self) -> Iterator[None]:
        """One of them."""
        began, used = time.perf_counter(), time.process_time()
        yield
        self.cpu_s += time.process_time() - used
        self.seconds.append(time.perf_counter() - began)


def write(journal: Journal, operation: Operation[...], replies: int, first_id: int) -> Timed:
    """Write one call of so many requests down."""
    timed, chance, all_records = Timed(), random.Random(first_id), replies * BATCH
    call = journal.ledger.begin(
        operation.name, Meters(credits=all_records, records=all_records, requests=replies), at=NOW
    )
    for batch in range(replies):
        ids = tuple(range(first_id + batch * BATCH, first_id + (batch + 1) * BATCH))
        results = [{"input": {"companyid": one}, "data": [record(one, chance)]} for one in ids]
        body = json.dumps({"success": True, "data": {"result": results}}).encode()
        intent = Intent(
            id=str(uuid4()),
            call=call.id,
            operation=operation.name,
            request=json.dumps({"matchCompanyInput": [{"companyId": one} for one in ids]}).encode(),
            worst=Meters(credits=BATCH, records=BATCH, requests=1),
            at=NOW,
            asked=tuple(json.dumps({"company_id": one}) for one in ids),
            ids=ids,
            fields=operation.record.names,
        )
        with timed.commit():
            journal.reserve(intent)
        with timed.commit():
            number = journal.keep(
                intent, operation.name, intent.request, status=200, headers={}, received=NOW, body=body
            )
        settled = settlement(operation, intent, Kept(number, NOW, None, body, tuple(served(operation, body))))
        with timed.commit():
            journal.settle(settled)
    journal.ledger.end(call, finished=True)
    return timed


def be_a_writer(folder: Path, replies: int, first_id: int) -> None:
    """Write into the journal in this folder, and print what it took."""
    with Journal.open(folder) as journal:
        timed = write(journal, COMPANIES, replies, first_id)
    print(json.dumps({"cpu_s": timed.cpu_s, "seconds": timed.seconds}))


def writer(folder: Path, replies: int, first_id: int = 5_000_000) -> Callable[[], dict[str, Any]]:
    """Start one; what is returned waits for its end."""
    told = [str(folder), str(replies), str(first_id)]
    child = subprocess.Popen([sys.executable, __file__, "--writer", *told], stdout=subprocess.PIPE, text=True)

    def ended() -> dict[str, Any]:
        said, _ = child.communicate()
        if child.returncode:
            raise SystemExit(child.returncode)
        found: dict[str, Any] = json.loads(said)
        return found

    return ended


def main() -> None:
    """Measure, or be one of the writers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--replies", type=int, default=400, help="requests of 25 records in each process")
    parser.add_argument("--writer", nargs=3, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.writer:
        folder, replies, first_id = said.writer
        be_a_writer(Path(folder), int(replies), int(first_id))
        return
    places = [None, MEMORY] if MEMORY.is_dir() else [None]
    spent: dict[Path | None, list[float]] = {place: [] for place in places}
    seconds: list[float] = []
    for _ in range(ROUNDS):
        for place in places:
            with tempfile.TemporaryDirectory(dir=place) as folder:
                found = writer(Path(folder), said.replies)()
            spent[place].append(found["cpu_s"] / (said.replies * BATCH) * 1e3)
            seconds += [] if place else found["seconds"]
    seconds.sort()
    print(f"{ROUNDS} x {said.replies} replies of {BATCH} records; {machine()}")
    print(f"a record: {median(spent[None]):.3f} ms CPU on disk", end="")
    print(f", {median(spent[MEMORY]):.3f} in memory" if MEMORY in spent else "")
    if MEMORY in spent:
        ratios = [disk / memory for disk, memory in zip(spent[None], spent[MEMORY], strict=True)]
        print(f"disk beside memory: {median(ratios):.2f} x CPU")
    print(f"a commit: p50 {median(seconds) * 1e3:.1f} ms, p99 {seconds[len(seconds) * 99 // 100] * 1e3:.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        both = [writer(Path(folder), said.replies, first_id) for first_id in (5_000_000, 6_000_000)]
        waited = sorted(one for ended in both for one in ended()["seconds"])
    print(f"two writers: p99 {waited[len(waited) * 99 // 100] * 1e3:.1f} ms, at worst {waited[-1]:.2f} s")


if __name__ == "__main__":
    main()
