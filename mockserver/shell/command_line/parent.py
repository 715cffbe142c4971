"""Ends the server with the process that started it, on every system: by the pipe between them.

A parent that opens its child's standard input as a pipe and never writes holds it open as long as it lives. When it
ends, however it ends, the system closes the pipe and the child reads the end of it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

STDIN = 0


def when_pipe_closes(act: Callable[[], None]) -> None:
    """Calls `act` once, from a thread, when standard input has come to its end."""

    def wait() -> None:
        try:
            # Not sys.stdin: its lock, held by a thread that waits, would be in the way when Python ends.
            while os.read(STDIN, 1024):
                pass
        except OSError:
            pass  # there is no standard input: nobody holds it
        act()

    threading.Thread(target=wait, name="parent-pipe", daemon=True).start()
