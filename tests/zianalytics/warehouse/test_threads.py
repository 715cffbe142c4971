"""Threads of one process at the same tables: each of them gets what it asked for, and no file is called damaged."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import duckdb
import pytest

from zianalytics import ZoomInfo
from zianalytics.errors import RequestRefused, StoreHeld
from zianalytics.journal import Journal
from zianalytics.warehouse import Warehouse
from zianalytics.warehouse.file import _CONFIG
from zianalytics.warehouse.turns import turns_at

THREADS = 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "warehouse.duckdb"


@pytest.fixture(autouse=True)
def threads_change_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of these returns, all of them begun at the same moment in threads of their own."""
    barrier = Barrier(len(works))

    def begun(work: Callable[[], Any]) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begun, works))


class Halting:
    """A journal that says when a load has come to its second chunk, and goes on when it is told to."""

    def __init__(self, journal: Journal) -> None:
        self._journal, self.has_begun, self.may_go_on = journal, Event(), Event()

    def replies(self, after: int = 0, *, known: Any) -> Any:
        for n, reply in enumerate(self._journal.replies(after, known=known)):
            if n == 50:
                self.has_begun.set()
                assert self.may_go_on.wait(60)
            yield reply

    def given(self, kind: str, *, after: int = 0) -> Any:
        return self._journal.given(kind, after=after)


@pytest.mark.parametrize("is_held", [False, True], ids=["file", "with"])
@pytest.mark.parametrize("are_many", [False, True], ids=["one warehouse", "a warehouse each"])
def test_threads_that_load_and_ask_at_once_take_turns(
    path: Path, journal: Journal, keep: Any, are_many: bool, is_held: bool
) -> None:
    warehouses = [Warehouse(path) for _ in range(THREADS)] if are_many else [Warehouse(path)] * THREADS
    for received in range(3):
        for n in range(20):
            keep({"id": n + 1, "name": f"Aster {received}"})

        def load_and_ask(warehouse: Warehouse) -> tuple[int, Any]:
            new = warehouse.load(journal)
            return new, warehouse.sql("SELECT count(*), min(name) FROM companies").row(0)

        with warehouses[0] if is_held else nullcontext():
            said = at_once(*(lambda one=one: load_and_ask(one) for one in warehouses))
        assert sorted(new for new, _ in said) == [0, 0, 0, 20]
        assert {found for _, found in said} == {(20, f"Aster {received}")}
    assert warehouses[0].sql("SELECT count(*) FROM companies_history").item() == 60


def test_threads_share_the_warehouse_of_a_client() -> None:
    with ZoomInfo.mock(companies=100, progress=False) as zi:
        zi.search.companies(country="Germany", limit=10)
        zi.search.companies(country="United States", limit=10)
        found = at_once(*[lambda: zi.warehouse.sql("SELECT count(*) FROM company_previews").item()] * THREADS)
        assert found == [zi.warehouse.rows()["company_previews"]] * THREADS


def test_threads_load_into_memory_one_after_another(warehouse: Warehouse, journal: Journal, keep: Any) -> None:
    for n in range(120):
        keep({"id": n + 1, "name": "Aster"})
    assert sorted(at_once(*[lambda: warehouse.load(journal)] * THREADS)) == [0, 0, 0, 120]
    assert warehouse.rows()["companies"] == 120


def test_a_new_file_is_made_by_whoever_comes_first(path: Path) -> None:
    said = at_once(*[lambda: Warehouse(path).rows()["companies"]] * THREADS)
    assert said == [0, 0, 0, 0]


def test_threads_may_come_and_go_while_others_read(path: Path) -> None:
    warehouse = Warehouse(path)

    def come_and_go() -> int:
        found = 0
        for n in range(60):
            with warehouse:
                found += warehouse.rows()["companies"] + warehouse.sql("SELECT $n AS n", n=n).item()
        return found

    assert at_once(*[come_and_go] * THREADS) == [1770, 1770, 1770, 1770]
    with duckdb.connect(path):  # another configuration: the file is open nowhere else
        pass


def test_who_leaves_the_with_block_does_not_take_the_file_from_others(path: Path) -> None:
    warehouse, is_in, has_left = Warehouse(path), Event(), Event()

    def read() -> int:
        with warehouse:
            is_in.set()
            assert has_left.wait(60)
            return warehouse.rows()["companies"]

    with ThreadPoolExecutor(1) as pool:
        with warehouse:
            reading = pool.submit(read)
            assert is_in.wait(60)
        has_left.set()
        assert reading.result() == 0


