"""The two files of a journal together: what the one remembers and the other holds."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zianalytics.errors import JournalDamaged, RepliesMissing
from zianalytics.journal import Charge, Found, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
Intend = Callable[..., Intent]


def buy(journal: Journal, intend: Intend, company_id: int) -> int:
    """One company, kept and settled; returns the number of its reply."""
    call = journal.ledger.begin("enrich.companies", Meters(credits=1, records=1, requests=1), at=NOW)
    intent = intend(call, company_id)
    journal.reserve(intent)
    number = journal.keep(intent, intent.operation, b"", status=200, headers={}, received=NOW, body=b"%d" % company_id)
    journal.settle(
        Settlement(
            intent=intent.id,
            charged_at=NOW,
            reply=number,
            charges=(Charge(entity="company", record_id=str(company_id), redeems=True),),
            found=(Found(input_row=0, asked=f"company {company_id}", record_id=str(company_id), status="matched"),),
        )
    )
    journal.ledger.end(call, finished=True)
    return number


def held(journal: Journal, *ids: int) -> dict[int, bytes]:
    """The body that is held about each company."""
    answers = journal.held("enrich.companies", ids=ids)
    bodies = journal.some_replies(answers["reply"].to_list())
    return {record: bodies[reply].body for record, reply in answers.select("id", "reply").rows()}


@pytest.mark.parametrize("replaced_by", ["nothing", "an older copy"])
def test_a_reply_that_is_gone_is_reported_and_never_taken_for_another(
    tmp_path: Path, intend: Intend, replaced_by: str
) -> None:
    folder = tmp_path / "account"
    with Journal.open(folder) as journal:
        buy(journal, intend, 1)
    shutil.copy(folder / "replies.db", tmp_path / "older.db")
    with Journal.open(folder) as journal:
        buy(journal, intend, 2)
        buy(journal, intend, 3)
        assert held(journal, 1, 2, 3) == {1: b"1", 2: b"2", 3: b"3"}
    (folder / "replies.db").unlink()
    if replaced_by == "an older copy":
        shutil.copy(tmp_path / "older.db", folder / "replies.db")
    gone = {"nothing": 3, "an older copy": 2}[replaced_by]
    what = {"nothing": "is gone, and a new one was made", "an older copy": "is an older copy"}[replaced_by]
    with (
        pytest.warns(JournalDamaged, match=rf"replies\.db {what}"),
        pytest.warns(RepliesMissing, match=rf"replies\.db lacks {gone} of the replies that ledger\.db knows of"),
    ):
        opened = Journal.open(folder)
    with opened as journal:
        for company_id in range(4, 10):
            buy(journal, intend, company_id)
        bought = {n: b"%d" % n for n in range(4, 10)}
        there = bought if gone == 3 else {1: b"1"} | bought
        assert held(journal, *range(1, 10)) == there
        assert len(journal.managed("company")) == 9


def test_a_whole_journal_says_nothing(tmp_path: Path, intend: Intend) -> None:
    with Journal.open(tmp_path) as journal:
        buy(journal, intend, 1)
    with Journal.open(tmp_path) as journal:
        assert held(journal, 1) == {1: b"1"}


def test_numbers_of_replies_grow(journal: Journal, intend: Intend) -> None:
    numbers = [buy(journal, intend, n) for n in range(20)]
    assert numbers == sorted(set(numbers))
