"""How fast we may ask: each request's turn, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from zianalytics.transport.pace import Pace
from zianalytics.transport.shared import OwnPace, PaceKeeper
from zianalytics.transport.windows import STANDARD, Windows, limit_told, names_the_second, windows_in_force

LATE_S = 0.025
"""Who wakes later after its moment takes another: it would arrive in the midst of those of later moments."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A moment, in seconds since 1970: that of a request, or the one at which to ask again."""

    moment: float
    wait_s: float
    is_given: bool
    epoch: int


class Limiter:
    """Gives each request its moment, and lets its thread wait for it.

    Parameters
    ----------
    windows
        What is allowed where the service says nothing else.
    pace
        Where the moments are kept: with others of the account, or None for in this limiter alone.
    now, sleep
        Seconds since 1970, which processes and machines share, and how to wait for some.
    """

    def __init__(
        self,
        windows: Windows = STANDARD,
        pace: PaceKeeper | None = None,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = self._learnt = self._windows = tuple(windows)
        self._pace = pace or OwnPace()
        self._now, self._sleep = now, sleep

    @property
    def windows(self) -> Windows:
        """What is kept, as it was when last looked at."""
        return self._windows

    def wait(self) -> None:
        """Return when one more request may leave."""
        for seconds in self.naps():
            self._sleep(seconds)

    def naps(self) -> Iterator[float]:
        """How long to wait, until nothing is left to wait for; whoever waits may stop in between."""
        now = self._now()
        was_late = False
        while True:
            turn = self._turn(now)
            if turn.wait_s <= 0:
                return
            yield turn.wait_s
            # Having slept until then it is then, whatever a clock says that was set back meanwhile.
            now = max(self._now(), turn.moment)
            if turn.is_given and self._pace.epoch() == turn.epoch:
                if was_late or now <= turn.moment + LATE_S:
                    return
                was_late = True  # only once: a machine that wakes nobody in time does not ask too fast

    def refused(self, wait_s: float, headers: Mapping[str, str]) -> None:
        """The service refused a request for its pace, with these headers (lower-case names): all wait for `wait_s`.

        Where it names the second although that was kept, it may count more than a second: docs/assumptions.md,
        "a 429 for the second".
        """
        with self._pace.held(self._now) as pace:
            if names_the_second(headers) and pace.is_crowded(self._in_force(pace)):
                pace.suspect()
            pace.hold_back(wait_s)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what a reply's headers (lower-case names) say of the account's bundle."""
        told = limit_told(headers)
        if not told or windows_in_force(self._base, told=told, is_wide=False) == self._learnt:
            return
        with self._pace.held(self._now) as pace:
            pace.told = told
            self._in_force(pace)

    def _turn(self, now: float) -> Turn:
        with self._pace.held(lambda: max(self._now(), now)) as pace:
            moment, is_given = pace.take(self._in_force(pace))
            return Turn(moment, moment - pace.now, is_given, pace.epoch)

    def _in_force(self, pace: Pace) -> Windows:
        self._learnt = windows_in_force(self._base, told=pace.told, is_wide=False)
        self._windows = windows_in_force(self._base, told=pace.told, is_wide=pace.now < pace.wide_until)
        return self._windows
