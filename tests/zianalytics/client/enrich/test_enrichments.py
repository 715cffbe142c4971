from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response
from zianalytics.errors import (
    BudgetExceeded,
    LimitReached,
    MalformedRequest,
    NotAllAnswered,
    NotAnswered,
    RequestRefused,
)
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

COMPANY = "/enrich/company"


def test_a_call_pays_for_each_record_once_and_the_ledgers_agree(client: Client, service: Service) -> None:
    ids = service.ids[:60]
    frame = client.enrich.companies(ids, max_credits=60)
    assert frame["company_id"].to_list() == ids
    assert frame["match_status"].to_list() == ["matched"] * 60
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=60, records=60, requests=3)
    assert service.asked[COMPANY] == 3


def test_a_second_call_is_answered_from_the_journal(client: Client, desk: Desk, service: Service) -> None:
    ids = service.ids[:30]
    first = client.enrich.companies(ids, max_credits=30)
    client.close()
    later = desk.client()
    assert repr(later.enrich.companies.quote(ids)) == "Quote(credits=0, records=0, requests=0, held=30)"
    assert later.enrich.companies(ids).equals(first)
    assert service.asked[COMPANY] == 2


def test_the_same_record_twice_is_asked_once_and_answered_twice(client: Client, service: Service) -> None:
    one, two = service.ids[:2]
    quote = client.enrich.companies.quote([one, two, one])
    assert repr(quote) == "Quote(credits=2, records=2, requests=1, duplicates=1)"
    frame = client.enrich.companies([one, two, one], max_credits=2)
    assert frame["company_id"].to_list() == [one, two, one]
    assert client.charges == service.charges == {("company", str(one), 1, 1): 1, ("company", str(two), 1, 1): 1}


def test_further_fields_of_a_managed_record_cost_a_record_and_no_credit(client: Client, service: Service) -> None:
    ids = service.ids[:3]
    client.enrich.companies(ids, fields=["name"], max_credits=3)
    quote = client.enrich.companies.quote(ids, fields=["name", "website"])
    assert repr(quote) == "Quote(credits=0, records=3, requests=1, managed=3)"
    with pytest.raises(BudgetExceeded):
        client.enrich.companies(ids, fields=["name", "website"])
    frame = client.enrich.companies(ids, fields=["name", "website"], max_credits=0)
    assert frame.columns == ["input", "match_status", "company_id", "name", "website", "extra"]
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=3, records=6, requests=2)
    assert client.enrich.companies.quote(ids, fields=["website"]).held == 3


def test_max_age_asks_again_for_what_is_older(client: Client, service: Service) -> None:
    ids = service.ids[:2]
    client.enrich.companies(ids, max_credits=2)
    service.sandbox.advance(40)
    client.usage()
    assert client.enrich.companies.quote(ids, max_age=timedelta(days=60)).held == 2
    assert repr(client.enrich.companies.quote(ids, max_age=timedelta(days=30))) == (
        "Quote(credits=0, records=2, requests=1, managed=2)"
    )
    client.enrich.companies(ids, max_age=timedelta(days=30), max_credits=0)
    assert client.enrich.companies.quote(ids, max_age=timedelta(days=30)).held == 2
    assert client.charges == service.charges


def test_after_twelve_months_a_record_is_new_again(client: Client, service: Service) -> None:
    ids = service.ids[:2]
    client.enrich.companies(ids, max_credits=2)
    service.sandbox.advance(364)
    client.usage()
    assert client.enrich.companies.quote(ids).held == 2
    service.sandbox.advance(2)
    with pytest.raises(BudgetExceeded, match="2 credits"):  # held by our clock, until the service tells its time
        client.enrich.companies(ids)
    assert repr(client.enrich.companies.quote(ids)) == "Quote(credits=2, records=2, requests=1)"
    client.enrich.companies(ids, max_credits=2)
    assert client.charges == service.charges
    assert client.ledger.totals().spent.credits == 4


