"""The digests of addresses beside the journal: whole and of this ledger, or void; and no address among them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from zianalytics.journal import Intent, Journal
from zianalytics.schema.meters import Meters

from ..conftest import NOW

COMPANIES = "enrich.companies"


def written(journal: Journal) -> Path:
    known = journal.addressed.of(COMPANIES)
    known.add("ana@northlake.example", 7)
    known.add("both.example", 8)
    known.add("both.example", 9)
    known.up_to = 3
    journal.addressed.write(COMPANIES)
    return journal.folder / "addresses-enrich.companies.bin"


def spend(journal: Journal, intend: Callable[..., Intent], company: int) -> None:
    call = journal.ledger.begin(COMPANIES, Meters(credits=1, records=1, requests=1), at=NOW)
    journal.reserve(intend(call, company))


def test_what_one_process_knows_another_reads_and_no_address_is_in_the_file(journal: Journal) -> None:
    path = written(journal)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"northlake" not in path.read_bytes()
    with Journal.open(journal.folder) as other:
        known = other.addressed.of(COMPANIES)
        assert (known.up_to, known.record_of("ana@northlake.example")) == (3, 7)
        assert known.record_of("both.example") is None, "two records have it"
        assert known.record_of("else.example") is None


def test_an_id_that_is_none_is_not_taken_in(journal: Journal) -> None:
    known = journal.addressed.of(COMPANIES)
    known.add("odd.example", -4)
    journal.addressed.write(COMPANIES)
    assert known.record_of("odd.example") is None


@pytest.mark.parametrize("at", [0, 40, -1], ids=["digest", "head", "end"])
def test_a_file_that_was_damaged_or_cut_is_void(journal: Journal, at: int) -> None:
    path = written(journal)
    whole = bytearray(path.read_bytes())
    whole[at] ^= 1
    for content in (bytes(whole), path.read_bytes()[:-9], b"", b"\xc1" * 90):
        path.write_bytes(content)
        with Journal.open(journal.folder) as other:
            known = other.addressed.of(COMPANIES)
            assert (known.up_to, known.records) == (0, {})


def test_it_is_void_for_an_older_copy_of_the_ledger_whatever_that_has_paid_since(
    tmp_path: Path, intend: Callable[..., Intent]
) -> None:
    folder, copy = tmp_path / "account", tmp_path / "copy"
    with Journal.open(folder) as journal:
        spend(journal, intend, 1)
    shutil.copytree(folder, copy)
    with Journal.open(folder) as journal:
        spend(journal, intend, 2)
        path = written(journal)
    with Journal.open(folder) as journal:
        spend(journal, intend, 3)
        assert journal.addressed.of(COMPANIES).up_to == 3, "the ledger has gone on from there"
    kept = path.read_bytes()
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    with Journal.open(folder) as journal:
        spend(journal, intend, 4)
        spend(journal, intend, 5)
        path.write_bytes(kept)
        assert journal.addressed.of(COMPANIES).up_to == 0


def test_it_is_void_for_a_ledger_that_was_mended(
    journal: Journal, tmp_path: Path, intend: Callable[..., Intent]
) -> None:
    spend(journal, intend, 1)
    path = written(journal)
    journal.close()
    with apsw.Connection(str(journal.folder / "ledger.db")) as db:
        db.execute("update intents set credits = 0")
    with pytest.warns(match=r"ledger\.db is damaged"):
        Journal.open(journal.folder).close()
    assert not path.exists()


def test_a_disk_that_takes_nothing_is_no_reason_to_fail(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zianalytics.journal.disk.files.NamedTemporaryFile", full)
    assert not written(journal).exists()
    assert journal.addressed.of(COMPANIES).record_of("ana@northlake.example") == 7


def test_what_could_not_be_put_in_its_place_is_not_left_beside_it(journal: Journal) -> None:
    (journal.folder / "addresses-enrich.companies.bin").mkdir()
    assert written(journal).is_dir()
    assert not list(journal.folder.glob("*.part"))
