"""What a killed copy leaves is named by zia doctor, and whoever opens or copies the journal next removes it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from zianalytics.doctor.journal import journal as look_at
from zianalytics.journal import Journal, back_up
from zianalytics.journal.upkeep.workshop import workshop

DIES_AT = """
import os, signal, sys
from pathlib import Path
from zianalytics.journal import back_up

def die(frame, event, _):
    if event == "call" and (Path(frame.f_code.co_filename).name, frame.f_code.co_name) == ("backup.py", sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

sys.setprofile(die)
back_up(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Journal.open(tmp_path / "home" / "account") as journal:
        return journal.folder


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    place = tmp_path / "disk"
    place.mkdir()
    return place


def killed(folder: Path, disk: Path, at: str) -> list[Path]:
    """What a copy leaves on a disk that is killed as it begins this step."""
    command = [sys.executable, "-c", DIES_AT, str(folder), str(disk / "copy.zip"), at]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    return sorted(path for path in disk.rglob("*") if path.is_file())


def noted(folder: Path) -> list[str]:
    return [one.found for one in look_at(folder) if one.what.endswith(".note")]


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("_copy_both", []),
        ("_sound", ["ledger.db", "replies.db"]),
        ("_publish", ["again", "again", "ledger.db", "packed", "replies.db"]),
    ],
    ids=["begun", "copied", "packed"],
)
def test_what_a_killed_copy_leaves_is_named_and_the_next_that_opens_the_journal_removes_it(
    folder: Path, disk: Path, at: str, left: list[str]
) -> None:
    found = killed(folder, disk, at)
    assert sorted("again" if one.parent.name == "again" else one.name for one in found) == left
    [place] = disk.iterdir()
    assert noted(folder) == [f"a copy is being made in {place}, or that was interrupted: what lies there names people"]
    Journal.open(folder).close()
    assert list(disk.iterdir()) == []
    assert noted(folder) == []
    assert not list(folder.glob("backup-*"))


def test_the_next_copy_removes_what_one_left_elsewhere(folder: Path, disk: Path, tmp_path: Path) -> None:
    assert killed(folder, disk, "_publish")
    back_up(folder, tmp_path / "copy.zip")
    assert list(disk.iterdir()) == []


def test_a_disk_that_is_not_there_is_waited_for(folder: Path, disk: Path, tmp_path: Path) -> None:
    assert killed(folder, disk, "_publish")
    disk.rename(tmp_path / "taken out")
    Journal.open(folder).close()
    assert noted(folder)
    (tmp_path / "taken out").rename(disk)
    Journal.open(folder).close()
    assert list(disk.iterdir()) == []
    assert not noted(folder)


def test_a_copy_that_is_being_made_is_left_alone(folder: Path, disk: Path) -> None:
    begun, seen = Event(), Event()

    def work() -> None:
        with workshop(folder, disk) as place:
            (place / "packed").touch()
            begun.set()
            assert seen.wait(10)

    other = Thread(target=work)
    other.start()
    assert begun.wait(10)
    Journal.open(folder).close()
    back_up(folder, disk / "other.zip")
    assert [path.name for path in disk.rglob("packed")] == ["packed"]
    seen.set()
    other.join()
    assert [path.name for path in disk.iterdir()] == ["other.zip"]
    assert not list(folder.glob("backup-*"))


def test_a_note_that_names_another_folder_removes_nothing(folder: Path, disk: Path) -> None:
    (disk / "letters").mkdir()
    (folder / "backup-1.note").write_text(str(disk / "letters"))
    Journal.open(folder).close()
    assert (disk / "letters").is_dir()
    assert not (folder / "backup-1.note").exists()
