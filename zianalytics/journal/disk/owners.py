"""Who is alive: each open journal holds a lock of its own, which the system lets go when the process ends, however."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout


class Owner:
    """This journal's own lock."""

    def __init__(self, folder: Path) -> None:
        self.id = uuid4().hex
        self._lock = FileLock(_path(folder, self.id), mode=0o600, thread_local=False)
        self._lock.acquire(timeout=0)

    def leave(self) -> None:
        """Let the lock go and remove its file."""
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)


def is_gone(folder: Path, owner: str) -> bool:
    """Whether the journal that called itself `owner` is closed, or its process dead."""
    path = _path(folder, owner)
    if not path.exists():
        return True
    try:
        with FileLock(path, mode=0o600, timeout=0):
            pass
    except Timeout:
        return False
    path.unlink(missing_ok=True)
    return True


def clear_gone(folder: Path) -> None:
    """Remove the locks of processes that died; none may be made meanwhile, so hold the folder's own lock."""
    for path in folder.glob("open-*.lock"):
        is_gone(folder, path.stem.removeprefix("open-"))


def anyone(folder: Path) -> bool:
    """Whether a journal of this folder is open somewhere, once those that are gone are cleared."""
    return any(folder.glob("open-*.lock"))


def anyone_else(folder: Path, owner: str) -> bool:
    """Whether a journal of this folder is open beside that of `owner`, once those that are gone are cleared."""
    return any(path != _path(folder, owner) for path in folder.glob("open-*.lock"))


def _path(folder: Path, owner: str) -> Path:
    return folder / f"open-{owner}.lock"
