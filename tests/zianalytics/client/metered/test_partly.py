"""A call of which some requests fail: its good rows come, and a report says of the others why, and what next."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver import Request, Response
from zianalytics.client.compliance import Compliance
from zianalytics.client.metered.shortfall import Patience
from zianalytics.client.search.match import Match
from zianalytics.errors import (
    AnswerUnreadable,
    AuthFailed,
    CreditsUsedUp,
    MalformedRequest,
    NotAllAnswered,
    NotAnswered,
    NotEntitled,
    UnknownField,
    ZoomInfoError,
)
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Service

COMPANY = "/enrich/company"
Trouble = Callable[[Request], Response | None]


def refusal(service: Service, status: int, message: str) -> Response:
    return service.says(status, json.dumps({"statusCode": status, "message": message}).encode(), X_Request_Id="r-1")


def on_company(service: Service, company_id: int, answer: Callable[[], Response]) -> Trouble:
    """The batch that asks for this company is answered so."""

    def trouble(request: Request) -> Response | None:
        if request.path != COMPANY:
            return None
        asked = [one["companyId"] for one in json.loads(request.body)["matchCompanyInput"]]
        return answer() if company_id in asked else None

    return trouble


def the_report(warned: pytest.WarningsRecorder) -> pl.DataFrame:
    [report] = [one.message.report for one in warned if isinstance(one.message, NotAllAnswered)]
    assert isinstance(report, pl.DataFrame)
    return report


REFUSED: dict[str, tuple[int, str, str, tuple[Any, ...]]] = {
    "malformed": (
        400, "There are invalid fields in your request: companyId", "error",
        ("UnknownField", 400, "unknown_field", "r-1", False, 0),
    ),
    "not entitled": (
        403, "You do not have access to this endpoint", "error",
        ("NotEntitled", 403, "endpoint_not_in_contract", "r-1", False, 0),
    ),
    "credits used up": (
        400, "Exceeded the max limit to enrich new Contacts or Companies", "limit_exceeded",
        ("CreditsUsedUp", 400, "credit_limit", "r-1", False, 0),
    ),
    "no answer": (502, "", "error", ("NotAnswered", 502, "no_answer", "r-1", True, None)),
}  # fmt: skip


@pytest.mark.parametrize(("status", "message", "word", "row"), REFUSED.values(), ids=REFUSED.keys())
def test_of_three_batches_one_fails_and_the_rows_of_the_others_come_with_a_report(
    client: Client, service: Service, status: int, message: str, word: str, row: tuple[Any, ...]
) -> None:
    ids = service.ids[:60]
    service.trouble = on_company(service, ids[30], lambda: refusal(service, status, message))
    with pytest.warns(NotAllAnswered, match="25 of 60 inputs are not answered; the others are here and kept") as warned:
        frame = client.enrich.companies(ids, max_credits=60)
    assert frame["match_status"].to_list() == ["matched"] * 25 + [word] * 25 + ["matched"] * 10
    assert frame["company_id"].drop_nulls().to_list() == ids[:25] + ids[50:]
    report = the_report(warned)
    assert report["input_row"].to_list() == list(range(25, 50))
    told = report.select("error", "status", "code", "request_id", "retryable", "credits_spent").unique().rows()
    assert told == [row]
    assert report["message"].str.contains("Nothing was charged|its price stays reserved").all()
    assert client.charges == service.charges
    service.trouble = lambda request: None
    again = client.enrich.companies.quote(ids)
    assert (again.held, again.total.credits) == (35, 0 if word == "error" and status == 502 else 25)


def test_what_is_wrong_with_one_batch_alone_does_not_keep_further_ones_from_being_asked(
    client: Client, service: Service
) -> None:
    ids = service.ids[:300]
    service.trouble = on_company(service, ids[0], lambda: refusal(service, 400, "There are invalid fields: x"))
    with pytest.warns(NotAllAnswered, match="25 of 300 inputs"):
        frame = client.enrich.companies(ids, fields=["name"], max_credits=300)
    assert frame["match_status"].to_list() == ["error"] * 25 + ["matched"] * 275


def test_a_limit_that_is_reached_ends_the_asking_and_what_was_not_asked_says_so(
    client: Client, service: Service
) -> None:
    ids = service.ids[:300]
    client.enrich.companies(ids[:3], fields=["name"], max_credits=3)

    def used_up(request: Request) -> Response | None:
        is_it = request.path == COMPANY
        return refusal(service, 403, "You have used up all of your allowed record limit") if is_it else None

    service.trouble, service.asked[COMPANY] = used_up, 0
    with pytest.warns(NotAllAnswered, match="297 of 300 inputs") as warned:
        frame = client.enrich.companies(ids, fields=["name"], max_credits=300)
    assert frame["match_status"].to_list() == ["matched"] * 3 + ["limit_exceeded"] * 297
    codes = dict(the_report(warned)["code"].value_counts().rows())
    assert set(codes) == {"record_limit", "not_asked"}
    assert codes["record_limit"] <= 25 * service.asked[COMPANY]
    assert service.asked[COMPANY] < 12
    assert client.ledger.totals().spent.credits == 3


def test_a_call_without_any_answer_raises_with_the_report(client: Client, service: Service) -> None:
    service.trouble = lambda request: refusal(service, 403, "no") if request.path == COMPANY else None
    with pytest.raises(NotEntitled, match="Nothing was charged") as refused:
        client.enrich.companies([*service.ids[:30], 0], max_credits=30)
    report = refused.value.report
    assert isinstance(report, pl.DataFrame)
    assert report.height == 30
    assert (refused.value.status, refused.value.credits_spent, refused.value.retryable) == (403, 0, False)
    assert "0 of 30 inputs are answered" in refused.value.__notes__[0]


def test_of_requests_that_were_not_answered_it_is_not_known_what_they_cost(client: Client, service: Service) -> None:
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered) as lost:
        client.enrich.companies(service.ids[:50], max_credits=50)
    assert lost.value.credits_spent is None
    assert lost.value.report["credits_spent"].to_list() == [None] * 50


def test_single_inputs_that_fail_inside_a_good_answer_are_told_row_by_row(client: Client, service: Service) -> None:
    result = [
        {"input": {"companyid": 7}, "matchStatus": "FULL_MATCH", "data": [{"id": 7, "name": "Aster"}]},
        {"input": {"companyid": 8}, "matchStatus": "LIMIT_EXCEEDED", "data": []},
        {"input": {"companyid": 9}, "matchStatus": "INVALID_INPUT", "data": []},
        {"input": {"companyid": 10}, "matchStatus": "FULL_MATCH", "data": [{"id": 99, "name": "Elm"}]},
        {"input": {"companyid": 11}, "matchStatus": "NO_MATCH", "data": []},
    ]
    body = json.dumps({"success": True, "data": {"outputFields": [], "result": result}}).encode()
    service.trouble = lambda request: service.says(200, body) if request.path == COMPANY else None
    given = [{"company_id": n} for n in (7, 8, 9, 10, 11)] + [{"company_id": None}]
    with pytest.warns(NotAllAnswered, match="2 of 6 inputs are not answered") as warned:
        frame = client.enrich.companies(given, fields=["name"], max_credits=5)
    assert frame["match_status"].to_list() == [
        "matched", "limit_exceeded", "invalid_input", "error", "no_match", "invalid_input",
    ]  # fmt: skip
    assert the_report(warned).select("input_row", "match_status", "code", "credits_spent").rows() == [
        (1, "limit_exceeded", "limit_exceeded", 0),
        (2, "invalid_input", "invalid_input", 0),
        (3, "error", "mixed_up", None),
        (5, "invalid_input", "invalid_input", 0),
    ]


def test_rows_that_ask_the_same_fail_together(client: Client, service: Service) -> None:
    one, two = service.ids[:2]
    client.enrich.companies([one], max_credits=1)
    service.trouble = lambda request: refusal(service, 400, "There are invalid fields: x")
    with pytest.warns(NotAllAnswered, match="2 of 3 inputs") as warned:
        client.enrich.companies([two, one, two], max_credits=1)
    assert the_report(warned)["input_row"].to_list() == [0, 2]


def test_a_repeat_that_is_not_answered_either_leaves_the_rows_that_are_held(client: Client, service: Service) -> None:
    ids = service.ids[:4]
    client.enrich.companies(ids[:2], max_credits=2)
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies(ids[2:3], max_credits=1)
    with pytest.warns(NotAllAnswered, match="2 of 4 inputs") as warned:
        frame = client.enrich.companies(ids, max_credits=2)
    assert frame["match_status"].to_list() == ["matched", "matched", "error", "error"]
    assert the_report(warned)["code"].to_list() == ["no_answer", "not_asked"]
    service.sandbox.set_faults({"rules": []})
    with pytest.warns(match="sent again"):
        assert client.enrich.companies(ids, max_credits=1)["company_id"].to_list() == ids
    assert sum(row["credits"] for row in service.sandbox.ledger()) == client.ledger.totals().spent.credits == 4
    assert client.ledger.totals().unknown == Meters()


def test_a_check_hands_out_what_was_answered(client: Client, service: Service) -> None:
    people = [f"p{n}@aster.example" for n in range(30)]
    compliance = Compliance(client.caller, client.journal, client.clock)

    def refuse(request: Request) -> Response | None:
        return refusal(service, 400, "no") if b"p29@" in request.body else None

    service.trouble = refuse
    with pytest.warns(NotAllAnswered, match=r"compliance\.check: 5 of 30 inputs") as warned:
        frame = compliance.check(people)
    assert frame["match_status"].to_list() == ["no_match"] * 25 + ["error"] * 5
    assert the_report(warned)["input_row"].to_list() == list(range(25, 30))


def test_a_match_sorts_what_it_could_search_and_says_what_it_could_not(client: Client, service: Service) -> None:
    names = [service.sandbox.world.companies[n].website or "" for n in service.ids[:4]]
    match = Match(client.caller, progress=False)

    def refuse(request: Request) -> Response | None:
        asked = json.loads(request.body).get("companyWebsite") if request.path == "/search/company" else None
        return refusal(service, 400, "no") if asked and names[2].endswith(asked) else None

    service.trouble = refuse
    with pytest.warns(NotAllAnswered, match=r"match\.companies: 1 of 4 rows .* Run the same match again") as warned:
        found = match.companies(pl.DataFrame({"website": names, "name": ["x"] * 4}))
    assert (found.matched.height + found.ambiguous.height, found.failed.height) == (3, 1)
    assert found.failed.select("website", "why").rows() == [
        (names[2], "its search was not answered; run the same match again")
    ]
    assert the_report(warned).select("input_row", "status").rows() == [(2, 400)]
    service.trouble = lambda request: refusal(service, 403, "no") if request.path == "/search/company" else None
    with pytest.raises(NotEntitled) as refused:
        match.companies(["aster.example", "birch.example"])
    assert refused.value.report["input_row"].to_list() == [0, 1]


def test_a_name_is_not_matched_by_half_a_search(client: Client, service: Service) -> None:
    """A page that fails may hold the second of two candidates."""
    match = Match(client.caller, progress=False)
    rows = [{"id": n, "name": "Aster"} for n in range(100)]
    first = json.dumps({"maxResults": 150, "totalResults": 150, "currentPage": 1, "data": rows}).encode()

    def second_is_lost(request: Request) -> Response | None:
        if request.path != "/search/company":
            return None
        return service.says(200, first) if json.loads(request.body)["page"] == 1 else refusal(service, 400, "no")

    service.trouble = second_is_lost
    with pytest.raises(ZoomInfoError, match="status 400"):
        match.companies(["Aster"])


def test_pages_of_a_free_search_that_came_are_handed_out(client: Client, service: Service) -> None:
    def third_is_lost(request: Request) -> Response | None:
        is_it = request.path == "/search/company" and json.loads(request.body)["page"] == 3
        return refusal(service, 400, "no") if is_it else None

    service.trouble = third_is_lost
    with pytest.warns(NotAllAnswered, match=r"search\.companies: 1 of 4 pages are not answered") as warned:
        frame = client.search.companies(employee_range_min=1, limit=400)
    assert the_report(warned)["page"].to_list() == [3]
    assert client.ledger.totals().spent.requests == 3
    service.trouble = lambda request: None
    whole = client.search.companies(employee_range_min=1, limit=400)
    assert whole.height == frame.height + 100
    assert client.ledger.totals().spent.requests == 4


KINDS: dict[str, tuple[BaseException, bool]] = {
    "malformed": (MalformedRequest("m", status=400), True),
    "a value": (UnknownField("m", status=400), True),
    "unreadable": (AnswerUnreadable("m"), True),
    "sent, not answered": (NotAnswered("m", outcome_known=False), True),
    "failed by the service": (NotAnswered("m", outcome_known=True, status=502), True),
    "out of reach": (NotAnswered("m", outcome_known=True), False),
    "credits": (CreditsUsedUp("m", status=400), False),
    "signing in": (AuthFailed("m", status=401), False),
    "interrupted": (KeyboardInterrupt(), False),
}


@pytest.mark.parametrize(("failure", "goes_on"), KINDS.values(), ids=KINDS.keys())
def test_a_call_goes_on_after_what_befell_one_request_alone(failure: BaseException, goes_on: bool) -> None:
    assert Patience()(failure) is goes_on


def test_three_failures_in_a_row_end_a_call_and_a_good_answer_between_them_does_not() -> None:
    patience, failure = Patience(), MalformedRequest("m", status=400)
    assert [patience(one) for one in (failure, failure, None, failure, failure, failure)] == [
        True, True, True, True, True, False,
    ]  # fmt: skip
