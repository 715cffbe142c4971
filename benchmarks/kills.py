"""Kills: what processes that are killed have paid for is what the service says, to the record.

Two processes enrich overlapping companies on one budget, at a sandbox that loses replies, stalls beyond the time-out
and refuses. Both are killed, at a named point of a request or at a moment by lot, and run again; four times. Then the
trouble ends, both run once more, and ledger, what is held and warehouse are compared with the sandbox's own ledger.
Prints what was paid twice, lost, over budget or told otherwise. docs/benchmarks.md quotes the output.
Run: python benchmarks/kills.py [500] [--seed 1]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import socket
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Lock, RLock, Timer
from typing import Any

from tqdm.auto import tqdm

from mockserver import serve
from mockserver.sandbox import Options, Sandbox
from zianalytics import ZoomInfo
from zianalytics.client import rooms
from zianalytics.errors import BudgetExceeded, NotAnswered
from zianalytics.journal.received.replies import Replies
from zianalytics.journal.spending.ledger import Ledger
from zianalytics.schema.meters import Meters
from zianalytics.transport.rate import Limiter
from zianalytics.transport.session import Session
from zianalytics.transport.windows import Window
from zianalytics.warehouse import Warehouse

COMPANIES = 120
A_CALL = 30  # a request of 25 and one of 5
ROUNDS = 4
BUDGET = 35
"""Of each round: less than both processes ask for."""
PATH = "/enrich/company"
TROUBLE = ("cut_after_charge", "bad_gateway_after_charge", "truncate", "stall", "429")
SHARE = 0.07
ANSWER_S = 0.7
STEPS: dict[str, tuple[type, str]] = {
    "before reserve": (Ledger, "reserve"),
    "after reserve": (Ledger, "reserve"),
    "before keep": (Replies, "keep"),
    "after keep": (Replies, "keep"),
    "before settle": (Ledger, "settle"),
    "after settle": (Ledger, "settle"),
    "before end": (Ledger, "end"),
    "after end": (Ledger, "end"),
}
POINTS = (*STEPS, "after send", "by lot")
NTH = (1, 1, 1, 2, 2, 3)


class Fate:
    """Kills this process when something happens for the nth time, in whichever thread."""

    def __init__(self, nth: int) -> None:
        self._left, self._lock = nth, Lock()

    def strike(self) -> None:
        """It has happened once more."""
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def die(point: str, nth: int, seconds: float) -> None:
    """From now on, die at a named point of a request when it is reached for the nth time, or after some seconds."""
    fate = Fate(nth)
    if point == "by lot":
        Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    elif point == "after send":
        socket.socket = _fatal_socket(fate)  # type: ignore[misc]
    else:
        owner, name = STEPS[point]
        setattr(owner, name, _fatal(getattr(owner, name), point.partition(" ")[0], fate))


def _fatal(step: Any, when: str, fate: Fate) -> Any:
    @wraps(step)
    def fatal(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            fate.strike()
        done = step(*args, **kwargs)
        if when == "after":
            fate.strike()
        return done

    return fatal


def _fatal_socket(fate: Fate) -> type[socket.socket]:
    class Fatal(socket.socket):
        def send(self, data: Any, flags: int = 0) -> int:
            sent = super().send(data, flags)
            if b"matchCompanyInput" in bytes(data):
                fate.strike()
            return sent

    return Fatal


@dataclass(frozen=True)
class Task:
    """What one process is to do, and where it dies: at a point ("" for none), which time, or after how many seconds."""

    base_url: str
    username: str
    password: str
    home: Path
    ids: Sequence[int]
    dies: str = ""
    nth: int = 1
    seconds: float = 0.0

    def client(self) -> ZoomInfo:
        """A client that waits less than it usually does."""
        os.environ["XDG_STATE_HOME"] = str(self.home / "state")
        briefly = partial(
            Session,
            answer_s=ANSWER_S,
            limiter=Limiter((Window(10_000, 1.0),)),
            sleep=lambda seconds: time.sleep(min(seconds, 0.05)),
        )
        rooms.Session = briefly  # type: ignore[misc,assignment]
        return ZoomInfo(
            base_url=self.base_url, username=self.username, password=self.password, home=self.home, progress=False
        )


def work(task: Task) -> None:
    """Enrich all companies of a task, call by call; what is refused or not answered is left to the next run."""
    warnings.simplefilter("ignore")
    tqdm.set_lock(RLock())  # its own is shared by processes, and one that is killed would leave it behind
    if task.dies:
        die(task.dies, task.nth, task.seconds)
    with task.client() as zi:
        for start in range(0, len(task.ids), A_CALL):
            try:
                zi.enrich.companies(list(task.ids[start : start + A_CALL]))
            except (BudgetExceeded, NotAnswered):
                continue
    os._exit(0)  # also where it was to die a little later


@dataclass
class Tally:
    """What became of it all.

    Attributes
    ----------
    twice, lost, over
        Credits paid for a record a second time; records paid for that are not held, or not in the warehouse; credits
        beyond the budget.
    unfinished
        Accounts of which a plain re-run did not answer everything, or left something open.
    lacks, too_many
        Charges of the service that the ledger lacks; charges of the ledger that the service does not know.
    """

    struck: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(POINTS, 0)))
    accounts: int = 0
    twice: int = 0
    lost: int = 0
    over: int = 0
    unfinished: int = 0
    lacks: int = 0
    too_many: int = 0

    def __str__(self) -> str:
        return (
            f"{self.struck.total():,} kills at {sum(n > 0 for n in self.struck.values())} of {len(POINTS)} points, "
            f"{self.accounts:,} accounts compared: {self.twice:,} credits paid twice, {self.lost:,} records lost, "
            f"{self.over:,} credits over budget, {self.unfinished:,} runs unfinished; the ledger lacks {self.lacks:,} "
            f"charges and has {self.too_many:,} too many"
        )


class Trial:
    """One account from its first purchase to its last, with kills in between."""

    def __init__(self, sandbox: Sandbox, base_url: str, home: Path, seed: int, context: ForkServerContext) -> None:
        self._chance, self._sandbox, self._context = random.Random(seed), sandbox, context
        self._ids = ids = self._chance.sample(sorted(sandbox.world.companies), COMPANIES)
        credentials, third = sandbox.credentials(), COMPANIES // 3
        task = Task(base_url, credentials["username"], credentials["password"], home, ids)
        self._tasks = [replace(task, ids=ids[:-third]), replace(task, ids=ids[:third:-1])]

    def run(self, tally: Tally) -> None:
        """Kill, run again and so on; then compare."""
        self._sandbox.reset()
        rules = [{"path": PATH, "fault": fault, "share": SHARE} for fault in TROUBLE]
        self._sandbox.set_faults({"seed": self._chance.randrange(10**6), "rules": rules})
        for made in range(ROUNDS):
            with self._tasks[0].client() as zi:
                zi.budget.set(max_credits=BUDGET)
            self._together(tally, kill=True)
            tally.over += max(0, self._paid - BUDGET * (made + 1))
        self._sandbox.set_faults({"rules": []})
        self._together(tally, kill=False)
        tally.over += max(0, self._paid - BUDGET * ROUNDS)
        self._compare(tally)

    @property
    def _paid(self) -> int:
        """Credits, by the service's own count."""
        return sum(row["credits"] for row in self._sandbox.ledger())

    def _together(self, tally: Tally, *, kill: bool) -> None:
        """Both processes at once, which die before their time if so wished: where it happened least as yet."""
        chance, tasks = self._chance, self._tasks
        if kill:
            points = sorted(POINTS, key=lambda point: (tally.struck[point], chance.random()))
            tasks = [
                replace(task, dies=point, nth=chance.choice(NTH), seconds=chance.uniform(0.0, 0.4))
                for task, point in zip(tasks, points, strict=False)
            ]
        processes = [self._context.Process(target=work, args=(task,)) for task in tasks]
        for process in processes:
            process.start()
        for process, task in zip(processes, tasks, strict=True):
            process.join()
            if process.exitcode == -signal.SIGKILL:
                tally.struck[task.dies] += 1
            elif process.exitcode:
                raise SystemExit(f"A process that was to die {task.dies!r} ended with {process.exitcode}.")

    def _compare(self, tally: Tally) -> None:
        """Run all once more, with as much budget as is still needed, and compare."""
        with self._tasks[0].client() as zi:
            zi.budget.set(max_credits=COMPANIES - self._paid)
            answered = zi.enrich.companies(self._ids)["match_status"].to_list() == ["matched"] * COMPANIES
            tally.unfinished += not answered or zi.ledger.totals().unknown != Meters()
            service = self._sandbox.ledger()
            theirs = Counter((str(row["id"]), row["credits"], row["records"]) for row in service)
            ours = Counter(zi.ledger.frame().select("id", "credits", "records").rows())
            tally.lacks += (theirs - ours).total()
            tally.too_many += (ours - theirs).total()
            paid = Counter(row["id"] for row in service if row["credits"])
            tally.twice += paid.total() - len(paid)
            with Warehouse() as warehouse:
                warehouse.load(zi._journal)
                stored = set(warehouse.sql("SELECT company_id FROM companies")["company_id"])
            held = zi.enrich.companies.quote(self._ids).held
            tally.lost += len(paid.keys() - stored) + len(paid) - held
        tally.accounts += 1


def main() -> None:
    """Print what the kills have cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kills", nargs="?", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    warnings.simplefilter("ignore")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mockserver.sandbox", "zianalytics.warehouse", "zianalytics.client.rooms"])
    tally, sandbox = Tally(), Sandbox(Options(companies=400, no_limits=True))
    with tempfile.TemporaryDirectory() as folder, serve(sandbox) as where:
        while tally.struck.total() < said.kills or not all(tally.struck.values()):
            seed = said.seed * 1_000_000 + tally.accounts
            Trial(sandbox, where.base_url, Path(folder) / str(seed), seed, context).run(tally)
    sandbox.close()
    print(tally)


if __name__ == "__main__":
    main()
