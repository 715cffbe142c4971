"""Criteria about how large a company is, how fast it grows and how it is funded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.sandbox.criteria.aspects import NUMBERS, Range
from mockserver.sandbox.values import days_of, number_of
from mockserver.sandbox.words import thousands
from mockserver.world import Company

CompanyTest = Callable[[Company], bool]
# The ends of ranges of numbers, by their names in a search: of which number, and whether it is the least.
ENDS: Mapping[str, tuple[str, bool]] = {
    f"{name}{end}": (name, end == "Min") for name in NUMBERS for end in ("Min", "Max")
}


def growth_tests(body: Mapping[str, Any]) -> list[CompanyTest]:
    """One test for each end of a range of a number, and one for all that is said of a round of funding."""
    tests: list[CompanyTest] = [Range(*end, number_of(body[name])) for name, end in ENDS.items() if name in body]
    if any(name.startswith("funding") for name in body):
        tests.append(_funded(body))
    return tests


def _funded(body: Mapping[str, Any]) -> CompanyTest:
    """One and the same round meets all of it: docs/assumptions.md, "funding in a search"."""
    first, last = days_of(body, "fundingStartDate", "fundingEndDate")
    least, most = body.get("fundingAmountMin"), body.get("fundingAmountMax")

    def fits(amount: int | None) -> bool:
        if least is None and most is None:
            return True
        return amount is not None and (least is None or amount >= least) and (most is None or amount <= most)

    return lambda c: any(first <= one.on <= last and fits(thousands(one.amount_usd)) for one in c.funding)
