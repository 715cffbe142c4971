"""A client whose journal was damaged: what it paid for is known again from what is left, and is not paid for again."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from zianalytics.errors import BudgetExceeded, JournalDamaged, StoreDamaged
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from .conftest import Client, Desk, Service


def paid(desk: Desk, service: Service, *, batches: int = 4) -> list[int]:
    """Companies and contacts of an account that has ended all its calls."""
    client = desk.client()
    client.budget.set(max_credits=500, max_records=1000)
    ids = service.ids[: batches * 25]
    client.enrich.companies(ids)
    client.close()
    return ids


def damage(path: Path, sql: str) -> None:
    """Change a file by hand, as no client would."""
    db = apsw.Connection(str(path))
    for (name,) in db.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
        db.execute(f"drop trigger {name}")
    db.execute(sql)
    db.close()


def reopened(desk: Desk, match: str) -> Client:
    with pytest.warns(JournalDamaged, match=match):
        return desk.client()


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = random.Random(7).randbytes(len(content) - 4096 * 3)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda path: path.unlink(), id="deleted"),
        pytest.param(garble, id="garbled"),
        pytest.param(lambda path: path.write_bytes(b"not a database " * 99), id="written over"),
        pytest.param(lambda path: damage(path, "delete from charges where id = 3"), id="a charge deleted"),
        pytest.param(lambda path: damage(path, "update charges set credits = 0 where id = 3"), id="a charge changed"),
    ],
)
def test_a_damaged_ledger_is_made_again_from_the_replies(
    desk: Desk, service: Service, harm: Callable[[Path], object]
) -> None:
    ids = paid(desk, service)
    harm(desk.home / "account" / "ledger.db")
    client = reopened(desk, r"ledger\.db is (damaged|gone)")
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=100, records=100, requests=4)
    assert client.ledger.totals().unknown == Meters()
    assert client.enrich.companies(ids, max_credits=0)["match_status"].unique().to_list() == ["matched"]
    assert service.asked["/enrich/company"] == 4
    client.close()
    again = desk.client()  # says nothing more: what was found is written down
    assert again.charges == service.charges


def test_a_budget_that_was_lost_with_its_ledger_is_nothing_until_it_is_set(desk: Desk, service: Service) -> None:
    paid(desk, service, batches=1)
    (desk.home / "account" / "ledger.db").unlink()
    client = reopened(desk, "it is 0 until zi.budget.set")
    assert client.budget.left == Meters()
    with pytest.raises(BudgetExceeded, match="0 credits and 0 records and 0 requests are left of the standing budget"):
        client.enrich.companies(service.ids[50:60], max_credits=10)
    client.budget.set(max_credits=10)
    client.enrich.companies(service.ids[50:60])
    assert client.charges == service.charges


def test_a_budget_that_is_sound_in_a_damaged_ledger_goes_on(desk: Desk, service: Service) -> None:
    paid(desk, service)
    damage(desk.home / "account" / "ledger.db", "delete from charges where id = 3")
    client = reopened(desk, r"rows of charges are not as they were written")
    assert client.budget.left == Meters(credits=400, records=900)
    assert client.charges == service.charges


def test_a_reply_that_was_damaged_is_not_used_and_its_charges_stay(desk: Desk, service: Service) -> None:
    ids = paid(desk, service)
    damage(
        desk.home / "account" / "replies.db",
        "update replies set body = zeroblob(20) where id = (select min(id) from replies)",
    )
    with pytest.warns(match=r"replies\.db is damaged: rows of replies.*is gone|replies\.db lacks 1 of the replies"):
        client = desk.client()
    assert client.charges == service.charges
    assert client.enrich.companies.quote(ids).held == 75
    aside = apsw.Connection(str(desk.home / "account" / "replies.damaged-1.db"))
    assert aside.execute("select count(*) from replies").fetchall() == [(4,)]
    aside.close()


def test_while_another_client_is_at_work_nothing_is_put_in_its_place(desk: Desk, service: Service) -> None:
    paid(desk, service, batches=1)
    client = desk.client()
    (desk.home / "account" / "replies.db").write_bytes(b"not a database " * 99)
    with pytest.raises(StoreDamaged, match="while another client works with it"):
        desk.client()
    client.close()
