"""What the service says no with, as errors that say what to do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import mockserver
from zianalytics.api.refusals import refusal
from zianalytics.api.table import JOBS, OPERATIONS
from zianalytics.errors import (
    AnswerRefused,
    AuthFailed,
    CreditsUsedUp,
    FieldNotAllowed,
    LimitReached,
    MalformedRequest,
    NotAnswered,
    NotEntitled,
    NotFound,
    PageRefused,
    RateLimited,
    RecordsUsedUp,
    RequestsUsedUp,
    TooLittleGiven,
    UnknownField,
)

COMPANIES = OPERATIONS["enrich.companies"]
SEARCH = OPERATIONS["search.companies"]
RECORDINGS = Path(mockserver.__file__).parent / "recordings"

# Every message that the documentation lists, and those that the sandbox has beside them.
PUBLISHED: list[tuple[int, str, type[AnswerRefused], str, str]] = [
    (400, "Exceeded the max limit to enrich new Contacts or Companies", CreditsUsedUp, "credit_limit", "zi.usage()"),
    (400, "Missing outputFields parameter", MalformedRequest, "no_output_fields", "Leave fields= out"),
    (400, "No roles found for login", AuthFailed, "no_roles", "sales representative"),
    (400, "Page number (page) is not a number", PageRefused, "page", "limit="),
    (
        400,
        "Page number (page) requested is greater than the available results",
        PageRefused,
        "page_beyond",
        "Run it again",
    ),
    (400, "Request body has malformed JSON", MalformedRequest, "malformed_json", "zi.enrich.companies?"),
    (400, "Results per page (rpp) is not a number", PageRefused, "page", "limit="),
    (400, "Results per page (rpp) is over max allowed value (100)", PageRefused, "page", "limit="),
    (400, "The parameter passed for sortBy is invalid", PageRefused, "sort", "sort_by="),
    (400, "There are invalid fields in your request", UnknownField, "unknown_field", "zi.lookup"),
    (400, "There are invalid fields in your request: mood", UnknownField, "unknown_field", "zi.lookup"),
    (400, "There is insufficient information for this request", TooLittleGiven, "too_little", "Each input needs"),
    (400, "Total record pagination is over max allowed value (1000)", PageRefused, "page_too_deep", "Narrow it"),
    (401, "Authentication failed", AuthFailed, "authentication", "ZOOMINFO_"),
    (
        403,
        "There are fields that are not allowed under your subscription: engagements",
        FieldNotAllowed,
        "field_not_allowed",
        "-engagements in fields=",
    ),
    (
        403,
        "You do not have access to the enrich endpoint",
        NotEntitled,
        "endpoint_not_in_contract",
        "zi.lookup.entitlements()",
    ),
    (403, "You do not have access to the search endpoint", NotEntitled, "endpoint_not_in_contract", "representative"),
    (403, "You do not have access to this endpoint", NotEntitled, "endpoint_not_in_contract", "representative"),
    (403, "You do not have permission to access the ZoomInfo API", NotEntitled, "no_api_access", "credentials"),
    (403, "You have used up all of your allowed request limit", RequestsUsedUp, "request_limit", "no requests left"),
    (403, "You have used up all of your allowed record limit", RecordsUsedUp, "record_limit", "no records left"),
    *(
        (403, message, kind, code, "IP addresses")
        for kind, code, messages in (
            (
                RequestsUsedUp,
                "ip_request_limit",
                (
                    "You have used up all of your allowed request limit for WebSights API",
                    "You have used up all of your allowed WebSights request limit",
                ),
            ),
            (
                RecordsUsedUp,
                "ip_record_limit",
                (
                    "You have used up all of your allowed record limit for WebSights API",
                    "You have used up all of your allowed WebSights record limit",
                ),
            ),
        )
        for message in messages
    ),
    (429, "You have exceeded your API query rate limit", RateLimited, "rate_limit", "again in a minute"),
    (
        400,
        "At least one record must be enriched before a webhook can be created",
        MalformedRequest,
        "nothing_redeemed",
        "Enrich at least one",
    ),
    (404, "No such webhook", NotFound, "no_such_webhook", "zi.webhooks.list()"),
    (404, "No such endpoint: POST /serch", NotFound, "no_such_endpoint", "ZOOMINFO_BASE_URL"),
    (400, "Something new", AnswerRefused, "other", "documentation"),
]


@pytest.mark.parametrize(("status", "message", "kind", "code", "advice"), PUBLISHED, ids=[row[1] for row in PUBLISHED])
def test_a_refusal_says_what_happened_what_it_cost_and_what_next(
    status: int, message: str, kind: type[AnswerRefused], code: str, advice: str
) -> None:
    body = json.dumps({"statusCode": status, "message": message}).encode()
    error = refusal(COMPANIES, status, {"x-request-id": "r-1"}, body)
    assert type(error) is kind
    assert (error.status, error.code, error.request_id, error.credits_spent) == (status, code, "r-1", 0)
    assert error.retryable == (status == 429)
    assert isinstance(error, LimitReached) == code.endswith("_limit") * (code != "rate_limit")
    assert str(error).startswith(
        f"enrich.companies got status {status} (request r-1): {message}. Nothing was charged. "
    )
    assert advice in str(error)


def recorded_refusals() -> list[tuple[str, str, int, bytes]]:
    """Verb, path, status and body of each refusal that is recorded."""
    found: list[tuple[str, str, int, bytes]] = []

    def walk(items: list[Any]) -> None:
        for item in items:
            walk(item.get("item", []))
            for one in item.get("response", []):
                if one["code"] >= 400:
                    asked = one["originalRequest"]
                    path = "/" + "/".join(asked["url"]["path"])
                    found.append((asked["method"], path, one["code"], one["body"].encode()))

    for file in sorted(RECORDINGS.glob("*.json")):
        walk(json.loads(file.read_text("utf-8"))["item"])
    return found


def test_each_recorded_refusal_has_an_error_of_its_own() -> None:
    everything = OPERATIONS.values()
    by_route = {f"{one.enterprise.method} {one.enterprise.path}": one for one in everything}
    kinds: Counter[type] = Counter()
    for method, path, status, body in recorded_refusals():
        operation = by_route.get(f"{method} {path}", SEARCH)
        error = refusal(operation, status, {}, body)
        assert type(error) not in (AnswerRefused, NotAnswered), (method, path, body)
        assert error is not None
        assert error.code not in (None, "other")
        kinds[type(error)] += 1
    assert {
        AuthFailed, CreditsUsedUp, FieldNotAllowed, MalformedRequest, NotEntitled, NotFound, PageRefused, RateLimited,
        RecordsUsedUp, RequestsUsedUp, TooLittleGiven, UnknownField,
    } <= kinds.keys()  # fmt: skip


def invalid(*names: str) -> bytes:
    return json.dumps({"message": f"There are invalid fields in your request: {', '.join(names)}"}).encode()


def test_names_of_the_wire_are_said_in_words_of_ours_and_advice_fits_the_call() -> None:
    search = str(refusal(SEARCH, 400, {}, invalid("companyWebsite", "revenueMin")))
    assert "In zi.search.companies that is company_website=, revenue_min_usd=: check its value" in search
    assert "fields=" not in search
    enrich = str(refusal(COMPANIES, 400, {}, invalid("companyWebsite", "employeeCount")))
    assert "In `of` that is company_website: leave it out, or mend its values." in enrich
    assert "As columns they are employee_count: -employee_count in fields= leaves them out." in enrich
    check = str(refusal(OPERATIONS["compliance.check"], 400, {}, invalid("personEmailAddress")))
    assert check.endswith("In `of` that is email: leave it out, or mend its values.")
    office = str(refusal(OPERATIONS["enrich.master_data"], 400, {}, invalid("zi_c_zip")))
    assert "zip_code" in office
    assert "fields=" not in str(refusal(OPERATIONS["enrich.technologies"], 400, {}, invalid("companyId")))


def test_too_little_is_said_in_the_words_of_a_search_or_of_inputs() -> None:
    body = b'{"message": "There is insufficient information for this request"}'
    assert str(refusal(SEARCH, 400, {}, body)).endswith("at least one criterion; zi.search.companies? lists them.")
    assert "Each input needs an id" in str(refusal(COMPANIES, 400, {}, body))


def test_used_up_credits_are_not_answered_with_fewer_rows_where_there_are_none() -> None:
    body = b'{"message": "Exceeded the max limit to enrich new Contacts or Companies"}'
    assert "Pass fewer rows" in str(refusal(COMPANIES, 400, {}, body))
    redeem = next(row for row in JOBS.values() if row.kind == "redeem")
    assert str(refusal(redeem, 400, {}, body)).endswith("Narrow the criteria.")


def test_an_answer_is_no_refusal() -> None:
    assert refusal(COMPANIES, 200, {}, b"{}") is None


def test_a_failure_of_the_service_leaves_the_outcome_of_a_paid_call_open() -> None:
    paid, free = refusal(COMPANIES, 502, {}, b"<html>"), refusal(SEARCH, 502, {}, b"<html>")
    assert isinstance(paid, NotAnswered)
    assert isinstance(free, NotAnswered)
    assert (paid.outcome_known, free.outcome_known) == (False, True)
    assert "may have been carried out and charged" in str(paid)
    assert "Nothing was charged" in str(free)
    assert "html" not in str(paid)
    assert (paid.credits_spent, free.credits_spent, paid.status) == (None, 0, 502)
    assert paid.retryable


@pytest.mark.parametrize(
    "message",
    [
        "An unexpected error has occurred. Please try again and if this continues to occur, please contact us and "
        "reference the error id provided above",
        "Search failed. Please try again and if this continues to occur, please contact us",
    ],
    ids=["unexpected", "search"],
)
def test_a_failure_of_the_service_is_said_with_its_words_and_the_id_for_its_support(message: str) -> None:
    error = refusal(SEARCH, 500, {"x-request-id": "r-7"}, json.dumps({"message": message}).encode())
    assert isinstance(error, NotAnswered)
    assert (error.status, error.request_id, error.code) == (500, "r-7", "no_answer")
    assert message[:20] in str(error)


@pytest.mark.parametrize("status", [302, 304, 307, 408, 500, 501, 503, 599])
def test_what_is_neither_an_answer_nor_a_refusal_leaves_the_outcome_of_a_paid_call_open(status: int) -> None:
    error = refusal(COMPANIES, status, {}, b"")
    assert isinstance(error, NotAnswered)
    assert not error.outcome_known
    assert "its price stays reserved" in str(error)


def test_the_fields_that_master_data_refuses_are_named() -> None:
    body = json.dumps({"responseCode": 400, "message": "Invalid fields", "invalidOutputFields": ["zi_c_mood"]}).encode()
    error = refusal(OPERATIONS["enrich.master_data"], 400, {}, body)
    assert isinstance(error, MalformedRequest)
    assert "Invalid fields (zi_c_mood)" in str(error)


def test_fields_outside_the_subscription_are_named_as_columns_with_the_way_to_leave_them_out() -> None:
    message = "There are fields that are not allowed under your subscription: departmentBudgets, engagements"
    error = refusal(COMPANIES, 403, {}, json.dumps({"message": message}).encode())
    assert str(error).endswith(
        "As columns they are department_budgets, engagements: -department_budgets, -engagements in "
        "fields= leaves them out."
    )


@pytest.mark.parametrize("body", [b"", b"\xff", b"[1]", b'{"message": ["odd"]}', b"[" * 100_000, b"null"])
def test_a_body_of_any_shape_gives_an_error_of_ours(body: bytes) -> None:
    error = refusal(COMPANIES, 403, {}, body)
    assert isinstance(error, NotEntitled)


def test_a_message_from_outside_is_shortened_and_shows_no_hidden_characters() -> None:
    body = json.dumps({"message": "\u202e\x1b[31m" + "x" * 5000}).encode()
    error = refusal(COMPANIES, 400, {}, body)
    assert len(str(error)) < 600
    assert "\x1b" not in str(error)
    assert "\u202e" not in str(error)


@pytest.mark.parametrize(
    ("name", "then"),
    [
        (
            "enrich.companies",
            "Run the same call again, or zia reconcile, and it is settled: what was charged costs no second credit, "
            "and counts as a record once more.",
        ),
        (
            "search.news",
            "Run the same call again for what is missing: rows that were charged are charged once more. zia reconcile "
            "--ask-lists settles what was charged, and then the same call takes the rows from the journal.",
        ),
        (
            "bulk.enrich.companies",
            "Whether it began is not known: zia reconcile ends it a day later by what the service has counted.",
        ),
    ],
    ids=["records", "rows", "job"],
)
def test_a_503_to_a_paid_request_says_what_settles_it(name: str, then: str) -> None:
    said = str(refusal({**OPERATIONS, **JOBS}[name], 503, {}, b""))
    assert said.endswith(f"It may have been carried out and charged; its price stays reserved. {then}")
