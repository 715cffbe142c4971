from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from zianalytics.errors import RequestRefused, StoreDamaged, StoreHeld, StoreUnusable
from zianalytics.journal import Journal
from zianalytics.warehouse import Warehouse
from zianalytics.warehouse.file import connect

HOLD = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@contextmanager
def held_by_another(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the file open, until its input ends."""
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == b"held\n"
        yield child
    finally:
        let_go(child)
        child.stdout.close()


def let_go(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    child.stdin.close()
    child.wait()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "warehouse.duckdb"


def test_the_file_is_open_only_during_a_statement(path: Path) -> None:
    Warehouse(path).sql("SELECT 1 AS one")
    with held_by_another(path):
        pass


def test_in_a_with_block_the_file_stays_ours_until_its_end(path: Path) -> None:
    with Warehouse(path) as outer, outer:
        outer.sql("SELECT 1 AS one")
        child = [sys.executable, "-c", "import duckdb, sys; duckdb.connect(sys.argv[1])", str(path)]
        assert subprocess.run(child, capture_output=True).returncode == 1
    with held_by_another(path):
        pass


def test_a_file_held_by_another_process_is_waited_for_and_then_named(path: Path) -> None:
    Warehouse(path).sql("SELECT 1 AS one")
    naps: list[float] = []
    with (
        held_by_another(path) as child,
        pytest.raises(StoreHeld, match=rf"held by process {child.pid} \(python") as told,
    ):
        connect(path, patience_s=1.0, pause=naps.append)
    assert len(naps) == 10
    assert "Close the other notebook" in str(told.value)


def test_a_file_that_is_let_go_in_time_is_opened(path: Path) -> None:
    Warehouse(path).sql("SELECT 1 AS one")
    with held_by_another(path) as child:
        connect(path, pause=lambda _: let_go(child)).close()
    assert child.returncode == 0


def test_a_file_that_is_not_duckdb_is_named_and_left_alone(path: Path, journal: Journal, keep: Any) -> None:
    path.parent.mkdir()
    path.write_bytes(b"my holiday photos " * 500)
    with pytest.raises(StoreDamaged, match=r"warehouse\.duckdb is not a sound warehouse .*run: zia rebuild --home "):
        Warehouse(path).sql("SELECT 1 AS one")
    assert path.read_bytes() == b"my holiday photos " * 500
    keep({"id": 1, "name": "Aster"})
    assert Warehouse(path).rebuild(journal) == 1
    assert Warehouse(path).sql("SELECT name FROM companies").item() == "Aster"


def test_a_file_cut_short_is_damaged(path: Path, journal: Journal, keep: Any) -> None:
    keep({"id": 1, "name": "Aster"})
    Warehouse(path).load(journal)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(StoreDamaged, match="zia rebuild"):
        Warehouse(path).sql("FROM companies")


def test_rebuilding_gives_the_same_tables(path: Path, journal: Journal, keep: Any) -> None:
    warehouse = Warehouse(path)
    keep({"id": 1, "name": "Aster"})
    warehouse.load(journal)
    keep({"id": 1, "name": "Aster Group"})
    warehouse.load(journal)
    before = warehouse.sql("FROM companies_history ORDER BY source")
    assert warehouse.rebuild(journal) == 2
    assert warehouse.sql("FROM companies_history ORDER BY source").equals(before)
    assert sorted(file.name for file in path.parent.iterdir()) == ["warehouse.duckdb"]


def test_a_rebuild_that_fails_leaves_the_old_file(path: Path, journal: Journal, keep: Any) -> None:
    warehouse = Warehouse(path)
    keep({"id": 1, "name": "Aster"})
    warehouse.load(journal)

    class Failing:
        def replies(self, after: int = 0, *, known: Any) -> Any:
            raise KeyboardInterrupt

        def given(self, kind: str, *, after: int = 0) -> Any:
            return []

    with pytest.raises(KeyboardInterrupt):
        warehouse.rebuild(Failing())
    assert warehouse.sql("SELECT name FROM companies").item() == "Aster"
    assert warehouse.rebuild(journal) == 1


def test_an_old_log_is_not_played_into_a_rebuilt_file(path: Path, journal: Journal, keep: Any) -> None:
    keep({"id": 1, "name": "Aster"})
    warehouse = Warehouse(path)
    warehouse.load(journal)
    crash = (
        "import duckdb, os, sys; con = duckdb.connect(sys.argv[1])\n"
        'con.execute("PRAGMA disable_checkpoint_on_shutdown; INSERT INTO companies (company_id) VALUES (99)")\n'
        "os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", crash, str(path)]).returncode == 9
    log = path.with_name("warehouse.duckdb.wal")
    assert log.exists()
    path.write_bytes(b"half of it" * 2000)
    warehouse.rebuild(journal)
    assert not log.exists()
    assert warehouse.sql("SELECT company_id FROM companies").to_series().to_list() == [1]


def test_the_repr_of_a_held_warehouse_says_who_holds_it(path: Path) -> None:
    Warehouse(path).sql("SELECT 1 AS one")
    with held_by_another(path) as child:
        assert f"is held by process {child.pid}" in repr(Warehouse(path, patience_s=0))


def test_rebuilding_while_another_process_holds_the_file_is_refused(path: Path, journal: Journal) -> None:
    Warehouse(path).sql("SELECT 1 AS one")
    with held_by_another(path), pytest.raises(StoreHeld):
        Warehouse(path, patience_s=0).rebuild(journal)
    with Warehouse(path) as warehouse, pytest.raises(RequestRefused, match="Leave its `with` block"):
        warehouse.rebuild(journal)


def test_a_warehouse_of_a_newer_version_is_not_touched(path: Path) -> None:
    Warehouse(path).sql("SELECT 1 AS one")
    with duckdb.connect(path) as con:
        con.execute("INSERT INTO steps_taken VALUES (9999)")
    with pytest.raises(StoreDamaged, match="newer version"):
        Warehouse(path).sql("SELECT 1 AS one")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        Warehouse(tmp_path).sql("SELECT 1 AS one")
    (tmp_path / "a file").touch()
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        Warehouse(tmp_path / "a file" / "warehouse.duckdb").sql("SELECT 1 AS one")


@pytest.mark.skipif(os.name != "posix", reason="rights are written otherwise elsewhere")
def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    Warehouse(path).sql("SELECT 1 AS one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_values_and_frames_are_bound_and_never_written_into_a_query(warehouse: Warehouse) -> None:
    found = warehouse.sql(
        "SELECT n, $text AS text FROM mine WHERE n > $least", mine=pl.DataFrame({"n": [1, 2]}), least=1, text="'; --"
    )
    assert found.rows() == [(2, "'; --")]
    with pytest.raises(RequestRefused, match="mine"):
        warehouse.sql("FROM mine")


def test_values_are_bound_in_order_or_by_name_and_not_both(warehouse: Warehouse) -> None:
    assert warehouse.sql("SELECT ? AS a, ? AS b", ["=1'", 2]).rows() == [("=1'", 2)]
    assert warehouse.sql("SELECT $a AS a, $b AS b", {"a": 1}, b=2).rows() == [(1, 2)]
    names = pl.DataFrame({"n": [3]})
    assert warehouse.sql("SELECT n + ? AS n FROM names", [4], names=names).item() == 7
    for wrong, named in (("Germany", {}), (["Germany"], {"b": 2}), (7, {})):
        with pytest.raises(RequestRefused, match=r"are a list for `\?` or a dict .* Nothing was asked\."):
            warehouse.sql("SELECT ? AS a", wrong, **named)  # type: ignore[arg-type]  # that is the point


def test_whole_sums_are_int64_and_times_are_utc(warehouse: Warehouse) -> None:
    schema = warehouse.sql(
        "SELECT sum(n) AS n, max(t)::TIMESTAMPTZ AS t FROM range(3) AS r(n), (SELECT now() AS t)"
    ).schema
    assert schema == {"n": pl.Int64(), "t": pl.Datetime("us", "UTC")}


def test_a_sum_above_what_int64_holds_is_told_exactly(warehouse: Warehouse) -> None:
    found = warehouse.sql(
        "SELECT sum(n) AS n, sum(1) AS one FROM (VALUES ($most), ($most), (NULL)) t(n)", most=2**63 - 1
    )
    assert found.rows() == [(Decimal(18446744073709551614), 3)]
    assert found.schema == {"n": pl.Decimal(38, 0), "one": pl.Int64()}
    assert warehouse.sql("SELECT sum(n) AS n FROM (VALUES (NULL::INT)) t(n)").schema == {"n": pl.Int64()}


@pytest.mark.parametrize(
    "query",
    ["DELETE FROM companies", "SELECT 1; DROP TABLE companies", "CREATE TABLE x (y INT)", "", "SELEC", "FROM nowhere"],
)
def test_a_query_that_changes_something_or_cannot_run_is_refused(warehouse: Warehouse, query: str) -> None:
    with pytest.raises(RequestRefused, match="Nothing was changed"):
        warehouse.sql(query)
    assert warehouse.sql("SELECT count(*) AS n FROM companies").item() == 0


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM companies RETURNING *",
        "UPDATE companies SET name = 'Birch' RETURNING *",
        "INSERT INTO companies (company_id) SELECT n FROM mine RETURNING *",
    ],
)
def test_a_select_that_changes_tables_on_its_way_is_refused(
    path: Path, journal: Journal, keep: Any, change: str
) -> None:
    keep({"id": 1, "name": "Aster"})
    mine = pl.DataFrame({"n": [2]})
    with Warehouse(path) as warehouse:
        warehouse.load(journal)
        for query in (f"WITH changed AS ({change}) FROM changed", f"EXPLAIN ANALYZE {change}"):
            with pytest.raises(RequestRefused, match="Nothing was changed"):
                warehouse.sql(query, mine=mine)
        assert warehouse.sql("SELECT company_id, name, n FROM companies, mine", mine=mine).rows() == [(1, "Aster", 2)]
    assert Warehouse(path).sql("SELECT company_id, name FROM companies").rows() == [(1, "Aster")]


def test_no_query_reads_files(path: Path) -> None:
    secret = path.with_name("secret.txt")
    warehouse = Warehouse(path)
    warehouse.sql("SELECT 1 AS one")
    secret.write_text("a\n1\n")
    for source in (f"read_text('{secret}')", f"read_csv('{secret}')", f"'{secret}'", f"read_text('{path}.txt')"):
        with pytest.raises(RequestRefused, match="Nothing was changed"):
            warehouse.sql(f"FROM {source}")
    for query in (f"ATTACH '{path.with_name('other')}'", "INSTALL sqlite", "LOAD sqlite"):
        with pytest.raises(RequestRefused, match="Nothing was changed"):
            warehouse.sql(query)


def test_threads_may_ask_one_warehouse_at_the_same_time(warehouse: Warehouse) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda n: warehouse.sql("SELECT n FROM mine", mine=pl.DataFrame({"n": [n]})).item(), range(40))
    assert list(found) == list(range(40))


def test_a_variable_that_happens_to_have_the_name_is_not_a_table(warehouse: Warehouse) -> None:
    with pytest.raises(RequestRefused, match="frame does not exist"):
        warehouse.sql("FROM frame", mine=pl.DataFrame({"n": [1]}))  # `frame` is a variable where the query is sent


def test_the_repr_counts_rows_and_neither_raises_nor_makes_a_file(path: Path, journal: Journal, keep: Any) -> None:
    warehouse = Warehouse(path)
    assert repr(warehouse) == "<Warehouse: nothing loaded yet>"
    assert not path.exists()
    keep({"id": 1, "name": "<script>"})
    warehouse.load(journal)
    assert repr(warehouse) == (
        "<Warehouse: 1 row in 16 tables>\n"
        "  companies                  1\n"
        "  company_hashtags           0\n"
        "  company_locations          0\n"
        "  company_previews           0\n"
        "  contact_previews           0\n"
        "  contacts                   0\n"
        "  deals                      0\n"
        "  hierarchies                0\n"
        "  intent_signals             0\n"
        "  ip_matches                 0\n"
        "  locations                  0\n"
        "  news                       0\n"
        "  news_previews              0\n"
        "  org_charts                 0\n"
        "  scoops                     0\n"
        "  technologies               0"
    )
    assert "<th>companies</th><td>1</td>" in warehouse._repr_html_()
    path.write_bytes(b"<script>" * 5000)
    assert "is not a sound warehouse" in repr(warehouse)
    assert "<script>" not in warehouse._repr_html_()
