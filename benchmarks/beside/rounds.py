"""Rounds in which each server has its turn, so that what else the machine does befalls all of them alike.

The load is a process of its own: keep-alive connections over plain sockets, always more of them waiting than a server
can answer at once. It reads from its standard input whom to ask for what, and writes as JSON what came of it.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count, cycle, islice
from statistics import median
from typing import Any, NamedTuple

import psutil  # type: ignore[import-untyped]

from benchmarks.beside.answers import is_right, read_answer
from benchmarks.beside.exchanges import Exchange
from benchmarks.beside.servers import Running, cpu_s

CONNECTIONS = 32
WARMING = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What one server is asked in each round; with `is_new`, no request is the same as one before."""

    name: str
    server: Running
    exchanges: Sequence[Exchange]
    requests: int
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """One row after all rounds: medians, the 99th percentile of what one request waited for its answer while the other
    connections waited too, and the share of answers that were the recorded ones.
    """

    name: str
    cpu_us: float
    per_second: float
    beside: float
    right: float
    p99_ms: float

    def __str__(self) -> str:
        return (
            f"{self.name:<22} {self.cpu_us:>7,.0f} us CPU a request {self.per_second:>9,.0f} requests/s "
            f"{self.beside:>6.2f} x   {self.right:>4.0%} as recorded"
        )


def measure(rows: Sequence[Row], *, rounds: int, beside: str) -> list[Measured]:
    """CPU a request and requests a second of each row.

    Parameters
    ----------
    rows
        Whom to ask for what.
    rounds
        How many; a few before them warm up and do not count.
    beside
        The row whose requests a second are 1.00 in each round.
    """
    told = [
        {"port": row.server.port, "pid": row.server.process.pid, "requests": row.requests, "is_new": row.is_new}
        | {"exchanges": [asdict(one) for one in row.exchanges]}
        for row in rows
    ]
    command = [sys.executable, "-m", "benchmarks.beside.rounds"]
    what = json.dumps({"rounds": rounds, "rows": told})
    done = subprocess.run(command, input=what, stdout=subprocess.PIPE, text=True, check=True)
    turns: dict[str, list[Turn]] = {
        row.name: [Turn(*turn) for turn in taken] for row, taken in zip(rows, json.loads(done.stdout), strict=True)
    }
    rates = {row.name: [row.requests / turn.seconds for turn in turns[row.name]] for row in rows}
    return [
        Measured(
            row.name,
            sum(turn.cpu_s for turn in turns[row.name]) / row.requests / rounds * 1e6,
            median(rates[row.name]),
            median(ours / theirs for ours, theirs in zip(rates[row.name], rates[beside], strict=True)),
            sum(turn.right for turn in turns[row.name]) / row.requests / rounds,
            median(turn.p99_s for turn in turns[row.name]) * 1e3,
        )
        for row in rows
    ]


class Turn(NamedTuple):
    """What one server did in one round: its seconds of CPU, the seconds that it took, how many answers were right, and
    what 99 of 100 answers came within.
    """

    cpu_s: float
    seconds: float
    right: int
    p99_s: float


class Caller:
    """Asks one server, on connections that stay open."""

    def __init__(self, port: int, pid: int, requests: int, is_new: bool, exchanges: list[dict[str, Any]]) -> None:
        self._port = port
        self._process = psutil.Process(pid)
        self._requests = requests
        self._exchanges = cycle([Exchange(**one) for one in exchanges])
        self._numbers = count() if is_new else None
        connections = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(CONNECTIONS)]
        for connection in connections:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections = connections[:requests]

    def turn(self) -> Turn:
        """Ask as often as is said."""
        waiting = iter([self._prepared(one) for one in islice(self._exchanges, self._requests)])
        cpu_before, began = cpu_s(self._process), time.perf_counter()
        answers: list[tuple[bytes, bytes]] = []
        waits: list[float] = []
        awaited: list[tuple[socket.socket, bytes, float]] = []
        for connection, (raw, recorded) in zip(self._connections, waiting, strict=False):
            connection.sendall(raw)
            awaited.append((connection, recorded, time.perf_counter()))
        while awaited:
            following: list[tuple[socket.socket, bytes, float]] = []
            for connection, recorded, sent in awaited:
                answers.append((read_answer(connection), recorded))
                waits.append(time.perf_counter() - sent)
                if request := next(waiting, None):
                    connection.sendall(request[0])
                    following.append((connection, request[1], time.perf_counter()))
            awaited = following
        spent, seconds = cpu_s(self._process) - cpu_before, time.perf_counter() - began
        p99 = sorted(waits)[len(waits) * 99 // 100]
        return Turn(spent, seconds, sum(is_right(*answer) for answer in answers), p99)

    def _prepared(self, one: Exchange) -> tuple[bytes, bytes]:
        number = None if self._numbers is None else next(self._numbers)
        return one.raw(self._port, number), one.answer.encode()


def main() -> None:
    """Be the load."""
    told = json.load(sys.stdin)
    callers = [Caller(**row) for row in told["rows"]]
    taken: list[list[Turn]] = [[] for _ in callers]
    for number in range(WARMING + told["rounds"]):
        for caller, turns in zip(callers, taken, strict=True):
            turn = caller.turn()
            if number >= WARMING:
                turns.append(turn)
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
