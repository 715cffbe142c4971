from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock

from zianalytics.errors import PaceNotShared
from zianalytics.transport import Limiter, Window
from zianalytics.transport.pace import Pace
from zianalytics.transport.shared import SharedPace

FAST = (Window(1_000, 1.0),)
APART_S = 1.045 / 1_000
ASKS = """
import sys
from pathlib import Path
from zianalytics.transport import Limiter, Window
from zianalytics.transport.shared import SharedPace
limiter = Limiter((Window(1_000, 1.0),), SharedPace(Path(sys.argv[1])))
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    limiter.wait()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "pace.bin"


def given(path: Path) -> list[float]:
    pace = Pace.unpacked(path.read_bytes())
    assert pace
    return list(pace.given)


def apart(moments: list[float]) -> bool:
    return all(after - before > APART_S - 1e-6 for before, after in pairwise(moments))


def limiter_at(path: Path) -> Limiter:
    return Limiter(FAST, SharedPace(path))


def test_three_processes_are_given_moments_of_one_account(path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", ASKS, str(path), "150"], stdin=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        process.communicate("go\n")
    assert [process.returncode for process in started] == [0, 0, 0]
    moments = given(path)
    assert len(moments) >= 450  # who wakes late takes another
    assert apart(moments)


def test_threads_of_several_limiters_are_given_moments_of_one_account(path: Path) -> None:
    limiters = [limiter_at(path) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: limiters[number % 4].wait(), range(200)))
    moments = given(path)
    assert len(moments) >= 200
    assert apart(moments)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps access by lists, not by mode")
def test_the_file_and_its_folder_are_for_their_owner_alone(path: Path) -> None:
    limiter_at(path).wait()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} == {
        "pace.bin": 0o600,
        "pace.lock": 0o600,
    }


def test_what_the_service_said_is_remembered_for_the_account(path: Path) -> None:
    Limiter(pace=SharedPace(path)).learn({"x-ratelimit-limit": "2000"})
    later = Limiter(pace=SharedPace(path))
    later.wait()
    assert later.windows == (Window(33, 1.0), Window(2000, 60.0))


@pytest.mark.parametrize(
    "held",
    [b"", b"zipace00" + bytes(60), b"{}", bytes(2_000_000)],
    ids=["empty", "another version", "something else", "large"],
)
def test_a_file_that_is_damaged_or_of_another_version_is_begun_afresh(path: Path, held: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(held)
    limiter = limiter_at(path)
    for _ in range(3):
        limiter.wait()
    assert len(given(path)) == 3


def test_a_file_that_goes_while_it_is_used_is_begun_afresh(path: Path) -> None:
    limiter = limiter_at(path)
    limiter.wait()
    path.unlink()
    path.with_suffix(".lock").unlink()
    path.parent.rmdir()
    limiter.wait()
    assert len(given(path)) == 1


def test_a_folder_that_cannot_be_used_is_said_once_and_the_process_keeps_the_pace_by_itself(path: Path) -> None:
    path.parent.write_text("a file in the place of the folder")
    slept: list[float] = []
    limiter = Limiter(FAST, SharedPace(path), now=lambda: 1000.0, sleep=slept.append)
    with pytest.warns(PaceNotShared, match=r"Nothing was spent.*keeps the pace by itself.*Make the folder writable"):
        limiter.wait()
    limiter.wait()
    limiter.wait()
    assert slept == pytest.approx([APART_S, 2 * APART_S])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to be had here")
def test_a_full_disk_is_said_once_and_the_process_keeps_the_pace_by_itself(path: Path) -> None:
    limiter = limiter_at(path)
    limiter.wait()
    path.unlink()
    path.symlink_to("/dev/full")
    with pytest.warns(PaceNotShared, match=os.strerror(errno.ENOSPC)):
        limiter.wait()
    limiter.wait()


def test_a_process_that_was_stopped_while_it_held_the_lock_is_waited_for_and_then_left(path: Path) -> None:
    path.parent.mkdir()
    with FileLock(path.with_suffix(".lock")), pytest.warns(PaceNotShared, match="has held its lock for 0.05 s"):
        Limiter(FAST, SharedPace(path, patience_s=0.05)).wait()


def test_a_process_that_is_killed_while_it_waits_leaves_the_lock_free(path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ASKS, str(path), "100000"], stdin=subprocess.PIPE, text=True)
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()
    until = time.monotonic() + 20
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    limiter_at(path).wait()  # a lock that is not free would be warned of
    assert given(path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_that_was_forked_while_a_thread_held_the_pace_goes_on(path: Path) -> None:
    shared = SharedPace(path)
    limiter = Limiter(FAST, shared)
    is_held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with shared.held(time.time):
            is_held.set()
            may_go.wait(20)

    holding = threading.Thread(target=hold)
    holding.start()
    is_held.wait(20)
    child = os.fork()
    if not child:
        limiter.wait()
        os._exit(7)
    may_go.set()
    holding.join()
    limiter.wait()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    moments = given(path)
    assert len(moments) == 2
    assert apart(moments)
