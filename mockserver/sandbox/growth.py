"""Criteria about how large a company is, how fast it grows and how it is funded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.sandbox.values import days_of, number_of
from mockserver.sandbox.words import thousands
from mockserver.world import Company

CompanyTest = Callable[[Company], bool]
NUMBERS: Mapping[str, Callable[[Company], float | None]] = {
    "employeeRange": lambda c: c.employees,
    "revenue": lambda c: c.revenue_usd,
    "zoominfoContacts": lambda c: c.contact_count,
    "oneYearEmployeeGrowthRate": lambda c: _per_cent(c.growth_1y),
    "twoYearEmployeeGrowthRate": lambda c: _per_cent(c.growth_2y),
}


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


def ranges(body: Mapping[str, Any]) -> list[Range]:
    """The ends of the ranges of numbers that a search names."""
    return [
        Range(name, end == "Min", number_of(body[f"{name}{end}"]))
        for name in NUMBERS
        for end in ("Min", "Max")
        if f"{name}{end}" in body
    ]


def growth_tests(body: Mapping[str, Any]) -> list[CompanyTest]:
    """One test for each end of a range of a number, and one for all that is said of a round of funding."""
    tests: list[CompanyTest] = [*ranges(body)]
    if any(name.startswith("funding") for name in body):
        tests.append(_funded(body))
    return tests


# docs/assumptions.md, "growth in a search"
def _per_cent(rate: float | None) -> float | None:
    return None if rate is None else round(rate * 100, 2)


def _funded(body: Mapping[str, Any]) -> CompanyTest:
    """One and the same round meets all of it: docs/assumptions.md, "funding in a search"."""
    first, last = days_of(body, "fundingStartDate", "fundingEndDate")
    least, most = body.get("fundingAmountMin"), body.get("fundingAmountMax")

    def fits(amount: int | None) -> bool:
        if least is None and most is None:
            return True
        return amount is not None and (least is None or amount >= least) and (most is None or amount <= most)

    return lambda c: any(first <= one.on <= last and fits(thousands(one.amount_usd)) for one in c.funding)
