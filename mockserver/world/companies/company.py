"""Drawing a company: its name, place, size and history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count
from math import sqrt

import msgspec

from mockserver.world.catalogue import Industry, Lists
from mockserver.world.companies.holdings import Holdings
from mockserver.world.companies.places import Places
from mockserver.world.draw import Draw, Weights
from mockserver.world.records import Company

# Industry: weight among companies, revenue per employee (US dollars), median headcount, chance of venture funding.
ECONOMY = {
    "bizservice": (14, 130_000, 45, 0.10),
    "construction": (8, 250_000, 40, 0.02),
    "education": (6, 75_000, 120, 0.04),
    "energy": (4, 600_000, 110, 0.12),
    "finance": (9, 320_000, 70, 0.22),
    "healthcare": (9, 140_000, 110, 0.24),
    "hospitality": (6, 60_000, 60, 0.04),
    "insurance": (4, 450_000, 80, 0.12),
    "manufacturing": (13, 260_000, 110, 0.08),
    "media": (5, 180_000, 35, 0.18),
    "realestate": (4, 300_000, 25, 0.06),
    "retail": (7, 230_000, 90, 0.08),
    "software": (14, 210_000, 60, 0.50),
    "telecom": (3, 340_000, 90, 0.20),
    "transportation": (5, 190_000, 80, 0.08),
}
# Shares of companies of which the service lacks the fact.
MISSING = {"website": 0.03, "headcount": 0.03, "revenue": 0.09, "founded": 0.15, "phone": 0.08, "street": 0.08}
SAME_NAME, SAME_WEBSITE = 0.012, 0.025
DEFUNCT, WITH_PARENT = 0.03, 0.08
LEGAL_FORMS = {"United States": ("Inc", "LLC", "Corp"), "Canada": ("Inc", "Ltd"), "Germany": ("GmbH", "AG")}
# The sum of twelve uniforms rarely leaves four deviations: with 1.75 sizes run from one person to tens of thousands.
SIZE_SIGMA = 1.75


class Companies:
    """Draws companies one after another; each may lean on those before it, never on those to come.

    So the first 3,000 companies are the same in a world of 3,000 and in one of 50,000.
    """

    def __init__(self, lists: Lists, places: Places, *, seed: int, today: date) -> None:
        self.lists, self.places, self.seed, self.today = lists, places, seed, today
        self.tops = tuple(i for i in lists.industries if i.parent_id is None)
        self.subs = {top.id: tuple(i for i in lists.industries if i.parent_id == top.id) for top in self.tops}
        self.weights = Weights([ECONOMY[top.id][0] for top in self.tops])
        self.holdings = Holdings(lists, today)
        self.days = tuple(today - timedelta(days=n) for n in range(4000))
        self.slugs: set[str] = set()

    def draw(self, index: int, earlier: Sequence[Company]) -> Company:
        """The company at `index`: most are new, some are near duplicates of one before."""
        draw = Draw(f"{self.seed}/{index}/company")
        kinship = draw.unit()
        if earlier and kinship < SAME_WEBSITE:
            return self._second_record(index, draw, earlier[int(draw.unit() * len(earlier))])
        namesake = earlier[int(draw.unit() * len(earlier))] if earlier and kinship > 1 - SAME_NAME else None
        return self._new(index, draw, earlier, namesake)

    def _id(self, index: int, draw: Draw) -> int:
        return 340_000_000 + index * 613 + draw.whole(0, 612)

    def _second_record(self, index: int, draw: Draw, first: Company) -> Company:
        """A record that should have been merged: the same website, an older picture of the same company."""
        city = self.places.city(draw, first.country)
        shrink = 0.6 + 0.35 * draw.unit()
        history = tuple(max(1, int(n * shrink)) for n in first.employee_history)
        return msgspec.structs.replace(
            first,
            id=self._id(index, draw),
            name=first.name if draw.chance(0.5) else f"{first.name.split()[0]} Group",
            phone=None,
            street=self.places.street(draw),
            city=city.name,
            state=city.state,
            zip_code=draw.filled(city.zip_pattern),
            metro_area=self.places.metro(city),
            employees=history[-1] if history else None,
            employee_history=history,
            revenue_usd=None,
            technologies=first.technologies[::2],
            funding=(),
            ticker=None,
            ranking=(),
            is_certified=False,
            certified_on=None,
            created_at=first.created_at - timedelta(days=900),
            updated_at=first.updated_at - timedelta(days=draw.whole(200, 900)),
            contact_count=first.contact_count // 4,
            office_count=1,
        )

    def _new(self, index: int, draw: Draw, earlier: Sequence[Company], namesake: Company | None) -> Company:
        company_id = self._id(index, draw)
        top = draw.weighted(self.tops, self.weights)
        _, revenue_each, median, _ = ECONOMY[top.id]
        industries = self._industries(draw, top)
        country = self.places.country(draw)
        city = self.places.city(draw, country.name)
        stem, noun = self._name(draw, top)
        name = namesake.name if namesake else f"{stem} {noun}"
        slug = self._slug(stem, noun)
        website = None if draw.chance(MISSING["website"]) else f"www.{slug}.example"
        headcount = min(400_000, max(1, round(draw.spread(median, SIZE_SIGMA))))
        history = self._history(draw, headcount)
        revenue = int(float(f"{headcount * draw.spread(revenue_each, 0.55):.2e}")) // 1000 * 1000
        headcount_known = not draw.chance(MISSING["headcount"])
        kind, ticker = self._kind(draw, top, headcount, stem)
        is_defunct = draw.chance(DEFUNCT)
        parent = self._parent(draw, earlier, headcount)
        certified_on = self.days[draw.whole(5, 360)] if not is_defunct and draw.chance(0.35) else None
        founded = self.today.year - 1 - min(150, int(draw.spread(16, 0.8)))
        updated = datetime.combine(self.days[draw.whole(2, 420)], datetime.min.time(), UTC)
        updated += timedelta(minutes=draw.whole(0, 1439))
        phone = None if draw.chance(MISSING["phone"]) else draw.filled(country.phone, city.area_code)
        forms = LEGAL_FORMS.get(country.name, ("Ltd",))
        rank = self._ranking(headcount, revenue, kind, country.name)
        return Company(
            id=company_id,
            name=name,
            legal_form=draw.pick(forms) if draw.chance(0.8) else None,
            website=website,
            domains=self._domains(draw, slug) if website else (),
            phone=phone,
            fax=draw.filled(country.phone, city.area_code) if draw.chance(0.3) else None,
            street=None if draw.chance(MISSING["street"]) else self.places.street(draw),
            city=city.name,
            state=city.state,
            zip_code=None if draw.chance(0.06) else draw.filled(city.zip_pattern),
            country=country.name,
            continent=country.continent,
            metro_area=self.places.metro(city),
            employees=headcount if headcount_known else None,
            employee_history=history if headcount_known else (),
            revenue_usd=None if draw.chance(MISSING["revenue"]) else max(1000, revenue),
            industries=industries,
            technologies=self.holdings.technologies(draw, headcount, technical=top.id == "software"),
            funding=self.holdings.funding(draw, founded) if draw.chance(ECONOMY[top.id][3]) else (),
            founded_year=None if draw.chance(MISSING["founded"]) else founded,
            kind=kind,
            business_model=self._model(draw, top),
            ticker=ticker,
            ranking=rank,
            parent_id=parent.id if parent else None,
            # docs/assumptions.md, "ultimate parent of a company without parent"
            ultimate_parent_id=(parent.ultimate_parent_id or parent.id) if parent else None,
            sub_unit_type=draw.pick(self.lists.sub_unit_types).name if parent else None,
            is_defunct=is_defunct,
            status_since=self.days[draw.whole(30, 1500)],
            is_certified=certified_on is not None,
            certified_on=certified_on,
            created_at=datetime.combine(self.days[draw.whole(450, 3900)], datetime.min.time(), UTC),
            updated_at=updated,
            contact_count=0
            if is_defunct
            else min(200, int(round(0.35 * headcount**0.6, 6) * (0.5 + draw.unit()) + 0.6)),
            office_count=self._office_count(draw, headcount),
        )

    def _industries(self, draw: Draw, top: Industry) -> tuple[Industry, ...]:
        """The primary industry, mostly a sub-industry or two, sometimes a second field."""
        found = [top]
        if draw.chance(0.9):
            found += draw.some(self.subs[top.id], 1 if draw.chance(0.75) else 2)
        if draw.chance(0.12):
            other = draw.pick(self.tops)
            if other is not top:
                found += [other, self.subs[other.id][0]]
        return tuple(found)

    def _name(self, draw: Draw, top: Industry) -> tuple[str, str]:
        names = self.lists.names
        stem = draw.pick(names.onsets) + draw.pick(names.middles) + draw.pick(names.ends)
        return stem, draw.pick(names.nouns[top.id])

    def _slug(self, stem: str, noun: str) -> str:
        """A website name that nobody has yet."""
        long = f"{stem}-{noun}".lower()
        wishes = chain((stem.lower(), long), (f"{long}{n}" for n in count(2)))
        slug = next(wish for wish in wishes if wish not in self.slugs)
        self.slugs.add(slug)
        return slug

    def _domains(self, draw: Draw, slug: str) -> tuple[str, ...]:
        others = [f"{slug}-group.example", f"go{slug}.example", f"{slug}-mail.example"]
        return (f"{slug}.example", *draw.some(others, draw.whole(1, 2) if draw.chance(0.25) else 0))

    def _history(self, draw: Draw, headcount: int) -> tuple[int, ...]:
        """Nine quarter ends walked backwards from today's headcount, along the company's own trend."""
        trend = 0.015 + 0.035 * draw.bell()
        people = float(headcount)
        points = [headcount]
        for _ in range(8):
            people /= max(0.7, 1 + trend + 0.012 * draw.bell())
            points.append(max(1, round(round(people, 6))))
        return tuple(reversed(points))

    def _kind(self, draw: Draw, top: Industry, headcount: int, stem: str) -> tuple[str, str | None]:
        if top.id == "education":
            return "education", None
        if top.id == "healthcare" and draw.chance(0.3):
            return "npo", None
        if draw.chance(0.01 if headcount < 500 else 0.3 if headcount < 5000 else 0.65):
            return "public", f"ZX: {stem[:4].upper()}"
        return ("private", None) if draw.chance(0.95) else ("other", None)

    def _model(self, draw: Draw, top: Industry) -> tuple[str, ...]:
        to_people = 0.75 if top.id in ("hospitality", "retail", "education", "realestate") else 0.2
        models = ("B2C",) if draw.chance(to_people) else ("B2B",)
        return (*models, "B2G") if draw.chance(0.08) else models

    def _ranking(self, headcount: int, revenue: int, kind: str, country: str) -> tuple[str, ...]:
        if kind != "public" or country != "United States" or headcount < 5000:
            return ()
        names = [value.name for value in self.lists.company_rankings]
        return tuple(name for name, floor in zip(names, (10**10, 2 * 10**9, 10**9), strict=True) if revenue >= floor)

    def _parent(self, draw: Draw, earlier: Sequence[Company], headcount: int) -> Company | None:
        """A much larger, living company that came earlier, and is itself at most one step below the top."""
        if not draw.chance(WITH_PARENT):
            return None
        for _ in range(12):
            candidate = earlier[int(draw.unit() * len(earlier))] if earlier else None
            if candidate and (candidate.employees or 0) > 4 * headcount and not candidate.is_defunct:
                top = candidate.parent_id is None or candidate.parent_id == candidate.ultimate_parent_id
                return candidate if top else None
        return None

    def _office_count(self, draw: Draw, headcount: int) -> int:
        if headcount < 40:
            return 1
        fewest = 2 if headcount >= 1000 else 1
        return min(40, fewest + int(draw.unit() * draw.unit() * 2.2 * sqrt(headcount / 40)))
