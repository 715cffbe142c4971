import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from zianalytics.errors import StoreDamaged, StoreUnusable
from zianalytics.journal import Journal

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "home" / "account") as journal:
        journal.give("deals", b"deal_id", at=NOW)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in journal.folder.iterdir()}
    assert stat.S_IMODE((tmp_path / "home" / "account").stat().st_mode) == 0o700
    assert {"ledger.db", "replies.db", "replies.db-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_the_files_are_written_by_a_log_and_keep_their_references(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal, journal.ledger.db.reading() as db:
        assert db.pragma("journal_mode") == "wal"
        assert db.pragma("foreign_keys") == 1


@pytest.mark.parametrize("name", ["ledger.db", "replies.db"])
def test_a_file_that_is_not_sqlite_is_named_and_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("deal_id,website\n")
    with pytest.raises(StoreDamaged, match=name):
        Journal.open(tmp_path)
    assert (tmp_path / name).read_text() == "deal_id,website\n"


def test_an_sqlite_file_of_someone_else_is_named(tmp_path: Path) -> None:
    other = apsw.Connection(str(tmp_path / "ledger.db"))
    other.execute("create table songs (title text)")
    other.close()
    with pytest.raises(StoreDamaged, match=r"ledger\.db is an SQLite file, but not the one that belongs there"):
        Journal.open(tmp_path)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreUnusable, match="cannot be used to keep what is paid for"):
        Journal.open(tmp_path / "home" / "account")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write")
def test_a_folder_that_nobody_can_write_is_refused() -> None:
    with pytest.raises(StoreUnusable, match="cannot be used to keep what is paid for"):
        Journal.open(Path("/proc/self/account"))
