"""Whatever happens to one of the journal's files, nothing that it changes of what was paid for stays silent."""

from __future__ import annotations

import random
import shutil
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest

from zianalytics.errors import JournalDamaged, RepliesMissing, StoreDamaged, StoreUnusable
from zianalytics.journal import Allowance, Charge, Found, Intent, Journal, Settlement
from zianalytics.journal.upkeep import inspection
from zianalytics.schema.meters import Meters
from zianalytics.schema.usage import LimitTold

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
Intend = Callable[..., Intent]


def buy(journal: Journal, intend: Intend, *ids: int, at: datetime = NOW, caps: tuple[str, ...] = ()) -> Intent:
    """One call of one batch, from its reservation to its end."""
    worst = Meters(credits=len(ids), records=len(ids), requests=1)
    call = journal.ledger.begin("enrich.companies", worst, at=at, caps=caps)
    intent = intend(call, *ids, at=at)
    journal.reserve(intent)
    body = b", ".join(b'{"id": %d, "name": "Quorvane %d"}' % (n, n * 7919) for n in ids)
    told = (LimitTold(limit_type="uniqueIdLimit", used=ids[0], allowed=5_000),)
    number = journal.keep(
        intent, intent.operation, b"", status=200, headers={"x-request-id": "r"}, received=at, body=body, usage=told
    )
    journal.settle(settled(intent, number, at))
    journal.ledger.end(call, finished=True)
    return intent


def settled(intent: Intent, number: int, at: datetime = NOW) -> Settlement:
    ids = [str(n) for n in intent.ids]
    return Settlement(
        intent=intent.id,
        charged_at=at,
        reply=number,
        request_id="r",
        charges=tuple(Charge(entity="company", record_id=n, redeems=True) for n in ids),
        found=tuple(
            Found(input_row=r, asked=intent.asked[r], record_id=n, status="matched") for r, n in enumerate(ids)
        ),
    )


def live(journal: Journal, intend: Intend, *, days: int = 9) -> None:
    """Some days of an account: a standing budget, purchases, a lost reply, gifts, somebody who is suppressed."""
    cap = journal.ledger.caps.open(Allowance(credits=500, records=900), "standing", at=NOW)
    for day in range(days):
        at = NOW + timedelta(days=day)
        buy(journal, intend, *range(day * 40, day * 40 + 1 + 3 * day), at=at, caps=(cap,))
        journal.give("deals", b"deal %d" % day, at=at)
    worst = Meters(credits=7, records=7, requests=1)
    call = journal.ledger.begin("enrich.companies", worst, at=NOW, caps=(cap,))
    lost = intend(call, *range(900, 907))
    journal.reserve(lost)
    journal.doubt(lost.id)
    journal.ledger.end(call, finished=False)


def view(journal: Journal) -> dict[str, Any]:
    """Every paid row, every balance and every count."""
    cap = journal.ledger.caps.standing()
    return {
        "replies": [(one.id, one.intent, one.status, one.headers, one.received, one.body) for one in journal.replies()],
        "given": list(journal.given("deals")),
        "charged": journal.statements.ledger().rows(),
        "managed": journal.managed("company").rows(),
        "held": journal.held("enrich.companies", ids=list(range(1000))).rows(),
        "totals": journal.statements.totals(),
        "left": cap and journal.ledger.caps.left(cap),
        "unknown": journal.ledger.unknown(),
        "limits": journal.usage.history(),
    }


@dataclass
class Kept:
    """Copies of one account's folder: closed, in use (with the -wal files), as it was before, and another's."""

    closed: Path
    in_use: Path
    before: Path
    others: Path
    seen: dict[str, Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, intend: Intend) -> Kept:
    home = tmp_path_factory.mktemp("home")
    for name in ("others", "account"):
        with Journal.open(home / name) as journal:
            live(journal, intend)
    shutil.copytree(home / "account", home / "before")
    with Journal.open(home / "account") as journal:
        live(journal, intend, days=4)
        seen = view(journal)
        shutil.copytree(home / "account", home / "in_use", ignore=shutil.ignore_patterns("*.lock"))
    return Kept(home / "account", home / "in_use", home / "before", home / "others", seen)


def flip(path: Path, chance: random.Random, kept: Kept) -> None:
    """One bit."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def cut(path: Path, chance: random.Random, kept: Kept) -> None:
    """The end."""
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def garble(path: Path, chance: random.Random, kept: Kept) -> None:
    """A sector."""
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content)) // 512 * 512
    content[at : at + 512] = chance.randbytes(len(content[at : at + 512]))
    path.write_bytes(content)


def delete(path: Path, chance: random.Random, kept: Kept) -> None:
    path.unlink()


def swap(path: Path, chance: random.Random, kept: Kept) -> None:
    """An older copy, or another account's file."""
    other = chance.choice([kept.before, kept.others]) / path.name
    if other.exists():
        shutil.copy(other, path)
    else:
        path.unlink()


@pytest.mark.parametrize("what", [flip, cut, garble, delete, swap], ids=lambda one: one.__name__)
@pytest.mark.parametrize("state", ["closed", "in use"])
def test_damage_that_changes_anything_is_said(
    kept: Kept, tmp_path: Path, what: Callable[..., None], state: str
) -> None:
    source = kept.closed if state == "closed" else kept.in_use
    names = sorted(path.name for path in source.iterdir() if path.name.endswith((".db", "-wal")))
    silent = []
    for seed in range(28 if what in (flip, cut, garble) else 8):
        for_name = names[seed % len(names)]
        folder = tmp_path / str(seed)
        shutil.copytree(source, folder)
        what(folder / for_name, random.Random(seed), kept)
        said, seen = opened(folder)
        if not said and seen is not None and seen != kept.seen:
            silent.append((seed, for_name, [key for key in seen if seen[key] != kept.seen[key]]))
        if seen and seen["left"]:
            assert seen["left"].credits <= kept.seen["left"].credits, (seed, for_name)
    assert silent == []


