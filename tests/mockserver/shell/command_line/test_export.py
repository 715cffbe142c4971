"""`export-postman` as it is typed, and what newman makes of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver import serve
from mockserver.sandbox import Options, Sandbox
from mockserver.shell import run

NEWMAN = shutil.which("newman")
COLLECTION, ENVIRONMENT = "enterprise.postman_collection.json", "dozi-enterprise-api-public.postman_environment.json"

needs_newman = pytest.mark.skipif(
    NEWMAN is None or shutil.which("node") is None, reason="there is no node or no newman (npm install newman)"
)


SAID = {"base_url": "http://127.0.0.1:7", "username": "ada", "password": "pw", "client_id": "c", "pid": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `zia mock export-postman` wrote the two files, for a sandbox that has said this of itself."""
    folder = tmp_path_factory.mktemp("exported")
    ready = folder / "ready.json"
    ready.write_text(json.dumps(SAID))
    command = [sys.executable, "-m", "zianalytics", "mock", "export-postman", str(folder / "postman")]
    command += ["--ready-file", str(ready)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert f"{folder / 'postman' / COLLECTION}: " in done.stdout
    assert "pw" not in done.stdout
    return folder / "postman"


def values(file: Path) -> dict[str, str]:
    return {one["key"]: one["value"] for one in json.loads(file.read_bytes())["values"]}


def test_it_is_started_as_whoever_exports_has_called_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export-postman", str(tmp_path)], called="zia mock") == 0
    assert "Start it by: zia mock --bundle scaling --port 8080;" in capsys.readouterr().out
    assert run(["export-postman", str(tmp_path)]) == 0
    assert "Start it by: python -m mockserver --bundle scaling" in capsys.readouterr().out


def test_two_files_are_written_and_the_environment_is_for_your_eyes_only(folder: Path) -> None:
    assert sorted(one.name for one in folder.iterdir()) == [ENVIRONMENT, COLLECTION]
    assert (folder / ENVIRONMENT).stat().st_mode & 0o077 == 0 or os.name == "nt"
    found = values(folder / ENVIRONMENT)
    assert (found["baseUrl"], found["username"], found["password"]) == ("http://127.0.0.1:7", "ada", "pw")


@pytest.mark.parametrize("content", [None, "{", "[]", '{"base_url": 1}'], ids=["absent", "cut", "list", "lacking"])
def test_a_ready_file_that_is_none_is_told_and_nothing_is_written(content: str | None, tmp_path: Path) -> None:
    ready, out = tmp_path / "ready.json", tmp_path / "out"
    if content is not None:
        ready.write_text(content)
    assert run(["export-postman", str(out), "--ready-file", str(ready)]) == 1
    assert not out.exists()


class Newman:
    """Runs the exported collection against a sandbox."""

    def __init__(self, folder: Path, sandbox: Sandbox, base_url: str) -> None:
        self.folder, self.base_url = folder, base_url
        self.credentials = sandbox.credentials()

    def __call__(self, out: Path, *flags: str, collection: Path | None = None) -> tuple[int, dict[str, Any]]:
        """The exit code, and what it counted."""
        assert NEWMAN is not None
        said = {"baseUrl": self.base_url} | {key: self.credentials[key] for key in ("username", "password")}
        given = [word for key, value in said.items() for word in ("--env-var", f"{key}={value}")]
        command = [
            NEWMAN, "run", str(collection or self.folder / COLLECTION), "-e", str(self.folder / ENVIRONMENT), *given,
            "--reporters", "json", "--reporter-json-export", str(out), *flags,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert out.exists(), done.stderr
        run: dict[str, Any] = json.loads(out.read_bytes())["run"]
        return done.returncode, run


def failures(run: dict[str, Any]) -> list[str]:
    return [f"{one['source'].get('name')}: {one['error']['message']}" for one in run["failures"]]


@pytest.fixture
def hurried(folder: Path) -> Iterator[Newman]:
    """A sandbox of the Scaling bundle with all its limits, whose clock goes forty times as fast."""
    sandbox = Sandbox(Options(bundle="scaling"), monotonic=lambda: time.monotonic() * 40)
    with serve(sandbox) as where:
        yield Newman(folder, sandbox, where.base_url)
    sandbox.close()


@needs_newman
def test_newman_runs_all_of_it_green(hurried: Newman, folder: Path, tmp_path: Path) -> None:
    code, run = hurried(tmp_path / "all.json", "--env-var", "pauseMs=2")
    assert failures(run) == []
    assert code == 0
    requests = sum(len(one["item"]) for one in json.loads((folder / COLLECTION).read_bytes())["item"])
    assert (run["stats"]["assertions"]["total"], run["stats"]["assertions"]["failed"]) == (requests, 0)


@needs_newman
def test_newman_is_red_where_the_answer_is_another_than_recorded(hurried: Newman, folder: Path, tmp_path: Path) -> None:
    text = (folder / COLLECTION).read_text(encoding="utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace("to.have.status(200)", "to.have.status(201)"), encoding="utf-8")
    code, run = hurried(tmp_path / "red.json", "--env-var", "pauseMs=0", "--folder", "Compliance", collection=changed)
    assert code == 1
    assert any("expected response to have status code 201 but got 200" in one for one in failures(run))


@needs_newman
def test_a_folder_alone_signs_in_by_itself_and_keeps_the_pace_of_a_standard_account(
    folder: Path, tmp_path: Path
) -> None:
    sandbox = Sandbox(Options())
    with serve(sandbox) as where:
        code, run = Newman(folder, sandbox, where.base_url)(tmp_path / "some.json", "--folder", "Search")
    sandbox.close()
    assert failures(run) == []
    assert code == 0
    assert run["stats"]["assertions"]["total"] > 15
