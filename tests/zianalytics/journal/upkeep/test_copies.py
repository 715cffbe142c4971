"""A copy is of one moment and sound, or it is none; put back, it is the journal again, and what it lacks is said."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from zianalytics.errors import RequestRefused, StoreDamaged, StoreHeld
from zianalytics.journal import (
    Allowance,
    Charge,
    Found,
    Intent,
    Journal,
    Person,
    Settlement,
    back_up,
    restore,
)
from zianalytics.schema.meters import Meters

Intend = Callable[..., Intent]
NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


def buy(journal: Journal, intend: Intend, *ids: int, caps: tuple[str, ...] = ()) -> None:
    worst = Meters(credits=len(ids), records=len(ids), requests=1)
    call = journal.ledger.begin("enrich.companies", worst, at=NOW, caps=caps)
    intent = intend(call, *ids)
    journal.reserve(intent)
    number = journal.keep(
        intent, "enrich.companies", intent.request, status=200, headers={}, received=NOW, body=b"%d" % ids[0]
    )
    charges = tuple(Charge(entity="company", record_id=str(one), redeems=True) for one in ids)
    found = tuple(
        Found(input_row=at, asked=f"company {one}", record_id=str(one), status="matched") for at, one in enumerate(ids)
    )
    journal.settle(Settlement(intent=intent.id, charged_at=NOW, reply=number, charges=charges, found=found))
    journal.ledger.end(call, finished=True)


def view(journal: Journal) -> dict[str, Any]:
    cap = journal.ledger.caps.standing()
    return {
        "charged": journal.statements.ledger().rows(),
        "managed": journal.managed("company").rows(),
        "bodies": [one.body for one in journal.replies()],
        "suppressed": journal.people.keys(),
        "left": cap and journal.ledger.caps.left(cap),
    }


@pytest.fixture
def folder(tmp_path: Path, intend: Intend) -> Path:
    """An account with a budget, charges and a suppression."""
    with Journal.open(tmp_path / "home" / "account") as journal:
        cap = journal.ledger.caps.open(Allowance(credits=10, records=20), "standing", at=NOW)
        buy(journal, intend, 1, 2, caps=(cap,))
        journal.people.suppress([Person(email="ada@aster.example")], reason="asked", at=NOW)
        return journal.folder


def test_a_copy_put_back_is_the_journal_again(folder: Path, tmp_path: Path) -> None:
    with Journal.open(folder) as journal:
        seen = view(journal)
        copy = back_up(folder, tmp_path / "copy.zip")  # while a client has it open
    assert copy.counts["charges"] == 2
    assert (tmp_path / "copy.zip").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.zip", "home"]
    told = restore(tmp_path / "copy.zip", folder)
    assert (told.is_known, told.is_older, told.has_budget) == (True, False, False)
    assert told.aside == ("ledger.replaced-1.db", "replies.replaced-1.db")
    with Journal.open(folder) as journal:
        assert view(journal) == seen
    elsewhere = tmp_path / "elsewhere" / "account"
    assert not restore(tmp_path / "copy.zip", elsewhere).is_known
    with Journal.open(elsewhere) as journal:
        assert view(journal) == {**seen, "left": Allowance(credits=0, records=0, requests=0)}


def test_an_older_copy_says_what_it_lacks_and_forgets_no_suppression(
    folder: Path, tmp_path: Path, intend: Intend
) -> None:
    back_up(folder, tmp_path / "copy.zip")
    with Journal.open(folder) as journal:
        buy(journal, intend, 3, 4, 5)
        journal.people.suppress([Person(contact_id=7)], reason="asked", at=NOW)
        journal.people.erase([8], ["bob@aster.example"], at=NOW)
    (folder / "warehouse.duckdb").write_bytes(b"tables of what is not there any more")
    told = restore(tmp_path / "copy.zip", folder)
    assert (told.credits, told.records, told.replies, told.erased) == (3, 3, 1, (8,))
    assert (told.is_older, told.has_budget) == (True, True)
    assert not (folder / "warehouse.duckdb").exists()
    with Journal.open(folder) as journal:
        assert journal.people.keys() == {"ada@aster.example", 7, 8}
        assert journal.people.marked(["bob@aster.example", "x"]) == {"bob@aster.example"}
        assert view(journal)["left"] == Allowance(credits=0, records=0, requests=0)
        assert len(view(journal)["charged"]) == 2


def test_a_copy_never_takes_the_place_of_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.zip").write_text("mine")
    with pytest.raises(RequestRefused, match=r"copy\.zip is there already\. Nothing was written"):
        back_up(folder, tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").read_text() == "mine"
    with pytest.raises(RequestRefused, match="there is no folder"):
        back_up(folder, tmp_path / "none" / "copy.zip")
    (tmp_path / "copies").mkdir()
    made = back_up(folder, tmp_path / "copies", now=NOW)
    assert made.path == tmp_path / "copies" / "account-20310301T090000Z.zip"


def test_a_journal_that_is_damaged_is_not_copied(folder: Path, tmp_path: Path) -> None:
    content = bytearray((folder / "ledger.db").read_bytes())
    content[4096 * 3 : 4096 * 4] = bytes(4096)
    (folder / "ledger.db").write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"is not sound .* Nothing was written"):
        back_up(folder, tmp_path / "copy.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_what_is_no_sound_copy_is_not_put_in_place(folder: Path, tmp_path: Path) -> None:
    good = back_up(folder, tmp_path / "copy.zip").path
    before = {path.name: path.read_bytes() for path in folder.glob("*.db")}
    (tmp_path / "text.zip").write_text("no zip")
    with ZipFile(good) as read, ZipFile(tmp_path / "changed.zip", "w") as write:
        for name in read.namelist():
            write.writestr(name, read.read(name).replace(b"company", b"cumpany"))
    content = bytearray(good.read_bytes())
    content[20_000] ^= 1
    (tmp_path / "flipped.zip").write_bytes(content)
    for name in ("text.zip", "changed.zip", "flipped.zip"):
        with pytest.raises(StoreDamaged, match=r"Nothing was changed\. Use another"):
            restore(tmp_path / name, folder)
    with pytest.raises(RequestRefused, match="is a copy of the account account, not of other"):
        restore(good, folder.with_name("other"))
    assert {path.name: path.read_bytes() for path in folder.glob("*.db")} == before


def test_nothing_is_put_in_place_while_a_client_works(folder: Path, tmp_path: Path) -> None:
    good = back_up(folder, tmp_path / "copy.zip").path
    with Journal.open(folder), pytest.raises(StoreHeld, match=r"A client has .* open\. Nothing was changed\."):
        restore(good, folder)
    assert not restore(good, folder).is_older


def test_a_copy_is_of_one_moment_whoever_writes(folder: Path, tmp_path: Path, intend: Intend) -> None:
    done = threading.Event()
    with Journal.open(folder) as journal:

        def write() -> None:
            number = 100
            while not done.is_set():
                buy(journal, intend, number)
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            copies = [back_up(folder, tmp_path / f"{n}.zip").path for n in range(3)]
        finally:
            done.set()
            writer.join()
    for n, copy in enumerate(copies):
        place = tmp_path / str(n) / "account"
        restore(copy, place)
        with Journal.open(place) as journal:  # says so where a reply is not settled, or the other way round
            lacking = {one.intent.id for one in journal.replies() if one.intent} - {
                row[10] for row in journal.statements.ledger().rows()
            }
            assert len(lacking) <= 1  # kept, and about to be settled


DIES_AT = """
import os, signal, sys
from pathlib import Path
from zianalytics.journal import back_up, restore

