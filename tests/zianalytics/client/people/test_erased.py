"""Whoever is erased is in no file of the home any more; what they cost stays, and nobody else misses anything."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import signal
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import polars as pl
import pytest

from mockserver.sandbox import Options
from zianalytics.client.compliance import Compliance
from zianalytics.doctor import examine
from zianalytics.warehouse import Warehouse

if TYPE_CHECKING:
    from mockserver.world import Contact

    from ..conftest import Charges, Client, Desk, Service

COLUMNS = ["first_name", "last_name", "email", "phone", "mobile_phone", "job_title"]


DIES_AT = """
import os, signal, sys
from pathlib import Path
from zianalytics.api.enterprise.erased import Whom
from zianalytics.client.people.erasure import Erasure
from zianalytics.clock import ServerClock
from zianalytics.journal import Journal
from zianalytics.warehouse import renew

def die(frame, event, _):
    global left
    where = (Path(frame.f_code.co_filename).name, frame.f_code.co_name)
    if event == "call" and where == (sys.argv[2], sys.argv[3]):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

left, folder = int(sys.argv[4]), Path(sys.argv[1])
journal = Journal.open(folder)
erasure = Erasure(journal, ServerClock(), lambda: renew(folder, journal))
sys.setprofile(die)
erasure.run([Whom(ids=frozenset([int(sys.argv[5])]))])
"""
MOMENTS = [("erasing.py", "write_ledger", 1), ("files.py", "compact", 2), ("store.py", "renew", 1)]


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=200, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def values_of(person: Contact) -> set[str]:
    """What nobody else has."""
    values = {person.email, person.supplemental_email, person.direct_phone, person.mobile_phone, person.picture}
    values |= {page.url for page in person.social_pages}
    values |= {hashlib.new(kind, (person.email or "").encode()).hexdigest() for kind in ("md5", "sha1", "sha256")}
    return {one for one in values if one} | {f"{person.first_name} {person.last_name}", person.last_name}


def fill(client: Client, person: Contact, others: list[int]) -> None:
    """Receive and give everything that can hold somebody."""
    client.budget.set(max_credits=500, max_records=2000)
    compliance = client.compliance
    name, email = f"{person.first_name} {person.last_name}", str(person.email)
    hashed = hashlib.sha256((person.email or "").encode()).hexdigest()
    client.search.contacts(company_id=[person.company_id], limit=100)
    client.search.contacts(email=email, limit=5)
    client.search.contacts(full_name=name, limit=5)
    client.enrich.contacts([*others[:3], person.id], fields=COLUMNS)
    client.enrich.contacts([{"email": email}], fields="all", max_age=0)
    named = {"full_name": name, "company_id": str(person.company_id)}
    client.enrich.contacts([named, {"email": "nobody@nowhere.example"}], max_age=0)
    client.enrich.contacts([{"hashed_email": hashed}], max_age=0)
    client.enrich.contacts([{"full_name": name.upper(), "company_name": "Nowhere"}])
    client.enrich.intent([person.company_id], limit=50)
    client.enrich.org_charts([person.company_id], department="Sales,Information Technology,Finance")
    client.enrich.scoops([person.company_id], limit=20)
    compliance.check([email])
    client.bulk.enrich.contacts([person.id, others[4]], fields=[*COLUMNS, "city"], max_age=0)
    told = {"webhookDetails": {"id": "7", "objectType": "Contact"}}
    record = {"id": person.id, "firstName": person.first_name, "lastName": person.last_name, "email": person.email}
    other = {"id": others[5], "firstName": "Ada", "lastName": "Moor", "email": "ada@aster.example"}
    client.journal.keep(
        None, "webhooks.delivered.contact", b"", status=200, headers={}, received=client.clock.now(),
        body=json.dumps({**told, "data": [record, other]}).encode("utf-8"),
    )  # fmt: skip
    compliance.suppress([f" {str(person.email).upper()} ", "keep@aster.example"], reason=f"asked by {person.last_name}")


@pytest.fixture
def compliance(client: Client) -> Compliance:
    return client.compliance


def people_in(charges: Charges) -> Charges:
    return Counter({one: count for one, count in charges.items() if one[0] == "contact"})


def texts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it lies there, and what is compressed or encoded in it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".lock":
            yield path.name, path.read_bytes()
    with closing(apsw.Connection(str(folder / "account" / "replies.db"))) as db:
        for number, whole, request, body in db.execute("select id, whole, request, body from replies"):
            yield f"body {number}", zlib.decompress(body)
            yield f"request {number}", request
            yield f"intent {number}", base64.b64decode(json.loads(whole)["request"]) if whole else b""
        for number, payload in db.execute("select id, payload from given"):
            yield f"gift {number}", zlib.decompress(payload)
    with closing(apsw.Connection(str(folder / "account" / "ledger.db"))) as db:
        for name, whole in db.execute("select id, whole from intents"):
            yield f"intent {name}", base64.b64decode(json.loads(whole).get("request", ""))


def standing_in(folder: Path, values: set[str]) -> list[tuple[str, str]]:
    """Where values stand, in any form."""
    found = []
    for name, content in texts(folder):
        lower = content.lower()
        for value in values:
            forms = (
                value.lower().encode(),
                value.lower().encode("utf-16-le"),
                json.dumps(value)[1:-1].lower().encode(),
            )
            found += [(name, value)] if any(form in lower for form in forms) else []
    return found


def warehouse_of(client: Client) -> Warehouse:
    warehouse = Warehouse(client.journal.folder / "warehouse.duckdb")
    warehouse.load(client.journal)
    return warehouse


def test_nothing_of_an_erased_person_is_left_in_any_file(
    desk: Desk, client: Client, service: Service, compliance: Compliance
) -> None:
    person = service.known()
    others = service.others(person)
    fill(client, person, others)
    warehouse = warehouse_of(client)
    lists = desk.home / "account" / "lookups"
    lists.mkdir(exist_ok=True)
    (lists / "odd.json").write_text(json.dumps({"said": person.email}))
    (desk.home / "account" / "replies.damaged-1.db").write_bytes(str(person.email).encode())
    values = values_of(person)
    assert {value for _, value in standing_in(desk.home, values)} >= {person.email, person.direct_phone}
    charged, before = client.ledger.frame(), warehouse.sql("SELECT * FROM contacts ORDER BY contact_id")
    told = compliance.erasure([person.email or ""])
    assert not any(value.lower() in str(told.rows()).lower() for value in values)
    assert ("enrich.contacts", "records cut out", 4) in told.rows()
    assert compliance.erase([person.email or ""]).rows() == told.rows()

    left = standing_in(desk.home, values)
    assert left == []
    assert client.ledger.frame().equals(charged)
    assert people_in(client.charges) == people_in(service.charges) != Counter()
    after = warehouse_of(client).sql("SELECT * FROM contacts ORDER BY contact_id")
    assert after.equals(before.filter(pl.col("contact_id") != person.id))
    assert compliance.erasure([person.id]).rows() == [("journal", "nobody so named is held", 0)]
    client.close()
    findings = [one for one in examine(home=desk.home) if one.what.startswith("account") and one.state != "ok"]
    assert findings == []
    again = desk.client()
    assert again.compliance.suppressions().filter(contact_id=person.id)["reason"].to_list()[-1] == "erased"


def test_an_erasure_that_was_killed_anywhere_is_finished_by_the_next_client(desk: Desk, service: Service) -> None:
    person = service.known()
    client = desk.client()
    client.enrich.contacts([*service.others(person)[:2], person.id], max_credits=3)
    client.enrich.contacts([{"email": str(person.email)}], fields="all", max_age=0, max_credits=1)
    warehouse_of(client)
    charged = client.ledger.frame()
    client.close()
    shutil.copytree(desk.home / "account", desk.home.with_name("full"))
    for file, function, nth in MOMENTS:
        shutil.rmtree(desk.home / "account")
        shutil.copytree(desk.home.with_name("full"), desk.home / "account")
        arguments = [str(desk.home / "account"), file, function, str(nth), str(person.id)]
        done = subprocess.run([sys.executable, "-c", DIES_AT, *arguments], capture_output=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        client = desk.client()
        assert client.compliance
        assert client.ledger.frame().equals(charged)
        assert client.enrich.contacts([person.id])["match_status"].to_list() == ["opted_out"]
        client.close()
        assert standing_in(desk.home, values_of(person)) == [], (file, function, nth)
    assert [one for one in examine(home=desk.home) if one.what.startswith("account") and one.state == "bad"] == []
