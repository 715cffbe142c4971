"""Who is at work on what: calls that would pay for the same wait for each other, across threads and processes.

Each call under way holds a lock of its own, which the system lets go when its process ends, however, and has beside it
a file of what it asks for, as hashes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

from filelock import BaseFileLock, FileLock, Timeout

from zianalytics.errors import StoreUnusable

_SIZE = 8
_LOOK_S = 0.1
PATIENCE_S = 1.0
"""A shorter wait is not worth a word."""


class AtWork:
    """The calls under way on one account's journal.

    Parameters
    ----------
    folder
        Where the journal lies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def on(
        self, things: Collection[str], *, waits: Callable[[int], None], at_most_s: float | None = None
    ) -> Iterator[None]:
        """A block that is alone at work on these things.

        Parameters
        ----------
        things
            What is asked for, in words that are the same for all who ask the same.
        waits
            Called once, when a wait is worth a word, with the number of things that others are at work on.
        at_most_s
            How long to wait; then the block begins all the same. None for as long as it takes.

        Raises
        ------
        StoreUnusable
            The folder cannot be written; the block did not begin.
        """
        mine = frozenset(blake2b(one.encode(), digest_size=_SIZE).digest() for one in things)
        lock = self._lock(uuid4().hex)
        began, said = time.monotonic(), False
        while shared := self._begin(lock, mine):
            waited_s = time.monotonic() - began
            if waited_s >= PATIENCE_S and not said:
                said = True
                waits(shared)
            if at_most_s is not None and waited_s >= at_most_s:
                self._begin(lock, mine, heed=False)
                break
            time.sleep(_LOOK_S)
        try:
            yield
        finally:
            self._forget(lock)

    def _begin(self, lock: BaseFileLock, mine: frozenset[bytes], *, heed: bool = True) -> int:
        """Begin, unless others are at work on some of it: how many things these are."""
        try:
            with FileLock(self._folder / "work.lock", mode=0o600):
                shared = len(mine & self._others()) if heed else 0
                if not shared:
                    lock.acquire(timeout=0)
                    _keys(lock).touch(mode=0o600)
                    _keys(lock).write_bytes(b"".join(sorted(mine)))
                return shared
        except OSError as exc:
            with suppress(OSError):
                self._forget(lock)
            raise StoreUnusable(
                f"{self._folder} cannot be written now ({exc.strerror or exc}). Nothing was sent or spent. Free the "
                "disk, or see who may write there, and run the same call again."
            ) from exc

    def _others(self) -> frozenset[bytes]:
        """What living calls are at work on; what dead ones left is removed."""
        found: set[bytes] = set()
        for path in self._folder.glob("work-*.keys"):
            lock = self._lock(path.stem.removeprefix("work-"))
            try:
                lock.acquire(timeout=0)
            except Timeout:
                with suppress(FileNotFoundError):  # it has just ended
                    told = path.read_bytes()
                    found.update(told[at : at + _SIZE] for at in range(0, len(told), _SIZE))
            else:
                self._forget(lock)
        return frozenset(found)

    def _lock(self, name: str) -> BaseFileLock:
        return FileLock(self._folder / f"work-{name}.lock", mode=0o600, thread_local=False)

    def _forget(self, lock: BaseFileLock) -> None:
        _keys(lock).unlink(missing_ok=True)  # before the lock: nobody is to find it free with its file beside it
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def _keys(lock: BaseFileLock) -> Path:
    return Path(lock.lock_file).with_suffix(".keys")
