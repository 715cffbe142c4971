"""Reading much at once, without Python looking through it for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """No garbage collection while some replies are read: a look at their values finds none, each time.

    What cycles there are wait for a moment. A program that has turned the collection off finds it off.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
