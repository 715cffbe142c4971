"""A disk that is full stops the spending; what was paid until then is kept, or known to be open."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zianalytics.errors import AskedAgain, NotAnswered, StoreUnusable
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from .conftest import Desk, Disk, Service

COMPANIES = 100


def spend_until_full(desk: Desk, service: Service, fill: Callable[[], object], free: Callable[[], object]) -> None:
    """Enrich on a disk that gets full, then run it again with room: each company is paid once, and both sides agree."""
    ids = service.ids[:COMPANIES]
    client = desk.client()
    fill()
    with pytest.raises(StoreUnusable, match=r"full|disk I/O error"):
        client.enrich.companies(ids, max_credits=COMPANIES)
    free()
    client.close()
    client = desk.client()
    totals = client.ledger.totals()
    paid = sum(row["credits"] for row in service.sandbox.ledger())
    assert totals.spent.credits + totals.unknown.credits >= paid
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AskedAgain)
        client.enrich.companies(ids, max_credits=COMPANIES)
    assert sum(row["credits"] for row in service.sandbox.ledger()) == COMPANIES
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()


@pytest.mark.parametrize("room", [0, 20_000, 60_000, 100_000, 150_000])
def test_on_a_full_disk_nothing_is_paid_that_is_not_known(desk: Desk, service: Service, disk: Disk, room: int) -> None:
    spend_until_full(desk, service, fill=lambda: setattr(disk, "room", room), free=lambda: setattr(disk, "room", None))


def test_on_a_file_system_that_is_full_nothing_is_paid_that_is_not_known(
    desk: Desk, service: Service, mounted: Callable[..., Path]
) -> None:
    small = mounted(desk.home / "account")

    def fill() -> None:
        left = shutil.disk_usage(small).free
        (small / "other").write_bytes(bytes(left - 80_000))

    spend_until_full(desk, service, fill=fill, free=lambda: (small / "other").unlink())


@pytest.mark.parametrize("room", [0, 10_000, 30_000, 50_000, 90_000])
def test_on_a_disk_that_is_full_while_lost_replies_are_asked_again_nothing_counts_twice(
    desk: Desk, service: Service, disk: Disk, room: int
) -> None:
    ids = service.ids[:COMPANIES]
    client = desk.client()
    service.sandbox.set_faults({"rules": [{"path": "/enrich/company", "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies(ids, max_credits=COMPANIES)
    service.sandbox.set_faults({"rules": []})
    disk.room = room
    with warnings.catch_warnings(action="ignore", category=AskedAgain), pytest.raises(StoreUnusable, match="full"):
        client.enrich.companies(ids, max_credits=COMPANIES)
    disk.room = None
    client.close()
    client = desk.client()
    with warnings.catch_warnings(action="ignore", category=AskedAgain):
        client.enrich.companies(ids, max_credits=COMPANIES)
    assert sum(row["credits"] for row in service.sandbox.ledger()) == COMPANIES
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()
