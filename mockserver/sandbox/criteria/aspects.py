"""Criteria that say what they look at: so all companies can be asked at once, and still each by itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from mockserver.world import Company, Contact, crowd
from mockserver.world.catalogue import Band

PersonTest = Callable[[Contact], bool]
# What companies share: of each the values that it has. Those about places hold for people, too.
ASPECTS: Final[Mapping[str, Callable[[Any], Iterable[Hashable]]]] = {
    "country and state": lambda c: ((c.country, c.state),),
    "continent": lambda c: (c.continent,),
    "metro area": lambda c: (c.metro_area,),
    "city": lambda c: ((c.city, c.state, c.country),),
    "type": lambda c: (c.kind,),
    "ranking": lambda c: c.ranking,
    "business model": lambda c: c.business_model,
    "sub-unit type": lambda c: (c.sub_unit_type,),
    "industries": lambda c: [industry.id for industry in c.industries],
    "primary industries": lambda c: [i.id for i in (c.primary_industry, c.primary_sub_industry) if i is not None],
    "technologies": lambda c: [technology.product.tag for technology in c.technologies],
    "is certified": lambda c: (c.is_certified,),
    "is defunct": lambda c: (c.is_defunct,),
}
NUMBERS: Final[Mapping[str, Callable[[Company], float | None]]] = {
    "employeeRange": lambda c: c.employees,
    "revenue": lambda c: c.revenue_usd,
    "zoominfoContacts": lambda c: c.contact_count,
    "oneYearEmployeeGrowthRate": lambda c: _per_cent(c.growth_1y),
    "twoYearEmployeeGrowthRate": lambda c: _per_cent(c.growth_2y),
}

# docs/assumptions.md, "order of `hierarchy`"
RANKS = ("C Level Exec", "Board Member", "VP Level Exec", "Director", "Manager", "Non Manager")  # the highest first


@dataclass(frozen=True, slots=True)
class Shared:
    """Some value of an aspect passes."""

    aspect: str
    passes: Callable[[Any], bool]

    def __call__(self, one: Company | Contact) -> bool:
        """Whether a company, or a person where it is about places, meets it."""
        return any(map(self.passes, ASPECTS[self.aspect](one)))


@dataclass(frozen=True, slots=True)
class Range:
    """One end of a range of a number."""

    name: str
    is_least: bool
    bound: float

    def __call__(self, company: Company) -> bool:
        """Whether the number is known and within."""
        number = NUMBERS[self.name](company)
        return number is not None and (number >= self.bound if self.is_least else number <= self.bound)


@dataclass(frozen=True, slots=True)
class Bands:
    """A number lies in one of these bands."""

    name: str
    bands: Sequence[Band]

    def __call__(self, company: Company) -> bool:
        """Whether the number is known and in one of them."""
        n = NUMBERS[self.name](company)
        return n is not None and any(b.low <= n and (b.high is None or n < b.high) for b in self.bands)


@dataclass(frozen=True, slots=True)
class OneOf:
    """It is one of these companies."""

    ids: Set[int]

    def __call__(self, company: Company) -> bool:
        """Whether it is one of them."""
        return company.id in self.ids


# docs/assumptions.md, "`companyName`"
@dataclass(frozen=True, slots=True)
class Named:
    """Some of these words stand together in a name as `names` compares it, and none of the others do."""

    has: Sequence[str]
    lacks: Sequence[str]
    names: Mapping[int, str]

    def __call__(self, company: Company) -> bool:
        """Whether the name of a company is such a one."""
        name = f" {self.names[company.id]} "
        return any(f" {words} " in name for words in self.has) and not any(f" {words} " in name for words in self.lacks)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some of these alternatives is met whole."""

    alternatives: Sequence[Sequence[Callable[[Company], bool]]]

    def __call__(self, company: Company) -> bool:
        """Whether one of them is."""
        return any(all(test(company) for test in tests) for tests in self.alternatives)


@dataclass(frozen=True, slots=True)
class Common:
    """A criterion about what people have in common: their value of one aspect of the crowd passes."""

    aspect: str
    passes: Callable[[Any], bool]
    companies: Mapping[int, Company]

    def __call__(self, person: Contact) -> bool:
        """Whether a person meets it."""
        return self.passes(crowd.ASPECTS[self.aspect].of(person, self.companies[person.company_id]))


def rank_of(levels: Iterable[str]) -> int:
    """How high somebody with these levels stands: the more the higher."""
    return -min(RANKS.index(level) for level in levels)


# docs/assumptions.md, "growth in a search"
def _per_cent(rate: float | None) -> float | None:
    return None if rate is None else round(rate * 100, 2)
