"""What is answered is charged once, what is refused is not, and headers, usage and ledger tell the same story."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller


def used(caller: Caller) -> dict[str, int]:
    return {row["limitType"]: row["currentUsage"] for row in caller.sandbox.usage()["usage"]}


def spent(caller: Caller) -> tuple[int, int, int]:
    """Credits, records and requests so far."""
    counts = used(caller)
    return counts["uniqueIdLimit"], counts["recordLimit"], counts["requestLimit"]


def a_topic(caller: Caller) -> str:
    return caller.sandbox.world.lists.topics[0].name


def test_searches_cost_a_request_and_signals_a_record_each(caller: Caller) -> None:
    caller.post("/search/company", {"country": "Germany"})
    caller.post("/search/contact", {"managementLevel": "Director"})
    assert (spent(caller), caller.sandbox.ledger()) == ((0, 0, 2), [])
    signals = caller.post("/search/intent", {"topics": [a_topic(caller)], "rpp": 7})["data"]
    assert spent(caller) == (0, 7, 3)
    entries = caller.sandbox.ledger()
    assert [entry["id"] for entry in entries] == [signal["id"] for signal in signals]
    assert {(e["endpoint"], e["entity"], e["credits"], e["records"]) for e in entries} == {
        ("/search/intent", "intent", 0, 1)
    }


def test_look_ups_and_logins_cost_nothing(caller: Caller) -> None:
    answer = caller.send("GET", "/lookup/industry")
    caller.get("/lookup/usage")
    assert spent(caller) == (0, 0, 0)
    assert not [name for name, _ in answer.headers if name.startswith("X-Usage-")]


def test_a_redemption_is_in_ledger_usage_and_headers(caller: Caller) -> None:
    first, second = list(caller.sandbox.world.companies)[:2]
    answer = caller.redeem(first, second, 999)
    headers = dict(answer.headers)
    assert spent(caller) == (2, 2, 1)
    assert headers["X-Usage-Unique-Id-Limit-Limit"] == "5000"
    assert headers["X-Usage-Unique-Id-Limit-Remaining"] == "4998"
    assert headers["X-Usage-Record-Limit-Remaining"] == "124998"
    assert headers["X-Usage-Request-Limit-Remaining"] == "499999"
    assert caller.sandbox.ledger() == [
        {
            "time": "2026-10-01T09:00:00.200000+00:00",
            "endpoint": "/enrich/company",
            "entity": "company",
            "id": company,
            "credits": 1,
            "records": 1,
            "request_id": headers["X-Request-Id"],
        }
        for company in (first, second)
    ]


def test_a_second_redeem_within_a_year_is_free_but_for_the_record(caller: Caller) -> None:
    company = next(iter(caller.sandbox.world.companies))
    caller.redeem(company)
    caller.sandbox.advance(364)
    caller.sign_in().redeem(company)
    assert spent(caller) == (1, 2, 2)


def test_after_a_year_a_redeem_costs_a_credit_again(caller: Caller) -> None:
    company = next(iter(caller.sandbox.world.companies))
    caller.redeem(company)
    caller.sandbox.advance(366)
    caller.sign_in().redeem(company)
    assert spent(caller) == (2, 2, 2)


def test_an_office_is_charged_by_its_location_id(caller: Caller) -> None:
    world = caller.sandbox.world
    company = next(c for c in world.companies.values() if c.office_count > 1)
    one, two = world.offices_of(company.id)[:2]
    body = {"matchCompanyInput": [{"zi_c_location_id": o.id} for o in (one, two)], "outputFields": ["zi_c_name"]}
    caller.post("/enrich/company-master", body)
    caller.post("/enrich/company-master", body)
    assert spent(caller) == (2, 4, 2)
    assert {(e["entity"], e["id"]) for e in caller.sandbox.ledger()} == {("location", one.id), ("location", two.id)}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/search/company", {}),
        ("/search/company", {"colour": "red"}),
        ("/enrich/company", {"matchCompanyInput": [{}], "outputFields": ["id"]}),
        ("/enrich/company", {"matchCompanyInput": [{"companyId": 1}], "outputFields": ["engagements"]}),
        ("/enrich/company-master", {"matchCompanyInput": [{}], "outputFields": ["zi_c_name"]}),
    ],
)
def test_what_is_refused_costs_nothing(caller: Caller, path: str, body: Any) -> None:
    assert caller.send("POST", path, body).status >= 400
    assert (spent(caller), caller.sandbox.ledger()) == ((0, 0, 0), [])


def test_an_answer_that_is_over_a_limit_is_refused_whole(caller: Caller) -> None:
    companies = list(caller.sandbox.world.companies)[:3]
    limits = caller.sandbox.service.meters.limits
    limits["uniqueIdLimit"] = 2
    body = {"matchCompanyInput": [{"companyId": i} for i in companies], "outputFields": ["id"]}
    assert caller.refused("/enrich/company", body) == (
        400,
        "Exceeded the max limit to enrich new Contacts or Companies",
    )
    assert spent(caller) == (0, 0, 0)
    caller.redeem(*companies[:2])
    assert caller.redeem(companies[0]).status == 200, "a managed record needs no credit"
    limits["recordLimit"] = 3
    assert caller.refused("/enrich/company", {**body, "matchCompanyInput": [{"companyId": companies[0]}]}) == (
        403,
        "You have used up all of your allowed record limit",
    )
    limits["requestLimit"] = 2
    assert caller.refused("/search/company", {"country": "Germany"}) == (
        403,
        "You have used up all of your allowed request limit",
    )
    assert spent(caller) == (2, 3, 2)


def test_usage_words_every_limit(caller: Caller) -> None:
    assert caller.get("/lookup/usage")["usage"][0] == {
        "limitType": "uniqueIdLimit",
        "description": "New companies, contacts and locations that may be enriched",
        "limit": 5000,
        "currentUsage": 0,
        "usageRemaining": 5000,
    }
    assert [(row["limitType"], row["limit"]) for row in caller.get("/lookup/usage")["usage"]] == [
        ("uniqueIdLimit", 5_000),
        ("recordLimit", 125_000),
        ("requestLimit", 500_000),
        ("websightsRecordLimit", 1_000),
        ("websightsRequestLimit", 10_000),
    ]


def test_scaling_has_more_records_and_no_limit_of_requests(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=20, bundle="scaling"))
    limits = {row["limitType"]: row["limit"] for row in caller.get("/lookup/usage")["usage"]}
    assert (limits["recordLimit"], limits["requestLimit"]) == (500_000, 2_147_483_647)


def test_a_colleague_spends_and_the_record_is_free_for_us(caller: Caller) -> None:
    said = caller.sandbox.colleague(3)
    assert (said["credits"], len(set(said["company_ids"]))) == (3, 3)
    assert spent(caller) == (3, 3, 0)
    caller.redeem(*said["company_ids"])
    assert spent(caller) == (3, 6, 1)
    ledger = caller.sandbox.ledger()
    assert [entry["endpoint"] for entry in ledger] == ["elsewhere"] * 3 + ["/enrich/company"] * 3
    assert [entry["credits"] for entry in ledger] == [1, 1, 1, 0, 0, 0]


@pytest.mark.parametrize("credits", [0, -1, 301])
def test_a_colleague_cannot_redeem_what_is_not_there(caller: Caller, credits: int) -> None:
    with pytest.raises(ValueError, match=r"can redeem 1 to 300 companies, not .*Nothing was charged"):
        caller.sandbox.colleague(credits)


def test_a_colleague_cannot_spend_more_than_is_left(caller: Caller) -> None:
    caller.sandbox.service.meters.limits["uniqueIdLimit"] = 2
    with pytest.raises(ValueError, match="has 2 credits left, not 3"):
        caller.sandbox.colleague(3)


def test_a_reset_begins_again_with_the_same_account(caller: Caller) -> None:
    credentials, company = caller.sandbox.credentials(), next(iter(caller.sandbox.world.companies))
    caller.redeem(company)
    caller.sandbox.advance(10)
    caller.sandbox.reset()
    assert caller.send("POST", "/search/company", {"country": "Germany"}).status == 401
    assert caller.sandbox.credentials() == credentials
    assert (spent(caller), caller.sandbox.ledger()) == ((0, 0, 0), [])
    assert caller.sandbox.now().day == 1
    caller.sign_in().redeem(company)
    assert spent(caller) == (1, 1, 1)


def test_the_ledger_outlives_the_sandbox(tmp_path: Path) -> None:
    options = Options(companies=20, state=tmp_path / "state.db")
    first = Sandbox(options)
    first.colleague(3)
    before, credentials, stopped = first.ledger(), first.credentials(), first.now()
    first.close()
    again = Sandbox(options)
    assert (again.ledger(), again.credentials()) == (before, credentials)
    assert again.now() >= stopped
    again.close()
