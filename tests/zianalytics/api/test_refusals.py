"""What the service says no with, as errors that say what to do."""

from __future__ import annotations

import json

import pytest

from zianalytics.api.refusals import refusal
from zianalytics.api.table import OPERATIONS
from zianalytics.errors import (
    AnswerRefused,
    AuthFailed,
    LimitReached,
    MalformedRequest,
    NotAnswered,
    NotEntitled,
    RateLimited,
)

COMPANIES = OPERATIONS["enrich.companies"]
SEARCH = OPERATIONS["search.companies"]


@pytest.mark.parametrize(
    ("status", "message", "kind", "advice"),
    [
        (401, "Authentication failed", AuthFailed, "ZOOMINFO_"),
        (403, "You do not have access to this endpoint", NotEntitled, "zi.lookup.entitlements()"),
        (
            403,
            "There are fields that are not allowed under your subscription: engagements",
            NotEntitled,
            "Leave them out",
        ),
        (403, "You have used up all of your allowed record limit", LimitReached, "no records left"),
        (403, "You have used up all of your allowed request limit", LimitReached, "no requests left"),
        (400, "Exceeded the max limit to enrich new Contacts or Companies", LimitReached, "zi.usage()"),
        (400, "There are invalid fields in your request: mood", MalformedRequest, "zi.lookup"),
        (400, "There is insufficient information for this request", MalformedRequest, "at least one criterion"),
        (400, "Something new", AnswerRefused, "documentation"),
        (404, "No such endpoint: POST /serch", AnswerRefused, "ZOOMINFO_BASE_URL"),
        (429, "You have exceeded your API query rate limit", RateLimited, "again in a minute"),
        (501, "The sandbox does not imitate 'companyType'", AnswerRefused, "Leave it out"),
    ],
)
def test_a_refusal_says_what_happened_what_it_cost_and_what_next(
    status: int, message: str, kind: type[AnswerRefused], advice: str
) -> None:
    body = json.dumps({"statusCode": status, "message": message}).encode()
    error = refusal(COMPANIES, status, {"x-request-id": "r-1"}, body)
    assert type(error) is kind
    assert (error.status, error.request_id) == (status, "r-1")
    assert error.retryable == (status == 429)
    assert str(error).startswith(
        f"enrich.companies got status {status} (request r-1): {message}. Nothing was charged. "
    )
    assert advice in str(error)


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


@pytest.mark.parametrize("status", [302, 304, 307, 408, 500, 503, 599])
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
        "Leave them out. As columns they are department_budgets, engagements: -department_budgets, -engagements in "
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
