"""Current rows and their history, as a function of what is held and what arrived."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from zianalytics.schema.company import COMPANY
from zianalytics.warehouse.history import Arrival, merge
from zianalytics.warehouse.tables import TABLES

COMPANIES = TABLES[COMPANY.name]
NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)

texts = st.sampled_from(["", "a", None])
numbers = st.sampled_from([0, 1, None])
technologies = st.fixed_dictionaries({"tag": texts, "vendor": texts})
rounds = st.fixed_dictionaries({"amount_usd": numbers, "investors": st.one_of(st.none(), st.lists(texts, max_size=2))})
quarters = st.fixed_dictionaries({"label": texts, "employee_count": numbers})
growth = st.fixed_dictionaries(
    {"one_year_growth_rate": st.sampled_from([0.5, None]), "data_points": st.none() | st.lists(quarters, max_size=2)}
)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "name": texts,
    "products": st.none() | st.lists(texts, max_size=2),
    "tech_attributes": st.none() | st.lists(st.none() | technologies, max_size=2),
    "company_funding": st.none() | st.lists(rounds, max_size=2),
    "employee_growth": st.none() | growth,
}
CHANGES = st.one_of(*(st.tuples(st.just(name), some) for name, some in COLUMNS.items()))


@st.composite
def versions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Two companies in turn, each as it was before but for a column."""
    companies = [{"company_id": n, **draw(st.fixed_dictionaries(COLUMNS))} for n in (1, 2)]
    made = []
    for which, change in draw(st.lists(st.tuples(st.integers(0, 1), CHANGES), min_size=4, max_size=8)):
        companies[which] = companies[which] | dict([change])
        made.append(companies[which])
    return made


def arrival(rows: list[dict[str, Any]], first: int) -> Arrival:
    stamps = [{"extra": None, "source": first + n, "received": NOW} for n in range(len(rows))]
    frame = pl.DataFrame([row | stamp for row, stamp in zip(rows, stamps, strict=True)], schema=COMPANIES.schema)
    return Arrival(frame, frozenset())


@settings(max_examples=100)
@given(versions(), st.integers(0, 4))
def test_a_version_is_new_where_anything_is_not_as_before(rows: list[dict[str, Any]], at: int) -> None:
    nothing = pl.DataFrame(schema=COMPANIES.schema)
    first = merge(COMPANIES, nothing, [arrival(rows[:at], 0)]) if at else nothing
    held = first.filter("is_current").select(*COMPANIES.schema) if at else nothing
    merged = merge(COMPANIES, held, [arrival(rows[at:], at)]) if rows[at:] else first
    new = set(first.filter("is_version")["source"]) if at else set()
    new |= set(merged.filter("is_version")["source"])
    last: dict[int, dict[str, Any]] = {}
    expected = set()
    for source, row in enumerate(rows):
        if last.get(row["company_id"]) != row:
            expected.add(source)
        last[row["company_id"]] = row
    assert new == expected
