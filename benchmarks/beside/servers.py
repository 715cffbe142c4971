"""Servers as processes: started, watched and ended."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]

from benchmarks.beside.exchanges import Exchange

PATIENCE_S = 60.0
_BARE = """
import json, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
ANSWER = json.load(open(sys.argv[2], encoding="utf-8"))
async def answer(request):
    return JSONResponse(ANSWER)
app = Starlette(routes=[Route(sys.argv[3], answer, methods=["GET", "POST"])])
uvicorn.run(app, port=int(sys.argv[1]), http="httptools", lifespan="off", ws="none", server_header=False,
            proxy_headers=False, access_log=False, log_level="warning",
            timeout_keep_alive=120)
"""


class Start(NamedTuple):
    """What a start took: seconds of CPU, seconds, and the most memory."""

    cpu_s: float
    seconds: float
    peak_mb: float


def said_of(starts: Sequence[Start]) -> str:
    """Several starts in one line."""
    cpu, seconds, peak = zip(*starts, strict=True)
    return (
        f"{median(cpu):.2f} s of CPU; first answer after {median(seconds):.2f} s "
        f"({min(seconds):.2f} to {max(seconds):.2f}); {max(peak):.0f} MB at most"
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers."""

    name: str
    port: int
    started_s: float
    process: psutil.Process

    def start(self) -> Start:
        """What it has taken until its first answer, when that has come."""
        return Start(cpu_s(self.process), self.started_s, self.peak_mb())

    def peak_mb(self) -> float:
        """The most memory that was held so far; Linux alone tells it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def cpu_s(process: psutil.Process) -> float:
    """Seconds of CPU of a process so far: where Linux tells nanoseconds of each thread, these."""
    threads = list(Path(f"/proc/{process.pid}/task").glob("*/schedstat"))
    if threads:
        return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e9
    times = process.cpu_times()
    return float(times.user + times.system)


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def running(name: str, command: Sequence[str], port: int, probe: Exchange) -> Iterator[Running]:
    """The server of this command, from its first answer to `probe` on."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not _answers(port, probe):
                if process.poll() is not None or time.perf_counter() - began > PATIENCE_S:
                    raise RuntimeError(f"{name} does not answer; its command: {' '.join(command)}")
                time.sleep(0.002)
            yield Running(name, port, time.perf_counter() - began, psutil.Process(process.pid))
        finally:
            process.terminate()


def replay(file: Path, probe: Exchange) -> AbstractContextManager[Running]:
    """Our replay of a collection file."""
    port = free_port()
    command = [sys.executable, "-m", "mockserver", "--replay", str(file), "--port", str(port)]
    return running("replay", command, port, probe)


def sandbox(companies: int, ready: Path) -> AbstractContextManager[Running]:
    """Our sandbox without limits; what a client needs to sign in is in the file `ready`."""
    port = free_port()
    command = [sys.executable, "-m", "mockserver", "--no-limits", "--companies", str(companies), "--seed", "7"]
    command += ["--port", str(port), "--ready-file", str(ready)]
    return running("sandbox", command, port, Exchange("GET", "/__mock__/usage", ""))


@contextmanager
def bare(probe: Exchange) -> Iterator[Running]:
    """One route of Starlette with a constant JSONResponse, on the same uvicorn."""
    port = free_port()
    with TemporaryDirectory() as folder:
        constant = Path(folder) / "answer.json"
        constant.write_text(probe.answer, encoding="utf-8")
        command = [sys.executable, "-c", _BARE, str(port), str(constant), probe.path]
        with running("starlette", command, port, probe) as one:
            yield one


def _answers(port: int, probe: Exchange) -> bool:
    with suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            connection.request(probe.method, probe.path, probe.body, {"Content-Type": "application/json"})
            return connection.getresponse().status == 200
        finally:
            connection.close()
    return False
