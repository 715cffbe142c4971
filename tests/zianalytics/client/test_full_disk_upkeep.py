"""A disk that gets full while somebody reconciles, erases or copies: nothing is lost, and with room again it ends."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zianalytics.api.enterprise.erased import Whom
from zianalytics.client.people.erasure import Erasure
from zianalytics.clock import ServerClock
from zianalytics.errors import NotAnswered, StoreUnusable
from zianalytics.journal import Journal, back_up, restore
from zianalytics.schema.meters import Meters
from zianalytics.warehouse import Warehouse, renew

if TYPE_CHECKING:
    from .conftest import Client, Desk, Disk, Service

COMPANIES = 50
Mounted = Callable[..., Path]


@contextmanager
def full(place: Path, *, but: int) -> Iterator[None]:
    """A file system with so much room and no more."""
    other = place / "other"
    other.write_bytes(bytes(shutil.disk_usage(place).free - but))
    yield
    other.unlink()


def unanswered(client: Client, service: Service) -> None:
    """Two paid requests whose replies are lost."""
    service.sandbox.set_faults({"rules": [{"path": "/enrich/company", "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[:COMPANIES], max_credits=COMPANIES)
    service.sandbox.set_faults({"rules": []})


def reconciled_again(desk: Desk, service: Service) -> None:
    """With room again all has its end, and both sides agree."""
    client = desk.client()
    client.ledger.reconcile(max_records=COMPANIES)
    assert client.ledger.totals().unknown == Meters()
    assert client.charges == service.charges
    assert sum(row["credits"] for row in service.sandbox.ledger()) == client.ledger.totals().spent.credits


@pytest.mark.parametrize("room", [0, 30_000, 90_000])
def test_what_a_reconciliation_could_not_keep_is_reconciled_later(
    desk: Desk, service: Service, disk: Disk, room: int
) -> None:
    client = desk.client()
    unanswered(client, service)
    disk.room = room
    with pytest.raises(StoreUnusable, match=r"full|disk I/O error"):
        client.ledger.reconcile(max_records=COMPANIES)
    disk.room = None
    client.close()
    reconciled_again(desk, service)


def test_the_same_on_a_file_system_that_is_full(desk: Desk, service: Service, mounted: Mounted) -> None:
    small = mounted(desk.home / "account")
    client = desk.client()
    unanswered(client, service)
    with full(small, but=40_000), pytest.raises(StoreUnusable, match=r"full|disk I/O error"):
        client.ledger.reconcile(max_records=COMPANIES)
    client.close()
    reconciled_again(desk, service)


@pytest.mark.parametrize("room", [0, 50_000])
def test_lost_replies_that_could_not_be_kept_are_fetched_later_at_no_credit(
    desk: Desk, service: Service, disk: Disk, room: int
) -> None:
    client = desk.client()
    client.enrich.companies(service.ids[:COMPANIES], fields=["name"], max_credits=COMPANIES)
    client.close()
    for left in (desk.home / "account").glob("replies.db*"):
        left.unlink()
    with warnings.catch_warnings(action="ignore"):
        client = desk.client()
        disk.room = room
        with pytest.raises(StoreUnusable, match="full"):
            client.ledger.reconcile(max_records=COMPANIES)
        disk.room = None
        client.close()
        client = desk.client()
    client.ledger.reconcile(max_records=COMPANIES)
    assert client.ledger.reconcile(max_records=COMPANIES).is_empty()
    found = client.enrich.companies(service.ids[:COMPANIES], fields=["name"])
    assert found["name"].null_count() == 0
    assert client.ledger.totals().spent.credits == sum(row["credits"] for row in service.sandbox.ledger()) == COMPANIES


def someone(client: Client, service: Service) -> tuple[int, str]:
    """A person who is kept in replies and in the warehouse: id and address."""
    person = next(one for one in service.sandbox.world.contacts.values() if one.email)
    client.enrich.contacts([{"email": str(person.email)}], max_credits=1)
    client.enrich.companies(service.ids[:25], max_credits=25)
    folder = client.journal.folder
    Warehouse(folder / "warehouse.duckdb").rebuild(client.journal)
    return person.id, str(person.email)


def erase(journal: Journal, person: int) -> None:
    erasure = Erasure(journal, ServerClock(), lambda: renew(journal.folder, journal))
    erasure.finish()
    erasure.run([Whom(ids=frozenset([person]))])


def is_named(folder: Path, address: str) -> bool:
    with Journal.open(folder) as journal:
        bodies = b"".join(one.body + one.request for one in journal.replies())
    files = b"".join(one.read_bytes() for one in folder.glob("*.d*b*"))
    return address.encode() in bodies + files


@pytest.mark.parametrize("room", [0, 20_000])
def test_an_erasure_that_had_no_room_is_finished_when_there_is_some(
    desk: Desk, service: Service, disk: Disk, room: int
) -> None:
    client = desk.client()
    person, address = someone(client, service)
    charged = client.ledger.frame()
    folder = client.journal.folder
    client.close()
    assert is_named(folder, address)
    with Journal.open(folder) as journal:
        disk.room = room
        with pytest.raises(StoreUnusable, match="full"):
            erase(journal, person)
        disk.room = None
    with Journal.open(folder) as journal:
        erase(journal, person)
    assert not is_named(folder, address)
    assert desk.client().ledger.frame().equals(charged)


def test_an_erasure_that_had_no_room_for_the_warehouse_is_finished_when_there_is_some(
    desk: Desk, service: Service, mounted: Mounted
) -> None:
    small = mounted(desk.home / "account", size="16m")
    client = desk.client()
    person, address = someone(client, service)
    client.close()
    with full(small, but=1_000_000), Journal.open(small) as journal:
        with pytest.raises(StoreUnusable, match="Free the disk") as caught:
            erase(journal, person)
        assert "Who is to be erased is noted, and nothing was sent or spent" in str(caught.value)
    with Journal.open(small) as journal:
        erase(journal, person)
    assert not is_named(small, address)


@pytest.mark.parametrize("room", [0, 120_000, 250_000])
def test_a_copy_for_which_there_is_no_room_leaves_nothing_and_says_so(
    desk: Desk, service: Service, mounted: Mounted, room: int
) -> None:
    small = mounted(desk.home / "disk")
    client = desk.client()
    client.enrich.companies(service.ids[:COMPANIES], max_credits=COMPANIES)
    charged = client.ledger.frame()
    folder = client.journal.folder
    gone = "There is no copy, and nothing of one is left"
    with full(small, but=room), pytest.raises(StoreUnusable, match=rf"(No space left|disk I/O error).*{gone}"):
        back_up(folder, small / "copy.zip")
    assert list(small.iterdir()) == []
    assert not list(folder.glob("backup-*"))
    assert client.ledger.frame().equals(charged)
    restore(back_up(folder, desk.home / "copy.zip").path, desk.home / "again" / "account")
    assert desk.client(folder="again/account").ledger.frame().equals(charged)
