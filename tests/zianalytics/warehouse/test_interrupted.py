"""Ctrl-C while the database is at work comes out as Ctrl-C, and what it left is gone on with."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import polars as pl
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.journal import Journal
from zianalytics.warehouse import Warehouse
from zianalytics.warehouse.file import interruptible


@contextmanager
def watched(press: Callable[[FrameType, str, Any], None]) -> Iterator[None]:
    """A block of which each call is shown to something that may press Ctrl-C, wherever the tests were begun."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.setprofile(press)
    try:
        yield
    finally:
        sys.setprofile(None)
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("is_held", [False, True], ids=["file", "with"])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_a_load_that_is_interrupted_as_rows_are_handed_over_is_gone_on_with(
    tmp_path: Path, journal: Journal, keep: Any, number: int, is_held: bool
) -> None:
    for n in range(60):
        keep({"id": n + 1, "name": "Aster"})
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    if is_held:
        warehouse.__enter__()
    calls = 0

    def press(frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_name == "__arrow_c_stream__"
        if calls == number:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), watched(press):
        warehouse.load(journal)
    assert warehouse.rows()["companies"] == 0
    assert warehouse.load(journal) == 60
    assert warehouse.rows()["companies"] == 60
    assert warehouse.load(journal) == 0


def test_a_query_that_is_interrupted_as_it_takes_a_frame_comes_out_as_ctrl_c() -> None:
    def press(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_name == "to_arrow":
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    warehouse, mine = Warehouse(), pl.DataFrame({"n": [1]})
    with pytest.raises(KeyboardInterrupt) as told, watched(press):
        warehouse.sql("FROM mine", mine=mine)
    assert isinstance(told.value.__cause__, duckdb.InvalidInputException)  # the database had made an error of it
    assert warehouse.sql("FROM mine", mine=mine).item() == 1


OF_CTRL_C = {
    "a stream": duckdb.InvalidInputException(
        "Invalid Input Error: exporting a stream from the object registered as 'arriving' failed: KeyboardInterrupt: "
    ),
    "a statement": duckdb.InterruptException("INTERRUPT Error: Interrupted!"),
    "a wait": RuntimeError("Query interrupted"),
}
OF_SOMETHING_ELSE = {
    "a stream": duckdb.InvalidInputException("Invalid Input Error: exporting a stream failed: ValueError: text"),
    "a file": duckdb.IOException("IO Error: no space left on device"),
    "a program": RuntimeError("generator raised StopIteration"),
}


@pytest.mark.parametrize("said", OF_CTRL_C.values(), ids=OF_CTRL_C)
def test_whatever_the_database_makes_of_ctrl_c_comes_out_as_ctrl_c(said: Exception) -> None:
    with pytest.raises(KeyboardInterrupt) as told, interruptible():
        raise said
    assert told.value.__cause__ is said


@pytest.mark.parametrize("said", OF_SOMETHING_ELSE.values(), ids=OF_SOMETHING_ELSE)
def test_what_is_not_of_ctrl_c_stays_what_it_is(said: Exception) -> None:
    with pytest.raises(type(said)) as told, interruptible():
        raise said
    assert told.value is said


def test_a_query_that_fails_by_itself_is_still_refused() -> None:
    with pytest.raises(RequestRefused, match="no such luck"):
        Warehouse().sql("SELECT error('no such luck')")
