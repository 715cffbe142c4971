"""What a record of ours costs when it is asked for again: never more than was quoted, whoever redeemed it first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mockserver import Request, Response
from zianalytics.errors import AuthFailed, BudgetExceeded, NotAnswered
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

COMPANY = "/enrich/company"
NOW = timedelta(0)


def credits_charged(service: Service) -> int:
    return sum(row["credits"] for row in service.sandbox.ledger() if row["endpoint"] != "elsewhere")


def test_a_record_that_a_colleague_redeemed_first_is_priced_as_new(client: Client, service: Service) -> None:
    ids = service.sandbox.colleague(10)["company_ids"]
    service.sandbox.advance(300)
    client.enrich.companies(ids, max_credits=10)
    assert credits_charged(service) == 0
    assert client.enrich.companies.quote(ids).held == 10
    quote = client.enrich.companies.quote(ids, max_age=NOW)
    assert quote.total == Meters(credits=10, records=10, requests=1)
    assert "somebody else may have redeemed it first" in quote.lines["why"][0]
    service.sandbox.advance(100)
    with pytest.raises(BudgetExceeded):
        client.enrich.companies(ids, max_age=NOW, max_credits=0)
    client.enrich.companies(ids, max_age=NOW, max_credits=10)
    assert credits_charged(service) == 10
    assert client.ledger.totals().spent.credits == 20
    assert client.enrich.companies.quote(ids, max_age=NOW).total == Meters(records=10, requests=1)


def test_what_others_spend_before_a_call_does_not_make_it_doubtful(client: Client, service: Service) -> None:
    bought: list[int] = []
    for _ in range(3):
        service.sandbox.colleague(4)
        theirs = {int(row["id"]) for row in service.sandbox.ledger()}
        bought.append(next(one for one in service.ids if one not in theirs))
        client.enrich.companies(bought[-1:], max_credits=1)
    assert client.enrich.companies.quote(bought, max_age=NOW).managed == 3


def test_what_others_spend_during_a_call_makes_it_doubtful(client: Client, service: Service) -> None:
    def others(request: Request) -> Response | None:
        if request.path == COMPANY:
            service.sandbox.colleague(1)
        return None

    service.trouble = others
    client.enrich.companies(service.ids[:3], max_credits=3)
    assert client.enrich.companies.quote(service.ids[:3], max_age=NOW).credits == 3


def test_a_service_that_does_not_tell_its_count_leaves_records_priced_as_new(client: Client, service: Service) -> None:
    refusal = b'{"statusCode": 403, "message": "You do not have access to this endpoint"}'
    service.trouble = lambda request: service.says(403, refusal) if "usage" in request.path else None
    frame = client.enrich.companies(service.ids[:3], max_credits=3)
    assert frame["match_status"].to_list() == ["matched"] * 3
    assert client.enrich.companies.quote(service.ids[:3], max_age=NOW).credits == 3
    assert client.enrich.companies.quote(service.ids[:3]).held == 3


def test_a_run_that_died_is_compared_at_the_beginning_of_the_next(desk: Desk, service: Service) -> None:
    first = desk.client()
    ids = service.ids[:30]

    def go_away(request: Request) -> Response | None:
        return Response(200, delivery="cut") if service.asked[COMPANY] and "usage" in request.path else None

    service.trouble = go_away
    first.enrich.companies(ids, max_credits=30)
    assert first.enrich.companies.quote(ids, max_age=NOW).credits == 30
    service.trouble = lambda request: None
    first.close()
    later = desk.client()
    later.enrich.companies(ids, max_age=NOW, max_credits=0)
    assert later.charges == service.charges


@pytest.mark.parametrize("trouble", ["signing in", "usage"])
def test_what_is_held_can_be_read_when_the_service_refuses_us(desk: Desk, service: Service, trouble: str) -> None:
    ids = service.ids[:3]
    client = desk.client()
    frame = client.enrich.companies(ids, max_credits=3)
    client.close()
    if trouble == "signing in":
        desk.password = "no longer this"
    else:
        service.trouble = lambda request: service.says(403, b"{}") if "usage" in request.path else None
    later = desk.client()
    if trouble == "signing in":
        with pytest.raises(AuthFailed):
            later.session._tokens.current(refused=later.session._tokens.current())
        with pytest.raises(AuthFailed):
            later.usage()
    assert later.enrich.companies(ids).equals(frame)


def test_what_is_held_can_be_read_while_a_repeat_waits_to_be_settled(desk: Desk, service: Service) -> None:
    client = desk.client()
    frame = client.enrich.companies(service.ids[:1], max_credits=1)
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[1:3], max_credits=2)
    service.sandbox.set_faults({"rules": []})

    def silent(request: Request) -> Response | None:
        return Response(200, delivery="cut") if "usage" in request.path and service.asked[COMPANY] == 3 else None

    service.trouble = silent
    with pytest.raises(NotAnswered):  # the repeat is answered, and what the service counted after it is not told
        client.enrich.companies(service.ids[1:3], max_credits=0)
    client.close()
    desk.base_url = "http://127.0.0.1:9"
    assert desk.client().enrich.companies(service.ids[:1]).equals(frame)
