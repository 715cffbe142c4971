from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zianalytics.api.table import OPERATIONS
from zianalytics.client.metered.exchange import together
from zianalytics.frames.remembered import Remembered
from zianalytics.journal import Journal
from zianalytics.warehouse import DEALS_GIVEN, Warehouse, pack_deals

FIRST = datetime(2026, 10, 1, 9, tzinfo=UTC)
SECOND = datetime(2026, 11, 5, 9, tzinfo=UTC)
ASTER = {"id": 1, "name": "Aster", "employeeCount": 40, "website": "www.aster.example"}


def contents(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    tables = ["companies", "companies_history", "intent_signals", "deals", "deals_history", "lost_values", "loaded"]
    return {name: sorted(warehouse.sql(f"FROM {name}").rows(), key=repr) for name in tables}


def test_a_reply_becomes_a_row_with_its_times(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    number = keep(ASTER | {"lastUpdatedDate": "2026-08-02T00:00:00Z"})
    assert warehouse.load(journal) == 1
    row = warehouse.sql("SELECT company_id, name, employee_count, received, dated, source FROM companies").row(0)
    assert row == (1, "Aster", 40, FIRST, datetime(2026, 8, 2, tzinfo=UTC), number)


def test_loading_twice_is_loading_once(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    keep(ASTER)
    keep(ASTER | {"employeeCount": 44}, received=SECOND)
    journal.give(DEALS_GIVEN, pack_deals(DEALS), at=FIRST)
    assert warehouse.load(journal) == 2
    once = contents(warehouse)
    assert warehouse.load(journal) == 0
    assert contents(warehouse) == once


def test_loading_bit_by_bit_is_loading_all_at_once(journal: Journal, keep: Any) -> None:
    bit_by_bit = Warehouse()
    with bit_by_bit:
        for n, received in enumerate([FIRST, FIRST, SECOND, SECOND]):
            keep(ASTER | {"employeeCount": 40 + n // 2}, {"id": 2, "name": f"Birch {n % 2}"}, received=received)
            bit_by_bit.load(journal)
        with Warehouse() as at_once:
            at_once.load(journal)
            assert contents(at_once) == contents(bit_by_bit)
    assert len(contents(bit_by_bit)["companies_history"]) == 6
    bit_by_bit.close()


def test_only_a_change_makes_a_new_version(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    for received, employees in [(FIRST, 40), (FIRST, 40), (SECOND, 44), (SECOND, 44)]:
        keep(ASTER | {"employeeCount": employees}, received=received)
    warehouse.load(journal)
    history = warehouse.sql("SELECT employee_count, received FROM companies_history ORDER BY source")
    assert history.rows() == [(40, FIRST), (44, SECOND)]
    assert warehouse.sql("SELECT employee_count, received FROM companies").rows() == [(44, SECOND)]


def test_a_change_inside_a_list_is_a_change(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    keep(ASTER | {"primaryIndustry": ["Software"]})
    keep(ASTER | {"primaryIndustry": ["Software", "Retail"]}, received=SECOND)
    warehouse.load(journal)
    assert warehouse.sql("SELECT primary_industry FROM companies_history ORDER BY source").to_series().to_list() == [
        ["Software"],
        ["Software", "Retail"],
    ]


def test_what_was_not_asked_for_keeps_its_value_and_what_came_empty_loses_it(
    warehouse: Warehouse, journal: Journal, keep: Any
) -> None:
    keep(ASTER, fields=("company_id", "name", "employee_count", "website"))
    keep({"id": 1, "name": "Aster"}, received=SECOND, fields=("company_id", "name", "employee_count"))
    warehouse.load(journal)
    assert warehouse.sql("SELECT employee_count, website FROM companies").row(0) == (None, "www.aster.example")


def test_a_value_that_could_not_be_read_is_named_and_the_rest_lands(
    warehouse: Warehouse, journal: Journal, keep: Any
) -> None:
    number = keep(ASTER | {"employeeCount": 12.5, "mood": "sunny"}, {"id": 2, "name": "Birch"})
    warehouse.load(journal)
    assert warehouse.sql("FROM lost_values").rows() == [(number, "companies", 0, "employee_count", "12.5")]
    assert warehouse.sql("SELECT name, extra FROM companies ORDER BY company_id").rows() == [
        ("Aster", '{"mood":"sunny"}'),
        ("Birch", None),
    ]


def test_a_reply_that_is_not_json_is_written_down_and_stops_nothing(
    warehouse: Warehouse, journal: Journal, keep: Any
) -> None:
    keep(ASTER)
    number = keep(body=b"<html>busy</html>")
    keep({"id": 2, "name": "Birch"})
    warehouse.load(journal)
    assert warehouse.sql("SELECT source, operation FROM unreadable_replies").rows() == [(number, "enrich.companies")]
    assert warehouse.sql("SELECT count(*) FROM companies").item() == 2


def test_refusals_and_look_ups_fill_no_table(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    keep(ASTER, status=403)
    keep(operation="lookup.industries", body=b'[{"Id": "1", "Name": "Software"}]')
    keep(operation="of.another.version", body=b"{}")
    assert warehouse.load(journal) == 3
    assert sum(warehouse.rows().values()) == 0


def test_an_input_without_a_match_makes_no_row(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    result = {"input": {"companyid": 9}, "matchStatus": "NO_MATCH", "data": []}
    keep(body=json.dumps({"success": True, "data": {"outputFields": [], "result": [result]}}).encode())
    warehouse.load(journal)
    assert sum(warehouse.rows().values()) == 0


def test_a_lone_surrogate_does_not_stop_the_load(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    keep(ASTER | {"name": "Aster \ud800"}, {"id": 2, "name": "Birch"})
    warehouse.load(journal)
    assert warehouse.sql("SELECT company_id FROM companies ORDER BY 1").to_series().to_list() == [1, 2]


def test_an_interrupted_load_leaves_whole_replies_and_goes_on(journal: Journal, keep: Any) -> None:
    numbers = [keep({"id": n + 1, "name": f"Aster {n}"}) for n in range(150)]

    class Interrupted:
        def replies(self, after: int = 0, *, known: Any) -> Any:
            for reply in journal.replies(after, known=known):
                if reply.id == numbers[119]:
                    raise KeyboardInterrupt
                yield reply

        def given(self, kind: str, *, after: int = 0) -> Any:
            return journal.given(kind, after=after)

    with Warehouse() as warehouse:
        with pytest.raises(KeyboardInterrupt):
            warehouse.load(Interrupted())
        assert warehouse.sql("SELECT count(*) FROM companies").item() == 100
        assert warehouse.load(journal) == 50
        assert warehouse.sql("SELECT count(*) FROM companies").item() == 150
    warehouse.close()


def test_a_load_that_is_interrupted_inside_a_reply_leaves_none_of_its_transaction(journal: Journal, keep: Any) -> None:
    for n in range(150):
        keep({"id": n + 1, "name": f"Aster {n}"})

    class Interrupted(Remembered):
        times = 0

        def taken(self) -> Remembered:
            return self

        def take(self, operation: Any, digests: Any) -> Any:
            self.times += 1
            if self.times == 3:
                raise KeyboardInterrupt
            return super().take(operation, digests)

    with Warehouse() as warehouse:
        with pytest.raises(KeyboardInterrupt):
            warehouse.load(journal, Interrupted())
        assert warehouse.sql("SELECT count(*) FROM companies").item() == 0
        assert warehouse.load(journal) == 150
        assert warehouse.sql("SELECT count(*) FROM companies").item() == 150
    warehouse.close()


def test_many_rows_stay_a_part_of_the_file_and_few_are_put_together(
    tmp_path: Path, journal: Journal, keep: Any
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    parts = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('companies')"
    for load in range(3):
        keep(*({"id": load * 3_000 + n, "name": "Aster"} for n in range(3_000)))
        warehouse.load(journal)
    assert warehouse.sql(parts).item() == 3
    for load in range(4):
        keep({"id": 10_000 + load, "name": "Birch"})
        warehouse.load(journal)
    assert warehouse.sql(parts).item() < 4
    assert warehouse.rows()["companies"] == 9_004


DEALS = pl.DataFrame(
    {
        "deal_id": ["D1", "D2"],
        "company_id": [1, None],
        "company_name": ["Aster, Inc.", "=cmd()"],
        "website": ["aster.example", None],
        "amount_usd": [5000, 7000],
        "outcome": ["won", "lost"],
        "opened_on": [date(2026, 3, 1), date(2026, 4, 1)],
        "closed_on": [date(2026, 5, 1), date(2026, 6, 1)],
        "owner": ["Ann", "Ben"],
    }
)


def test_deals_that_were_given_land_and_a_later_gift_mends_them(warehouse: Warehouse, journal: Journal) -> None:
    journal.give(DEALS_GIVEN, pack_deals(DEALS), at=FIRST)
    warehouse.load(journal)
    journal.give(DEALS_GIVEN, pack_deals(DEALS.with_columns(company_id=pl.Series([1, 7]))), at=SECOND)
    warehouse.load(journal)
    rows = warehouse.sql("SELECT deal_id, company_id, outcome, opened_on, closed_on, amount_usd FROM deals ORDER BY 1")
    assert rows.rows() == [
        ("D1", 1, "won", date(2026, 3, 1), date(2026, 5, 1), 5000),
        ("D2", 7, "lost", date(2026, 4, 1), date(2026, 6, 1), 7000),
    ]
    assert warehouse.sql("SELECT count(*) FROM deals_history").item() == 3


def test_what_is_remembered_of_replies_makes_the_same_tables(journal: Journal, keep: Any) -> None:
    for employees, received in ((40, FIRST), ("many", FIRST), (44, SECOND)):
        keep(ASTER | {"employeeCount": employees}, {"id": 2, "name": "Birch"}, received=received)
    keep({"id": 1, "employeeCount": 45}, received=SECOND, fields=("company_id", "employee_count"))
    keep(body=b"[]")
    operation, replies = OPERATIONS["enrich.companies"], list(journal.replies())
    decoded = Warehouse()
    with decoded:
        decoded.load(journal)
        for some in (replies[:4], replies[1:2], replies[3:4]):
            remembered, bodies = Remembered(), {reply.id: reply.body for reply in some}
            remembered.keep(operation, bodies, together(operation, bodies, dict.fromkeys(bodies)))
            with Warehouse() as spared:
                spared.load(journal, remembered)
                assert contents(spared) == contents(decoded)
            spared.close()
            assert remembered.digests() == {}
    assert len(contents(decoded)["lost_values"]) == 1
    decoded.close()
