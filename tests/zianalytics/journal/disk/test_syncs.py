"""What is believed has waited for the disk first; who interrupts it leaves nothing behind that others would rely on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
import pytest

from benchmarks.power_cuts import Event, Recorder
from zianalytics.errors import JournalDamaged
from zianalytics.journal import Charge, Intent, Journal, Settlement
from zianalytics.journal.disk.files import Database
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
WORST = Meters(credits=1, records=1, requests=1)
Intend = Callable[..., Intent]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the layer that is recorded and kill -9 are POSIX's")


@pytest.fixture
def events() -> Iterator[list[Event]]:
    """What is done to the files."""
    found: list[Event] = []
    usual = apsw.vfs_names()[0]
    recorder = Recorder(found)
    yield found
    apsw.set_default_vfs(usual)
    del recorder


def syncs(events: list[Event], step: Callable[[], object]) -> Counter[str]:
    """How often a step has waited for the disk, by file."""
    before = len(events)
    step()
    return Counter(one.name for one in events[before:] if one.what == "sync")


def kept(journal: Journal, intent: Intent | None, body: bytes = b"{}") -> int:
    return journal.keep(intent, "enrich.companies", b"", status=200, headers={}, received=NOW, body=body)


def settled(intent: Intent, number: int, *, payer: str | None = None) -> Settlement:
    charges = (Charge(entity="company", record_id="1", redeems=True),)
    return Settlement(intent=intent.id, charged_at=NOW, reply=number, charges=charges, pays_from=payer)


def test_a_paid_request_waits_twice_and_its_call_once_more(events: list[Event], tmp_path: Path, intend: Intend) -> None:
    with Journal.open(tmp_path) as journal:
        call = journal.ledger.begin("enrich.companies", WORST, at=NOW)
        intent = intend(call, 1)
        assert syncs(events, lambda: journal.reserve(intent)) == {"ledger.db-wal": 1}
        assert syncs(events, lambda: kept(journal, intent)) == {"replies.db-wal": 1}
        [number] = journal.some_replies([one.id for one in journal.replies()])
        assert not syncs(events, lambda: journal.settle(settled(intent, number)))
        assert syncs(events, lambda: journal.ledger.end(call, finished=True)) == {"ledger.db-wal": 1}


def test_a_settlement_that_no_reply_of_its_own_proves_waits(
    events: list[Event], tmp_path: Path, intend: Intend
) -> None:
    with Journal.open(tmp_path) as journal:
        call = journal.ledger.begin("enrich.companies", Meters(credits=2, records=2, requests=2), at=NOW)
        lost, again = intend(call, 1), intend(call, 2)
        journal.reserve(lost)
        journal.reserve(again)
        number = kept(journal, again)
        paid = settled(again, number, payer=lost.id)
        assert syncs(events, lambda: journal.settle(paid)) == {"ledger.db-wal": 1}
        ended = Settlement(intent=lost.id, charged_at=NOW)
        assert syncs(events, lambda: journal.settle(ended)) == {"ledger.db-wal": 1}


def test_who_is_erased_is_noted_when_no_settlement_can_be_undone_any_more(
    events: list[Event], tmp_path: Path, intend: Intend
) -> None:
    with Journal.open(tmp_path) as journal:
        intent = intend(journal.ledger.begin("enrich.companies", WORST, at=NOW), 1)
        journal.reserve(intent)
        journal.settle(settled(intent, kept(journal, intent)))
        assert syncs(events, lambda: journal.erasing.begin(b"whom"))["ledger.db-wal"] == 1


class Interrupted:
    """A connection during one statement of which Ctrl-C is pressed: Python hears of it as the statement returns."""

    def __init__(self, real: apsw.Connection, statement: str) -> None:
        self._real, self._statement = real, statement

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, sql: str, *values: Any) -> apsw.Cursor:
        done = self._real.execute(sql, *values)
        if sql == self._statement:
            raise KeyboardInterrupt
        return done


@pytest.mark.parametrize("statement", ["pragma synchronous=normal", "begin immediate"])
def test_ctrl_c_leaves_a_file_to_others_and_its_commits_waiting_for_the_disk(
    events: list[Event], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    with Journal.open(tmp_path) as journal, Journal.open(tmp_path) as another:
        replies = journal._replies.db
        with monkeypatch.context() as patch:
            patch.setattr(replies, "_connection", Interrupted(replies._connection, statement))
            with pytest.raises(KeyboardInterrupt):
                journal.ledger.begin("enrich.companies", WORST, at=NOW)  # the replies note it
        assert syncs(events, lambda: kept(another, None))["replies.db-wal"] == 1
        assert syncs(events, lambda: kept(journal, None))["replies.db-wal"] == 1


def test_a_file_is_closed_though_the_note_of_the_other_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.open(tmp_path)

    def fails(self: Database) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Database, "note", fails)
    with pytest.raises(KeyboardInterrupt):
        journal.close()
    monkeypatch.undo()
    with Journal.open(tmp_path) as again:
        assert again.erasing.is_alone


DELIVERED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from zianalytics.journal import Journal
journal = Journal.open(Path(sys.argv[1]))
for number in range(9):
    at = datetime.now(UTC)
    journal.keep(None, "webhooks.delivery", b"", status=200, headers={}, received=at, body=b"%d" % number)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_deliveries_that_are_cut_off_after_a_kill_are_missed(tmp_path: Path) -> None:
    """Nothing follows on them in the ledger, and the service does not send them again."""
    home = tmp_path / "account"
    with Journal.open(home) as journal:
        kept(journal, None)
    older = shutil.copy(home / "replies.db", tmp_path)
    subprocess.run([sys.executable, "-c", DELIVERED, str(home)], check=False)
    for file in home.glob("replies.db*"):
        file.unlink()
    shutil.copy(older, home / "replies.db")
    with pytest.warns(JournalDamaged, match="replies.db is an older copy"):
        Journal.open(home).close()
