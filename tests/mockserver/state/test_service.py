"""What a service remembers outlives its process; one state file belongs to one sandbox and one world."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mockserver.state import Call, Charge, Service, StateUnusable

START = datetime(2026, 10, 1, 9, tzinfo=UTC)
WORLD = {"seed": 7, "companies": 10}
SPENT = Call("2026-10-01T09:30:00+00:00", "/enrich/company", "r-1", 1, (Charge("company", "42", 1, 1),))


def opened(
    path: Path | None,
    *,
    now: datetime | None = START,
    world: Mapping[str, int | None] = WORLD,
    bundle: str | None = None,
) -> Service:
    return Service(path, now=now, world=world, bundle=bundle, monotonic=lambda: 0.0)


def test_account_charges_and_clock_are_there_again(tmp_path: Path) -> None:
    first = opened(tmp_path / "state.db")
    account = first.account
    first.meters.keep(SPENT)
    first.advance(3)
    first.close()
    second = opened(tmp_path / "state.db")
    assert second.account == account
    assert second.meters.calls() == [SPENT]
    assert second.meters.used["uniqueIdLimit"] == 1
    assert second.clock.now() == START + timedelta(days=3)
    second.close()


def test_a_charge_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    child = f"""
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from mockserver.state import Call, Charge, Service
service = Service(Path({str(tmp_path / "state.db")!r}), now=datetime(2026, 10, 1, 9, tzinfo=UTC), world={WORLD!r})
service.meters.keep({SPENT!r})
print("kept", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"kept"
        process.kill()
    second = opened(tmp_path / "state.db")
    assert second.meters.calls() == [SPENT]
    assert second.clock.now() == datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
    second.close()


OLDER = """
DROP TABLE calls;
CREATE TABLE calls (n INTEGER PRIMARY KEY, time TEXT NOT NULL, endpoint TEXT NOT NULL,
    request_id TEXT NOT NULL, requests INTEGER NOT NULL);
CREATE TABLE charges (n INTEGER PRIMARY KEY, call INTEGER NOT NULL REFERENCES calls (n),
    entity TEXT NOT NULL, id TEXT NOT NULL, credits INTEGER NOT NULL, records INTEGER NOT NULL);
INSERT INTO calls VALUES (1, '2026-10-01T09:30:00+00:00', '/enrich/company', 'r-1', 1),
    (2, '2026-10-01T09:31:00+00:00', '/search/company', 'r-2', 1),
    (3, '2026-10-01T09:32:00+00:00', '/enrich/contact', 'r-3', 1);
INSERT INTO charges VALUES (1, 1, 'company', '42', 1, 1), (2, 3, 'contact', '9', 1, 1),
    (3, 1, 'company', '42', 0, 1), (4, 1, 'company', '7', 1, 1);
"""


def older(path: Path) -> None:
    """A state in which each charge is a row of its own."""
    opened(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(OLDER)


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        return {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def test_a_file_in_which_each_charge_was_a_row_is_taken_over(tmp_path: Path) -> None:
    older(tmp_path / "state.db")
    for _ in range(2):
        again = opened(tmp_path / "state.db")
        assert again.meters.calls() == [
            Call(
                "2026-10-01T09:30:00+00:00",
                "/enrich/company",
                "r-1",
                1,
                (Charge("company", "42", 1, 1), Charge("company", "42", 0, 1), Charge("company", "7", 1, 1)),
            ),
            Call("2026-10-01T09:31:00+00:00", "/search/company", "r-2", 1),
            Call("2026-10-01T09:32:00+00:00", "/enrich/contact", "r-3", 1, (Charge("contact", "9", 1, 1),)),
        ]
        again.close()


def test_an_older_file_that_is_damaged_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """What could be read of it would lack charges, and the rest would be gone."""
    path = tmp_path / "state.db"
    older(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA wal_checkpoint(truncate)")
        [(size,)], [(page,)] = (
            db.execute("PRAGMA page_size").fetchall(),
            db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'charges'").fetchall(),
        )
    whole = bytearray(path.read_bytes())
    cells = (page - 1) * size + 3
    assert int.from_bytes(whole[cells : cells + 2]) == 4
    whole[cells : cells + 2] = (2).to_bytes(2)
    path.write_bytes(whole)
    with pytest.raises(StateUnusable, match=r"Nothing was changed"):
        opened(path)
    assert "charges" in tables(path)


def test_an_older_file_of_another_world_is_left_as_it_is(tmp_path: Path) -> None:
    older(tmp_path / "state.db")
    with pytest.raises(StateUnusable, match=r"belongs to a world with seed .*Nothing was changed"):
        opened(tmp_path / "state.db", world={"seed": 11})
    assert "charges" in tables(tmp_path / "state.db")


def test_charges_that_cannot_be_read_make_a_state_unusable(tmp_path: Path) -> None:
    first = opened(tmp_path / "state.db")
    first.meters.keep(SPENT)
    first.close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as db, db:
        db.execute("UPDATE calls SET charges = substr(charges, 1, 12)")
    with pytest.raises(StateUnusable, match=r"state\.db is a damaged state file"):
        opened(tmp_path / "state.db")


def test_the_clock_never_goes_back_but_can_be_started_later(tmp_path: Path) -> None:
    first = opened(tmp_path / "state.db")
    first.advance(10)
    first.close()
    again = opened(tmp_path / "state.db", now=START - timedelta(days=100))
    assert again.clock.now() == START + timedelta(days=10)
    again.close()
    later = opened(tmp_path / "state.db", now=START + timedelta(days=20))
    assert (later.clock.now(), later.origin) == (START + timedelta(days=20), START)
    later.close()


def test_what_is_not_said_is_taken_from_the_state(tmp_path: Path) -> None:
    early = START - timedelta(days=400)
    opened(tmp_path / "state.db", now=early, world={"seed": 8, "companies": 12}, bundle="scaling").close()
    again = opened(tmp_path / "state.db", now=None, world={"seed": None, "companies": None})
    assert again.world == {"seed": 8, "companies": 12}
    assert (again.origin, again.clock.now()) == (early, early)
    assert again.bundle.per_second == 33
    again.close()
    fresh = opened(None, now=None, world={"seed": None, "companies": 12})
    assert (fresh.world, fresh.origin, fresh.bundle.per_second) == ({"seed": 7, "companies": 12}, START, 25)
    fresh.close()


def test_a_state_of_another_world_is_refused(tmp_path: Path) -> None:
    opened(tmp_path / "state.db").close()
    with pytest.raises(StateUnusable, match=r"world with seed 7, and 8 was asked for.*Ask for seed 7, leave it out"):
        opened(tmp_path / "state.db", world={"seed": 8, "companies": 10})


def test_a_file_that_is_no_state_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"minutes of a meeting" * 100)
    with pytest.raises(StateUnusable, match="is not a state file"):
        opened(path)
    assert path.read_bytes() == b"minutes of a meeting" * 100


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("clock", text) for text in ("not a date", "9999-12-31T23:59:00+00:00", "2026-10-01T09:00:00")),
        *(("origin", text) for text in ("1", "0001-01-01T00:00:00+00:00")),
        ("generation", "x"),
        ("seed", "x"),
        ("bundle", "x"),
        *(("account", text) for text in ("{}", "null", "{")),
    ],
)
def test_a_fact_that_cannot_be_true_makes_a_state_unusable(tmp_path: Path, name: str, value: str) -> None:
    opened(tmp_path / "state.db").close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as db, db:
        db.execute("UPDATE facts SET value = ? WHERE name = ?", (value, name))
    for _ in range(2):  # it is let go again, and refused again
        with pytest.raises(StateUnusable, match=r"state\.db is a damaged state file .*Name another file"):
            opened(tmp_path / "state.db", world={"seed": None, "companies": None})


