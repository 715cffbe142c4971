"""What DuckDB says when it cannot open a file, and what is made of it."""

from __future__ import annotations

import shlex
from pathlib import Path

import duckdb
import pytest

from zianalytics.errors import StoreDamaged, StoreHeld
from zianalytics.warehouse.file import connect, damaged, holder, rebuild_command

POSIX = (
    'IO Error: Could not set lock on file "{path}": Conflicting lock is held in /usr/bin/python3.11 (PID 4711) by user '
    "ann. See also https://duckdb.org/docs/current/connect/concurrency"
)
WINDOWS = (
    'IO Error: Cannot open file "{path}": The process cannot access the file because it is being used by another '
    "process.\r\n\n\nFile is already open in \nC:\\Program Files (x86)\\Python 3.11\\python.exe (PID 8252)"
)
# The system's half of the message comes in the language of the system.
WINDOWS_IN_GERMAN = (
    'IO Error: Cannot open file "{path}": Der Prozess kann nicht auf die Datei zugreifen, da sie von einem anderen '
    "Prozess verwendet wird.\r\n\n\nFile is already open in \nC:\\Python\\python.exe (PID 8252)"
)
HELD = {
    "Linux and macOS": (POSIX, "process 4711 (python3.11)"),
    "without a name": ('IO Error: Could not set lock on file "{path}": Permission denied', "another process"),
    "Windows": (WINDOWS, "process 8252 (python.exe)"),
    "Windows in German": (WINDOWS_IN_GERMAN, "process 8252 (python.exe)"),
    "Windows without a name": (WINDOWS.partition("\r")[0], "another process"),
}
NOT_HELD = {
    "no database": 'IO Error: The file "{path}" exists, but it is not a valid DuckDB database file!',
    "no right": 'IO Error: Cannot open file "{path}": Permission denied',
    "a database within": "Serialization Error: block 7 is damaged in {path}",
}
PATHS = [
    Path("store/warehouse.duckdb"),
    Path("my-clock/warehouse.duckdb"),
    Path('Conflicting lock is held in x (PID 7)/File is already open in "y" (PID 8)/warehouse.duckdb'),
]


@pytest.mark.parametrize("path", PATHS, ids=str)
@pytest.mark.parametrize(("message", "who"), HELD.values(), ids=HELD.keys())
def test_who_holds_a_file_is_read_off_the_message(path: Path, message: str, who: str) -> None:
    assert holder(message.format(path=path), path) == who


@pytest.mark.parametrize("path", PATHS, ids=str)
@pytest.mark.parametrize("message", NOT_HELD.values(), ids=NOT_HELD.keys())
def test_a_file_that_nobody_holds_is_not_waited_for_whatever_its_folder_is_called(path: Path, message: str) -> None:
    assert holder(message.format(path=path), path) is None
    assert holder(message.format(path=path.as_posix()), path) is None


def test_what_is_no_database_is_named_at_once_even_in_a_folder_called_clock(tmp_path: Path) -> None:
    path = tmp_path / "my-clock" / "warehouse.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"my holiday photos " * 500)

    def pause(seconds: float) -> None:
        raise AssertionError("nobody holds it: there is nothing to wait for")

    with pytest.raises(StoreDamaged, match="not a valid DuckDB database"):
        connect(path, pause=pause)


def test_a_file_of_another_database_is_no_reason_to_fetch_an_extension(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"SQLite format 3\0" + b"\0" * 5000)
    with pytest.raises(StoreDamaged, match="Loading external extensions is disabled"):
        connect(path)


def test_a_file_that_this_program_has_open_by_itself_is_held_and_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path), pytest.raises(StoreHeld, match="held by another connection of this program"):
        connect(path, patience_s=0)


@pytest.mark.parametrize("name", ["home", "my home", "it's $HOME `x`"])
def test_the_command_that_is_advised_names_the_home_of_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "account" / "warehouse.duckdb"
    command = rebuild_command(path, windows=False)
    assert shlex.split(command) == ["zia", "rebuild", "--home", str(tmp_path / name)]
    assert str(damaged(path, ValueError("no header"))).endswith(f"run: {rebuild_command(path)}")


def test_a_relative_file_is_advised_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = shlex.split(rebuild_command(Path("home/account/warehouse.duckdb"), windows=False))
    assert said == ["zia", "rebuild", "--home", str(tmp_path / "home")]


def test_windows_gets_double_quotes_which_all_its_shells_know(tmp_path: Path) -> None:
    home = tmp_path / "a & b"
    assert rebuild_command(home / "account" / "warehouse.duckdb", windows=True) == f'zia rebuild --home "{home}"'
