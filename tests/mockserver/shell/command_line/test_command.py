"""The command line as a process of its own, with recordings."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

WriteCollection = Callable[..., Path]
Started = Callable[..., AbstractContextManager[Any]]
Failed = Callable[..., str]


@pytest.fixture
def orders(write_collection: WriteCollection) -> Path:
    return write_collection({"name": "Orders", "request": "/orders", "response": [{"name": "OK", "body": "[]"}]})


def test_a_replay_says_where_it_listens_and_ends_cleanly_when_asked_to(orders: Path, started: Started) -> None:
    with started("--replay", orders, "--port", "0") as replay:
        base_url = replay.told["base_url"]
        assert httpx.get(f"{base_url}/orders").text == "[]"
        out, err, code = replay.stop_with_output()
    assert replay.told == {
        "base_url": base_url,
        "username": None,
        "password": None,
        "client_id": None,
        "private_key_file": None,
        "pid": replay.process.pid,
    }
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", base_url)
    assert (code, err) == (0, "")
    assert out == (
        f"Recorded answers are served on {base_url}\n"
        f"  orders: 1 ({orders})\n"
        "  1 example of 1 request; 0 faults, see python -m mockserver check\n"
        "Try:\n"
        f"  curl -s {base_url}/orders\n"
        "It ends on Ctrl-C.\n"
    )


def test_it_ends_cleanly_while_a_client_holds_its_connection(orders: Path, started: Started) -> None:
    with started("--replay", orders) as replay, httpx.Client(base_url=replay.told["base_url"]) as client:
        assert client.get("/orders").text == "[]"
        assert replay.stop_with_output()[1:] == ("", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for one process")
def test_ctrl_c_ends_it_cleanly_too(orders: Path, started: Started) -> None:
    with started("--replay", orders) as replay:
        replay.process.send_signal(signal.SIGINT)
        _, err = replay.process.communicate(timeout=10)
    assert (replay.process.returncode, err) == (0, "")


def test_the_ready_file_is_for_this_user_alone(orders: Path, started: Started, tmp_path: Path) -> None:
    with started("--replay", orders):
        if sys.platform != "win32":
            assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600
        assert sorted(each.name for each in tmp_path.iterdir()) == ["orders.json", "ready.json"]  # no draft left


def test_a_ready_file_of_an_earlier_run_is_never_taken_for_ours(failed: Failed, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text('{"base_url": "stale"}', encoding="utf-8")

    failed("--replay", tmp_path / "absent.json", "--ready-file", file)

    assert not file.exists()


def test_with_a_parent_pipe_it_ends_when_the_pipe_closes(orders: Path, started: Started) -> None:
    with started("--replay", orders, "--parent-pipe") as replay:
        assert httpx.get(f"{replay.told['base_url']}/orders").text == "[]"
        replay.process.stdin.close()
        assert replay.process.wait(timeout=10) == 0


def test_without_a_parent_pipe_it_goes_on_when_the_pipe_closes(orders: Path, started: Started) -> None:
    with started("--replay", orders) as replay:
        replay.process.stdin.close()
        assert httpx.get(f"{replay.told['base_url']}/orders").text == "[]"
        assert replay.process.poll() is None


def test_it_ends_with_a_parent_that_was_killed(orders: Path, tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'mockserver', *sys.argv[1:]],\n"
        "                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
        "print(child.stdout.readline().split()[-1], flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, "--replay", str(orders), "--parent-pipe"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline().rpartition(":")[2])
        parent.kill()
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) != 0:
                return
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_faults_of_a_collection_are_told_and_the_rest_is_served(
    write_collection: WriteCollection, started: Started
) -> None:
    item = {"name": "Orders", "request": "/orders", "response": ["odd", {"name": "OK", "body": "[]"}]}
    with started("--replay", write_collection(item)) as replay:
        assert httpx.get(f"{replay.told['base_url']}/orders").text == "[]"
        out, err, _ = replay.stop_with_output()
    assert err == "orders.json: Orders: response[0]: not an object but str; left out\n"
    assert "  1 example of 1 request; 1 fault, see above and python -m mockserver check\n" in out


def test_what_has_no_saved_example_is_told_at_the_start(write_collection: WriteCollection, started: Started) -> None:
    bare = {"name": "Delete", "request": "/orders", "response": []}
    saved = {"name": "Orders", "request": "/orders", "response": [{"name": "OK", "body": "[]"}]}
    with started("--replay", write_collection(bare, saved, name="some")) as replay:
        line = replay.said_until("fault")[-1]
    assert line == "  1 example of 1 request, 1 more without any; 0 faults, see python -m mockserver check\n"
    with started("--replay", write_collection(bare, name="none")) as replay:
        lines = replay.said_until("Ctrl-C")
        assert httpx.get(f"{replay.told['base_url']}/orders").status_code == 404
        err = replay.stop_with_output()[1]
    assert lines[-2] == (
        "No saved example: every request gets a 404. Save responses as examples in Postman, and export again.\n"
    )
    assert "none.json: the collection: item: no saved example was found; nothing is served from this file\n" in err


def test_what_acts_on_a_terminal_is_spelt_out(write_collection: WriteCollection, started: Started) -> None:
    clears, titles, turns = "\x1b[2J", "\x1b]0;own\x07", "\u202e"
    items = [
        {"name": clears, "request": f"/a{clears}{turns}\ud800',x?\ud800", "response": [{"name": "x", "body": "[]"}]},
        {"name": titles, "request": "/b", "response": [titles, {"name": "y", "header": [{"key": turns}]}]},
    ]
    with started("--replay", write_collection(*items, info={"name": f"{titles}\n{turns}"})) as replay:
        base_url = replay.told["base_url"]
        out, err, _ = replay.stop_with_output()
    assert "  \\u001b]0;own\\u0007\\u000a\\u202e: 2 (" in out
    assert err.splitlines() == [
        "orders.json: \\u001b]0;own\\u0007: response[0]: not an object but str; left out",
        "orders.json: \\u001b]0;own\\u0007: response[1].header[0]: '\\u202e' is not the name of a header; left out",
    ]
    assert f"  curl -s '{base_url}/a%1B%5B2J%E2%80%AE%ED%A0%80%27,x?%ED%A0%80='\n" in out
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err)


def test_the_request_to_try_is_the_recorded_one_with_its_query(
    write_collection: WriteCollection, started: Started
) -> None:
    answers = [{"name": "x", "body": "right"}]
    item = {"name": "i", "request": "/a b/{{id}}?q=x y&r=%26&s={{zone}}", "response": answers}
    other = {"name": "j", "request": {"method": "POST", "url": "/c"}, "response": [{"name": "y", "body": "wrong"}]}
    with started("--replay", write_collection(other, item)) as replay:
        line = replay.said_until("curl")[-1]
        assert httpx.get(shlex.split(line)[2]).text == "right"
    url = f"{replay.told['base_url']}/a%20b/%7B%7Bid%7D%7D?q=x+y&r=%26&s=%7B%7Bzone%7D%7D"
    assert line == f"  curl -s '{url}'\n"


@pytest.mark.parametrize(
    ("args", "code", "problem"),
    [
        (["--replay", "{orders}", "--companies", "5"], 2, "--companies: recordings are served as they are"),
        (["--replay", "{orders}", "--no-limits", "--now", "2026-10-01"], 2, "--now, --no-limits: recordings"),
        (["--port", "x"], 2, "argument --port: 'x' is not a whole number"),
        (["--companies", "1e3"], 2, "argument --companies: '1e3' is not a whole number"),
        (["--seed", "x"], 2, "argument --seed: 'x' is not a whole number"),
        (["--port", "70000"], 2, "70000 is not a port"),
        (["--companies", "0"], 2, "0 is not a positive number"),
        (["--now", "yesterday"], 2, "'yesterday' is not an ISO time"),
        (["--now", "9999-12-31T23:59:00Z"], 2, "A sandbox's clock shows the years 2000 to 9989, not 9999-12-31"),
        (["--now", "0001-01-01T00:00:00+10:00"], 2, "argument --now: '0001-01-01T00:00:00+10:00': "),
        (["--bundle", "huge"], 2, "invalid choice: 'huge'"),
        (["--replay", "{folder}/absent.json"], 1, "absent.json cannot be read"),
        (["--replay", "{orders}", "--ready-file", "{folder}/no/ready.json"], 1, "Nothing is served."),
    ],
)
def test_a_mistake_on_the_command_line_is_told_and_nothing_starts(
    orders: Path, failed: Failed, tmp_path: Path, args: list[str], code: int, problem: str
) -> None:
    assert problem in failed(*(each.format(orders=orders, folder=tmp_path) for each in args), code=code)


def test_a_port_that_is_taken_is_told(orders: Path, failed: Failed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        err = failed("--replay", orders, "--port", str(port))

    assert "in use" in err
    assert f"127.0.0.1:{port}" in err
    assert "Nothing is served. Check the port" in err


def test_a_missing_extra_is_told_with_the_command_that_installs_it(orders: Path, tmp_path: Path) -> None:
    script = "import sys; sys.modules['uvicorn'] = None; import mockserver; sys.exit(mockserver.run(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "--replay", str(orders), "--ready-file", str(tmp_path / "ready.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "mockserver: it needs uvicorn. Nothing is served. Install it: pip install 'zianalytics[mock]'\n"
    )
    assert not (tmp_path / "ready.json").exists()


def test_a_replay_loads_neither_the_world_nor_a_framework() -> None:
    script = "import mockserver.shell.listening.server, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    slow = {"mockserver.sandbox", "mockserver.world", "starlette", "cryptography", "typer"}
    assert not slow & set(done.stdout.split())
