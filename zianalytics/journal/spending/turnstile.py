"""Who asks again is alone meanwhile, in all processes, so that what the service counts is known to be theirs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from zianalytics.journal.spending.ledger import Ledger

PATIENCE_S = 90.0
"""Longer than a request usually takes; then whoever waits goes on, and the count tells less."""
_LOOK_S = 0.02


class Turnstile:
    """All requests that may pay pass here one by one as they are written down; it is shut while one is sent again.

    Parameters
    ----------
    folder
        Where the journal lies.
    ledger
        Knows what is under way.
    """

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._path, self._ledger, self._mine = folder / "paying.lock", ledger, Lock()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """A block in which a request may be written down, because none is being sent again."""
        with self._held():
            yield

    @contextmanager
    def shut(self) -> Iterator[bool]:
        """A block in which nobody else writes one down; gives whether what others had sent before has its end, too."""
        with self._held() as is_held:
            yield is_held and self._is_quiet()

    def wants_a_look(self) -> bool:
        """Whether who passes is to ask what the service has counted: a repeat has no end, and nobody awaits it."""
        if not self._ledger.looks.lacks_one():
            return False
        self._ledger.sweep()
        return not self._ledger.looks.is_awaited()

    @contextmanager
    def _held(self) -> Iterator[bool]:
        """The lock, or False where it cannot be had in time."""
        with ExitStack() as held:
            is_held = self._mine.acquire(timeout=PATIENCE_S)
            if is_held:
                held.callback(self._mine.release)
                try:
                    held.enter_context(
                        FileLock(self._path, PATIENCE_S, mode=0o600, thread_local=False, poll_interval=_LOOK_S / 4)
                    )
                except (Timeout, OSError):
                    is_held = False
            yield is_held

    def _is_quiet(self) -> bool:
        """Wait until nothing that may be charged is under way; False where that takes too long."""
        until = time.monotonic() + PATIENCE_S
        while True:
            self._ledger.sweep()
            if not self._ledger.looks.is_awaited():
                return True
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK_S)
