"""A search as two smaller ones that together match the same rows.

Only criteria that the request itself has are divided: a list of which any value will do into its halves, a range of
whole numbers at a point inside it. A row may match both halves of a list, never both halves of a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isqrt
from typing import Any

_ANY_OF = (
    "company_id", "person_id", "parent_id", "ultimate_parent_id", "location_id", "employee_ranges", "revenue_ranges",
    "company_type", "metro_region", "years_of_experience", "management_level", "department", "job_function",
    "industry_codes", "sic_codes", "naics_codes", "job_title", "tech_attribute_tags", "business_model", "tech_skills",
)  # fmt: skip
"""Lists of which any value will do, those first whose values have the fewest rows in common."""
_SPANS = (
    ("employee_range_min", "employee_range_max", 0, 10**7),
    ("revenue_min_usd", "revenue_max_usd", 0, 10**13),
    ("contact_accuracy_score_min", "contact_accuracy_score_max", 70, 99),
    ("contact_count_min", "contact_count_max", 0, 10**6),
)
"""Ranges of whole numbers: their keywords, and the ends of one that is open."""


def halves(request: Any) -> tuple[Any, Any] | None:
    """Two requests that together match what `request` matches; None when nothing in it can be divided."""
    return next(_divided(request), None)


def _divided(request: Any) -> Iterator[tuple[Any, Any]]:
    for name in _ANY_OF:
        values = getattr(request, name, None)
        if isinstance(values, Sequence) and not isinstance(values, str) and len(values) > 1:
            middle = len(values) // 2
            yield replace(request, **{name: values[:middle]}), replace(request, **{name: values[middle:]})
    for least, most, floor, top in _SPANS:
        given = getattr(request, least, None), getattr(request, most, None)
        if given == (None, None):
            continue  # rows of which the number is not known would be in neither half
        low = floor if given[0] is None else given[0]
        high = max(top, low) if given[1] is None else given[1]
        if low < high:
            middle = min(max(low, isqrt(max(low, 1) * high)), high - 1)  # sizes spread by orders of magnitude
            yield replace(request, **{most: middle}), replace(request, **{least: middle + 1})
