"""Reservations: 8 threads in each of 2 processes reserve, are charged, refused or left in doubt, on one budget.

Each thread keeps its own count of what its calls must hold in the end. A trigger beside the ledger's own adds up what
is reserved and spent at every change, and notes the highest that it ever was. In the end what the journal says is left,
spent and in doubt is compared with the threads' counts. The budget is such that it comes to its end after as many
reservations as are asked for, or some more. docs/benchmarks.md quotes the output.
Run: python benchmarks/reservations.py [10000]
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from zianalytics.errors import BudgetExceeded
from zianalytics.journal import Allowance, Charge, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
PROCESSES, THREADS = 2, 8
ENDS = ("charged", "half charged", "released", "in doubt")
# Keeps no rule: it only watches, so that a moment above the budget cannot pass between two looks.
WATCH = """
create table watched (one integer primary key, now integer not null, most integer not null, changes integer not null);
insert into watched values (1, 0, 0, 0);
create trigger draws_begin after insert on draws begin
    update watched set now = now + new.credits, most = max(most, now + new.credits), changes = changes + 1; end;
create trigger draws_move after update on draws begin
    update watched set now = now + new.credits - old.credits, changes = changes + 1; end;
"""


def reserve(journal: Journal, cap: str, wanted: int, seed: int) -> Counter[str]:
    """One thread: calls that each want 1 to 6 credits, and what they hold in the end."""
    chance, counted = random.Random(seed), Counter[str]()
    for number in range(wanted):
        credits = chance.randint(1, 6)
        worst = Meters(credits=credits, records=credits, requests=1)
        try:
            call = journal.ledger.begin("enrich.companies", worst, at=NOW, caps=[cap])
        except BudgetExceeded:
            counted["refused"] += 1
            continue
        counted["reserved"] += 1
        name = f"{seed}-{number}"
        intent = Intent(id=name, call=call.id, operation="enrich.companies", request=b"", worst=worst, at=NOW)
        journal.reserve(intent)
        end = chance.choice(ENDS)
        if end == "released":
            journal.release(name)
        elif end == "in doubt":
            journal.doubt(name)
            counted["doubted credits"] += credits
        else:
            found = credits if end == "charged" else credits // 2
            charges = tuple(Charge(entity="company", record_id=f"{name}-{n}", redeems=True) for n in range(found))
            journal.settle(Settlement(intent=name, charged_at=NOW, charges=charges))
            counted["spent credits"] += found
        journal.ledger.end(call, finished=True)
    return counted


def work(folder: Path, cap: str, wanted: int, process: int) -> Counter[str]:
    """One process."""
    shares = [wanted // THREADS + (number < wanted % THREADS) for number in range(THREADS)]
    with Journal.open(folder) as journal, ThreadPoolExecutor(THREADS) as pool:
        done = pool.map(lambda n: reserve(journal, cap, shares[n], process * THREADS + n), range(THREADS))
        return sum(done, Counter[str]())


def measure(reservations: int) -> tuple[str, bool]:
    """What came of it, in words, and whether everything agrees."""
    budget, wanted = reservations * 9 // 4, reservations * 5 // 4  # a call holds 17/8 in the end, on the average
    with tempfile.TemporaryDirectory() as home, Journal.open(Path(home)) as journal:
        cap = journal.ledger.caps.open(Allowance(credits=budget), "standing", at=NOW, per="day")
        with journal.ledger.db.writing() as db:
            db.execute(WATCH)
        began = time.perf_counter()
        asked = [json.dumps([home, cap, wanted // PROCESSES, process]) for process in range(PROCESSES)]
        running = [
            subprocess.Popen([sys.executable, __file__, one], stdout=subprocess.PIPE, text=True) for one in asked
        ]
        counted = sum((Counter(json.loads(one.communicate()[0])) for one in running), Counter[str]())
        seconds = time.perf_counter() - began
        with journal.ledger.db.reading() as db:
            [(now, most, changes)] = db.execute("select now, most, changes from watched").fetchall()
        left, totals = journal.ledger.caps.left(cap).credits, journal.statements.totals()
    ours = counted["spent credits"], counted["doubted credits"]
    exact = (totals.spent.credits, totals.unknown.credits) == ours and left == budget - sum(ours) and now == sum(ours)
    assert isinstance(most, int)  # noqa: S101  # as its column is
    said = (
        f"{counted['reserved']:,} reserved, {counted['refused']:,} refused; of {budget:,} credits {ours[0]:,} spent, "
        f"{ours[1]:,} in doubt, {left:,} left: {'exact' if exact else 'NOT EXACT'}\n"
        f"never more than {most:,} reserved and spent, at any of {changes:,} changes\n"
        f"{seconds:.0f} s, {seconds / (wanted or 1) * 1000:.1f} ms a call; {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    return said, exact and most <= budget and counted["reserved"] >= reservations


def main() -> None:
    """Measure, or be one of the processes."""
    given = sys.argv[1] if len(sys.argv) > 1 else "10000"
    if given.startswith("["):
        home, cap, wanted, process = json.loads(given)
        print(json.dumps(work(Path(home), cap, wanted, process)))
        return
    said, is_right = measure(int(given))
    print(said)
    sys.exit(not is_right)


if __name__ == "__main__":
    main()
