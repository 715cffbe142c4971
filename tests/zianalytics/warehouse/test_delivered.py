"""What webhooks deliver, in whatever order and however often it arrives, and who is not shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zianalytics.journal import Journal, Person
from zianalytics.warehouse import Warehouse

FIRST = datetime(2026, 10, 1, 9, tzinfo=UTC)
ASTER = {"id": 1, "name": "Aster", "phone": "555-0100", "fax": "555-0101", "lastUpdatedDate": "10/1/2026 9:00 AM"}


def deliver(journal: Journal, *records: dict[str, Any], kind: str = "Company", at: datetime = FIRST) -> int:
    details = {"id": "7", "title": "Changes", "objectType": kind, "eventType": "Update"}
    body = json.dumps({"webhookDetails": details, "data": records}).encode()
    name = f"webhooks.delivered.{kind.lower()}"
    return journal.keep(None, name, b"", status=200, headers={}, received=at, body=body)


def changed(day: int, **facts: Any) -> dict[str, Any]:
    on = FIRST + timedelta(days=day)
    said = f"{on.month}/{on.day}/{on.year} 9:00 AM"
    return {"id": 1, "name": "Aster", **facts, "lastUpdatedDate": said, "changedAttributes": [*facts]}


def current(warehouse: Warehouse) -> tuple[Any, ...]:
    row: tuple[Any, ...] = warehouse.sql("SELECT phone, fax, website, last_updated_date FROM companies").row(0)
    return row


def test_a_delivery_changes_what_it_tells_and_leaves_the_rest(
    warehouse: Warehouse, journal: Journal, keep: Callable[..., int]
) -> None:
    keep(ASTER)
    number = deliver(journal, changed(9, phone="555-0199"), at=FIRST + timedelta(days=9))
    assert warehouse.load(journal) == 2
    assert current(warehouse) == ("555-0199", "555-0101", None, date(2026, 10, 10))
    history = warehouse.sql("SELECT phone, dated, received, source FROM companies_history ORDER BY source").rows()
    assert history[1] == ("555-0199", datetime(2026, 10, 10, tzinfo=UTC), FIRST + timedelta(days=9), number)
    assert warehouse.sql("SELECT count(*) AS n FROM companies WHERE extra IS NOT NULL").item() == 0


def test_an_empty_value_that_is_told_is_no_value_any_longer(
    warehouse: Warehouse, journal: Journal, keep: Callable[..., int]
) -> None:
    keep(ASTER)
    deliver(journal, changed(9, phone=""))
    warehouse.load(journal)
    assert current(warehouse)[:2] == (None, "555-0101")


def test_a_record_first_heard_of_by_a_delivery_is_there(warehouse: Warehouse, journal: Journal) -> None:
    deliver(journal, {"id": 5, "firstName": "Ada", "email": "ada@aster.example"}, kind="Contact")
    warehouse.load(journal)
    assert warehouse.sql("SELECT contact_id, first_name, email FROM contacts").rows() == [
        (5, "Ada", "ada@aster.example")
    ]


def test_an_answer_that_is_newer_than_a_late_delivery_stands(
    warehouse: Warehouse, journal: Journal, keep: Callable[..., int]
) -> None:
    keep(ASTER)
    keep(ASTER | {"phone": "555-0150", "lastUpdatedDate": "10/20/2026 9:00 AM"}, received=FIRST + timedelta(days=20))
    deliver(journal, changed(9, phone="555-0199"), at=FIRST + timedelta(days=21))
    warehouse.load(journal)
    assert current(warehouse)[0] == "555-0150"


DELIVERIES = [
    changed(1, phone="A"), changed(2, phone="B", fax="C"), changed(3, phone="A"), changed(4, fax="D"),
    changed(5, website="www.aster.example"),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Journal, Warehouse]]:
    """A journal and a warehouse in which each example has a company of its own."""
    with Journal.open(tmp_path_factory.mktemp("journal")) as journal, Warehouse() as warehouse:
        yield journal, warehouse
    warehouse.close()


COMPANIES = count(1)


@settings(max_examples=12, deadline=None)
@given(st.permutations(range(5)), st.lists(st.integers(0, 4), max_size=3), st.lists(st.booleans(), min_size=8))
def test_whatever_the_order_and_however_often_the_newest_word_on_each_column_stands(
    store: tuple[Journal, Warehouse], order: Sequence[int], again: Sequence[int], pauses: Sequence[bool]
) -> None:
    (journal, warehouse), company = store, next(COMPANIES)
    deliver(journal, {**ASTER, "id": company, "phone": "A", "fax": "B"})
    for place, which in enumerate([*order, *again]):
        deliver(journal, DELIVERIES[which] | {"id": company})
        if pauses[place]:
            warehouse.load(journal)
    warehouse.load(journal)
    row = warehouse.sql(
        "SELECT phone, fax, website, last_updated_date FROM companies WHERE company_id = $id", id=company
    )
    assert row.row(0) == ("A", "D", "www.aster.example", date(2026, 10, 6))


def test_who_is_suppressed_is_in_no_table_and_in_no_list(warehouse: Warehouse, journal: Journal) -> None:
    for number, email in ((5, "Ada@Aster.example"), (6, "bo@aster.example"), (7, None)):
        deliver(journal, {"id": number, "firstName": "X", "email": email}, kind="Contact")
    people = [{"id": number, "firstName": "X"} for number in (6, 7)]
    signal = {"id": "1", "topic": "Cloud", "company": {"id": 1}, "recommendedContacts": people}
    page = json.dumps({"totalResults": 1, "data": [signal]}).encode()
    journal.keep(None, "search.intent", b"", status=200, headers={}, received=FIRST, body=page)
    warehouse.load(journal)
    assert warehouse.sql("SELECT contact_id FROM contacts ORDER BY 1")["contact_id"].to_list() == [5, 6, 7]
    journal.people.suppress([Person(email="ada@aster.example"), Person(6)], reason="asked", at=FIRST)
    warehouse.load(journal)
    for table in ("contacts", "contacts_history"):
        assert warehouse.sql(f"FROM {table}")["contact_id"].to_list() == [7]
    for table in ("intent_signals", "intent_signals_history"):
        lists = warehouse.sql(f"FROM {table}")["recommended_contacts"]
        assert lists.explode().struct.field("contact_id").to_list() == [7]
    deliver(journal, {"id": 6, "firstName": "X", "email": "bo@aster.example"}, kind="Contact")
    warehouse.load(journal)
    assert warehouse.sql("SELECT contact_id FROM contacts")["contact_id"].to_list() == [7]


@pytest.mark.parametrize("keys", [[Person(6)], [Person(email="bo@aster.example")]])
def test_a_rebuild_hides_as_well_and_shows_again_who_is_allowed(
    tmp_path: Path, journal: Journal, keys: list[Person]
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    deliver(journal, {"id": 6, "firstName": "X", "email": "bo@aster.example"}, kind="Contact")
    journal.people.suppress(keys, reason="asked", at=FIRST)
    warehouse.rebuild(journal)
    assert warehouse.sql("FROM contacts").height == 0
    journal.people.allow(keys, at=FIRST)
    warehouse.rebuild(journal)
    assert warehouse.sql("FROM contacts").select(pl.len()).item() == 1
