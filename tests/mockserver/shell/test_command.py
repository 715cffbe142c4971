"""The command line as a process of its own."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

WriteCollection = Callable[..., Path]
Process = subprocess.Popen[str]


@contextmanager
def mockserver(*args: str | Path) -> Iterator[Process]:
    """The command in a process; its standard input is a pipe that we hold."""
    command = [sys.executable, "-m", "mockserver", *map(str, args)]
    streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **streams) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def ready(file: Path, process: Process) -> dict[str, Any]:
    """What the ready file says, once it is there."""
    deadline = time.monotonic() + 30
    while not file.exists():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.01)
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def orders(write_collection: WriteCollection) -> Path:
    return write_collection({"name": "Orders", "request": "/orders", "response": [{"name": "OK", "body": "[]"}]})


def test_a_replay_says_where_it_listens_and_ends_cleanly_when_asked_to(orders: Path, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    with mockserver("--replay", orders, "--port", "0", "--ready-file", file) as process:
        found = ready(file, process)
        assert httpx.get(f"{found['base_url']}/orders").text == "[]"
        process.terminate()
        out, err = process.communicate(timeout=10)
    assert found == {
        "base_url": found["base_url"],
        "username": None,
        "password": None,
        "client_id": None,
        "private_key_file": None,
        "pid": process.pid,
    }
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", found["base_url"])
    assert (process.returncode, err) == (0, "")
    assert out == (
        f"Recorded answers are served on {found['base_url']}\n"
        f"  orders: 1 ({orders})\n"
        "Try:\n"
        f"  curl -s {found['base_url']}/orders\n"
        "It ends on Ctrl-C.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_ctrl_c_ends_cleanly_too(orders: Path, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    with mockserver("--replay", orders, "--ready-file", file) as process:
        ready(file, process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions mean something else there")
def test_the_ready_file_is_for_this_user_alone(orders: Path, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    with mockserver("--replay", orders, "--ready-file", file) as process:
        ready(file, process)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["orders.json", "ready.json"]  # no draft left behind


def test_a_ready_file_of_an_earlier_run_is_never_taken_for_ours(orders: Path, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text('{"base_url": "stale"}', encoding="utf-8")
    with mockserver("--replay", tmp_path / "absent.json", "--ready-file", file) as process:
        process.communicate(timeout=30)
    assert process.returncode == 1
    assert not file.exists()


def test_with_a_parent_pipe_it_ends_when_the_pipe_closes(orders: Path, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    with mockserver("--replay", orders, "--ready-file", file, "--parent-pipe") as process:
        found = ready(file, process)
        assert httpx.get(f"{found['base_url']}/orders").text == "[]"
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_it_ends_with_a_parent_that_was_killed(orders: Path, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'mockserver', *sys.argv[1:]], stdin=subprocess.PIPE)\n"
        "time.sleep(60)\n"
    )
    args = ["--replay", str(orders), "--ready-file", str(file), "--parent-pipe"]
    with subprocess.Popen([sys.executable, "-c", script, *args], stdout=subprocess.DEVNULL, text=True) as parent:
        found = ready(file, parent)
        parent.kill()
    port = int(found["base_url"].rpartition(":")[2])
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) != 0:
                return
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_faults_of_a_collection_are_told_and_the_rest_is_served(
    write_collection: WriteCollection, tmp_path: Path
) -> None:
    file = tmp_path / "ready.json"
    item = {"name": "Orders", "request": "/orders", "response": ["odd", {"name": "OK", "body": "[]"}]}
    with mockserver("--replay", write_collection(item), "--ready-file", file) as process:
        assert httpx.get(f"{ready(file, process)['base_url']}/orders").text == "[]"
        process.terminate()
        out, err = process.communicate(timeout=10)
    assert err == "orders.json: Orders: response[0]: not an object but str; left out\n"
    assert "  not taken as they stand: 1, see above\n" in out


@pytest.mark.parametrize(
    ("args", "code", "problem"),
    [
        (["--replay", "{orders}", "--companies", "5"], 2, "--companies: recordings are served as they are"),
        (["--replay", "{orders}", "--no-limits", "--seed", "0"], 2, "--seed, --no-limits: recordings"),
        (["--port", "70000"], 2, "70000 is not a port"),
        (["--companies", "0"], 2, "0 is not a positive number"),
        (["--now", "yesterday"], 2, "'yesterday' is not an ISO time"),
        (["--bundle", "huge"], 2, "invalid choice: 'huge'"),
        (["--replay", "{folder}/absent.json"], 1, "absent.json cannot be read"),
        (["--replay", "{orders}", "--ready-file", "{folder}/no/ready.json"], 1, "Nothing is served."),
    ],
)
def test_a_mistake_on_the_command_line_is_told_and_nothing_starts(
    orders: Path, tmp_path: Path, args: list[str], code: int, problem: str
) -> None:
    with mockserver(*(each.format(orders=orders, folder=tmp_path) for each in args)) as process:
        _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert problem in err
    assert "Traceback" not in err


def test_a_port_that_is_taken_is_told(orders: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with mockserver("--replay", orders, "--port", port) as process:
            _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "in use" in err
    assert "Nothing is served. Check the port" in err


def test_a_missing_extra_is_told_with_the_command_that_installs_it(orders: Path) -> None:
    script = "import sys; sys.modules['uvicorn'] = None; import mockserver; sys.exit(mockserver.run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", script, "--replay", str(orders)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "mockserver: it needs uvicorn. Nothing is served. Install it: pip install 'zianalytics[mock]'\n"
    )


def test_a_replay_loads_neither_the_world_nor_a_framework() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import mockserver.shell.server, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"mockserver.sandbox", "mockserver.world", "starlette", "cryptography", "typer"} & set(loaded)
