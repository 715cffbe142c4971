"""What the tests of the shell need: a small thing to serve, and the command in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mockserver import Request, Response


class Echo:
    """Answers with the request as JSON; `/cut`, `/truncate` and `/stall` are delivered that way."""

    def __init__(self) -> None:
        self.days = 0
        self.spent = 0
        self.resets = 0
        self.closed = False

    def answer(self, request: Request) -> Response:
        if request.path in ("/cut", "/truncate", "/stall"):
            return Response(200, (("Content-Type", "text/plain"),), b"0123456789", request.path[1:])  # type: ignore[arg-type]
        told = {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": dict(request.headers),
            "body": request.body.decode("latin-1"),
        }
        headers = (("Content-Type", "application/json"), ("Date", "Thu, 01 Oct 2026 09:00:00 GMT"), ("X-Wide", "é"))
        return Response(200, headers, json.dumps(told).encode())

    def credentials(self) -> dict[str, str]:
        return {"username": "u", "password": "p", "client_id": "c", "private_key_pem": "KEY"}

    def ledger(self) -> list[dict[str, Any]]:
        return [{"endpoint": "/enrich/company", "id": 7, "credits": 1}]

    def usage(self) -> dict[str, Any]:
        return {"spent": self.spent}

    def advance(self, days: int) -> dict[str, Any]:
        self.days += days
        return {"days": self.days}

    def reset(self) -> None:
        self.resets += 1

    def colleague(self, credits: int) -> dict[str, Any]:
        if credits > 100:
            raise ValueError("the organisation has 100 credits left")
        self.spent += credits
        return {"spent": self.spent}

    def set_faults(self, spec: dict[str, Any]) -> dict[str, Any]:
        if "rules" not in spec:
            raise ValueError("a fault specification has rules")
        return spec

    def deals_csv(self) -> str:
        return "deal_id,website\r\n1,example.com\r\n"

    def truth_csv(self) -> str:
        return "company_id,win_probability\r\n1,0.5\r\n"

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def echo() -> Echo:
    return Echo()


@dataclass
class Running:
    """A command that listens: its process, and what its ready file told."""

    process: subprocess.Popen[str]
    told: dict[str, Any]

    def stop_with_output(self) -> tuple[str, str, int]:
        """Asks it to end; what it wrote, and its exit code."""
        self.process.terminate()
        out, err = self.process.communicate(timeout=10)
        return out, err, self.process.returncode

    def said_until(self, word: str) -> list[str]:
        """The lines that it has written, up to the first with this word."""
        assert self.process.stdout is not None
        lines: list[str] = []
        while not lines or word not in lines[-1]:
            lines.append(self.process.stdout.readline())
            assert lines[-1], lines
        return lines


def in_a_process(*args: str | Path) -> subprocess.Popen[str]:
    """The command, its standard input a pipe that we hold."""
    command = [sys.executable, "-m", "mockserver", *map(str, args)]
    streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(command, text=True, **streams)


@pytest.fixture
def started(tmp_path: Path) -> Callable[..., Any]:
    """`with started(*flags) as running`: the command listens inside the block and is gone after it."""

    @contextmanager
    def started(*args: str | Path) -> Iterator[Running]:
        file = tmp_path / "ready.json"
        file.unlink(missing_ok=True)
        with in_a_process(*args, "--ready-file", file) as process:
            try:
                yield Running(process, told(file, process))
            finally:
                process.kill()

    return started


def told(file: Path, process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a ready file says, once it is there."""
    deadline = time.monotonic() + 30
    while not file.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def failed() -> Callable[..., str]:
    """What the command writes to standard error when it does not start; its exit code must be `code`."""

    def failed(*args: str | Path, code: int = 1) -> str:
        with in_a_process(*args) as process:
            err = process.communicate(timeout=30)[1]
        assert process.returncode == code, err
        assert "Traceback" not in err
        return err

    return failed
