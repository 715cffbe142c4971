"""Everything is looked at, whatever state it is in; no secret is shown, and nothing is changed."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from zianalytics.doctor import Finding, examine
from zianalytics.doctor.account import token
from zianalytics.doctor.finding import looked
from zianalytics.doctor.system import home, sqlite
from zianalytics.journal import Charge, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"  # invented


@pytest.fixture
def account(tmp_path: Path) -> Path:
    """An account that has bought one company."""
    folder = tmp_path / "home" / "account"
    with Journal.open(folder) as journal:
        worst = Meters(credits=1, records=1, requests=1)
        call = journal.ledger.begin("enrich.companies", worst, at=NOW)
        intent = Intent(
            id="i", call=call.id, operation="enrich.companies", request=b"", worst=worst, at=NOW, asked=("1",), ids=(1,)
        )
        journal.reserve(intent)
        number = journal.keep(intent, "enrich.companies", b"", status=200, headers={}, received=NOW, body=b"{}")
        charge = Charge(entity="company", record_id="1", redeems=True)
        journal.settle(Settlement(intent="i", charged_at=NOW, reply=number, charges=(charge,)))
        journal.ledger.end(call, finished=True)
    return folder


def found(tmp_path: Path, **environ: str) -> dict[str, Finding]:
    return {one.what: one for one in examine(home=tmp_path / "home", environ=environ, folder=tmp_path)}


def test_a_sound_home_is_all_well(tmp_path: Path, account: Path) -> None:
    told = found(tmp_path, ZOOMINFO_USERNAME="ana@northlake.example", ZOOMINFO_PASSWORD=PASSWORD)
    assert {name: one.found for name, one in told.items() if one.state != "ok" and name != "disk"} == {}
    assert told["account/ledger.db"].found.startswith("whole: 1 calls, 1 intents, 1 charges; ")
    assert told["account: ledger and replies"].found == "each has all that the other knows of"
    assert told["account/ledger.db: balances"].state == "ok"
    assert told["settings"].found == "complete; it signs in at https://api.zoominfo.com by password"
    assert PASSWORD not in str(told)
    assert "ana@northlake" not in str(told)


def test_nothing_is_changed(tmp_path: Path, account: Path) -> None:
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in account.glob("*.db")}
    found(tmp_path)
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in account.glob("*.db")} == before


def damage(path: Path, sql: str) -> None:
    db = apsw.Connection(str(path))
    db.execute("drop trigger if exists spent_never_falls; drop trigger if exists spent_never_vanishes")
    db.execute(sql)
    db.close()


@pytest.mark.parametrize(
    ("harm", "what", "said"),
    [
        (
            lambda folder: damage(folder / "ledger.db", "update charges set credits = 9"),
            "account/ledger.db",
            "rows of charges are not as they were written (those of i)",
        ),
        (
            lambda folder: damage(folder / "replies.db", "delete from replies"),
            "account/replies.db",
            "rows of replies are not as they were written",
        ),
        (lambda folder: (folder / "ledger.db").write_bytes(b"?" * 9000), "account/ledger.db", "SQLite cannot read it"),
        (
            lambda folder: (folder / "replies.db").unlink(),
            "account: ledger and replies",
            "replies.db is gone, and a new one was made",
        ),
        (
            lambda folder: damage(folder / "ledger.db", "update chain set link = zeroblob(32) where seq = 2"),
            "account/ledger.db",
            "the chain of its commits is broken",
        ),
        (
            lambda folder: (folder / "warehouse.duckdb").write_bytes(b"no database" * 999),
            "account/warehouse.duckdb",
            "",
        ),
    ],
    ids=["charge", "reply", "garbage", "gone", "chain", "warehouse"],
)
def test_damage_is_told_with_what_to_do(
    tmp_path: Path, account: Path, harm: Callable[[Path], object], what: str, said: str
) -> None:
    harm(account)
    told = found(tmp_path)[what]
    assert told.state == "bad"
    assert said in told.found
    assert told.advice


@pytest.mark.parametrize(("cut", "other"), [("ledger.db", "replies.db"), ("replies.db", "ledger.db")])
def test_a_file_that_breaks_off_is_told_by_its_name_beside_the_one_that_is_whole(
    tmp_path: Path, account: Path, cut: str, other: str
) -> None:
    path = account / cut
    path.write_bytes(path.read_bytes()[: 3 * 4096])
    told = found(tmp_path)
    assert told[f"account/{cut}"].state == "bad"
    assert told[f"account/{cut}"].found.startswith("SQLite cannot read it")
    assert told[f"account/{cut}"].advice.startswith("Close all clients of it")
    assert told[f"account/{other}"].state == "ok"
    assert "journal of account" not in told


def test_what_was_found_is_told_though_a_look_does_not_come_to_its_end() -> None:
    def look() -> Iterator[Finding]:
        yield Finding("bad", "ledger.db", "it is damaged", "Put a copy back.")
        raise RuntimeError

    assert [(one.what, one.found) for one in looked("journal", look)] == [
        ("ledger.db", "it is damaged"),
        ("journal", "it could not be looked at (RuntimeError)"),
    ]


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    told = found(tmp_path)["home"]
    assert (told.state, told.found) == (
        "bad",
        f"{tmp_path / 'home'} cannot hold what is paid for: {tmp_path / 'home'} is a file",
    )


def test_a_home_that_cannot_be_written_is_told(
    tmp_path: Path, bound_by_rights: Callable[[Callable[[], Any]], Any]
) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    told = bound_by_rights(lambda: found(tmp_path))["home"]
    assert told.found.endswith("cannot hold what is paid for: you may not write there")


def test_what_was_found_before_stays_told(tmp_path: Path, account: Path) -> None:
    (account / "ledger.db").write_bytes(b"?" * 9000)
    with pytest.warns(match=r"ledger\.db is damaged"):
        Journal.open(account).close()
    told = found(tmp_path)
    assert [one.what for one in told.values() if one.state == "bad"] == []
    assert "ledger.db is damaged" in told["account/ledger.db: history"].found
    assert told["account/ledger.damaged-1.db"].state == "warn"
    assert told["account/ledger.db: unanswered"].found.startswith("1 requests have no end")


@pytest.mark.parametrize(
    ("environ", "state", "said"),
    [
        ({}, "warn", "no ZoomInfo user is set"),
        (
            {"ZOOMINFO_USERNAM": "ana"},
            "bad",
            "ZOOMINFO_USERNAM in the environment is not a setting: write ZOOMINFO_USERNAME.",
        ),
        ({"ZOOMINFO_USERNAME": "ana"}, "bad", "There is neither a password nor a private key for ana."),
    ],
    ids=["missing", "misspelt", "half"],
)
def test_settings_that_are_missing_or_misspelt_are_told(
    tmp_path: Path, environ: dict[str, str], state: str, said: str
) -> None:
    told = found(tmp_path, **environ)["settings"]
    assert (told.state, told.found) == (state, said)
    assert told.advice


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_key_is_told_by_its_kind_and_size_and_by_who_may_read_it(tmp_path: Path) -> None:
    pem = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "key.pem").chmod(0o644)
    environ = {
        "ZOOMINFO_USERNAME": "ana", "ZOOMINFO_CLIENT_ID": "c", "ZOOMINFO_PRIVATE_KEY_FILE": str(tmp_path / "key.pem")
    }  # fmt: skip
    told = found(tmp_path, **environ)
    assert told["private key"] == Finding("ok", "private key", "RSA, 2048 bits")
    assert told["private key file"].advice == f"chmod 600 '{tmp_path / 'key.pem'}'"
    assert pem.decode().splitlines()[1] not in str(told)
    (tmp_path / "key.pem").write_text("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")
    assert "certificate, not a private key" in found(tmp_path, **environ)["private key"].found


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_files_that_others_may_read_are_named(tmp_path: Path, account: Path) -> None:
    (account / "replies.db").chmod(0o644)
    told = found(tmp_path)["files of account"]
    assert (told.state, told.found) == ("warn", "others on this machine may use replies.db")


def test_a_token_is_told_by_its_age_and_the_clock_by_how_far_it_is_off(tmp_path: Path) -> None:
    now = time.time() + 86_400
    held = {"token": "secret-value", "since": now - 600, "renew_at": now + 2700, "clock_offset_s": 86_400.0}
    (tmp_path / "token.json").write_text(json.dumps(held))
    aged, clock = token(tmp_path)
    assert aged.found == "one is cached, 10 min old; it is renewed in 45 min"
    assert (clock.state, clock.found) == ("warn", "the service is 1 day, 0:00:00 ahead of this machine")
    assert "secret-value" not in f"{aged}{clock}"
    of_a_sandbox = [*token(tmp_path, sandbox=True)][1]
    assert (of_a_sandbox.state, of_a_sandbox.advice) == ("ok", "")
    assert of_a_sandbox.found == "a sandbox's own: 1 day, 0:00:00 ahead of this machine"
    (tmp_path / "token.json").write_text("{")
    assert [one.state for one in token(tmp_path)] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("version", "state"),
    [("3.40.1", "bad"), ("3.51.2", "bad"), ("3.51.3", "ok"), ("3.52.0", "bad"), ("3.53.0", "ok"), ("3.6.23", "ok")],
)
def test_versions_that_can_damage_a_shared_file_are_named(version: str, state: str) -> None:
    assert [one.state for one in sqlite(version)] == [state]


def test_little_room_and_a_disk_of_another_machine_are_told(tmp_path: Path) -> None:
    place, disk = home(tmp_path, free=10 * 1024**2, mounts="server:/x / nfs4 rw 0 0\n")
    assert (place.state, disk.state) == ("bad", "bad")
    assert [one.state for one in home(tmp_path, free=500 * 1024**2, mounts="")] == ["ok", "warn"]
