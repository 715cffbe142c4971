"""What only an enrichment shows of a company: its profile, and its standing, which company-master alone asks for."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from mockserver.world.catalogue import Lists, Value
from mockserver.world.companies.places import Places
from mockserver.world.draw import Draw
from mockserver.world.records import Company, Profile, SocialPage, Standing

# Share of the headcount by department; a department's budget is this share of revenue times a spending rate.
DEPARTMENTS = {
    "Sales": (0.14, 0.0),
    "Marketing": (0.06, 0.05),
    "Information Technology": (0.09, 0.04),
    "Engineering & Technical": (0.17, 0.0),
    "Finance": (0.06, 0.015),
    "Human Resources": (0.04, 0.012),
    "Operations": (0.28, 0.0),
    "Legal": (0.02, 0.0),
}
SPENDING = [(name, rate) for name, (_, rate) in DEPARTMENTS.items() if rate]
FIELDS = ("tech", "hr", "sales", "marketing", "finance")
CONFIDENCES = ("name", "url", "address", "phone", "employees", "revenue", "industry", "naics", "sic", "parent_child")
NETWORKS = (("LINKED_IN", "linkedin"), ("FACEBOOK", "facebook"), ("TWITTER", "twitter"))
WORDS = ("Low", "Medium", "High")


class Profiles:
    """Draws profiles, and standings out of the same stream.

    Parameters
    ----------
    lists, places
        What they are drawn from.
    row
        All companies of the world; rivals of one are companies that came before it and share its industry.
    seed
        The world's.
    """

    def __init__(self, lists: Lists, places: Places, row: Sequence[Company], *, seed: int) -> None:
        self._lists, self._places, self._row, self._seed = lists, places, row, seed
        # Sixty companies are looked at for one profile, all over memory; their industries lie close together.
        numbers = {industry.id: number for number, industry in enumerate(lists.industries)}
        self._industries = array("H", [numbers[company.primary_industry.id] for company in row])

    def draw(self, index: int) -> Profile:
        """The profile of the company at `index`."""
        return self._draw(index)[0]

    def draw_standing(self, index: int) -> Standing:
        """The standing of the company at `index`: what its stream holds after the profile."""
        company, (_, draw) = self._row[index], self._draw(index)
        bare = bool(company.domains)
        top, middle = company.parent_id is None, company.office_count > 1
        return Standing(
            company_id=company.id,
            other_names=(company.name.split()[0],) if draw.chance(0.3) else (),
            ein=draw.filled("00-#######") if company.country == "United States" and draw.chance(0.5) else None,
            currency=self._places.by_name[company.country].currency,
            has_mobile_app=draw.chance(0.15),
            website_status=(draw.pick(("INVALID", "PARKED")) if company.is_defunct else "VALID") if bare else None,
            website_checked_on=company.updated_at.date() if bare else None,
            tier_grade=draw.pick("AAABBC"),
            hierarchy_code=("A" if top else "C") if middle else ("B" if top else "D"),
            hierarchy_level=1 if top else 2 if company.parent_id == company.ultimate_parent_id else 3,
            is_franchisor=company.primary_industry.id == "hospitality" and draw.chance(0.1),
            grades=_grades(draw, company),
            confidence={name: draw.whole(1, 5) / 5 for name in CONFIDENCES},
            monthly_growth=None if company.growth_1y is None else round(company.growth_1y / 12, 4),
        )

    def _draw(self, index: int) -> tuple[Profile, Draw]:
        """The profile, and its stream as it goes on behind it."""
        company, draw = self._row[index], Draw(f"{self._seed}/{index}/profile")
        field = (company.primary_sub_industry or company.primary_industry).name.lower()
        bare = company.domains[0] if company.domains else None
        noun = company.name.split()[0]
        unit, employees, revenue = draw.unit, company.employees or 0, company.revenue_usd or 0
        counts = [(name, int(round(share * (0.5 + unit()), 4) * employees)) for name, (share, _) in DEPARTMENTS.items()]
        profile = Profile(
            company_id=company.id,
            descriptions=(f"{company.name} is a company in {field}, based in {company.city}, {company.country}.",)
            if draw.chance(0.92)
            else (),
            social_pages=_social(draw, noun.lower(), company),
            logo=f"https://www.{bare}/logo.png" if bare and draw.chance(0.7) else None,
            hashtags=_hashtags(company, self._lists),
            products=tuple(f"{noun} {draw.pick(('One', 'Plus', 'Core', 'Direct'))}" for _ in range(draw.whole(0, 2))),
            competitors=self._competitors(draw, index),
            sub_unit_codes=_sub_units(draw, company),
            department_counts={name: count for name, count in counts if count},
            department_budgets_usd={
                name: int(revenue * rate * (0.5 + unit())) // 1000 * 1000 for name, rate in SPENDING if revenue
            },
        )
        return profile, draw

    def _competitors(self, draw: Draw, index: int) -> tuple[int, ...]:
        """Ids of a few among sixty looked at; the first companies of a world have no rivals."""
        unit, row, industries = draw.unit, self._row, self._industries
        mine, name = industries[index], row[index].name
        alike = {one for _ in range(60 if index else 0) if industries[one := int(unit() * index)] == mine}
        return tuple(sorted([row[one].id for one in alike if row[one].name != name])[:5])


def _social(draw: Draw, handle: str, company: Company) -> tuple[SocialPage, ...]:
    followers = int(draw.spread(3 * (company.employees or 20), 1.0))
    return tuple(
        [
            SocialPage(kind, f"https://{host}.example/{handle}", followers // n)
            for n, (kind, host) in enumerate(NETWORKS, start=1)
            if draw.chance(0.75)
        ]
    )


def _grades(draw: Draw, company: Company) -> dict[str, str]:
    """Spending follows the number of technologies, the rest is luck."""
    lift = min(0.9, len(company.technologies) / 14)
    grades = {f"{field}_spend": WORDS[min(2, int(3 * (lift + 0.6 * draw.unit()) / 1.5))] for field in FIELDS}
    grades |= {f"{field}_strength": draw.pick(WORDS) for field in FIELDS}
    return grades | {f"{field}_sophistication": draw.pick(WORDS) for field in (*FIELDS, "social")}


def _hashtags(company: Company, lists: Lists) -> tuple[Value, ...]:
    """The tags that the company's own facts earn it."""
    growth = company.growth_1y or 0
    earned = {
        "b2b": "B2B" in company.business_model,
        "b2c": "B2C" in company.business_model,
        "cloud": "Cloud Infrastructure" in [t.product.category for t in company.technologies],
        "saas": company.primary_industry.id == "software",
        "public": company.kind == "public",
        "fastgrowing": growth > 0.2,
        "hiring": growth > 0.08,
        "recentlyfunded": bool(company.funding) and (company.updated_at.date() - company.funding[0].on).days < 365,
        "international": company.office_count > 4,
    }
    return tuple([tag for tag in lists.hashtags if earned.get(tag.id, False)])


def _sub_units(draw: Draw, company: Company) -> tuple[str, ...]:
    if company.domains and draw.chance(0.8):
        draw.whole(20_000, 9_000_000)  # nobody reads it: it is drawn so that what follows it stays as it is
    return () if company.parent_id is None else (draw.filled("SU####"),)
