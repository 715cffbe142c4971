"""Nothing is paid twice and nothing paid is missing, whatever happens to the client, the server or the wire."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response, serve
from zianalytics.errors import AskedAgain, LimitReached, NotAllAnswered, NotAnswered
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from .conftest import Client, Desk, Service

COMPANY = "/enrich/company"
COMPANIES = 100
DIES_AT = """
import os, signal, sys
import apsw
sys.path.insert(0, {tests!r})
from pathlib import Path
from conftest import Desk

commits = 0

def die(nth):
    def hook():
        global commits
        commits += 1
        if commits == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return False
    return hook

desk = Desk({base_url!r}, {username!r}, {password!r}, Path({home!r}))
client = desk.client()  # the files exist before the counting begins
client.close()
apsw.connection_hooks.append(lambda db: db.set_commit_hook(die({nth})))
client = desk.client()
client.enrich.companies([int(n) for n in sys.argv[1:]], max_credits={credits}, max_records=1000)
client.close()
"""


def enrich_and_die(desk: Desk, ids: list[int], *, nth_commit: int) -> int:
    """Enrich in a process that is killed in front of its nth commit; returns how it ended."""
    script = DIES_AT.format(
        tests=str(Path(__file__).parent),
        base_url=desk.base_url,
        username=desk.username,
        password=desk.password,
        home=str(desk.home),
        nth=nth_commit,
        credits=len(ids),
    )
    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *map(str, ids)], capture_output=True, text=True, timeout=60
    )
    assert child.returncode in (0, -signal.SIGKILL), child.stderr
    return child.returncode


def run_again(client: Client, ids: list[int]) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AskedAgain)
        frame = client.enrich.companies(ids, max_credits=len(ids))
    assert frame["company_id"].to_list() == ids
    return frame["match_status"].unique().to_list()


def assert_nothing_is_lost(client: Client, service: Service, ids: list[int]) -> None:
    """One credit a company, on both sides; the ledgers agree row by row; nothing is open; a further run is free."""
    assert sum(row["credits"] for row in service.sandbox.ledger()) == len(ids)
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()
    assert client.enrich.companies.quote(ids).held == len(ids)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("nth_commit", [1, 2, 5, 6, 9, 13, 14, 17, 21, 25])  # even ones: the other file's note of one
def test_killed_in_front_of_any_commit_a_plain_re_run_finishes(desk: Desk, service: Service, nth_commit: int) -> None:
    ids = service.ids[:COMPANIES]
    assert enrich_and_die(desk, ids, nth_commit=nth_commit) == -signal.SIGKILL
    client = desk.client()
    assert run_again(client, ids) == ["matched"]
    assert_nothing_is_lost(client, service, ids)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_killed_again_and_again_while_it_recovers_it_still_finishes(desk: Desk, service: Service) -> None:
    ids = service.ids[:COMPANIES]
    killed = [enrich_and_die(desk, ids, nth_commit=nth) for nth in (15, 5, 3, 7, 11)]
    assert killed == [-signal.SIGKILL] * 5
    client = desk.client()
    assert run_again(client, ids) == ["matched"]
    assert sum(row["credits"] for row in service.sandbox.ledger()) == len(ids)
    assert client.ledger.totals().spent.credits == len(ids)
    # A request of a process that was killed may be carried out while it is repeated; what cannot be told is counted.
    assert service.charges <= client.charges
    assert client.ledger.totals().unknown == Meters()
    assert client.enrich.companies.quote(ids).held == len(ids)


@pytest.mark.parametrize("fault", ["cut_after_charge", "bad_gateway_after_charge", "truncate", "503"])
def test_replies_that_are_lost_cost_no_second_credit(client: Client, service: Service, fault: str) -> None:
    ids = service.ids[:COMPANIES]
    service.sandbox.set_faults({"seed": 3433, "rules": [{"path": COMPANY, "fault": fault, "share": 0.5}]})
    for _ in range(3):  # by this seed the first call lacks answers, and the first two repeats
        with pytest.warns(NotAllAnswered, match="of 100 inputs are not answered") as warned:
            frame = client.enrich.companies(ids, max_credits=COMPANIES)
        report = next(one.message.report for one in warned if isinstance(one.message, NotAllAnswered))
        assert report["input_row"].to_list() == frame.with_row_index().filter(match_status="error")["index"].to_list()
        assert report.filter(pl.col("error") == "NotAnswered")["retryable"].all()
        assert None in report["credits_spent"]
        assert client.ledger.totals().unknown.credits > 0
    while client.ledger.totals().unknown.credits:
        with warnings.catch_warnings(action="ignore"):
            client.enrich.companies(ids, max_credits=COMPANIES)
    run_again(client, ids)
    assert_nothing_is_lost(client, service, ids)


def test_a_lost_reply_is_reported_when_it_is_asked_again(client: Client, service: Service) -> None:
    ids = service.ids[:25]
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered, match="may have been carried out and charged"):
        client.enrich.companies(ids, max_credits=25)
    assert client.ledger.unanswered().select("endpoint", "inputs", "credits", "records").rows() == [
        ("enrich.companies", 25, 25, 25)
    ]
    assert repr(client.ledger) == (
        "<Ledger: 0 credits, 0 records, 0 requests spent; not answered: at most 25 credits, 25 records, 1 request>"
    )
    service.sandbox.set_faults({"rules": []})
    quote = client.enrich.companies.quote(ids[:3])
    assert repr(quote) == "Quote(credits=0, records=25, requests=1, unanswered=25, reserved=25)"
    with pytest.warns(
        AskedAgain, match="carried out the first time: 1. While they were repeated the service counted 0"
    ) as warned:
        client.enrich.companies(ids[:3], max_credits=0)
    assert [one.filename for one in warned] == [__file__]
    assert client.ledger.frame().select("credits", "records").sum().rows() == [(25, 50)]
    assert client.charges == service.charges


def test_without_room_for_its_records_an_unanswered_request_stays_unanswered(client: Client, service: Service) -> None:
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[:5], max_credits=5)
    service.sandbox.set_faults({"rules": []})
    with pytest.raises(Exception, match="5 records, 1 request, and 0 records are allowed"):
        client.enrich.companies(service.ids[:5])
    assert client.ledger.unanswered().height == 1


def test_a_repeat_that_lacks_a_field_is_no_answer_by_itself(client: Client, service: Service) -> None:
    ids = service.ids[:5]
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies(ids, fields=["name"], max_credits=5)
    service.sandbox.set_faults({"rules": []})
    quote = client.enrich.companies.quote(ids, fields=["website"])
    assert repr(quote) == "Quote(credits=0, records=10, requests=2, unanswered=5, reserved=5)"
    used_up = b'{"statusCode": 403, "message": "You have used up all of your allowed record limit"}'
    service.trouble = lambda request: service.says(403, used_up) if b"website" in request.body else None
    with pytest.warns(AskedAgain), pytest.raises(LimitReached):
        client.enrich.companies(ids, fields=["website"], max_credits=0)
    service.trouble = lambda request: None
    frame = client.enrich.companies(ids, fields=["website"], max_credits=0)
    assert frame["match_status"].to_list() == ["matched"] * 5
    assert client.charges == service.charges


def test_a_budget_keeps_what_is_in_doubt_until_it_is_known(client: Client, service: Service) -> None:
    client.budget.set(max_credits=30)
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "503", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[:25])
    assert client.budget.left.credits == 5
    service.sandbox.set_faults({"rules": []})
    run_again(client, service.ids[:25])
    assert client.budget.left.credits == 5
    assert client.ledger.totals().spent == Meters(credits=25, records=25, requests=2)


def test_a_server_that_goes_in_mid_run_leaves_what_was_paid(desk: Desk, service: Service) -> None:
    ids = service.ids[:COMPANIES]
    client = desk.client()

    def go_away(request: Request) -> Response | None:
        gone = request.path == COMPANY and service.asked[COMPANY] > 2
        return Response(200, delivery="cut") if gone else None

    service.trouble = go_away
    with pytest.warns(NotAllAnswered, match="50 of 100 inputs are not answered"):
        frame = client.enrich.companies(ids, max_credits=COMPANIES)
    assert frame["match_status"].value_counts().sort("match_status").rows() == [("error", 50), ("matched", 50)]
    paid = client.ledger.totals().spent.credits
    assert paid == 50
    client.close()
    service.trouble = lambda request: None
    with serve(service) as elsewhere:
        desk.base_url = elsewhere.base_url
        later = desk.client()
        assert later.enrich.companies.quote(ids).held == paid
        assert run_again(later, ids) == ["matched"]
        assert_nothing_is_lost(later, service, ids)
        later.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_an_interrupted_call_keeps_what_is_under_way_and_a_re_run_finishes(client: Client, service: Service) -> None:
    ids = service.ids[: COMPANIES * 4]
    begun, handled = threading.Event(), threading.Event()

    def interrupt(request: Request) -> Response | None:
        if request.path == COMPANY and not begun.is_set():
            begun.set()
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # type: ignore[arg-type]
            handled.wait(timeout=10)
        return None

    def handle(*_: object) -> None:
        handled.set()
        raise KeyboardInterrupt

    service.trouble = interrupt
    usual = signal.signal(signal.SIGINT, handle)
    try:
        with pytest.raises(KeyboardInterrupt) as stopped:
            client.enrich.companies(ids, max_credits=len(ids))
    finally:
        signal.signal(signal.SIGINT, usual)
    assert "Run the same call again" in stopped.value.__notes__[0]
    assert client.ledger.totals().unknown == Meters()
    assert 0 < client.ledger.totals().spent.credits < len(ids)
    assert client.charges == service.charges
    assert run_again(client, ids) == ["matched"]
    assert_nothing_is_lost(client, service, ids)
