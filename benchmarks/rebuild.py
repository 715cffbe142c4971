"""The warehouse is lost: how long it takes to make it again from the journal, and whether it is the same.

Fills a journal with companies and contacts, every tenth of which comes a second time with other values, and loads it
bit by bit, as it goes in a year. Then the file is moved away and made again by another process. Prints seconds, memory,
and how many rows of all tables and histories are in one of the two alone. docs/benchmarks.md quotes the output.
Run: python benchmarks/rebuild.py [100000]
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from zianalytics import ZoomInfo
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.metered.exchange import Kept
from zianalytics.client.metered.settled import settlement
from zianalytics.frames.decode import served
from zianalytics.journal import Intent, Journal, Reply
from zianalytics.schema.meters import Meters
from zianalytics.warehouse import Warehouse

BATCH = 25
PARTS = 10
FIRST_ID = 5_000_000
WIRE = {"enrich.companies": "matchCompanyInput", "enrich.contacts": "matchPersonInput"}
CHANGED = {"enrich.companies": "employeeCount", "enrich.contacts": "jobTitle"}


def keep(journal: Journal, operation: Operation[...], sample: Reply, numbers: range, *, again: bool) -> None:
    """Keep and settle a request for these records, made from those of a sandbox; `again` with a value that changed."""
    assert sample.intent is not None  # noqa: S101  # it was paid for
    told = json.loads(sample.body)
    results = told["data"]["result"]
    told["data"]["result"] = [
        _record(results[number % len(results)], CHANGED[operation.name], number, again=again) for number in numbers
    ]
    body, at = json.dumps(told).encode(), sample.received + timedelta(days=30 * again)
    ids = tuple(FIRST_ID + number for number in numbers)
    worst = Meters(credits=len(ids), records=len(ids), requests=1)
    call = journal.ledger.begin(operation.name, worst, at=at)
    intent = Intent(
        id=str(uuid4()),
        call=call.id,
        operation=operation.name,
        request=json.dumps({WIRE[operation.name]: [{}] * len(ids)}).encode(),
        worst=worst,
        at=at,
        asked=tuple(json.dumps({operation.record.key[0]: one}) for one in ids),
        ids=ids,
        fields=sample.intent.fields,
    )
    journal.reserve(intent)
    number = journal.keep(intent, operation.name, intent.request, status=200, headers={}, received=at, body=body)
    journal.settle(settlement(operation, intent, Kept(number, at, None, body, tuple(served(operation, body)))))
    journal.ledger.end(call, finished=True)


def _record(result: dict[str, Any], changed: str, number: int, *, again: bool) -> dict[str, Any]:
    record = result["data"][0] | {"id": FIRST_ID + number}
    if again and changed in record:
        value = record[changed]
        record[changed] = f"Former {value}" if isinstance(value, str) else number
    return result | {"input": {}, "data": [record]}


def fill(account: Path, records: int, warehouse: Warehouse) -> None:
    """Keep all records, and load them part by part."""
    half = records // 2
    with Journal.open(account) as journal:
        for part in range(PARTS):
            for name in WIRE:
                [sample, *_] = journal.replies_to([name])
                for start in range(half * part // PARTS, half * (part + 1) // PARTS, BATCH):
                    numbers = range(start, min(start + BATCH, half * (part + 1) // PARTS))
                    keep(journal, OPERATIONS[name], sample, numbers, again=False)
                    if (start // BATCH) % 10 == 0:
                        keep(journal, OPERATIONS[name], sample, numbers, again=True)
            warehouse.load(journal)


def rebuild(account: Path, path: Path) -> None:
    """Make the warehouse again, and print what that took."""
    began, used = time.perf_counter(), time.process_time()
    with Journal.open(account) as journal:
        replies = Warehouse(path).rebuild(journal)
    seconds, used_s = time.perf_counter() - began, time.process_time() - used
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024**2 if sys.platform == "darwin" else 1024)
    print(
        f"{replies:,} replies: journal looked through and warehouse made again in {seconds:.0f} s "
        f"({used_s:.0f} s of CPU), with {most:,} MB at most",
        flush=True,
    )


def differing(one: Path, other: Path) -> tuple[int, int]:
    """How many rows both have in all, and how many one has alone."""
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"ATTACH '{one}' AS one (READ_ONLY)")
        con.execute(f"ATTACH '{other}' AS other (READ_ONLY)")
        named = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'one'").fetchall()
        rows = alone = 0
        for (name,) in named:
            counts = [
                con.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]  # noqa: S608  # our own names
                for query in (
                    f"FROM one.{name}",
                    f"FROM one.{name} EXCEPT ALL FROM other.{name}",
                    f"FROM other.{name} EXCEPT ALL FROM one.{name}",
                )
            ]
            rows, alone = rows + counts[0], alone + counts[1] + counts[2]
    return rows, alone


def main() -> None:
    """Fill, lose, make again and compare."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        with ZoomInfo.mock(companies=200, home=folder, progress=False) as zi:
            country = "United States"
            zi.enrich.companies(zi.search.companies(country=country, limit=BATCH)["company_id"], max_credits=BATCH)
            zi.enrich.contacts(zi.search.contacts(country=country, limit=BATCH)["contact_id"], max_credits=BATCH)
            account = zi.home
        path, lost = account / "warehouse.duckdb", Path(folder) / "lost.duckdb"
        fill(account, records, Warehouse(path))
        path.rename(lost)
        child = multiprocessing.get_context("spawn").Process(target=rebuild, args=(account, path))
        child.start()
        child.join()
        if child.exitcode:
            raise SystemExit(child.exitcode)
        rows, alone = differing(lost, path)
        print(f"{records:,} records, {rows:,} rows with their histories: {alone:,} differ from those that were lost")


if __name__ == "__main__":
    main()
