"""News and scoops: what is written about a company, and what its people let known.

Both follow from what the company is: a round of funding has its article and its scoop on that day, a public company
reports every quarter, one that grows hires. The larger a company is, the more is written about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from mockserver.world.catalogue import Lists, Value
from mockserver.world.draw import Draw, Weights
from mockserver.world.happenings.signals import DAYS_BEFORE, SPAN
from mockserver.world.people import FIRST_ID, STRIDE
from mockserver.world.records import Article, Company, Scoop

STORIES: dict[str, tuple[str, str]] = {
    "AWARDS": ("{name} wins {sector} award", "A jury of the sector has chosen {name} from {city}."),
    "CONTRACTS": ("{name} signs contract with {partner}", "{name} is to work for {partner} over the coming years."),
    "EXECUTIVE_MOVES": ("{name} names new leadership", "The management of {name} has been rearranged."),
    "FACILITIES": ("{name} opens new site", "{name} takes on further space near {city}."),
    "GENERAL_NEWS": ("{name} in the news", "What {name} is about to do in {country}."),
    "GENERAL_PRESS_RELEASE": ("{name} announces plans", "{name}, a company in {sector}, tells its plans."),
    "PARTNERSHIPS": ("{name} and {partner} work together", "{name} and {partner} have formed a partnership."),
    "PRODUCTS": ("{name} launches {noun} Next", "{noun} Next is the latest product of {name}."),
}
PLANS: dict[str, str] = {
    "Award": "{name} has been honoured for its work in {topic}.",
    "Executive Move": "A new leader of {department} has taken up work at {name}.",
    "Facilities Relocation": "{name} intends to move its offices in {city}.",
    "Partnership": "{name} looks for partners in {topic}.",
    "Pain Point": "{department} at {name} is not content with its tools for {topic}.",
    "Project": "{department} at {name} plans a project on {topic} within the next two quarters.",
}
WITH_PARTNER = ("CONTRACTS", "PARTNERSHIPS")
STORY_WEIGHTS = Weights([2, 2, 3, 1, 5, 5, 2, 3])
PLAN_WEIGHTS = Weights([1, 3, 1, 2, 4, 5])
NEWS_A_YEAR, SCOOPS_A_YEAR = 1.1, 0.7
UPDATED, WITH_PERSON, WITH_LINK = 0.25, 0.5, 0.4
FIRST_SCOOP, SCOOPS_EACH = 50_000_000, 500


class Events:
    """Draws what happens around one company at a time; partners are companies that came before it."""

    def __init__(self, lists: Lists, companies: Sequence[Company], *, seed: int, now: datetime) -> None:
        self.lists, self.companies, self.seed = lists, companies, seed
        self.start = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC) - timedelta(DAYS_BEFORE)
        self.types = {value.name: value for value in lists.scoop_types}

    def articles(self, company: Company, index: int) -> tuple[Article, ...]:
        """What is written about the company over the whole span, by time."""
        draw = Draw(f"{self.seed}/{index}/news")
        found = sorted(self._told(draw, company, index), key=lambda told: told[0])
        return tuple(self._article(draw, company, n, *told) for n, told in enumerate(found))

    def scoops(self, company: Company, index: int) -> tuple[Scoop, ...]:
        """What is known of the company's plans over the whole span, by time."""
        draw = Draw(f"{self.seed}/{index}/scoops")
        found = sorted(self._known(draw, company), key=lambda known: (known[0], known[1]))[:SCOOPS_EACH]
        return tuple(self._scoop(draw, company, index, n, *known) for n, known in enumerate(found))

    def _told(self, draw: Draw, company: Company, index: int) -> Iterator[tuple[datetime, str, str, str, int | None]]:
        """Time, category, title, description and partner of each article."""
        for funded in company.funding:
            if at := self._morning(draw, funded.on):
                amount = f"{funded.amount_usd:,} US dollars" if funded.amount_usd else "an undisclosed sum"
                told = f"{', '.join(funded.investors)} put {amount} into {company.name}."
                yield at, "FUNDING", f"{company.name} closes {funded.kind}", told, None
        if company.kind == "public":
            for quarter in range(SPAN // 91):
                at = self.start + timedelta(days=91 * quarter + draw.whole(0, 10), minutes=draw.whole(360, 1080))
                yield at, "FINANCIAL_RESULTS", f"{company.name} reports results", "The figures of the quarter.", None
        for _ in range(self._often(draw, company, NEWS_A_YEAR)):
            category = draw.weighted(tuple(STORIES), STORY_WEIGHTS)
            partner = self.companies[int(draw.unit() * index)] if index and category in WITH_PARTNER else None
            if category in WITH_PARTNER and partner is None:
                category = "GENERAL_NEWS"
            words = {
                "name": company.name,
                "partner": partner.name if partner else "",
                "sector": company.primary_industry.name.lower(),
                "city": company.city,
                "country": company.country,
                "noun": company.name.split()[0],
            }
            title, description = (text.format(**words) for text in STORIES[category])
            yield self._some_time(draw), category, title, description, partner.id if partner else None

    def _article(
        self,
        draw: Draw,
        company: Company,
        n: int,
        at: datetime,
        category: str,
        title: str,
        told: str,
        partner: int | None,
    ) -> Article:
        site = draw.pick(self.lists.news_sites)
        slug = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
        return Article(
            url=f"https://www.{site}/{at:%Y/%m}/{slug}-{company.id}-{n}",
            domain=site,
            title=title,
            description=told,
            image_url=f"https://www.{site}/images/{company.id}-{n}.jpg",
            at=at,
            categories=(category, "GENERAL_PRESS_RELEASE")
            if category == "FUNDING" and draw.chance(0.5)
            else (category,),
            company_ids=(company.id,) if partner is None or partner == company.id else (company.id, partner),
        )

    def _known(self, draw: Draw, company: Company) -> Iterator[tuple[datetime, str]]:
        """Time and type of each scoop."""
        for funded in company.funding:
            if at := self._morning(draw, funded.on):
                yield at, "Funding"
        if (company.growth_1y or 0) > 0.08:
            for _ in range(draw.whole(1, 3)):
                yield self._some_time(draw), "Hiring Plans"
        if company.kind == "public" and draw.chance(0.6):
            yield self._some_time(draw), "Earnings"
        for _ in range(self._often(draw, company, SCOOPS_A_YEAR)):
            yield self._some_time(draw), draw.weighted(tuple(PLANS), PLAN_WEIGHTS)

    def _scoop(self, draw: Draw, company: Company, index: int, n: int, at: datetime, kind: str) -> Scoop:
        topics, department = tuple(draw.some(self.lists.scoop_topics, draw.whole(1, 2))), self._department(draw, kind)
        words = {
            "name": company.name,
            "city": company.city,
            "topic": topics[0].name.lower(),
            "department": department.name,
        }
        others = {
            "Funding": "{name} has raised money and says what for.",
            "Hiring Plans": "{name} means to hire for {department}.",
            "Earnings": "{name} speaks about the year to come.",
        }
        is_changed = draw.chance(UPDATED)
        has_person = company.contact_count > 0 and draw.chance(WITH_PERSON)
        has_link = draw.chance(WITH_LINK)
        scoop_id = FIRST_SCOOP + index * SCOOPS_EACH + n
        return Scoop(
            id=scoop_id,
            company_id=company.id,
            at=at,
            updated_at=at + timedelta(days=draw.whole(5, 60), minutes=draw.whole(0, 600)) if is_changed else None,
            update="The plan has been confirmed." if is_changed else None,
            kind=self.types[kind],
            topics=topics,
            department=department,
            description=(PLANS | others)[kind].format(**words),
            link=f"https://www.{draw.pick(self.lists.news_sites)}/scoops/{scoop_id}" if has_link else None,
            link_text="Source" if has_link else None,
            contact_id=FIRST_ID + index * STRIDE + draw.whole(0, company.contact_count - 1) if has_person else None,
        )

    def _department(self, draw: Draw, kind: str) -> Value:
        finance = self.lists.scoop_departments[0]
        return finance if kind in ("Funding", "Earnings") else draw.pick(self.lists.scoop_departments)

    def _often(self, draw: Draw, company: Company, a_year: float) -> int:
        """How many things happen: about as many as the size of the company says, a tenth when it is defunct."""
        pace = (0.1 if company.is_defunct else 0.4 * len(str(company.employees or 10))) * a_year * SPAN / 365
        return int(pace * (0.5 + draw.unit()))

    def _morning(self, draw: Draw, on: date) -> datetime | None:
        """Working hours of a day; None when it lies before the span."""
        at = datetime.combine(on, datetime.min.time(), UTC) + timedelta(minutes=draw.whole(360, 1080))
        return at if at >= self.start else None

    def _some_time(self, draw: Draw) -> datetime:
        return self.start + timedelta(days=draw.whole(0, SPAN - 1), minutes=draw.whole(360, 1080))
