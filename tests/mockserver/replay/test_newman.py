"""What newman, Postman's own runner, makes of a replay."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mockserver import run

NEWMAN = shutil.which("newman")
COLLECTION = "enterprise.postman_collection.json"
pytestmark = pytest.mark.skipif(
    NEWMAN is None or shutil.which("node") is None, reason="there is no node or no newman (npm install newman)"
)


@contextmanager
def replayed(collection: Path, ready: Path) -> Iterator[str]:
    """The address of a server of its own, as it is typed."""
    command = [
        sys.executable,
        "-m",
        "mockserver",
        "--parent-pipe",
        "--ready-file",
        str(ready),
        "--replay",
        str(collection),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() != ""  # it says what it serves when it listens
        yield json.loads(ready.read_bytes())["base_url"]
        process.stdin.close()


def newman(collection: Path, out: Path, base_url: str, *flags: str) -> tuple[list[str], Mapping[str, Any]]:
    """What failed, and what was counted."""
    assert NEWMAN is not None
    command = [NEWMAN, "run", str(collection), "--env-var", f"baseUrl={base_url}", *flags]
    command += ["--reporters", "json", "--reporter-json-export", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert out.exists(), done.stderr
    told = json.loads(out.read_bytes())["run"]
    failures = [f"{one['source'].get('name')}: {one['error']['message']}" for one in told["failures"]]
    assert (done.returncode == 0) == (not failures)
    return failures, told["stats"]


def item(line: str, test: str, *answers: Mapping[str, Any], asked: str = "", **headers: str) -> dict[str, Any]:
    method, url = line.split(" ")
    request: dict[str, Any] = {"method": method, "url": "{{baseUrl}}" + url}
    request["header"] = [{"key": key.replace("_", "-"), "value": value} for key, value in headers.items()]
    request["body"] = {"mode": "raw", "raw": asked}
    media_type = [{"key": "Content-Type", "value": "application/json"}]
    return {
        "name": line,
        "request": request,
        "response": [{"name": "x", "header": media_type, **answer} for answer in answers],
        "event": [{"listen": "test", "script": {"exec": [f"pm.test('as recorded', () => {{ {test} }});"]}}],
    }


def test_newman_finds_in_the_answers_what_its_tests_ask_for(
    write_collection: Callable[..., Path], tmp_path: Path
) -> None:
    body = '{"id": {{id}}, "key": "{{$guid}}", "at": {{$timestamp}}}'
    collection = write_collection(
        item("GET /users/7", "pm.expect(pm.response.json().id).to.equal(7);"),
        item("GET /users/:id", "pm.expect(pm.response.json().key).to.have.lengthOf(36);", {"body": body}),
        item("GET /orders?page=2", "pm.response.to.have.status(202);", {"code": 202}, {"code": 500, "name": "Broken"}),
        item("GET /orders?page=2&trace=on", "pm.response.to.have.status(202);"),
        item("GET /orders?page=2", "pm.response.to.have.status(500);", x_mock_response_name="Broken"),
        item("POST /orders", "pm.response.to.have.status(201);", {"code": 201}, asked='{"kind": "new"}'),
        item("POST /orders", "pm.response.to.have.status(409);", {"code": 409}, asked='{"kind": "old"} // again'),
        item(
            "HEAD /orders?page=2", "pm.expect(pm.response.headers.get('X-Mock-Matched')).to.include('HEAD of a GET');"
        ),
        item("GET /nowhere", "pm.expect(pm.response.json().nearest).to.have.lengthOf(3);"),
    )
    with replayed(collection, tmp_path / "ready.json") as base_url:
        failures, stats = newman(collection, tmp_path / "run.json", base_url)

    assert failures == []
    assert (stats["assertions"]["total"], stats["requests"]["failed"]) == (9, 0)


def test_newman_runs_our_own_collection_green_against_its_replay(tmp_path: Path) -> None:
    assert run(["export-postman", str(tmp_path)]) == 0
    document = json.loads((tmp_path / COLLECTION).read_bytes())
    for folder in document["item"]:
        for each in folder["item"]:  # several answer the same request, and each says here which one it means
            name = each["response"][0]["name"]
            each["request"]["header"].append({"key": "x-mock-response-name", "value": name})
            # A job that was recorded as running never ends here, however long a script waits for it.
            each["event"] = [event for event in each["event"] if event["listen"] == "test"]
    asking = tmp_path / "asking.json"
    asking.write_text(json.dumps(document), encoding="utf-8")
    with replayed(tmp_path / COLLECTION, tmp_path / "ready.json") as base_url:
        failures, stats = newman(asking, tmp_path / "run.json", base_url, "--env-var", "pauseMs=2")

    assert failures == []
    assert stats["assertions"]["total"] == sum(len(folder["item"]) for folder in document["item"]) == 400
