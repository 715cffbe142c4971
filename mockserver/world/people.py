"""The people of a company: titles, ways to reach them, and how far the record can be believed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from mockserver.world.catalogue import Lists, Titles, Value
from mockserver.world.companies.places import Places
from mockserver.world.draw import Draw, Weights
from mockserver.world.records import Company, Contact, Degree, Job, Office, SocialPage

FIRST_ID, STRIDE = 1_400_000_000, 256
# docs/assumptions.md, "names of management levels"
LEVELS = ("Board Member", "C Level Exec", "VP Level Exec", "Director", "Manager", "Non Manager")
LEVEL_WEIGHTS = Weights([3, 9, 9, 17, 24, 38])
STALE, SECOND_SEAT, REMOTE = 0.13, 0.03, 0.12


class _Standing(NamedTuple):
    """What the service believes about a record, and since when."""

    has_moved: bool
    score: int
    valid_at: datetime
    updated_at: datetime | None


class People:
    """Draws the contacts of one company at a time; former employers are companies that came earlier."""

    def __init__(self, lists: Lists, places: Places, companies: Sequence[Company], *, seed: int, today: date) -> None:
        self.lists, self.places, self.companies, self.seed, self.today = lists, places, companies, seed, today
        self.midnight = datetime.combine(today, datetime.min.time(), UTC)
        self.clinical = lists.titles
        self.ordinary = tuple(t for t in lists.titles if t.function.department != "Medical & Health")

    def draw(self, company: Company, index: int, offices: Sequence[Office]) -> tuple[Contact, ...]:
        """As many people as the company's record promises."""
        draw = Draw(f"{self.seed}/{index}/people")
        taken: set[str] = set()  # titles of which a company has one, and mail names
        return tuple(self._one(draw, company, index, n, offices, taken) for n in range(company.contact_count))

    def _one(
        self, draw: Draw, company: Company, index: int, n: int, offices: Sequence[Office], taken: set[str]
    ) -> Contact:
        names, unit = self.lists.names, draw.unit
        level = "C Level Exec" if n == 0 and unit() < 0.7 else draw.weighted(LEVELS, LEVEL_WEIGHTS)
        titles, title = self._title(draw, level, company)
        if level == "C Level Exec" and title in taken:
            level, (titles, title) = "VP Level Exec", self._title(draw, "VP Level Exec", company)
        taken.add(title)
        first, last = draw.pick(names.first_names), draw.pick(names.surname_heads) + draw.pick(names.surname_tails)
        office = offices[0] if unit() < 0.6 else draw.pick(offices)
        country = self.places.by_name[office.country]
        placed = unit() >= REMOTE
        standing = self._standing(draw)
        jobs = self._jobs(draw, company, index, title, level)
        handle = self._handle(first, last, taken)
        domain = company.domains[0] if company.domains else None
        area_code = draw.pick(self.places.cities[office.country]).area_code
        return Contact(
            id=FIRST_ID + index * STRIDE + n,
            company_id=company.id,
            office_id=office.id if placed else None,
            salutation="Dr." if unit() < 0.03 else None,
            first_name=first,
            middle_name=draw.pick("ABCDEFGHJKLMNPRSTW") + "." if unit() < 0.2 else None,
            last_name=last,
            suffix="Jr." if unit() < 0.01 else None,
            job_title=title,
            management_levels=(level, "Board Member") if level == "C Level Exec" and unit() < 0.06 else (level,),
            job_functions=(titles.function,),
            division=draw.pick(("North", "South", "East", "West")) + " Division" if unit() < 0.08 else None,
            is_board_member=level == "Board Member",
            email=f"{handle}@{domain}" if domain and unit() < 0.86 else None,
            supplemental_email=f"{handle}@post.example" if unit() < 0.15 else None,
            direct_phone=draw.filled(country.phone, area_code) if unit() < 0.42 else None,
            direct_phone_do_not_call=unit() < 0.05,
            mobile_phone=draw.filled(country.mobile, area_code) if unit() < 0.45 else None,
            mobile_phone_do_not_call=unit() < 0.07,
            street=office.street if placed else None,
            city=office.city if placed else None,
            state=office.state,
            zip_code=office.zip_code if placed else None,
            country=office.country,
            continent=office.continent,
            metro_area=office.metro_area if placed else None,
            is_in_eu=country.is_eu,
            has_moved=standing.has_moved,
            accuracy_score=standing.score,
            valid_at=standing.valid_at,
            updated_at=standing.updated_at,
            notified_at=standing.valid_at - timedelta(days=draw.whole(1, 60)) if unit() < 0.7 else None,
            picture=None,
            social_pages=(SocialPage("LINKED_IN", f"https://people.example/in/{handle}", None),)
            if unit() < 0.6
            else (),
            jobs=jobs,
            education=self._education(draw),
            years_of_experience=self._experience(jobs),
            tech_skills=tuple(draw.some(names.skills, draw.whole(1, 4))) if unit() < 0.25 else (),
        )

    def _title(self, draw: Draw, level: str, company: Company) -> tuple[Titles, str]:
        executive = self.lists.titles[0]
        if level == "Board Member":
            return executive, "Chair of the Board" if draw.chance(0.2) else "Board Member"
        pool = self.clinical if company.primary_industry.id == "healthcare" else self.ordinary
        titles = draw.pick(pool)
        if level == "C Level Exec":
            titles = titles if titles.chief else executive
            return titles, titles.chief
        while not titles.subject:
            titles = draw.pick(pool)
        if level == "VP Level Exec":
            return titles, f"Vice President, {titles.subject}"
        if level == "Director":
            return titles, f"Director of {titles.subject}"
        return titles, f"{titles.subject} Manager" if level == "Manager" else titles.worker

    def _handle(self, first: str, last: str, taken: set[str]) -> str:
        handle, number = f"{first}.{last}".lower(), 2
        while handle in taken:
            handle, number = f"{first}.{last}{number}".lower(), number + 1
        taken.add(handle)
        return handle

    def _standing(self, draw: Draw) -> _Standing:
        """A stale record was last confirmed long ago, scores low, and its person has often left.

        Scores: docs/assumptions.md, "accuracy score of a contact".
        """
        stale = draw.chance(STALE)
        age = draw.whole(420, 1500) if stale else draw.whole(2, 330)
        valid_at = self.midnight + timedelta(days=-age, minutes=draw.whole(0, 1439))
        score = draw.whole(75, 81) if stale else draw.whole(82, 99)
        updated_at = valid_at + timedelta(days=draw.whole(0, 1)) if draw.chance(0.9) else None
        return _Standing(stale and draw.chance(0.55), score, valid_at, updated_at)

    def _jobs(self, draw: Draw, company: Company, index: int, title: str, level: str) -> tuple[Job, ...]:
        """The present job, perhaps a seat on another board, then former jobs, the latest first."""
        days = min(9000, 20 + int(draw.spread(800, 0.8)))
        today, day = self.today.toordinal(), date.fromordinal
        jobs = [Job(title, (level,), company.id, company.name, day(today - days), None)]
        if index and draw.chance(SECOND_SEAT):
            other = self.companies[int(draw.unit() * index)]
            since = day(today - draw.whole(100, 1500))
            jobs.append(Job("Board Member", ("Board Member",), other.id, other.name, since, None))
        for _ in range(int(draw.unit() * 3.6)):
            until = day(today - days - draw.whole(5, 120))
            days += 130 + min(3000, int(draw.spread(900, 0.6)))
            known = index > 0 and draw.chance(0.7)
            former = self.companies[int(draw.unit() * index)] if known else None
            name = former.name if former else f"{draw.pick(self.lists.names.onsets)}{draw.pick(('mont', 'holm'))} Group"
            former_level = draw.weighted(_FORMER_LEVELS, _FORMER_WEIGHTS)
            former_title = self._title(draw, former_level, former or company)[1]
            since = day(today - days)
            jobs.append(Job(former_title, (former_level,), former.id if former else None, name, since, until))
        return tuple(jobs)

    def _education(self, draw: Draw) -> tuple[Degree, ...]:
        names = self.lists.names
        if draw.chance(0.45):
            return ()
        degree = draw.pick(names.degrees) if draw.chance(0.9) else None
        return (Degree(draw.pick(names.schools), degree, draw.pick(names.areas) if draw.chance(0.8) else None),)

    def _experience(self, jobs: tuple[Job, ...]) -> Value:
        years = (self.today - min([job.since for job in jobs])).days // 365
        return self.lists.years_of_experience[bisect_left((2, 5, 10, 15), years)]


_FORMER_LEVELS, _FORMER_WEIGHTS = LEVELS[2:], Weights([8, 16, 28, 48])
