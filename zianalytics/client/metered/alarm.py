"""Says that an allowance comes to its end while there is something left of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from threading import Lock

from zianalytics.api.enterprise import LIMITS, METERS
from zianalytics.client.metered.pool import is_apart
from zianalytics.client.metered.projection import Projection, project
from zianalytics.errors import LimitNear, RequestRefused, warn
from zianalytics.journal import Journal
from zianalytics.schema.meters import Meters, Pool
from zianalytics.schema.usage import LimitTold, Snapshot

WARN_AT = (80.0, 90.0, 100.0)  # percent

_NOUNS = {
    ("api", "credits"): "credits",
    ("api", "records"): "records",
    ("api", "requests"): "requests",
    ("websights", "records"): "records of IP look-ups",
    ("websights", "requests"): "requests of IP look-ups",
}
_WHOLE_LOGS = "Give zi.enrich.ips whole logs: an address that is known is not asked again"
_ADVICE = {
    ("api", "credits"): "Ask for a .quote() before you enrich: what is held or managed costs no credit",
    ("api", "records"): "Enrich what you do not hold yet, and lower the limit= of searches that cost a record a row",
    ("api", "requests"): "Ask for much at once: an enrichment takes 25 inputs a request, and a search 100 rows",
    ("websights", "records"): _WHOLE_LOGS,
    ("websights", "requests"): _WHOLE_LOGS,
}
_ADMIN = "Your ZoomInfo admin can have the allowance raised; zi.usage.projection() shows all limits"


@dataclass(frozen=True)
class _Said:
    """The highest threshold that was spoken of, and the count at that time."""

    percent: float = 0.0
    used: int = 0


# What this process has said, by account and limit: several clients of one account say it once.
_SAID: dict[tuple[str, str], _Said] = {}
_SAYING = Lock()


class Alarm:
    """Hears what the service says of limits, on any thread, and speaks between requests."""

    def __init__(self, journal: Journal) -> None:
        self._notes = journal.usage
        self._account = str(journal.folder.resolve())
        self._percents: Sequence[float] = WARN_AT
        self._due: list[LimitTold] = []

    def warn_at(self, percents: Sequence[float]) -> None:
        """Speak at these thresholds from now on, and again where one of them is reached already.

        Raises
        ------
        RequestRefused
            One of them is no percentage from 1 to 100; 0.8 is refused, because it may be meant as 80.
        """
        for one in percents:
            if isinstance(one, bool) or not isinstance(one, int | float) or not 1 <= one <= 100:
                raise RequestRefused(
                    f"{one!r} is not a percentage from 1 to 100. Nothing was sent or changed. "
                    "Write zi.usage.warn_at(80, 90)."
                )
        with _SAYING:
            self._percents = percents
            for place in [place for place in _SAID if place[0] == self._account]:
                del _SAID[place]

    def hear(self, told: Iterable[LimitTold]) -> None:
        """Notice which limits have come to a threshold; nothing is said yet."""
        with _SAYING:
            for one in told:
                if one.used is None:
                    continue
                said = _SAID.get((self._account, one.limit_type), _Said())
                if one.used < said.used / 2:  # docs/assumptions.md, "renewal of allowances"
                    said = _Said()
                    del _SAID[self._account, one.limit_type]
                percent = reached(one, self._percents)
                if percent is not None and percent > said.percent:
                    _SAID[self._account, one.limit_type] = _Said(percent, one.used)
                    self._due.append(one)

    def speak(self) -> None:
        """Warn of what was noticed, on the thread of the user, whose line is pointed at.

        No request is under way there that a warning taken for an error could cut off.
        """
        if is_apart():
            return
        with _SAYING:
            due, self._due = self._due, []
        for one in due:
            history = [past for past in self._notes.history() if past.limit_type == one.limit_type]
            warn(near(one, project(history) if history else None))


def reached(told: LimitTold, percents: Iterable[float]) -> float | None:
    """The highest threshold that a limit has come to; None below all of them, and where there is no limit."""
    if told.used is None or not told.allowed:
        return None
    share = 100 * told.used / told.allowed
    return max((one for one in percents if share >= one), default=None)


def near(told: LimitTold, projection: Projection | None) -> LimitNear:
    """The warning that a limit has come to a threshold.

    Parameters
    ----------
    told
        A limit that is set, with its count.
    projection
        Where it is going; None where it has no history.
    """
    used, allowed = told.used or 0, told.allowed or 0
    meter = METERS.get(told.limit_type, ("", ""))
    noun, left = _NOUNS.get(meter, told.limit_type), max(0, allowed - used)
    said = f"{used:,} of the account's {allowed:,} {noun} are used ({100 * used // allowed} %), and {left:,} are left."
    if left and projection and projection.runs_out_on:
        said += f" At the present pace they last until {projection.runs_out_on} ({projection.basis})."
    elif left:
        said += f" How long they last cannot be said: {projection.basis if projection else 'nothing is known yet'}."
    then = "Nothing was stopped" if left else "The service refuses what needs more, at no cost"
    advice = _ADVICE.get(meter, "Look at zi.usage() before large calls")
    return LimitNear(f"{said} {then}. {advice}. {_ADMIN}.", limit_type=told.limit_type, used=used, allowed=allowed)


def beyond(operation: str, worst: Meters, pool: Pool, newest: Mapping[str, Snapshot]) -> list[LimitNear]:
    """The warnings that a call may cost more than is left.

    Parameters
    ----------
    worst
        The most that the call can cost.
    newest
        What the service said last, by limit.
    """
    warnings = []
    for meter, limit_type in LIMITS[pool].items():
        wanted, last = asdict(worst)[meter], newest.get(limit_type)
        if last is None or last.used is None or last.allowed is None:
            continue
        left = max(0, last.allowed - last.used)
        if 0 < left < wanted:  # where nothing is left the service says so itself
            said = (
                f"{operation} may cost {wanted:,} {_NOUNS[pool, meter]}, and the account has {left:,} of "
                f"{last.allowed:,} left, as the service said on {last.at:%Y-%m-%d at %H:%M} UTC. The call goes on; "
                f"what the service refuses costs nothing. Pass fewer rows, or go on later. {_ADMIN}."
            )
            warnings.append(LimitNear(said, limit_type=limit_type, used=last.used, allowed=last.allowed))
    return warnings
