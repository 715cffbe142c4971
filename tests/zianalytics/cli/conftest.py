"""A desk from which `zia enrich` is run against a sandbox that counts what reaches it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mockserver import Request, Response, serve
from mockserver.sandbox import Options, Sandbox
from zianalytics.cli import app
from zianalytics.errors import ZoomInfoError


class Service:
    """A sandbox that counts what reaches it; `trouble` sees each request first, and may answer in its place."""

    def __init__(self) -> None:
        # By the clock of the machine: a command judges what is held by it until the service has told its own.
        self.sandbox = Sandbox(Options(companies=300, no_limits=True, now=datetime.now(UTC)))
        self.asked: Counter[str] = Counter()
        self.trouble: Callable[[Request], Response | None] = lambda request: None

    def answer(self, request: Request) -> Response:
        self.asked[request.path] += 1
        return self.trouble(request) or self.sandbox.answer(request)

    @property
    def charges(self) -> Counter[tuple[str, int, int]]:
        """What it has charged: id, credits and records, and how often."""
        return Counter((str(row["id"]), row["credits"], row["records"]) for row in self.sandbox.ledger())


@dataclass
class Desk:
    """Runs `zia enrich` in a folder of its own."""

    service: Service
    base_url: str
    folder: Path
    ids: list[int] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        said = self.service.sandbox.credentials()
        return {
            "ZOOMINFO_BASE_URL": self.base_url,
            "ZOOMINFO_USERNAME": said["username"],
            "ZOOMINFO_PASSWORD": said["password"],
            "ZOOMINFO_HOME": str(self.folder / "home"),
            "XDG_STATE_HOME": str(self.folder / "state"),
        }

    def run(self, *options: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error, in this process."""
        done = CliRunner().invoke(app, ["enrich", *options], env=self.settings)
        told = f"zia: {done.exception}\n" if isinstance(done.exception, ZoomInfoError) else ""
        assert told or done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr + told

    def begin(self, *options: str) -> subprocess.Popen[str]:
        """The same as a process of its own."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
        return subprocess.Popen(
            [sys.executable, "-m", "zianalytics", "enrich", *options],
            cwd=self.folder,
            env={**environ, **self.settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def file(self, name: str, *lines: object) -> str:
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in lines))
        return str(path)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Service, str]]:
    service = Service()
    with serve(service) as where:
        yield service, where.base_url
    service.sandbox.close()


@pytest.fixture
def desk(running: tuple[Service, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    service, base_url = running
    service.sandbox.set_faults({"rules": []})
    service.sandbox.reset()
    service.trouble = lambda request: None
    service.asked.clear()
    monkeypatch.chdir(tmp_path)
    return Desk(service, base_url, tmp_path, sorted(service.sandbox.world.companies))
