"""The job that is done three ways: what is asked of the service, and by what the server of fixed answers knows it.

Standard library only: the environment of notebooks has nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

COUNTRIES = (
    "United States", "Germany", "France", "United Kingdom", "Canada",
    "Italy", "Spain", "Netherlands", "Sweden", "Australia",
)  # fmt: skip
"""Each is a query of its own."""
PAGES, ROWS = 10, 100
"""Of each query, and of each page."""
INPUTS = 25
"""Companies that one request enriches."""
FIRST_ID = 7_777_000_000
"""Of the companies in fixed answers; the digit behind the sevens says which part of a longer job it is."""
THREADS = 8
"""That ask at a time."""


def searches(queries: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    """The body of each search: every page of each query."""
    return [{**query, "rpp": ROWS, "page": page} for query in queries for page in range(1, PAGES + 1)]


def enrichments(ids: Sequence[int], output_fields: list[str]) -> list[dict[str, Any]]:
    """The body of each enrichment."""
    batches = (ids[start : start + INPUTS] for start in range(0, len(ids), INPUTS))
    return [
        {"matchCompanyInput": [{"companyId": one} for one in batch], "outputFields": output_fields} for batch in batches
    ]
