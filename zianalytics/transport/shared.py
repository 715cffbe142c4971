"""Where the pace of an account is kept: in one file for all threads, processes and projects, or in memory."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from zianalytics.errors import PaceNotShared, warn
from zianalytics.transport.pace import Pace

PATIENCE_S = 10.0
"""The lock is held for a tenth of a millisecond: who waits for so long waits for a process that was stopped."""
POLL_S = 0.002
LARGEST_BYTES = 1024 * 1024
"""A minute at full pace has 16 kB; a file that is larger is none of ours."""


class PaceKeeper(Protocol):
    """Keeps the pace of an account."""

    def held(self, clock: Callable[[], float]) -> AbstractContextManager[Pace]:
        """The pace as it is by this clock, for nobody else meanwhile; what is changed in it is kept."""

    def epoch(self) -> int:
        """Its epoch, at little cost."""


class OwnPace:
    """The pace of one process that shares it with nobody."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._lock = threading.Lock()

    @contextmanager
    def held(self, clock: Callable[[], float]) -> Iterator[Pace]:
        """The pace, for one thread at a time."""
        with self._lock:
            self._pace.look(clock())
            yield self._pace

    def epoch(self) -> int:
        """How often moments were taken back."""
        return self._pace.epoch


class SharedPace:
    """The pace in a file, readable by its owner alone, beside a lock that ends with the process that holds it.

    A file that is damaged, half written or of another version is begun afresh: the worst that comes of it is a 429,
    which costs nothing. Where the folder cannot be used this process goes on by itself, and a warning says so.

    Parameters
    ----------
    path
        The file; its folder is made when it is first used.
    patience_s
        Seconds to wait for the lock.
    """

    def __init__(self, path: Path, *, patience_s: float = PATIENCE_S) -> None:
        self._path, self._patience_s = path, patience_s
        self._alone: Pace | None = None
        self._begin()

    def _begin(self) -> None:
        # A lock that another thread holds while the process forks would stay locked in the child for ever.
        self._pid, self._threads = os.getpid(), threading.Lock()
        self._lock = FileLock(
            self._path.with_suffix(".lock"),
            timeout=self._patience_s,
            poll_interval=POLL_S,
            mode=0o600,
            thread_local=False,
        )
        self._epoch = 0

    @contextmanager
    def held(self, clock: Callable[[], float]) -> Iterator[Pace]:
        """The pace, for one thread of one process at a time."""
        if self._pid != os.getpid():
            self._begin()
        failure: OSError | None = None
        with self._threads:
            pace = self._alone
            if pace is None:
                try:
                    pace = self._taken()
                except OSError as exc:  # a lock that is not got in time is one, too
                    pace = self._alone = Pace()
                    failure = exc
            pace.look(clock())
            try:
                yield pace
            finally:
                self._epoch = pace.epoch
                if pace is not self._alone:
                    try:
                        self._give_back(pace)
                    except OSError as exc:
                        self._alone, failure = pace, exc
        if failure is not None:
            warn(self._not_shared(failure))

    def epoch(self) -> int:
        """How often moments were taken back, read without the lock: a file that is just being written says nothing."""
        if self._alone is None:
            try:
                pace = self._read()
            except OSError:
                return self._epoch  # the next turn says what is wrong
            if pace is not None:
                return pace.epoch
        return self._epoch

    def _taken(self) -> Pace:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock.acquire()
            return self._read() or Pace()
        except FileNotFoundError:
            return Pace()
        except BaseException:
            self._lock.release(force=True)
            raise

    def _read(self) -> Pace | None:
        with self._path.open("rb") as file:
            return Pace.unpacked(file.read(LARGEST_BYTES))

    def _give_back(self, pace: Pace) -> None:
        try:
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(self._path, flags, 0o600), "wb", buffering=0) as file:
                packed = pace.packed()
                if file.write(packed) != len(packed):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                file.truncate(len(packed))
        finally:
            self._lock.release(force=True)

    def _not_shared(self, exc: OSError) -> PaceNotShared:
        held = f"another process has held its lock for {self._patience_s:g} s"
        reason = held if isinstance(exc, Timeout) else exc.strerror or exc
        return PaceNotShared(
            f"The pace of this account cannot be shared through {self._path.parent} ({reason}). Nothing was spent; this"
            " process keeps the pace by itself, and others may be refused for going too fast. Make the folder writable "
            "for you, and start again."
        )