def test_what_is_closed_ends_when_the_last_has_left(path: Path, journal: Journal, keep: Any) -> None:
    for n in range(60):
        keep({"id": n + 1, "name": "Aster"})
    for warehouse in (Warehouse(path), Warehouse()):
        source = Halting(journal)
        with ThreadPoolExecutor(1) as pool, warehouse:
            loading = pool.submit(warehouse.load, source)
            assert source.has_begun.wait(60)
            warehouse.close()
            source.may_go_on.set()
            assert loading.result() == 60
            assert warehouse.rows()["companies"] == 60
    assert warehouse.rows()["companies"] == 0  # of tables in memory nothing is left
    with duckdb.connect(path):  # another configuration: the file is open nowhere else
        pass


def test_tables_in_memory_are_made_again_beside_those_that_others_read(journal: Journal, keep: Any) -> None:
    keep({"id": 1, "name": "Aster"})
    with Warehouse() as warehouse:
        warehouse.load(journal)
        assert warehouse.rebuild(journal) == 1
        assert warehouse.rows()["companies"] == 1
    warehouse.close()


def test_others_read_what_has_landed_while_a_load_is_under_way(path: Path, journal: Journal, keep: Any) -> None:
    for n in range(60):
        keep({"id": n + 1, "name": "Aster"})
    warehouse, source = Warehouse(path), Halting(journal)
    with warehouse, ThreadPoolExecutor(1) as pool:
        loading = pool.submit(warehouse.load, source)
        assert source.has_begun.wait(60)
        found = warehouse.sql("SELECT count(*) FROM companies").item(), warehouse.rows()["companies"]
        source.may_go_on.set()
        assert (loading.result(), *found) == (60, 0, 0)
        assert warehouse.rows()["companies"] == 60


def test_a_file_is_not_made_again_under_another_who_has_it_open(path: Path, journal: Journal, keep: Any) -> None:
    keep({"id": 1, "name": "Aster"})
    with Warehouse(path) as other:
        other.load(journal)
        with pytest.raises(StoreHeld, match=r"held by another `Warehouse` of this program\. Nothing was changed\. "):
            Warehouse(path, patience_s=0).rebuild(journal)
        with pytest.raises(RequestRefused, match="Leave its `with` block"):
            other.rebuild(journal)
        assert other.rows()["companies"] == 1
    assert Warehouse(path, patience_s=0).rebuild(journal) == 1


def test_making_it_again_and_loading_take_turns(path: Path, journal: Journal, keep: Any) -> None:
    for n in range(60):
        keep({"id": n + 1, "name": "Aster"})
    Warehouse(path).load(journal)
    works = [lambda: Warehouse(path).load(journal), lambda: Warehouse(path, patience_s=60).rebuild(journal)] * 2
    assert at_once(*works) == [0, 60, 0, 60]
    assert Warehouse(path).rows()["companies"] == 60
    assert sorted(file.name for file in path.parent.iterdir()) == ["warehouse.duckdb"]


def test_who_waits_until_all_have_left_lets_them_have_the_turn_and_is_told(path: Path) -> None:
    turns, is_waiting = turns_at(path), Event()

    def wait() -> bool:
        with turns.turn:
            is_waiting.set()
            return turns.all_left(patience_s=40)

    with ThreadPoolExecutor(1) as pool:
        with Warehouse(path):
            waiting = pool.submit(wait)
            assert is_waiting.wait(60)
            with turns.turn:  # which comes free when the other waits
                assert not turns.all_left(patience_s=0)
        assert waiting.result(timeout=20)


def test_a_file_has_one_turn_however_it_is_named(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = turns_at(path)
    monkeypatch.chdir(tmp_path)
    assert turns_at(Path("store/../store/warehouse.duckdb")) is turns
    assert turns_at(path.with_name("other.duckdb")) is not turns
    assert turns_at(None) is not turns_at(None)


def test_a_conflict_with_another_connection_is_told_as_held_and_the_next_load_goes_on(
    path: Path, journal: Journal, keep: Any
) -> None:
    keep({"id": 1, "name": "Aster"})
    warehouse = Warehouse(path)
    warehouse.sql("SELECT 1 AS one")
    with duckdb.connect(path, config=_CONFIG) as other:
        other.execute("BEGIN; UPDATE loaded SET up_to = 7")
        with pytest.raises(StoreHeld) as told:
            warehouse.load(journal)
    assert str(told.value).startswith(f"{path} was changed by another connection of this program at the same time (")
    assert str(told.value).endswith(
        "No reply was added by half, and nothing paid for is lost: it is in the journal. "
        "Close the other connection, and run this again; it goes on where this one stopped."
    )
    assert warehouse.rows()["companies"] == 0
    assert warehouse.load(journal) == 1