calls = 0

def die(event, args):
    global calls
    if event in ("os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir"):
        calls += 1
        if calls == int(sys.argv[4]):
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)
{"back_up": lambda: back_up(Path(sys.argv[2]), Path(sys.argv[3])),
 "restore": lambda: restore(Path(sys.argv[3]), Path(sys.argv[2]))}[sys.argv[1]]()
"""


def run_and_die(what: str, folder: Path, copy: Path, nth: int) -> int:
    command = [sys.executable, "-c", DIES_AT, what, str(folder), str(copy), str(nth)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_restoration_that_was_killed_is_whole_or_has_not_happened(
    folder: Path, tmp_path: Path, intend: Intend
) -> None:
    copy = back_up(folder, tmp_path / "copy.zip").path
    with Journal.open(folder) as journal:
        old = len(view(journal)["charged"])
        buy(journal, intend, 3, 4, 5)
    seen = set()
    for nth in range(2, 40, 4):
        with Journal.open(folder) as journal:
            if len(view(journal)["charged"]) == old:
                buy(journal, intend, 3, 4, 5)
        ended = run_and_die("restore", folder, copy, nth)
        with Journal.open(folder) as journal:
            seen.add((ended, len(view(journal)["charged"])))
        if ended == 0:
            break
    assert seen == {(-signal.SIGKILL, old + 3), (-signal.SIGKILL, old), (0, old)}


def test_a_copy_that_was_killed_leaves_none_under_its_name(folder: Path, tmp_path: Path) -> None:
    for nth in (1, 3):
        assert run_and_die("back_up", folder, tmp_path / "copy.zip", nth) == -signal.SIGKILL
        assert not (tmp_path / "copy.zip").exists()
    back_up(folder, tmp_path / "copy.zip")


def test_a_restoration_that_had_not_all_of_its_copy_has_not_happened(folder: Path) -> None:
    with Journal.open(folder) as journal:
        seen = view(journal)
    (folder / "restoring").mkdir()
    (folder / "restoring" / "ledger.db").write_bytes(b"half a file")
    with Journal.open(folder) as journal:
        assert view(journal) == seen
    assert not (folder / "restoring").exists()
