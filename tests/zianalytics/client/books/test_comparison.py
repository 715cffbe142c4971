"""What the service counted beside what we did: every difference has a line, and the lines add up."""

from __future__ import annotations

import signal
import subprocess
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver import Request, Response
from mockserver.sandbox import Options
from zianalytics.client.books.comparison import Pending, compared
from zianalytics.errors import AskedAgain, BudgetExceeded, NotAnswered
from zianalytics.journal import METERS, Charge, Intent, Look, Settlement
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    import polars as pl

    from ..conftest import Client, Desk, Service

COMPANY = "/enrich/company"


@pytest.fixture(scope="module")
def options() -> Options:
    """Jobs belong to the larger bundle."""
    return Options(companies=400, no_limits=True, bundle="scaling")


NOTHING = Pending({}, {})


DIES = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from conftest import Desk

client = Desk(*sys.argv[2:5], Path(sys.argv[5])).client()
send = client.session.send

def and_die(method, path, **how):
    answer = send(method, path, **how)
    if path == "/enrich/company":
        os.kill(os.getpid(), signal.SIGKILL)  # answered, and nothing of it is kept
    return answer

client.session.send = and_die
client.enrich.companies([int(one) for one in sys.argv[6:]], max_credits=20)
"""


def lines(frame: pl.DataFrame, meter: str = "credits") -> dict[str, int]:
    return dict(frame.filter(meter=meter).select("line", "amount").rows())


def adds_up(frame: pl.DataFrame) -> bool:
    for meter in METERS:
        *parts, whole = frame.filter(meter=meter)["amount"].to_list()
        if sum(parts) != whole and parts:
            return False
    return True


def test_what_a_colleague_spent_has_a_line_and_the_rest_is_ours(client: Client, service: Service) -> None:
    service.sandbox.colleague(5)
    client.enrich.companies(service.ids[100:130], max_credits=30)
    service.sandbox.colleague(7)
    client.search.companies(employee_range_min=0, limit=5)
    frame = client.ledger.compare()
    assert lines(frame) == {
        "counted before": 5,
        "charged by us": 30,
        "spent elsewhere": 7,
        "counted by the service": 42,
    }
    assert lines(frame, "records") == lines(frame)
    assert lines(frame, "requests") == {
        "counted before": 0,
        "charged by us": 3,
        "spent elsewhere": 0,
        "counted by the service": 3,
    }
    assert lines(frame, "ip_records") == {"counted by the service": 0}
    assert adds_up(frame)


def test_a_record_that_a_colleague_redeemed_first_is_charged_by_us_alone(client: Client, service: Service) -> None:
    client.usage()
    theirs = service.sandbox.colleague(4)["company_ids"]
    client.enrich.companies(theirs[:3], max_credits=3)
    frame = client.ledger.compare()
    assert lines(frame) == {
        "counted before": 0,
        "charged by us": 3,
        "spent elsewhere": 4,
        "charged by us alone": -3,
        "counted by the service": 4,
    }
    assert adds_up(frame)


@pytest.mark.parametrize("is_charged", [True, False], ids=["charged", "not charged"])
def test_a_request_that_was_never_answered_explains_at_most_its_price(
    client: Client, service: Service, is_charged: bool
) -> None:
    client.usage()
    fault = "cut_after_charge" if is_charged else "cut_before_charge"
    if is_charged:
        service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": fault, "share": 1.0}]})
    else:
        service.trouble = lambda request: Response(200, delivery="cut") if request.path == COMPANY else None
    with pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[:10], max_credits=10)
    service.sandbox.set_faults({"rules": []})
    service.trouble = lambda request: None
    service.sandbox.colleague(3)
    frame = client.ledger.compare()
    told = lines(frame)
    assert told["sent and never answered"] == (10 if is_charged else 3)
    assert told["spent elsewhere"] == (3 if is_charged else 0)
    both = frame.filter(meter="credits")
    assert both.filter(line="sent and never answered")["at_most"].item() == 10
    assert both.filter(line="spent elsewhere")["at_most"].item() == (13 if is_charged else 3)
    assert adds_up(frame)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AskedAgain)
        client.enrich.companies(service.ids[:10], max_credits=10)
    ended = client.ledger.compare()
    assert "sent and never answered" not in lines(ended)
    assert adds_up(ended)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_what_a_killed_process_may_have_spent_is_unanswered_until_it_is_asked_again(
    desk: Desk, service: Service
) -> None:
    ids = service.ids[:20]
    said = (str(Path(__file__).parents[1]), desk.base_url, desk.username, desk.password, str(desk.home), *map(str, ids))
    child = subprocess.run([sys.executable, "-c", DIES, *said], capture_output=True, text=True, timeout=60)
    assert child.returncode == -signal.SIGKILL, child.stderr
    client = desk.client()
    frame = client.ledger.compare()
    assert lines(frame)["counted by the service"] == 20
    assert lines(frame)["sent and never answered"] == 20
    assert lines(frame).get("spent elsewhere") == 0
    assert adds_up(frame)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AskedAgain)
        client.enrich.companies(ids, max_credits=20)
    assert lines(client.ledger.compare()) == {
        "counted before": 0,
        "charged by us": 20,
        "spent elsewhere": 0,
        "counted by the service": 20,
    }


def test_what_is_under_way_is_reserved_and_explains_at_most_its_price(client: Client, service: Service) -> None:
    client.usage()
    ledger, now = client.journal.ledger, client.clock.now()
    worst = Meters(credits=5, records=5, requests=1)
    call = ledger.begin("enrich.companies", worst, at=now)
    ledger.reserve(Intent(id="i-1", call=call.id, operation="enrich.companies", request=b"{}", worst=worst, at=now))
    service.sandbox.colleague(7)
    frame = client.ledger.compare()
    assert lines(frame) == {
        "counted before": 0,
        "charged by us": 0,
        "still reserved": 5,
        "spent elsewhere": 2,
        "counted by the service": 7,
    }
    assert frame.filter(meter="credits", line="spent elsewhere")["at_most"].item() == 7
    assert adds_up(frame)


def test_what_is_charged_while_the_service_is_asked_is_compared_with_a_new_count(
    client: Client, service: Service
) -> None:
    client.usage()
    ledger, now = client.journal.ledger, client.clock.now()
    worst = Meters(credits=1, records=1, requests=1)
    asked = service.asked["/lookup/usage"]

    def meanwhile(request: Request) -> Response | None:
        if request.path == "/lookup/usage" and service.asked[request.path] == asked + 1:
            call = ledger.begin("enrich.companies", worst, at=now)
            ledger.reserve(Intent(id="i-1", call=call.id, operation=call.id, request=b"{}", worst=worst, at=now))
            charge = Charge(entity="company", record_id="1", redeems=True)
            ledger.settle(Settlement(intent="i-1", charged_at=now, charges=(charge,)))
            service.sandbox.colleague(1)
        return None

    service.trouble = meanwhile
    assert lines(client.ledger.compare())["charged by us"] == 1
    assert service.asked["/lookup/usage"] == asked + 2


def test_a_job_that_goes_on_is_reserved_until_its_pages_show_what_it_cost(client: Client, service: Service) -> None:
    client.usage()
    job = client.bulk.enrich.companies.submit(service.ids[:30], max_credits=30)
    going_on = client.ledger.compare()
    assert (
        lines(going_on)["still reserved"] + lines(going_on)["spent elsewhere"]
        == lines(going_on)["counted by the service"]
    )
    assert going_on.filter(line="still reserved", meter="requests")["at_most"].item() == 1
    assert "sent and never answered" not in going_on["line"].to_list()
    assert adds_up(going_on)
    job.frame()
    assert lines(client.ledger.compare()) == {
        "counted before": 0,
        "charged by us": 30,
        "spent elsewhere": 0,
        "counted by the service": 30,
    }


def test_when_the_first_count_came_after_spending_it_is_said_what_cannot_be_known(
    client: Client, service: Service
) -> None:
    service.sandbox.colleague(2)
    service.trouble = lambda request: Response(503, (), b"") if request.path == "/lookup/usage" else None
    client.search.intent(topics=["Lead Scoring"], limit=3, max_records=3)
    service.trouble = lambda request: None
    frame = client.ledger.compare().filter(meter="records")
    assert lines(frame, "records") == {
        "counted before": 5,
        "charged by us": 0,
        "spent elsewhere": 0,
        "counted by the service": 5,
    }
    assert frame.row(0, named=True)["at_most"] == 3
    assert frame.row(0, named=True)["why"] == (
        "when it was first asked, on 2026-10-01; we had charged 3 by then, and whose the others are cannot be known"
    )


def test_what_was_counted_before_the_first_paid_search_is_asked_for_first(client: Client, service: Service) -> None:
    service.sandbox.colleague(2)
    client.search.intent(topics=["Lead Scoring"], limit=3, max_records=3)
    client.search.news(categories=["FUNDING"], limit=2, max_records=2)
    assert service.asked["/lookup/usage"] == 1
    frame = client.ledger.compare().filter(meter="records")
    assert lines(frame, "records") == {
        "counted before": 2,
        "charged by us": 5,
        "spent elsewhere": 0,
        "counted by the service": 7,
    }
    assert frame.row(0, named=True)["why"] == "when it was first asked, on 2026-10-01"


def test_a_paid_search_that_is_refused_asks_for_nothing(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded):
        client.search.news(categories=["FUNDING"], limit=2)
    assert not service.asked["/lookup/usage"]


def looks(*seen: tuple[int, int]) -> list[Look]:
    """Looks at credits: what the service counted, and what we had."""
    nothing = dict.fromkeys(METERS, 0)
    first = datetime(2026, 10, 1, tzinfo=UTC)
    return [
        Look(first + timedelta(days=n), {"credits": counted}, nothing | {"credits": ours})
        for n, (counted, ours) in enumerate(seen)
    ]


def test_a_count_that_has_begun_anew_begins_the_comparison_anew() -> None:
    *before, now = looks((900, 0), (950, 50), (8, 60), (20, 70))
    frame = compared(before, now, NOTHING)
    assert lines(frame) == {
        "counted before": 8,
        "charged by us": 10,
        "spent elsewhere": 2,
        "counted by the service": 20,
    }
    first = frame.filter(meter="credits").row(0, named=True)
    assert first["at_most"] == 8
    assert first["why"] == (
        "the count has begun anew between 2026-10-02 and 2026-10-03, where the comparison begins; in that time we "
        "charged 10, on which side of it cannot be known"
    )


def test_a_count_that_comes_late_is_nobody_elses() -> None:
    *before, now = looks((100, 0), (100, 10), (110, 10))
    assert lines(compared(before, now, NOTHING)) == {
        "counted before": 100,
        "charged by us": 10,
        "spent elsewhere": 0,
        "counted by the service": 110,
    }


def test_a_count_that_is_not_told_is_said_to_be_none() -> None:
    [now] = looks((5, 5))
    assert compared([], now, NOTHING).filter(meter="records").rows() == [
        ("records", "not told", None, None, "the service does not say what it has counted")
    ]


amounts = st.dictionaries(st.sampled_from(METERS), st.integers(0, 50))


@given(
    counted=st.lists(st.dictionaries(st.sampled_from(METERS), st.integers(0, 200)), min_size=1, max_size=6),
    spent=st.lists(st.lists(st.integers(0, 40), min_size=5, max_size=5), min_size=6, max_size=6),
    unanswered=amounts,
    reserved=amounts,
)
def test_whatever_is_counted_the_lines_add_up(
    counted: list[dict[str, Any]], spent: list[list[int]], unanswered: dict[str, int], reserved: dict[str, int]
) -> None:
    ours = dict.fromkeys(METERS, 0)
    seen = []
    for n, told in enumerate(counted):
        ours = {meter: ours[meter] + more for meter, more in zip(METERS, spent[n], strict=True)}
        seen.append(Look(datetime(2026, 10, 1 + n, tzinfo=UTC), told, ours))
    frame = compared(seen[:-1], seen[-1], Pending(unanswered, reserved))
    for meter in METERS:
        rows = frame.filter(meter=meter)
        if seen[-1].counted.get(meter) is None:
            assert rows["line"].to_list() == ["not told"]
        else:
            assert rows["line"].to_list()[-1] == "counted by the service"
            assert rows["amount"].to_list()[-1] == seen[-1].counted[meter]
            assert rows.height == 1 or sum(rows["amount"].to_list()[:-1]) == seen[-1].counted[meter]
            assert all(amount >= 0 for line, amount in rows.select("line", "amount").rows() if "alone" not in line)
