"""What the service said of its limits stays, in few rows, for every process."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import apsw
import pytest

from zianalytics.errors import StoreUnusable
from zianalytics.journal import Journal
from zianalytics.schema.usage import LimitTold

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


NAMES = ("uniqueIdLimit", "requestLimit", "recordLimit")


def told(used: int | None, allowed: int | None = 5_000, limit: str = "uniqueIdLimit") -> tuple[LimitTold, ...]:
    return (LimitTold(limit_type=limit, used=used, allowed=allowed),)


def counts(journal: Journal) -> list[tuple[datetime, int | None]]:
    return [(one.at, one.used) for one in journal.usage.history()]


def keep(journal: Journal, used: int, at: datetime) -> None:
    journal.keep(None, "usage", b"", status=200, headers={}, received=at, body=b"{}", usage=told(used))


def test_a_count_that_came_with_a_reply_outlives_the_process(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        keep(journal, 7, NOW)
    with Journal.open(tmp_path) as journal:
        [one] = journal.usage.history()
    assert (one.at, one.limit_type, one.used, one.allowed, one.source) == (NOW, "uniqueIdLimit", 7, 5_000, "header")


def test_a_reply_and_its_counts_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    Journal.open(tmp_path).close()
    raw = apsw.Connection(str(tmp_path / "replies.db"))
    raw.execute("create trigger no before insert on usage begin select raise(abort, 'not now'); end")
    raw.close()
    with Journal.open(tmp_path) as journal:
        with pytest.raises(StoreUnusable, match="not now"):
            keep(journal, 7, NOW)
        assert list(journal.replies()) == []


def test_many_replies_leave_the_first_count_and_a_row_a_minute_with_the_last(journal: Journal) -> None:
    for n in range(300):  # two and a half minutes of two replies a second
        keep(journal, n, NOW + timedelta(seconds=n / 2))
    assert counts(journal) == [
        (NOW, 0),
        (NOW + timedelta(seconds=59.5), 119),
        (NOW + timedelta(seconds=119.5), 239),
        (NOW + timedelta(seconds=149.5), 299),
    ]


def test_a_count_that_stands_still_is_kept_once_a_day(journal: Journal) -> None:
    for hours in (0, 1, 2, 24, 25):
        journal.usage.note(told(7), at=NOW + timedelta(hours=hours), source="look-up")
    assert counts(journal) == [(NOW, 7), (NOW + timedelta(hours=24), 7)]


def test_a_reply_that_was_overtaken_within_its_minute_undoes_nothing(journal: Journal) -> None:
    keep(journal, 9, NOW + timedelta(seconds=5))
    keep(journal, 8, NOW + timedelta(seconds=4))
    assert counts(journal) == [(NOW + timedelta(seconds=5), 9)]


def test_of_replies_that_cross_each_other_the_higher_count_is_the_newer(journal: Journal) -> None:
    keep(journal, 5, NOW - timedelta(minutes=1))
    keep(journal, 8, NOW + timedelta(seconds=2))
    keep(journal, 9, NOW + timedelta(seconds=1))  # by a clock that is set by each reply, to the second
    keep(journal, 7, NOW + timedelta(seconds=3))  # sent before both, and late
    assert [used for _, used in counts(journal)] == [5, 9]


def test_the_first_count_stays_and_is_not_crossed_either(journal: Journal) -> None:
    keep(journal, 8, NOW + timedelta(seconds=2))
    keep(journal, 9, NOW + timedelta(seconds=1))
    keep(journal, 7, NOW + timedelta(seconds=3))
    assert counts(journal) == [(NOW + timedelta(seconds=2), 8), (NOW + timedelta(seconds=2), 9)]
    assert journal.usage.newest(["uniqueIdLimit"])["uniqueIdLimit"].used == 9


def test_a_count_that_begins_anew_within_its_minute_is_taken_after_some_seconds(journal: Journal) -> None:
    keep(journal, 9, NOW)
    keep(journal, 0, NOW + timedelta(seconds=20))
    assert [used for _, used in counts(journal)] == [9, 0]
    keep(journal, 4, NOW + timedelta(seconds=30))
    keep(journal, 1, NOW + timedelta(seconds=50))
    assert [used for _, used in counts(journal)] == [9, 1]


def test_a_limit_that_is_raised_is_news(journal: Journal) -> None:
    journal.usage.note(told(7), at=NOW, source="look-up")
    journal.usage.note(told(7, 6_000), at=NOW + timedelta(minutes=1), source="header")
    assert [(one.allowed, one.source) for one in journal.usage.history()] == [(5_000, "look-up"), (6_000, "header")]


def test_the_newest_of_each_limit_is_at_hand(journal: Journal) -> None:
    for minutes in range(3):
        at = NOW + timedelta(minutes=minutes)
        journal.usage.note(told(minutes) + told(10 * minutes, None, "requestLimit"), at=at, source="header")
    assert {name: (one.used, one.allowed) for name, one in journal.usage.newest(NAMES).items()} == {
        "uniqueIdLimit": (2, 5_000),
        "requestLimit": (20, None),
    }


def test_what_is_not_known_is_kept_as_such(journal: Journal) -> None:
    journal.usage.note(told(None, None), at=NOW, source="header")
    journal.usage.note(told(None, None), at=NOW + timedelta(minutes=1), source="header")
    assert [(one.used, one.allowed) for one in journal.usage.history()] == [(None, None)]


def test_a_journal_from_before_limits_were_kept_is_brought_up_to_date(tmp_path: Path) -> None:
    for name, mark in (("ledger", 0x5A494C31), ("replies", 0x5A495231)):
        older = apsw.Connection(str(tmp_path / f"{name}.db"))
        older.execute(files("zianalytics.journal.disk").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8"))
        older.execute(f"pragma application_id={mark}; pragma user_version=1")
        if name == "replies":
            given = [zlib.compress(b"deal_id"), sha256(b"deal_id").digest()]
            older.execute(
                "insert into given (kind, at, payload, sha256) values ('deals', '2031-03-01T09:00:00+00:00', ?, ?)",
                given,
            )
        older.close()
    with Journal.open(tmp_path) as journal:
        keep(journal, 7, NOW)
        assert counts(journal) == [(NOW, 7)]
        assert [one.payload for one in journal.given("deals")] == [b"deal_id"]
    again = apsw.Connection(str(tmp_path / "replies.db"))
    assert again.pragma("user_version") >= 2
    assert again.pragma("application_id") == 0x5A495231
    again.close()


@pytest.mark.parametrize("name", ["ledger.db", "replies.db"])
def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path, name: str) -> None:
    Journal.open(tmp_path).close()
    newer = apsw.Connection(str(tmp_path / name))
    newer.execute("pragma user_version=99")
    newer.close()
    with pytest.raises(StoreUnusable, match=rf"{name} was written by a newer version of zianalytics\. Nothing was"):
        Journal.open(tmp_path)
