"""Calls that would pay for the same wait for each other; those of dead processes hold up nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from zianalytics.errors import StoreUnusable
from zianalytics.journal.spending.at_work import AtWork

HOLDS = """
import sys, time
from pathlib import Path
from zianalytics.journal.spending.at_work import AtWork
with AtWork(Path(sys.argv[1])).on(sys.argv[2:], waits=print):
    print("at work", flush=True)
    time.sleep(60)
"""


def nobody(shared: int) -> None:
    raise AssertionError(f"waited for {shared}")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "work.lock")


def test_calls_on_different_things_do_not_wait(tmp_path: Path) -> None:
    with AtWork(tmp_path).on(["a", "b"], waits=nobody), AtWork(tmp_path).on(["c"], waits=nobody):
        assert len(left(tmp_path)) == 4
    assert left(tmp_path) == []


@pytest.mark.parametrize("at_most_s", [None, 60.0], ids=["as-long-as-it-takes", "a-minute"])
def test_a_call_on_the_same_waits_until_the_other_ends_and_says_so(tmp_path: Path, at_most_s: float | None) -> None:
    work, said, began = AtWork(tmp_path), threading.Event(), threading.Event()
    shared: list[int] = []

    def waits(number: int) -> None:
        shared.append(number)
        said.set()

    def second() -> None:
        with work.on(["b", "c", "d"], waits=waits, at_most_s=at_most_s):
            began.set()

    with work.on(["a", "b", "c"], waits=nobody):
        thread = threading.Thread(target=second)
        thread.start()
        assert said.wait(timeout=30)
        assert not began.is_set()
    thread.join(timeout=30)
    assert (shared, began.is_set()) == ([2], True)
    assert left(tmp_path) == []


def test_a_call_that_waits_no_longer_begins_all_the_same(tmp_path: Path) -> None:
    work = AtWork(tmp_path)
    with work.on(["a"], waits=nobody), work.on(["a"], waits=nobody, at_most_s=0.3):
        assert len(left(tmp_path)) == 4
    assert left(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_what_a_killed_process_was_at_work_on_is_free(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path), "ada@aster.example", "b"], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "at work\n"
        [keys] = tmp_path.glob("*.keys")
        assert len(keys.read_bytes()) == 16
        assert b"aster" not in keys.read_bytes()
        assert keys.stat().st_mode & 0o777 == 0o600
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=30)
        with AtWork(tmp_path).on(["b"], waits=nobody):
            assert len(left(tmp_path)) == 2
    assert left(tmp_path) == []


def test_an_interrupted_wait_leaves_nothing_behind(tmp_path: Path) -> None:
    def waits(_: int) -> None:
        raise KeyboardInterrupt

    work = AtWork(tmp_path)
    with work.on(["a"], waits=nobody):
        with pytest.raises(KeyboardInterrupt), work.on(["a"], waits=waits):
            raise AssertionError
        assert len(left(tmp_path)) == 2


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(
            StoreUnusable, match=r"cannot be written now.*Nothing was sent or spent.*run the same call again"
        ),
        AtWork(tmp_path / "file").on(["a"], waits=nobody),
    ):
        raise AssertionError
