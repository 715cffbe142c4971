"""How much of the permitted rate the client uses, and how often it is refused for going too fast.

One process and three of one account, eight threads each, search at full pace for a while against
  strict     the sandbox, which counts an exact sliding second,
  in full    a server that counts the previous second in full beside the current one,
and the seconds of CPU that a turn costs are measured. docs/benchmarks.md quotes the output.
Run: python benchmarks/rate.py [--seconds 60]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.beside.spent import machine
from zianalytics.sandbox import Sandbox
from zianalytics.settings import Settings
from zianalytics.transport import STANDARD, Limiter, Session
from zianalytics.transport.shared import SharedPace

PERMITTED = 25
THREADS = 8
SEARCH = json.dumps({"country": "United States", "rpp": 1, "page": 1}).encode()


class Counting(Limiter):
    """A limiter that remembers its refusals."""

    refusals = 0

    def refused(self, wait_s: float, headers: Mapping[str, str]) -> None:
        """Count it."""
        self.refusals += 1
        super().refused(wait_s, headers)


def ask(told: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """Search with all threads for so long: when each answer arrived, and how many were refused."""
    folder = Path(told["folder"])
    settings = Settings.read(
        environ={}, folder=folder, state_home=folder / "state",
        base_url=told["base_url"], username=told["username"], password=told["password"],
    )  # fmt: skip
    limiter = Counting(STANDARD, SharedPace(settings.state_folder / "pace.bin"))
    answered: list[float] = []
    until = time.monotonic() + seconds
    with Session(settings, limiter=limiter) as session, ThreadPoolExecutor(THREADS) as pool:

        def work() -> None:
            while time.monotonic() < until:
                if session.send("POST", "/search/company", body=SEARCH).status == 200:
                    answered.append(time.time())

        for one in [pool.submit(work) for _ in range(THREADS)]:
            one.result()
    return {"answered": answered, "refusals": limiter.refusals}


class CountsInFull:
    """Whether a request is admitted by a server that adds the whole previous second to the current one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._second, self._current, self._previous = 0, 0, 0

    def admits(self) -> bool:
        """Admit it, or do not and do not count it."""
        with self._lock:
            second = int(time.time())
            if second != self._second:
                self._previous = self._current if second == self._second + 1 else 0
                self._second, self._current = second, 0
            if self._previous + self._current >= PERMITTED:
                return False
            self._current += 1
            return True


class Handler(BaseHTTPRequestHandler):
    """Signs everybody in, and answers every search alike."""

    protocol_version = "HTTP/1.1"
    second = CountsInFull()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_admitted = self.path == "/authenticate" or self.second.admits()
        body = b'{"jwt": "a.b.c"}' if self.path == "/authenticate" else b'{"data": []}'
        self.send_response(200 if is_admitted else 429)
        for name, value in {} if is_admitted else {"Retry-After": 1, "X-RateLimit-Remaining": 900}.items():
            self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def strict() -> Iterator[dict[str, str]]:
    """The sandbox."""
    with Sandbox.start(companies=200) as sandbox:
        yield {
            "base_url": sandbox.base_url,
            "username": sandbox.username,
            "password": sandbox.password.get_secret_value(),
        }


@contextlib.contextmanager
def in_full() -> Iterator[dict[str, str]]:
    """A server that counts the previous second in full."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield {
        "base_url": f"http://127.0.0.1:{server.server_address[1]}",
        "username": "ann@example.com",
        "password": "none",
    }
    server.shutdown()
    server.server_close()
    thread.join()


def measured(told: Mapping[str, str], processes: int, seconds: float) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        asked = json.dumps({**told, "folder": folder})
        started = [
            subprocess.Popen(
                [sys.executable, __file__, "--client", "--seconds", str(seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(processes)
        ]
        for process in started:
            assert process.stdin  # noqa: S101
            process.stdin.write(asked + "\n")
            process.stdin.flush()
        said = [json.loads(process.communicate()[0]) for process in started]
    answered = sorted(moment for one in said for moment in one["answered"])
    share = (len(answered) - 1) / (answered[-1] - answered[0]) / PERMITTED
    refusals = sum(one["refusals"] for one in said)
    of_300 = 300 * refusals / (len(answered) + refusals)
    return f"{len(answered):>6} requests   {share:6.1%} of the rate   {refusals} refused ({of_300:.1f} of 300)"


def cpu_of_a_turn() -> float:
    """Seconds of CPU of one turn from a full file, without the sleep."""
    with tempfile.TemporaryDirectory() as folder:
        now = [time.time()]

        def sleep(seconds: float) -> None:
            now[0] += seconds

        limiter = Limiter(STANDARD, SharedPace(Path(folder) / "pace.bin"), now=lambda: now[0], sleep=sleep)
        for _ in range(3_000):
            limiter.wait()
        began = time.process_time()
        for _ in range(3_000):
            limiter.wait()
        return (time.process_time() - began) / 3_000


def main() -> None:
    """Measure all four, or be one of the clients."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each of the four takes")
    parser.add_argument("--client", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.client:
        print(json.dumps(ask(json.loads(sys.stdin.readline()), said.seconds)))
        return
    print(f"{said.seconds:g} s each; {machine()}")
    for name, server in (("strict", strict), ("in full", in_full)):
        for processes in (1, 3):
            with server() as told:
                print(
                    f"{name:<8} {processes} process{'es' if processes > 1 else '  '}",
                    measured(told, processes, said.seconds),
                )
    print(f"a turn: {cpu_of_a_turn() * 1e3:.2f} ms CPU")


if __name__ == "__main__":
    main()
