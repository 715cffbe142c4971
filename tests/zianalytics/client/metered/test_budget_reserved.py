"""What is reserved before a request leaves: enough for any reply, held when the process dies, free again at the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zianalytics.errors import AskedAgain, MoreCharged, NotAllAnswered
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from mockserver import Request, Response

    from ..conftest import Client, Desk, Service

COMPANY = "/enrich/company"
COMPANIES = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from conftest import Desk
desk = Desk({base_url!r}, {username!r}, {password!r}, Path({home!r}))
print("ready", flush=True)
sys.stdin.readline()
desk.client().enrich.companies([int(n) for n in sys.argv[1:]])
"""
BEYOND = """
select intents.operation from intents join charges on charges.intent = intents.id group by intents.id
having sum(charges.records) > whole ->> '$.worst.records' or sum(charges.credits) > whole ->> '$.worst.credits'
"""


def test_no_reply_costs_more_than_was_reserved_for_its_request(client: Client, service: Service) -> None:
    client.enrich.companies(service.ids[:60], max_credits=60)
    client.enrich.technologies(service.ids[:9], max_credits=9)
    client.enrich.hierarchies(service.ids[:9], max_credits=9)
    client.enrich.news(service.ids[:6], limit=7, max_credits=6, max_records=42)
    client.enrich.scoops(service.ids[:30], max_credits=30, max_records=155)
    client.search.intent(topics=["Lead Scoring"], limit=33, max_records=33)
    client.search.news(categories=["FUNDING", "AWARDS"], limit=33, max_records=33)
    with client.journal.ledger.db.reading() as db:
        assert db.execute(BEYOND).fetchall() == []
    assert sorted(client.ledger.frame()["endpoint"].unique()) == [
        "enrich.companies", "enrich.hierarchies", "enrich.news", "enrich.scoops", "enrich.technologies",
        "search.intent", "search.news",
    ]  # fmt: skip
    assert client.ledger.totals().spent.records == sum(row["records"] for row in service.sandbox.ledger())


def test_where_one_input_may_bring_more_than_was_reserved_that_is_not_left_in_the_budget_either(
    client: Client, service: Service
) -> None:
    one, two, three = [i for i in service.ids if len(service.sandbox.world.offices_of(i)) == 3][:3]
    client.budget.set(max_credits=9, max_records=20, per="day")
    with pytest.warns(MoreCharged, match="brought 2 records more than the 4"), pytest.warns(NotAllAnswered):
        client.enrich.locations([one, two, three], max_records=4)
    assert client.budget.left == Meters(credits=7, records=14)


def test_a_listing_of_more_rows_than_were_asked_for_is_handed_out_and_no_further_slice_of_days_is_asked(
    client: Client, service: Service
) -> None:
    def generous(request: Request) -> Response | None:
        if request.path == "/enrich/intent":
            wanted = json.dumps(json.loads(request.body) | {"rpp": 3}).encode()
            return service.sandbox.answer(replace(request, body=wanted))
        return None

    service.trouble = generous
    days: dict[str, Any] = {"signal_start_date": date(2026, 1, 1), "signal_end_date": date(2026, 9, 30)}
    signals = Counter(one.company_id for one in service.sandbox.world.signals(service.sandbox.now()))
    [(company_id, _)] = signals.most_common(1)
    frame = client.enrich.intent([company_id], limit=1, max_credits=1, max_records=1, **days)
    assert frame.height == client.ledger.totals().spent.records == 3
    assert sum(row["records"] for row in service.sandbox.ledger()) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be killed as the system does it there")
def test_what_a_killed_process_has_reserved_stays_reserved_until_it_is_settled(desk: Desk, service: Service) -> None:
    client, ids = desk.client(), service.ids[:40]
    client.budget.set(max_credits=50, per="day")
    script = COMPANIES.format(
        tests=str(Path(__file__).parents[1]),
        base_url=desk.base_url,
        username=desk.username,
        password=desk.password,
        home=str(desk.home),
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, ids)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin
    assert child.stdout
    assert child.stdout.readline() == "ready\n"

    def kill(request: Request) -> None:
        if request.path == COMPANY:
            service.trouble = lambda request: None
            os.kill(child.pid, signal.SIGKILL)

    service.trouble = kill
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.wait(timeout=60) == -signal.SIGKILL
    child.stdin.close()
    child.stdout.close()
    client.usage()  # from here on it knows the service's day
    assert str(client.budget) == "may spend 10 of 50 credits today"
    sent = sum(one.intent.worst.credits for one in client.journal.open_intents())
    assert sent in (15, 25, 40)
    assert client.budget.left.credits == 50 - sent  # what it had not come to send is free again
    with pytest.warns(AskedAgain):
        client.enrich.companies(ids)
    assert str(client.budget) == "may spend 10 of 50 credits today"
    assert client.journal.open_intents() == []
    assert client.ledger.totals().spent.credits == sum(row["credits"] for row in service.sandbox.ledger()) == 40
