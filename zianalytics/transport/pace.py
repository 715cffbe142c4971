"""The moments that an account was given, as a value: the next one, what takes some back, and its form in a file."""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from zianalytics.transport.windows import WIDE_S, Windows

# Requests travel, and the service counts arrivals: a window is kept a little longer than it is.
MARGIN_S = 0.045
AHEAD_S = 5.0
"""No moment is given further ahead: what a process that died had taken is lost to others for no longer."""
STEP_S = 1.0
"""Clocks of machines that share a folder may differ by so much; one that is further back was set back."""
WIDE_FOR_S = 60.0
"""For how long a second stays wide: others of the account may have been the cause, and no habit of the service."""
LONGEST_S = 65.0
"""What is older rules no window."""

AGAIN_S = 3.0
"""How soon after the wait for a refusal another confirms that a second is counted for longer than a second."""

_MAGIC = b"zipace02"
_HEAD = struct.Struct("=8sI")
_FACTS = struct.Struct("=ddddqq")


def next_moment(given: Sequence[float], now: float, windows: Windows) -> float:
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


class Pace:
    """What an account was given, and what the service has said of its pace.

    Attributes
    ----------
    given
        Moments given, ascending, in seconds since 1970.
    not_before
        No moment is given before it.
    told
        The limit that the service told; 0 for none.
    suspected_at, wide_until
        When the service refused a second that was kept, and until when its second is taken for two.
    epoch
        How often moments were taken back: who was given one in an earlier epoch asks again.
    now
        When it was last looked at.
    """

    __slots__ = ("epoch", "given", "not_before", "now", "suspected_at", "told", "wide_until")

    def __init__(self) -> None:
        self.given = array("d")
        self.not_before = self.suspected_at = self.wide_until = self.now = 0.0
        self.told = self.epoch = 0

    def look(self, now: float) -> None:
        """Let go of what rules nothing any more; begins every use.

        Where it was last looked at after `now`, the clock was set back since, and no time is taken to have passed.
        """
        if self.now > now + STEP_S:
            back = now - self.now
            self.given = array("d", (moment + back for moment in self.given))
            self.not_before, self.wide_until = self.not_before + back, self.wide_until + back
            self.suspected_at = 0.0
        self.now = now
        del self.given[: bisect_left(self.given, now - LONGEST_S)]

    def take(self, windows: Windows) -> tuple[float, bool]:
        """The next moment, and True when it is given; else the time at which to ask again, and False."""
        moment = next_moment(self.given, max(self.now, self.not_before), windows)
        if moment - self.now > AHEAD_S + 0.001:
            return moment - AHEAD_S, False
        self.given.append(moment)
        return moment, True

    def hold_back(self, wait_s: float) -> None:
        """Take back all moments that have not come, and give none within `wait_s`."""
        self.not_before = max(self.not_before, self.now + wait_s)
        del self.given[bisect_right(self.given, self.now) :]
        self.epoch += 1

    def suspect(self) -> None:
        """A second that was kept was refused: it is taken for two when that comes again right after the wait for it.

        A single refusal may have been a packet that came late; those in flight together are one.
        """
        since = self.now - self.not_before
        if self.not_before >= self.suspected_at > 0 and 0 <= since <= AGAIN_S:
            self.wide_until = self.now + WIDE_FOR_S
        if since >= 0:
            self.suspected_at = self.now

    def is_crowded(self, windows: Windows) -> bool:
        """Whether more than a second may hold were given within two: why a service that counts two would refuse."""
        most = min(windows, key=lambda window: window.seconds).requests
        return len(self.given) > most and self.given[-1] - self.given[-1 - most] < WIDE_S

    def packed(self) -> bytes:
        """Its form in a file."""
        facts = _FACTS.pack(self.now, self.not_before, self.suspected_at, self.wide_until, self.told, self.epoch)
        body = facts + self.given.tobytes()
        return _HEAD.pack(_MAGIC, zlib.crc32(body)) + body

    @classmethod
    def unpacked(cls, held: bytes) -> Pace | None:
        """What a file holds; None when it is damaged, half written, or of another version."""
        body = held[_HEAD.size :]
        if len(body) < _FACTS.size or held[: _HEAD.size] != _HEAD.pack(_MAGIC, zlib.crc32(body)):
            return None
        pace, facts = cls(), _FACTS.unpack_from(body)
        pace.now, pace.not_before, pace.suspected_at, pace.wide_until, pace.told, pace.epoch = facts
        pace.given.frombytes(body[_FACTS.size :])
        return pace
