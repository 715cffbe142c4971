"""Where a copy of a journal is made: beside the file that it becomes, noted in the journal's folder, so that what a
process leaves that dies meanwhile is removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import BaseFileLock, FileLock, Timeout

from zianalytics.errors import StoreUnusable

_NAME = ".zia-backup-"


@contextmanager
def workshop(account: Path, where: Path) -> Iterator[Path]:
    """A new folder in `where`, for nobody else's eyes, that is gone when the block ends.

    Parameters
    ----------
    account
        The folder of the journal, in which it is noted; what was left behind by others that died is removed first.

    Raises
    ------
    StoreUnusable
        It cannot be made, or the disk is full. There is no copy.
    """
    clear_abandoned(account)
    number = uuid4().hex
    place, note, lock = where / f"{_NAME}{number}", account / f"backup-{number}.note", _lock(account, number)
    with ExitStack() as leaving:
        try:
            lock.acquire(timeout=0)
            leaving.callback(_forget, note, lock)
            _write_durably(note, os.fsencode(place.resolve()))
            leaving.callback(shutil.rmtree, place, ignore_errors=True)
            place.mkdir(mode=0o700)
        except OSError as exc:
            raise StoreUnusable(
                f"{exc.filename or where} cannot be written ({exc.strerror or exc}). Nothing was written. Free the "
                "disk, or choose another folder."
            ) from exc
        try:
            yield place
        except OSError as exc:
            raise StoreUnusable(
                f"{where} cannot be written ({exc.strerror or exc}). There is no copy, and nothing of one is left. "
                "Free the disk, or choose another folder."
            ) from exc


def clear_abandoned(account: Path) -> None:
    """Remove what copies left behind that were interrupted; one on a disk that is not there now waits until it is."""
    for note in account.glob("backup-*.note"):
        lock = _lock(account, note.stem.removeprefix("backup-"))
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue  # it is being made
        place = _noted(note)
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)
        if place is None or (place.parent.is_dir() and not place.exists()):
            _forget(note, lock)
        else:
            lock.release()


def noted(account: Path) -> list[tuple[Path, Path]]:
    """The notes of copies that are being made, or were interrupted, and where each is made."""
    found = [(note, _noted(note)) for note in sorted(account.glob("backup-*.note"))]
    return [(note, place) for note, place in found if place is not None]


def _noted(note: Path) -> Path | None:
    """Where a copy was made; None where nothing was noted yet, so that nothing was made."""
    try:
        place = Path(os.fsdecode(note.read_bytes()))
    except (OSError, ValueError):
        return None
    return place if place.name == f"{_NAME}{note.stem.removeprefix('backup-')}" else None


def _write_durably(path: Path, content: bytes) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with path.open("r+b") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _lock(account: Path, number: str) -> BaseFileLock:
    return FileLock(account / f"backup-{number}.lock", mode=0o600, thread_local=False)


def _forget(note: Path, lock: BaseFileLock) -> None:
    note.unlink(missing_ok=True)  # before the lock: nobody is to find it free with its note beside it
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)
