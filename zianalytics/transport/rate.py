"""How fast we may ask: when the next request may leave, and waiting for that moment."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

# Requests travel, and the service counts arrivals: a window is kept a little longer than it is.
MARGIN_S = 0.05


@dataclass(frozen=True, slots=True)
class Window:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float


STANDARD = (Window(25, 1.0), Window(1500, 60.0))
"""What the Standard bundle of the Enterprise API allows."""
SIGN_IN = (Window(1, 1.0),)
"""What `/authenticate` allows."""


def next_moment(given: Sequence[float], now: float, windows: Sequence[Window]) -> float:
    """The first moment from `now` on at which one more request keeps every window.

    Parameters
    ----------
    given
        Moments given so far, in ascending order; as many of the last as the largest window holds.
    """
    moment = now
    if given:
        # Evenly paced over the shortest window: eight threads that start together do not arrive as one burst.
        pace = min(windows, key=lambda window: window.seconds)
        moment = max(moment, given[-1] + (pace.seconds + MARGIN_S) / pace.requests)
    for window in windows:
        if len(given) >= window.requests:
            moment = max(moment, given[-window.requests] + window.seconds + MARGIN_S)
    return moment


class Limiter:
    """Gives each request its moment, and lets its thread wait for it.

    Parameters
    ----------
    windows
        What is allowed at most; headers of the service can lower it and never raise it.
    now, sleep
        Monotonic seconds, and how to wait for some.
    """

    def __init__(
        self,
        windows: Sequence[Window] = STANDARD,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._windows = tuple(windows)
        self._now, self._sleep = now, sleep
        self._given: deque[float] = deque(maxlen=max(window.requests for window in windows))
        self._not_before = float("-inf")
        self._lock = threading.Lock()

    @property
    def windows(self) -> tuple[Window, ...]:
        """What is kept now."""
        return self._windows

    def reserve(self) -> float:
        """Seconds until the moment that now belongs to the caller."""
        with self._lock:
            now = self._now()
            moment = next_moment(self._given, max(now, self._not_before), self._windows)
            self._given.append(moment)
        return moment - now

    def wait(self) -> None:
        """Return when one more request may leave."""
        if (wait_s := self.reserve()) > 0:
            self._sleep(wait_s)

    def pause(self, seconds: float) -> None:
        """Give no moment before `seconds` from now: the service asked everybody to wait."""
        with self._lock:
            self._not_before = max(self._not_before, self._now() + seconds)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over a lower limit of the minute from the reply's headers (lower-case names).

        docs/assumptions.md, "rate windows of the Enterprise API".
        """
        told = headers.get("x-ratelimit-limit", "").strip()
        if not (told.isascii() and told.isdigit()) or int(told) == 0:
            return  # blank, or -1 where the service does not know
        with self._lock:
            self._windows = tuple(
                replace(window, requests=min(window.requests, int(told))) if window.seconds == 60.0 else window
                for window in self._windows
            )
