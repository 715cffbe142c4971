"""What changes in the records of companies and people as time goes by, and who opts out.

Only telephone numbers change: no search asks for them, so that an index over the world stays true
(docs/assumptions.md, "what changes in the sandbox"). All is decided by the seed and the id: asking changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zlib import crc32

import msgspec

from mockserver.world.companies.places import Places
from mockserver.world.draw import Draw
from mockserver.world.records import Company, Contact

FIRST_DAYS, DAYS = (3, 90), (20, 160)  # until the first change of a record, and between two of them
KEPT = 65_536  # records of which it is known by heart when they change
# docs/assumptions.md, "opt-outs of the world"
OPT_OUT_SHARE = 0.015  # of all people, between a year before the world's own day and two years after it
OPT_OUT_FROM, OPT_OUT_DAYS = timedelta(days=365), 3 * 365


@dataclass(frozen=True, slots=True)
class Change:
    """A record changed: when, and which of its facts are what from then on."""

    at: datetime
    facts: Mapping[str, str]


class Changes:
    """The changes of a world that began at `origin`."""

    def __init__(self, places: Places, *, seed: int, origin: datetime) -> None:
        self._places, self._seed, self._origin = places, seed, origin
        self._soonest = origin + timedelta(days=FIRST_DAYS[0])
        # When the first change of a record is due, if it has anything that changes: most are asked for before it.
        self._first = lru_cache(KEPT)(lambda record_id: self._begin(self._draw(record_id)))

    def of_company(self, company: Company, until: datetime) -> Sequence[Change]:
        """The changes of a company from the world's first day up to and with `until`, oldest first."""
        if self.is_as_drawn(company.id, until):
            return ()
        names = [name for name in ("phone", "fax") if getattr(company, name) is not None]
        return tuple(self._changes(company.id, names, company.country, until))

    def of_contact(self, person: Contact, until: datetime) -> Sequence[Change]:
        """The changes of a person from the world's first day up to and with `until`, oldest first."""
        if self.is_as_drawn(person.id, until):
            return ()
        names = [name for name in ("direct_phone", "mobile_phone") if getattr(person, name) is not None]
        return tuple(self._changes(person.id, names, person.country, until))

    def is_as_drawn(self, record_id: int, now: datetime) -> bool:
        """Whether the record has not changed yet, whatever it is of."""
        return now < self._soonest or now < self._first(record_id)

    def company_at(self, company: Company, now: datetime) -> Company:
        """The company as its record stands at `now`."""
        changes = () if self.is_as_drawn(company.id, now) else self.of_company(company, now)
        return msgspec.structs.replace(company, **_facts(changes), updated_at=changes[-1].at) if changes else company

    def contact_at(self, person: Contact, now: datetime) -> Contact:
        """The person as their record stands at `now`."""
        changes = () if self.is_as_drawn(person.id, now) else self.of_contact(person, now)
        return msgspec.structs.replace(person, **_facts(changes), updated_at=changes[-1].at) if changes else person

    def opted_out_at(self, contact_id: int) -> datetime | None:
        """When a person has opted out, or will; None for nearly all."""
        chance = crc32(f"{self._seed}/{contact_id}/opt-out".encode()) / 2**32
        if chance >= OPT_OUT_SHARE:
            return None
        return self._origin - OPT_OUT_FROM + timedelta(days=chance / OPT_OUT_SHARE * OPT_OUT_DAYS)

    def _changes(self, record_id: int, names: Sequence[str], country: str | None, until: datetime) -> Iterator[Change]:
        if not names or country is None:
            return
        draw = self._draw(record_id)
        at = self._begin(draw)
        while at <= until:
            changed = draw.some(names, 2 if draw.chance(0.2) else 1)
            yield Change(at, {name: self._number(draw, name, country) for name in changed})
            at += timedelta(days=draw.whole(*DAYS), minutes=draw.whole(0, 1439))

    def _draw(self, record_id: int) -> Draw:
        return Draw(f"{self._seed}/{record_id}/changes")

    def _begin(self, draw: Draw) -> datetime:
        return self._origin + timedelta(days=draw.whole(*FIRST_DAYS), minutes=draw.whole(0, 1439))

    def _number(self, draw: Draw, name: str, country: str) -> str:
        place = self._places.by_name[country]
        area_code = draw.pick(self._places.cities[country]).area_code
        return draw.filled(place.mobile if name == "mobile_phone" else place.phone, area_code)


def _facts(changes: Sequence[Change]) -> dict[str, Any]:
    """What each fact is after the last change that touched it."""
    return {name: value for change in changes for name, value in change.facts.items()}
