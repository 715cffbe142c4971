"""The short way of reading records: whatever they hold, it gives what the exact one gives."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zianalytics.api.enterprise import layout
from zianalytics.api.layout import Reading
from zianalytics.api.table import OPERATIONS
from zianalytics.frames import plain
from zianalytics.frames.nested import Findings, Found, read_objects
from zianalytics.frames.plain import read_records

COMPANY = OPERATIONS["enrich.companies"].record
LAYOUTS = {operation.record.name: layout(operation.record) for operation in OPERATIONS.values()}

odd = st.sampled_from(
    [
        *(
            "null",
            '""',
            '"x"',
            "5",
            "-0",
            "1.50",
            "1e3",
            "1e999",
            "true",
            "[]",
            "{}",
            '["x"]',
            '{"a": 1}',
            '"12"',
            '" "',
        ),
        *("99999999999999999999", "9223372036854775807", "999999999999999", "1000000000000000", "-1000000000000000"),
        *(
            '"\\u00e9\\/"',
            '"a\\"b"',
            '[null, "", 7]',
            "[[1]]",
            '[{"id": "1"}, null, 3]',
            '"2026-01-31"',
            '"13/45/2026"',
        ),
    ]
)
usual = {
    pl.String: st.sampled_from(['"Aster GmbH"', '""', "null", '"3\\n4"', '"12"']),
    pl.Int64: st.sampled_from(["0", "31", '"1987"', "null", "-4", '"12,5"', "12.5", "2.0"]),
    pl.Float64: st.sampled_from(["1.5", "3", '"-2.25"', "null", "0.1", '"high"']),
    pl.Boolean: st.sampled_from(["true", "false", "null", '"yes"', '"perhaps"']),
    pl.Date: st.sampled_from(['"2026-01-31"', '"3/4/2026 1:05 PM"', "null", '"soon"']),
    pl.Datetime: st.sampled_from(['"2026-02-01T10:00:00Z"', '"2026-02-01T10:00:00.123+02:00"', "null", "20260201"]),
}


def value(reading: Reading) -> st.SearchStrategy[str]:
    """JSON that may stand where a reading looks: mostly what is promised."""
    return st.one_of(*[promised(reading)] * 12, odd)


def promised(reading: Reading) -> st.SearchStrategy[str]:
    if reading.form in ("json", "tree"):
        return odd
    if reading.form == "entries":
        entries = st.lists(st.tuples(st.sampled_from(["Sales", "IT", ""]), value(reading.inside[1])), max_size=2)
        return entries.map(lambda some: "{" + ",".join(f"{json.dumps(k)}:{v}" for k, v in some) + "}")
    if isinstance(reading.dtype, pl.List):
        inner = thing(reading.inside) if reading.inside else usual[whole(reading.dtype.inner)]
        return st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]")
    return thing(reading.inside) if reading.inside else usual[reading.dtype.base_type()]


def whole(dtype: Any) -> type[pl.DataType]:
    kind: type[pl.DataType] = dtype.base_type()
    return kind


def thing(readings: tuple[Reading, ...]) -> st.SearchStrategy[str]:
    """An object of which some of the readings can be read."""

    @st.composite
    def made(draw: st.DrawFn) -> str:
        tree: dict[str, Any] = {}
        for one in draw(st.lists(st.sampled_from(readings), max_size=6, unique=True)):
            around = tree
            for step in one.at[:-1]:
                around = around.setdefault(step, {})
            around[one.at[-1]] = draw(value(one))
        if draw(st.integers(0, 30)) == 0:
            tree[draw(st.sampled_from(["unheard", "Name", ""]))] = draw(odd)
        return written(tree)

    return made()


def written(tree: Any) -> str:
    if isinstance(tree, str):
        return tree
    return "{" + ", ".join(f"{json.dumps(key)}: {written(one)}" for key, one in tree.items()) + "}"


def both(
    readings: tuple[Reading, ...], records: list[bytes | None]
) -> tuple[tuple[dict[str, pl.Series], Findings], tuple[dict[str, pl.Series], Findings]]:
    short, exact = Findings(), Findings()
    return (read_records(readings, records, short), short), (read_objects(readings, records, exact), exact)


def in_order(found: list[Found]) -> list[tuple[int, str, bytes]]:
    return sorted((one.row, one.path, one.raw) for one in found)


def assert_the_same(readings: tuple[Reading, ...], records: list[bytes | None]) -> None:
    (mine, found), (theirs, sought) = both(readings, records)
    assert list(mine) == list(theirs)
    for name in theirs:
        assert mine[name].dtype == theirs[name].dtype
        assert mine[name].to_list() == theirs[name].to_list(), name
    assert in_order(found.lost) == in_order(sought.lost)
    assert in_order(found.unknown) == in_order(sought.unknown)


@pytest.mark.parametrize("name", sorted(LAYOUTS), ids=str)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_short_way_gives_what_the_exact_one_gives(name: str, data: st.DataObject) -> None:
    readings = LAYOUTS[name]
    records = data.draw(st.lists(st.one_of(*[thing(readings)] * 9, st.sampled_from(["null", "7", "[]"])), max_size=4))
    assert_the_same(readings, [one.encode() for one in records] + [None])


@pytest.mark.parametrize(
    "record",
    [
        b'{"id": 7, "revenue": 999999999999999}',
        b'{"id": 7, "revenue": 9223372036854775807}',
        b'{"id": 7, "foundedYear": "1987", "employeeCount": 12.5}',
        b'{"id": 7, "zipCode": 1.50}',
        b'{"id": 7, "name": 5}',
        b'{"id": 7, "isDefunct": 1}',
        b'{"id": 7, "techAttributes": [null, {"tag": "1", "createdTime": "never"}, {}]}',
        b'{"id": 7, "techAttributes": {"tag": "1"}}',
        b'{"id": 7, "employeeCountByDepartment": {"sales": "many", "sales": 3, "": 4}}',
        b'{"id": 7, "id": 8, "name": "Aster", "name": null}',
        b'{"id": 7, "unheard": null}',
        b'{"id": 7, "unheard": {"of": 1}}',
        b'{"id": 7, "techAttributes": [{"tag": "1", "unheard": 2, "logo": 3}]}',
        b'{"id": 7, "locationMatch": {"companyId": 7.50}}',
        b'{"id": 7, "employeeGrowth": ""}',
        b'{"id": 7, "domainList": ["a.example", "", null, 5]}',
        b'{"id": 7, "employeeGrowth": {"oneYearGrowthRate": 1%s, "twoYearGrowthRate": 1%s}}' % (b"0" * 400, b"0" * 30),
    ],
    ids=range(17),
)
def test_what_is_odd_is_read_exactly_beside_what_is_not(record: bytes) -> None:
    usual = b'{"id": 6, "name": "Birch", "techAttributes": [{"tag": "2"}], "domainList": [], "revenue": 3}'
    assert_the_same(layout(COMPANY), [usual, record, None, usual])


def test_records_that_hold_nothing_odd_take_the_short_way_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> dict[str, pl.Series]:
        raise AssertionError("read value by value")

    monkeypatch.setattr(plain, "read_objects", never)
    records: list[bytes | None] = [
        b'{"id": 7, "name": "Aster", "revenue": "1250", "certified": true, "techAttributes": [{"tag": "1"}]}',
        b'{"id": 8, "lastUpdatedDate": "3/4/2026 1:05 PM", "employeeGrowth": {"oneYearGrowthRate": "12.5"}}',
    ]
    read = read_records(layout(COMPANY), records, Findings())
    assert read["company_id"].to_list() == [7, 8]
    assert read["revenue_usd"].to_list() == [1_250_000, None]
    assert [one and [tech["tag"] for tech in one] for one in read["tech_attributes"].to_list()] == [["1"], None]
