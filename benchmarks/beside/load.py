"""The load: keep-alive connections over plain sockets, always more of them waiting than the server can answer at once.

A process of its own. Reads from its standard input what to ask, and writes as JSON what came of it.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice

from benchmarks.beside.exchanges import Exchange

CONNECTIONS = 32
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: the seconds that it took, and how many answers were the recorded ones."""

    seconds: float
    right: int


def ask(port: int, exchanges: Sequence[Exchange], requests: int) -> Asked:
    """Send so many requests to a server on this machine, each exchange in turn, from another process."""
    what = json.dumps({"port": port, "requests": requests, "exchanges": [asdict(one) for one in exchanges]})
    command = [sys.executable, "-m", "benchmarks.beside.load"]
    done = subprocess.run(command, input=what, capture_output=True, text=True, check=True)
    return Asked(**json.loads(done.stdout))


def _read(line: socket.socket) -> bytes:
    """One answer, whole."""
    came = line.recv(65_536)
    while (end := came.find(b"\r\n\r\n")) < 0:
        came += _more(line)
    if length := _LENGTH.search(came, 0, end + 2):
        while len(came) < end + 4 + int(length[1]):
            came += _more(line)
    else:  # in chunks
        while not came.endswith(b"0\r\n\r\n"):
            came += _more(line)
    return came


def _more(line: socket.socket) -> bytes:
    came = line.recv(65_536)
    if not came:
        raise ConnectionError("the server closed the connection before its answer was whole")
    return came


def _is_right(came: bytes, recorded: bytes) -> bool:
    if came.endswith(recorded):
        return True
    body = came.partition(b"\r\n\r\n")[2]
    try:  # a server may write the same JSON in other words
        return bool(json.loads(body[body.find(b"{") : body.rfind(b"}") + 1]) == json.loads(recorded))
    except ValueError:
        return False


def _pull(port: int, exchanges: Sequence[Exchange], requests: int) -> Asked:
    prepared = [(one.raw(port), one.answer.encode()) for one in exchanges]
    lines = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(min(CONNECTIONS, requests))]
    for line in lines:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    turns = islice(cycle(prepared), requests)
    right = 0
    began = time.perf_counter()
    awaited: list[tuple[socket.socket, bytes]] = []
    for line, (raw, recorded) in zip(lines, turns, strict=False):
        line.sendall(raw)
        awaited.append((line, recorded))
    while awaited:
        following: list[tuple[socket.socket, bytes]] = []
        for line, recorded in awaited:
            right += _is_right(_read(line), recorded)
            if turn := next(turns, None):
                line.sendall(turn[0])
                following.append((line, turn[1]))
        awaited = following
    asked = Asked(time.perf_counter() - began, right)
    for line in lines:
        line.close()
    return asked


if __name__ == "__main__":
    what = json.load(sys.stdin)
    what["exchanges"] = [Exchange(**one) for one in what["exchanges"]]
    print(json.dumps(asdict(_pull(**what))))
