"""How often the service may be asked: exact sliding windows, by the sandbox clock."""

from __future__ import annotations

from collections import deque


class SlidingWindow:
    """At most `limit` admitted requests in any stretch of `span_s` seconds."""

    def __init__(self, limit: int, span_s: float) -> None:
        self.limit, self.span_s = limit, span_s
        self._admitted: deque[float] = deque()

    def wait_s(self, at: float) -> float:
        """Seconds until a request would be admitted; 0 when it would be now."""
        self._forget(at)
        return 0.0 if len(self._admitted) < self.limit else self._admitted[-self.limit] + self.span_s - at

    def admit(self, at: float) -> None:
        """Count a request."""
        self._admitted.append(at)

    def remaining(self, at: float) -> int:
        """Requests that would still be admitted now."""
        self._forget(at)
        return max(0, self.limit - len(self._admitted))

    def reset_at(self, at: float) -> float:
        """When the oldest counted request leaves the window; now when it is empty."""
        self._forget(at)
        return self._admitted[0] + self.span_s if self._admitted else at

    def _forget(self, at: float) -> None:
        while self._admitted and self._admitted[0] <= at - self.span_s:
            self._admitted.popleft()


class Rates:
    """The two windows of an account. A request that is turned away counts in neither."""

    def __init__(self, *, per_second: int, per_minute: int) -> None:
        self.second = SlidingWindow(per_second, 1.0)
        self.minute = SlidingWindow(per_minute, 60.0)

    def take(self, at: float) -> float:
        """Admit a request and return 0, or return the seconds to wait."""
        if wait := max(self.second.wait_s(at), self.minute.wait_s(at)):
            return wait
        self.second.admit(at)
        self.minute.admit(at)
        return 0.0


class LoginRates:
    """One login a second for each user name, whatever the password."""

    # docs/assumptions.md, "`/authenticate`"
    SPAN_S = 1.0

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def take(self, username: str, at: float) -> float:
        """Admit a login and return 0, or return the seconds to wait."""
        if wait := max(0.0, self._last.get(username, float("-inf")) + self.SPAN_S - at):
            return wait
        self._last = {name: when for name, when in self._last.items() if when > at - self.SPAN_S}
        self._last[username] = at
        return 0.0
