"""Where the CPU of our job goes: http, journal, decode, load, other.

Functions of the product are wrapped, here alone. What eight threads do at a time is told by the clock of each thread;
what the main thread does alone (frames, tables) by that of the process, because polars and DuckDB have threads of
their own. Time inside a wrapped function that is called by another counts as its own alone.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, Self

from zianalytics.client.metered import exchange
from zianalytics.journal import Journal
from zianalytics.journal.received.replies import Replies
from zianalytics.journal.spending.ledger import Ledger
from zianalytics.journal.spending.statements import Statements
from zianalytics.transport.session import Session
from zianalytics.warehouse import load, store

_WRAPPED: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("http", Session, ("send",)),
    ("journal", Journal, ("held", "pages", "some_replies", "last_received", "managed", "open_intents")),
    ("journal", Ledger, ("begin", "reserve", "settle", "end", "compare", "counted_so_far", "sweep", "interrupted")),
    ("journal", Replies, ("keep", "_rows", "_reply")),
    ("journal", Statements, ("uncertain",)),
    ("decode", exchange, ("decode", "served")),
    ("decode", load, ("decode",)),
    ("load", store, ("load",)),
)


class Split:
    """Measures while its block runs."""

    def __init__(self) -> None:
        self._spent: Counter[str] = Counter()
        self._lock, self._stack = threading.Lock(), threading.local()

    def __enter__(self) -> Self:
        self._before = [(owner, name, getattr(owner, name)) for _, owner, names in _WRAPPED for name in names]
        for part, owner, names in _WRAPPED:
            for name in names:
                setattr(owner, name, self._measured(part, getattr(owner, name)))
        self._began = time.process_time()
        return self

    def __exit__(self, *failure: object) -> None:
        self._whole = time.process_time() - self._began
        for owner, name, function in self._before:
            setattr(owner, name, function)

    def parts(self) -> dict[str, float]:
        """Seconds of CPU of each part."""
        return {**self._spent, "other": self._whole - self._spent.total()}

    def _measured(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def measured(*args: Any, **kwargs: Any) -> Any:
            is_alone = threading.current_thread() is threading.main_thread()
            clock = time.process_time if is_alone else time.thread_time
            stack = vars(self._stack).setdefault("inner", [0.0])
            stack.append(0.0)
            began = clock()
            try:
                return function(*args, **kwargs)
            finally:
                spent = clock() - began
                own = spent - stack.pop()
                stack[-1] += spent
                with self._lock:
                    self._spent[part] += own

        return measured