def test_an_id_that_matches_nothing_is_free_and_not_asked_again_for_a_month(client: Client, service: Service) -> None:
    frame = client.enrich.companies([1, service.ids[0]], max_credits=2)
    assert frame["match_status"].to_list() == ["no_match", "matched"]
    assert frame["company_id"].to_list() == [None, service.ids[0]]
    assert client.charges == service.charges
    assert client.ledger.totals().spent.credits == 1
    assert repr(client.enrich.companies.quote([1])) == "Quote(credits=0, records=0, requests=0, held=1)"
    service.sandbox.advance(31)
    client.usage()
    assert repr(client.enrich.companies.quote([1])) == "Quote(credits=1, records=1, requests=1)"


def test_an_input_by_name_is_held_by_its_question_and_by_the_id_it_found(client: Client, service: Service) -> None:
    website = next(c.website for c in service.sandbox.world.companies.values() if c.website)
    found = client.enrich.companies([{"company_website": website}], max_credits=1)["company_id"][0]
    assert client.enrich.companies.quote([{"company_website": website}]).held == 1
    assert client.enrich.companies.quote([found]).held == 1


def test_master_data_is_held_where_there_is_no_office_either(client: Client, service: Service) -> None:
    inputs = [
        {"company_id": i, "country": country} for i in service.ids[:10] for country in ("United States", "Germany")
    ]
    frame = client.enrich.master_data(inputs, max_credits=20)
    assert frame["input_row"].to_list() == list(range(20))
    assert set(frame["match_status"]) == {"matched", "no_match"}
    assert client.charges == service.charges
    assert repr(client.enrich.master_data.quote(inputs)) == "Quote(credits=0, records=0, requests=0, held=20)"


def test_contacts_and_companies_are_charged_apart(client: Client, service: Service) -> None:
    contacts = sorted(service.sandbox.world.contacts)[:5]
    client.enrich.contacts(contacts, max_credits=5)
    client.enrich.companies(service.ids[:5], max_credits=5)
    assert client.charges == service.charges
    assert client.ledger.frame()["entity"].value_counts().sort("entity").rows() == [("company", 5), ("contact", 5)]


def test_what_cannot_be_asked_is_not_sent_and_not_priced(client: Client, service: Service) -> None:
    given = pl.DataFrame({"company_id": [service.ids[0], None], "note": ["a", "b"]})
    quote = client.enrich.companies.quote(given)
    assert quote.lines["status"].to_list() == ["new", "invalid_input"]
    assert repr(quote) == "Quote(credits=1, records=1, requests=1)"
    frame = client.enrich.companies(given, max_credits=1)
    assert frame["match_status"].to_list() == ["matched", "invalid_input"]
    assert frame["note"].to_list() == ["a", "b"]


def test_no_input_at_all_gives_all_columns_and_sends_nothing(client: Client, service: Service) -> None:
    full = client.enrich.companies(service.ids[:1], max_credits=1)
    empty = client.enrich.companies(pl.DataFrame(schema={"company_id": pl.Int64}))
    assert empty.height == 0
    assert empty.schema["revenue_usd"] == full.schema["revenue_usd"]
    assert service.asked[COMPANY] == 1


def test_a_refused_request_costs_nothing_and_leaves_nothing_open(client: Client, service: Service) -> None:
    def refuse(request: Request) -> Response | None:
        body = b'{"statusCode": 400, "message": "There are invalid fields in your request: x"}'
        return service.says(400, body) if request.path == COMPANY else None

    service.trouble = refuse
    with pytest.raises(MalformedRequest, match="Nothing was charged"):
        client.enrich.companies(service.ids[:3], max_credits=3)
    assert client.ledger.totals().spent == client.ledger.totals().unknown == Meters()
    assert client.ledger.unanswered().is_empty()


def report_of(warned: pytest.WarningsRecorder) -> pl.DataFrame:
    """The report of the only warning that inputs have no answer."""
    [one] = [one.message for one in warned if isinstance(one.message, NotAllAnswered)]
    assert isinstance(one.report, pl.DataFrame)
    return one.report


