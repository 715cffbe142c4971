"""Threads take turns at a file: DuckDB lets those of one process write at once, and fails whoever comes second."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Condition, Lock
from weakref import WeakSet, WeakValueDictionary


class Turns:
    """A file in this process, by whatever object it is used.

    Attributes
    ----------
    turn
        Held by the thread that opens, closes, loads or makes it again. Who has it may ask for it again.
    open_by
        The objects that have the file open, changed by who has the turn alone.
    """

    def __init__(self) -> None:
        self.turn = Condition()
        self.open_by: WeakSet[object] = WeakSet()

    def all_left(self, *, patience_s: float) -> bool:
        """Whether nobody has the file open, or all have left within these seconds, in which others may have the turn.

        Parameters
        ----------
        patience_s
            How long to wait for them.
        """
        return self.turn.wait_for(lambda: not self.open_by, patience_s)


_OF_FILES: WeakValueDictionary[str, Turns] = WeakValueDictionary()
_ASKING = Lock()


def turns_at(path: Path | None) -> Turns:
    """The turns of a file, the same for all who name it; of tables in memory, its own each time.

    Parameters
    ----------
    path
        The file, which need not be there yet; None for memory.
    """
    if path is None:
        return Turns()
    with _ASKING:
        return _OF_FILES.setdefault(os.path.normcase(path.resolve()), Turns())