def opened(folder: Path) -> tuple[bool, dict[str, Any] | None]:
    """Whether opening it has said anything, and what it then holds; None when it was refused."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            with Journal.open(folder) as journal:
                return any(issubclass(one.category, JournalDamaged) for one in said), view(journal)
        except StoreUnusable:
            return True, None


@pytest.fixture
def large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as one whose bodies are not looked at on opening."""
    monkeypatch.setattr(inspection, "WHOLE_UP_TO", 0)


def test_a_damaged_body_of_a_large_file_is_said_when_it_is_read_and_set_aside_on_the_next_opening(
    tmp_path: Path, intend: Intend, large_files: None
) -> None:
    with Journal.open(tmp_path) as journal:
        for n in range(3):
            buy(journal, intend, n + 1, at=NOW + timedelta(days=n))
    raw = apsw.Connection(str(tmp_path / "replies.db"))
    raw.execute("update replies set body = zeroblob(30) where id = (select max(id) from replies)")
    raw.close()
    with (
        Journal.open(tmp_path) as journal,
        pytest.raises(StoreDamaged, match=r"replies\.db: reply \d+ is not what was"),
    ):
        list(journal.replies())
    with (
        pytest.warns(JournalDamaged, match=r"replies\.db is damaged: rows of replies are not as they were written"),
        pytest.warns(RepliesMissing, match="lacks 1 of the replies"),
    ):
        journal = Journal.open(tmp_path)
    with journal:
        assert len(list(journal.replies())) == 2


def test_a_row_that_is_gone_from_a_large_file_is_said_at_once(
    tmp_path: Path, intend: Intend, large_files: None
) -> None:
    with Journal.open(tmp_path) as journal:
        buy(journal, intend, 1)
        journal.give("deals", b"deal", at=NOW)
    raw = apsw.Connection(str(tmp_path / "replies.db"))
    raw.execute("delete from given")
    raw.close()
    with pytest.warns(JournalDamaged, match=r"rows of given are not as they were written \(those of 1\)"):
        Journal.open(tmp_path).close()


@pytest.mark.parametrize(
    ("name", "sql", "said"),
    [
        ("ledger.db", "delete from charges where id = 2", "rows of charges are not as they were written"),
        ("ledger.db", "update calls set credits = 99", "rows of calls are not as they were written"),
        ("ledger.db", "update caps set credits = 600", "rows of caps are not as they were written"),
        ("ledger.db", "delete from draws where rowid = 1", "rows of draws are not as they were written"),
        ("ledger.db", "update intents set state = 'released' where state = 'unknown'", "rows of intents are not as"),
        ("ledger.db", "delete from found where input_row = 1", "rows of found are not as they were written"),
        (
            "ledger.db",
            "insert into charges select 9999, intent, operation, entity, '99', 0, 1, charged_at, null, null "
            "from charges limit 1",
            "rows of charges are not as they were written",
        ),
        (
            "ledger.db",
            "delete from charges where intent = (select intent from charges where id = 1); delete from sealed "
            "where of = 'charges' and part not in (select intent from charges)",
            "it does not hold what its last commit left",
        ),
        ("ledger.db", "delete from chain where seq = 3", "the chain of its commits is broken"),
        ("ledger.db", "update partner set seq = seq + 1", "what it remembers of the other file is garbled"),
        ("replies.db", "delete from given where id = 2", "rows of given are not as they were written"),
        ("replies.db", 'update replies set headers = \'{"x-request-id": "s"}\'', "rows of replies are not as they"),
        ("replies.db", "update usage set used = 1", "rows of usage are not as they were written"),
        ("replies.db", "update partner set link = zeroblob(32)", "what it remembers of the other file is garbled"),
    ],
    ids=str,
)
def test_a_change_by_another_hand_is_named(kept: Kept, tmp_path: Path, name: str, sql: str, said: str) -> None:
    shutil.copytree(kept.closed, tmp_path / "account")
    raw = apsw.Connection(str(tmp_path / "account" / name))
    for (trigger,) in raw.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
        raw.execute(f"drop trigger {trigger}")
    raw.execute(sql)
    raw.close()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        Journal.open(tmp_path / "account").close()
    assert said in str(told[0].message)
    assert f"set aside as {name.replace('.', '.damaged-1.')}" in str(told[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error", JournalDamaged)  # it is said once; `zia doctor` says it on
        warnings.simplefilter("ignore", RepliesMissing)
        Journal.open(tmp_path / "account").close()


def test_a_journal_that_is_being_written_to_is_never_called_damaged(tmp_path: Path, intend: Intend) -> None:
    with Journal.open(tmp_path) as writer, ThreadPoolExecutor(1) as beside:
        writing = beside.submit(lambda: [buy(writer, intend, n, n + 1000) for n in range(1, 120)])
        opened_meanwhile = 0
        while not writing.done():
            Journal.open(tmp_path).close()  # a warning would be an error
            opened_meanwhile += 1
        writing.result()
        assert opened_meanwhile > 2
