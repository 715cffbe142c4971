"""How many requests are to be under way at a time: as many as reach the permitted pace, and no more."""

from __future__ import annotations

from math import ceil

from zianalytics.transport.windows import Windows

FEWEST = 8
"""Reach the 25 requests a second of the Standard bundle up to 270 ms a reply."""
MOST = 32
"""Reach them up to a second; as many connections are held open."""
BESIDE = 1.2
"""Whoever asks has other things to do, too: a request is written down before, and its reply after."""
_OF_LATEST = 8
"""Replies over which the mean goes, roughly."""


class Crowd:
    """Follows how long replies take.

    Examples
    --------
    >>> from zianalytics.transport.windows import STANDARD
    >>> crowd = Crowd()
    >>> crowd.took(0.3)
    >>> crowd.at_once(STANDARD)
    9
    """

    def __init__(self) -> None:
        self._mean_s: float | None = None

    def took(self, seconds: float) -> None:
        """A whole reply came after so many seconds."""
        mean = self._mean_s
        self._mean_s = seconds if mean is None else mean + (seconds - mean) / _OF_LATEST

    def at_once(self, windows: Windows) -> int:
        """How many are to be under way where so much is permitted."""
        per_s = min(window.requests / window.seconds for window in windows)
        return min(max(ceil(per_s * (self._mean_s or 0.0) * BESIDE), FEWEST), MOST)