def test_credits_that_run_out_in_mid_run_leave_good_rows_and_say_so(client: Client, service: Service) -> None:
    refused = []

    def run_out(request: Request) -> Response | None:
        if request.path != COMPANY or len(service.sandbox.ledger()) < 25:
            return None
        refused.append(request)
        body = b'{"statusCode": 400, "message": "Exceeded the max limit to enrich new Contacts or Companies"}'
        return service.says(400, body)

    client.enrich.companies(service.ids[:25], max_credits=25)
    service.trouble = run_out
    said = r'5 of 30 inputs are not answered; the others are here and kept\. 5 with match_status "limit_exceeded": '
    with pytest.warns(NotAllAnswered, match=said) as warned:
        frame = client.enrich.companies(service.ids[:30], max_credits=30)
    assert [one.filename for one in warned] == [__file__]
    assert frame["match_status"].value_counts().sort("count").rows() == [("limit_exceeded", 5), ("matched", 25)]
    assert refused
    with pytest.raises(LimitReached):
        client.enrich.companies(service.ids[25:30], max_credits=5)
    assert client.charges == service.charges


def test_a_reply_that_is_no_json_is_kept_and_the_call_asked_again_without_a_second_credit(
    client: Client, service: Service
) -> None:
    ids = service.ids[:30]
    spoilt: list[int] = []

    def spoil(request: Request) -> Response | None:
        if request.path != COMPANY or spoilt:
            return None
        spoilt.append(1)
        service.sandbox.answer(request)
        return service.says(200, b"<html>hello</html>")

    service.trouble = spoil
    with pytest.warns(NotAllAnswered, match="30 inputs are not answered") as warned:
        frame = client.enrich.companies(ids, max_credits=30)
    lost = frame.filter(match_status="error").height
    assert (lost, frame.filter(match_status="matched").height) in ((5, 25), (25, 5))
    report = report_of(warned)
    assert report.select("error", "code", "retryable", "credits_spent").unique().rows() == [
        ("AnswerUnreadable", "unreadable", True, None)
    ]
    assert report.height == lost
    assert b"<html>hello</html>" in [reply.body for reply in client.journal.replies()]
    unknown = client.ledger.totals().unknown
    assert unknown.credits == lost
    with pytest.warns(match="sent again"):
        frame = client.enrich.companies(ids, max_credits=30)
    assert frame["match_status"].to_list() == ["matched"] * 30
    assert client.charges == service.charges
    assert client.ledger.totals().spent.credits == 30


def test_an_odd_answer_is_read_as_far_as_it_goes(client: Client, service: Service) -> None:
    record = b'{"id": "7", "name": "\\ud800 & Sons", "employeeCount": "12", "revenue": 12.5, "colour": "red"}'

    def odd(request: Request) -> Response | None:
        if request.path != COMPANY:
            return None
        body = b'{"success": true, "data": {"result": [{"input": {"companyid": 7}, "data": [' + record + b"]}]}}"
        return service.says(200, body, X_Request_Id="r-1")

    service.trouble = odd
    with pytest.warns(match="could not be read"):
        frame = client.enrich.companies([7], fields=["name", "employee_count", "revenue_usd"], max_credits=1)
    assert frame["employee_count"].to_list() == [12]
    assert frame["revenue_usd"].to_list() == [12500]
    assert frame["extra"].to_list() == ['{"colour":"red"}']
    assert client.ledger.frame().select("id", "credits", "records", "request_id").rows() == [("7", 1, 1, "r-1")]


def test_a_service_that_cannot_be_reached_leaves_nothing_reserved(desk: Desk, service: Service) -> None:
    desk.base_url = "http://127.0.0.1:9"
    client = desk.client()
    with pytest.raises(NotAnswered) as gone:
        client.enrich.companies(service.ids[:3], max_credits=3)
    assert gone.value.outcome_known
    assert client.ledger.totals().unknown == Meters()


def test_held_records_are_answered_without_a_service(desk: Desk, client: Client, service: Service) -> None:
    frame = client.enrich.companies(service.ids[:3], max_credits=3)
    client.close()
    desk.base_url = "http://127.0.0.1:9"
    assert desk.client().enrich.companies(service.ids[:3]).equals(frame)