def test_damage_in_the_middle_of_a_state_file_is_found_at_once(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    service = opened(path)
    for n in range(100):
        service.meters.keep(Call(f"2026-10-01T10:00:{n % 60:02}+00:00", "/enrich/company", f"r-{n}", 1, SPENT.charges))
    service.close()
    whole = path.read_bytes()
    pages = len(whole) // 4096
    assert pages >= 4
    for page in range(1, pages):
        path.write_bytes(whole[: page * 4096] + b"\xff" * 3000 + whole[page * 4096 + 3000 :])
        with pytest.raises(StateUnusable, match=r"state\.db is (not|a damaged) "):
            opened(path)


def test_a_state_that_another_sandbox_holds_is_refused(tmp_path: Path) -> None:
    first = opened(tmp_path / "state.db")
    with pytest.raises(StateUnusable, match="held by another sandbox"):
        opened(tmp_path / "state.db")
    first.close()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    service = opened(tmp_path / "state.db")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}
    service.close()


def test_no_secret_is_in_the_repr_of_an_account() -> None:
    service = opened(None)
    account = service.account
    assert repr(account) == f"Account(username='{account.username}')"
    service.close()


def test_a_reset_forgets_all_but_the_account() -> None:
    service = opened(None)
    account, token = service.account, service.tokens.issue("ada", START)
    service.meters.keep(SPENT)
    service.advance(5)
    service.reset()
    assert service.account == account
    assert not service.tokens.is_good(token, START)
    assert service.meters.calls() == []
    assert service.meters.used["uniqueIdLimit"] == 0
    assert not service.meters.is_managed("company", "42", START)
    assert service.clock.now() == START
    service.close()
