"""How often a process may repeat requests to a host: a service in trouble is not asked three times as often."""

from __future__ import annotations

import threading
from functools import cache

TOKENS = 500
A_RETRY = 5
A_TIME_OUT = 10
"""A time-out holds a connection and a thread for long, and says that the service has too much to do."""
A_SUCCESS = 1
"""What a request that needed no retry gives back: a kernel that lives for weeks recovers from a bad hour."""


class RetryQuota:
    """A supply that retries take from and successes fill up.

    Examples
    --------
    >>> quota = RetryQuota(tokens=7)
    >>> quota.take(5), quota.take(5)
    (True, False)
    >>> quota.give(5)
    >>> quota.left
    7
    """

    def __init__(self, tokens: int = TOKENS) -> None:
        self._most = self.left = tokens
        self._lock = threading.Lock()

    def take(self, tokens: int) -> bool:
        """Whether there were as many; they are gone then."""
        with self._lock:
            if tokens > self.left:
                return False
            self.left -= tokens
            return True

    def give(self, tokens: int) -> None:
        """What a request that succeeded had taken, or what it gives that took none."""
        with self._lock:
            self.left = min(self._most, self.left + tokens)


@cache
def quota_of(host: str) -> RetryQuota:
    """The one quota of this process for a host."""
    return RetryQuota()