@pytest.mark.parametrize("name", ["max_credits", "max_records", "max_requests"])
def test_a_cap_that_is_no_number_is_refused(client: Client, name: str) -> None:
    with pytest.raises(RequestRefused, match=name), client.budget(**{name: -1}):
        pass


def answer_with(service: Service, *results: tuple[dict[str, object], int]) -> None:
    """The service answers with these echoes and records, whatever it is asked."""
    told = [
        {"input": echo, "matchStatus": "FULL_MATCH", "data": [{"id": company_id, "name": f"C{company_id}"}]}
        for echo, company_id in results
    ]
    body = json.dumps({"success": True, "data": {"outputFields": [], "result": told}}).encode()
    service.trouble = lambda request: service.says(200, body) if request.path == COMPANY else None


def test_nobody_is_given_the_record_of_another(client: Client, service: Service) -> None:
    answer_with(service, ({"companyid": 8}, 8), ({"companyid": 7}, 7), ({"companyid": 9}, 9))
    with pytest.warns(NotAllAnswered, match="2 of 3 inputs .* It was answered with something that was not asked for"):
        frame = client.enrich.companies([7, 8, 9], fields=["name"], max_credits=3)
    assert frame["match_status"].to_list() == ["error", "error", "matched"]
    assert frame["company_id"].to_list() == [None, None, 9]
    assert client.ledger.frame()["id"].to_list() == ["8", "7", "9"]
    assert client.ledger.totals().spent == Meters(credits=3, records=3, requests=1)
    answer_with(service, ({"companyid": 7}, 7))
    with pytest.warns(NotAllAnswered, match="1 of 3 inputs .* with something .* or not at all"):
        client.enrich.companies([7, 8, 9], fields=["name"], max_credits=3)
    answer_with(service, ({"companyid": 8}, 8))
    frame = client.enrich.companies([7, 8, 9], fields=["name"], max_credits=3)
    assert frame["company_id"].to_list() == [7, 8, 9]


def test_an_input_by_name_is_known_by_its_echo(client: Client, service: Service) -> None:
    given = [{"company_name": "Aster"}, {"company_name": "Birch  Ltd"}, {"company_name": "Cedar"}]
    answer_with(
        service,
        ({"companyname": "ASTER"}, 7),
        ({"companyname": "Birch Ltd", "more": [1]}, 8),
        ({"companyname": "Elm"}, 9),
    )
    with pytest.warns(NotAllAnswered, match="1 of 3 inputs"):
        frame = client.enrich.companies(given, fields=["name"], max_credits=3)
    assert frame["company_id"].to_list() == [7, 8, None]
    assert frame["match_status"].to_list() == ["matched", "matched", "error"]


@pytest.mark.parametrize("echo", [None, [], "Aster", {"companyname": None}, {"companyname": ["x"]}, {}])
def test_without_an_echo_the_order_is_believed(client: Client, service: Service, echo: object) -> None:
    answer_with(service, (echo, 7))  # type: ignore[arg-type]
    frame = client.enrich.companies([{"company_name": "Aster"}], fields=["name"], max_credits=1)
    assert frame["company_id"].to_list() == [7]


def test_more_results_than_inputs_are_charged_and_stop_nothing(client: Client, service: Service) -> None:
    more: list[tuple[dict[str, object], int]] = [({"companyid": 500 + n}, 500 + n) for n in range(60)]

    def echo(request: Request) -> Response | None:
        if request.path == COMPANY:
            asked = [int(one["companyId"]) for one in json.loads(request.body)["matchCompanyInput"]]
            given: list[tuple[dict[str, object], int]] = [({"companyid": one}, one) for one in asked]
            answer_with(service, *given, *more)
            answer = service.trouble(request)
            service.trouble = echo
            return answer
        return None

    service.trouble = echo
    ids = list(range(1000, 1030))
    assert client.enrich.companies(ids, fields=["name"], max_credits=30)["company_id"].to_list() == ids
    assert client.ledger.totals().spent == Meters(credits=90, records=150, requests=2)
