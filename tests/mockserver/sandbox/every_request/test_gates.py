"""What a request must pass, and in which order."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver import Request
from mockserver.contract import contract
from mockserver.sandbox import Options
from mockserver.sandbox.every_request.gates import body_of

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

GERMANY = {"country": "Germany"}
INVALID = "There are invalid fields in your request"


def test_an_unknown_path_and_a_wrong_verb_are_not_found(caller: Caller) -> None:
    caller.token = None
    assert caller.refused("/search/unicorn", {}) == (404, "No such endpoint: POST /search/unicorn")
    assert caller.send("GET", "/search/company").status == 404


def test_no_token_no_answer(caller: Caller) -> None:
    caller.token = None
    assert caller.refused("/search/company", GERMANY) == (401, "Authentication failed")
    caller.token = "made-up"
    assert caller.refused("/search/company", GERMANY) == (401, "Authentication failed")


def test_a_token_ends_after_sixty_minutes_of_sandbox_time(caller: Caller) -> None:
    caller.seconds += 3_590
    assert caller.send("POST", "/search/company", GERMANY).status == 200
    caller.seconds += 10
    assert caller.refused("/search/company", GERMANY) == (401, "Authentication failed")


def test_a_moved_clock_ends_a_token(caller: Caller) -> None:
    caller.sandbox.advance(1)
    assert caller.refused("/search/company", GERMANY)[0] == 401
    caller.sign_in()
    assert caller.send("POST", "/search/company", GERMANY).status == 200


def test_a_revoked_token_is_refused(caller: Caller) -> None:
    caller.sandbox.revoke_tokens()
    assert caller.refused("/search/company", GERMANY)[0] == 401


def test_bulk_and_webhooks_belong_to_another_bundle(caller: Caller, calling: Callable[[Options], Caller]) -> None:
    for path in ("/bulk/search/company", "/webhooks"):
        assert caller.refused(path, {}) == (403, "You do not have access to this endpoint")
    scaling = calling(Options(companies=20, bundle="scaling"))
    assert scaling.refused("/bulk/search/company", {}) == (400, "There are invalid fields in your request: query")


def test_a_withheld_field_is_refused_and_named(caller: Caller, calling: Callable[[Options], Caller]) -> None:
    company = next(iter(caller.sandbox.world.companies))
    body = {"matchCompanyInput": [{"companyId": company}], "outputFields": ["id", "departmentBudgets"]}
    assert caller.refused("/enrich/company", body) == (
        403,
        "There are fields that are not allowed under your subscription: departmentBudgets",
    )
    scaling = calling(Options(companies=20, bundle="scaling"))
    body["matchCompanyInput"] = [{"companyId": next(iter(scaling.sandbox.world.companies))}]
    data = scaling.post("/enrich/company", body)["data"]["result"][0]["data"][0]
    assert set(data["departmentBudgets"]) == {"marketingBudget", "financeBudget", "itBudget", "hrBudget"}


def test_the_gates_stand_in_one_order(caller: Caller) -> None:
    """Each request is wrong in every later way too; the first gate speaks."""
    caller.token, good = None, caller.token
    assert caller.refused("/search/unicorn", b"{")[0] == 404
    assert caller.refused("/bulk/search/company", b"{")[0] == 401
    caller.token = good
    for _ in range(25):
        caller.seconds -= 0.1
        caller.send("POST", "/search/company", b"{")
    caller.seconds -= 0.1
    assert caller.refused("/bulk/search/company", b"{")[0] == 403
    caller.seconds -= 0.1
    assert caller.refused("/search/company", b"{")[0] == 429
    caller.seconds += 1
    assert caller.refused("/search/company", b"{") == (400, "Request body has malformed JSON")


def test_the_26th_request_in_a_second_is_turned_away(caller: Caller) -> None:
    caller.seconds += 1
    statuses = []
    for _ in range(26):
        caller.seconds -= 0.1
        statuses.append(caller.send("POST", "/search/company", GERMANY).status)
    assert statuses == [200] * 25 + [429]
    caller.seconds += 1
    assert caller.send("POST", "/search/company", GERMANY).status == 200


def test_the_headers_tell_the_minute_window(caller: Caller) -> None:
    caller.seconds = 100.0
    first = dict(caller.send("GET", "/lookup/continent").headers)
    second = dict(caller.send("GET", "/lookup/continent").headers)
    assert (first["X-RateLimit-Limit"], first["X-RateLimit-Remaining"]) == ("1500", "1499")
    assert second["X-RateLimit-Remaining"] == "1498"
    leaves = datetime(2026, 10, 1, 9, 2, 40, 100_000, tzinfo=UTC).timestamp()  # 100.1 s after the start, and a minute
    assert second["X-RateLimit-Reset"] == str(ceil(leaves))


def test_a_request_that_is_turned_away_says_when_to_come_back(caller: Caller) -> None:
    caller.seconds = 100.0
    for _ in range(25):
        caller.seconds -= 0.1
        caller.send("GET", "/lookup/continent")
    caller.seconds -= 0.1
    turned_away = caller.send("GET", "/lookup/continent")
    assert json.loads(turned_away.body) == {
        "statusCode": 429,
        "message": "You have exceeded your API query rate limit. Please decrease the frequency of your API requests",
    }
    assert dict(turned_away.headers)["Retry-After"] == "1"
    assert dict(turned_away.headers)["X-RateLimit-Remaining"] == "1475"


def test_no_limits_means_neither_rates_nor_allowances(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=20, no_limits=True))
    statuses = set()
    for _ in range(60):
        caller.seconds -= 0.1
        statuses.add(caller.send("POST", "/search/company", GERMANY).status)
    assert statuses == {200}
    answer = caller.send("POST", "/search/company", GERMANY)
    assert dict(answer.headers)["X-Usage-Request-Limit-Limit"] == "2147483647"
    assert "X-RateLimit-Limit" not in dict(answer.headers)
    said = caller.sandbox.credentials()
    login = {"username": said["username"], "password": said["password"]}
    assert [caller.send("POST", "/authenticate", login).status for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("/search/company", {"colour": "red"}, 400, f"{INVALID}: colour"),
        ("/search/company", {"zipCode": "1", "colour": 1}, 400, f"{INVALID}: colour"),
        ("/search/company", {}, 400, "There is insufficient information for this request"),
        ("/search/company", {"rpp": 10, "sortBy": "name"}, 400, "There is insufficient information for this request"),
        ("/search/company", GERMANY | {"rpp": 101}, 400, "Results per page (rpp) is over max allowed value (100)"),
        ("/search/company", GERMANY | {"rpp": "ten"}, 400, "Results per page (rpp) is not a number"),
        ("/search/company", GERMANY | {"rpp": 0}, 400, "Results per page (rpp) is not a number"),
        ("/search/company", GERMANY | {"page": "x"}, 400, "Page number (page) is not a number"),
        ("/search/company", GERMANY | {"page": 0}, 400, "Page number (page) is not a number"),
        (
            "/search/company",
            GERMANY | {"page": 9},
            400,
            "Page number (page) requested is greater than the available results",
        ),
        ("/search/company", GERMANY | {"sortBy": "colour"}, 400, "The parameter passed for sortBy is invalid"),
        ("/search/company", GERMANY | {"sortOrder": "asc"}, 400, f"{INVALID}: sortOrder"),
        ("/search/company", {"industryCodes": "alchemy"}, 400, f"{INVALID}: industryCodes"),
        ("/search/company", {"employeeCount": "few"}, 400, f"{INVALID}: employeeCount"),
        ("/search/company", {"revenue": "lots"}, 400, f"{INVALID}: revenue"),
        ("/search/company", {"companyId": "7,x"}, 400, f"{INVALID}: companyId"),
        ("/search/company", {"techAttributeTagList": "crm"}, 400, f"{INVALID}: techAttributeTagList"),
        ("/search/contact", {"managementLevel": "Boss"}, 400, f"{INVALID}: managementLevel"),
        ("/search/contact", {"department": "Magic"}, 400, f"{INVALID}: department"),
        ("/search/company", {"zipCodeRadiusMiles": "25"}, 400, f"{INVALID}: zipCodeRadiusMiles"),
        ("/search/company", {"continent": "Atlantis"}, 400, f"{INVALID}: continent"),
        ("/search/company", {"metroRegion": "usa.nowhere"}, 400, f"{INVALID}: metroRegion"),
        ("/search/company", {"excludedRegions": "usa.nowhere"}, 400, f"{INVALID}: excludedRegions"),
        ("/search/company", {"companyType": "odd"}, 400, f"{INVALID}: companyType"),
        ("/search/company", {"companyRanking": "best"}, 400, f"{INVALID}: companyRanking"),
        ("/search/company", {"businessModel": ["B2X"]}, 400, f"{INVALID}: businessModel"),
        ("/search/company", {"subUnitTypes": "Garage"}, 400, f"{INVALID}: subUnitTypes"),
        ("/search/company", {"sicCodes": "9"}, 400, f"{INVALID}: sicCodes"),
        ("/search/company", {"naicsCodes": "9"}, 400, f"{INVALID}: naicsCodes"),
        ("/search/company", {"hashTagString": "odd"}, 400, f"{INVALID}: hashTagString"),
        ("/search/company", {"parentId": "x"}, 400, f"{INVALID}: parentId"),
        ("/search/company", {"certified": 2}, 400, f"{INVALID}: certified"),
        ("/search/company", {"oneYearEmployeeGrowthRateMin": "much"}, 400, f"{INVALID}: oneYearEmployeeGrowthRateMin"),
        (
            "/search/company",
            {"fundingStartDate": "2026-02-01", "fundingEndDate": "2026-01-01"},
            400,
            f"{INVALID}: fundingStartDate, fundingEndDate",
        ),
        ("/search/company", {"engagementEndDate": "2026-02-01"}, 400, f"{INVALID}: engagementEndDate"),
        ("/search/contact", {"engagementType": ["visit"]}, 400, f"{INVALID}: engagementType"),
        ("/search/contact", {"contactAccuracyScoreMin": "69"}, 400, f"{INVALID}: contactAccuracyScoreMin"),
        ("/search/contact", {"requiredFields": "fax"}, 400, f"{INVALID}: requiredFields"),
        ("/search/contact", {"boardMember": "maybe"}, 400, f"{INVALID}: boardMember"),
        ("/search/contact", {"hashedEmail": "abc"}, 400, f"{INVALID}: hashedEmail"),
        ("/search/contact", {"phone": ["call me"]}, 400, f"{INVALID}: phone"),
        ("/search/contact", {"techSkills": ["SQL"]}, 400, f"{INVALID}: techSkills"),
        ("/search/contact", {"techSkills": ["99"]}, 400, f"{INVALID}: techSkills"),
        ("/search/contact", {"webReferences": ["no-dash"]}, 400, f"{INVALID}: webReferences"),
        ("/search/contact", {"yearsOfExperience": "many"}, 400, f"{INVALID}: yearsOfExperience"),
        ("/search/contact", {"validDateAfter": "1/2/2026"}, 400, f"{INVALID}: validDateAfter"),
        ("/search/contact", {"lastUpdatedInMonths": 0}, 400, f"{INVALID}: lastUpdatedInMonths"),
        ("/search/intent", {"topics": ["Alchemy"]}, 400, f"{INVALID}: topics"),
        ("/search/intent", GERMANY, 400, f"{INVALID}: topics"),
        ("/enrich/company", {"matchCompanyInput": [{"companyId": 1}]}, 400, "Missing outputFields parameter"),
        ("/enrich/company", {"outputFields": ["id"]}, 400, f"{INVALID}: matchCompanyInput"),
        (
            "/enrich/contact",
            {"outputFields": ["id", "colour"], "matchPersonInput": [{"personId": 1}]},
            400,
            f"{INVALID}: colour",
        ),
    ],
)  # fmt: skip
def test_a_body_is_refused_as_published(reader: Caller, path: str, body: Any, status: int, message: str) -> None:
    assert reader.refused(path, body) == (status, message)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"rpp": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_malformed(reader: Caller, body: bytes) -> None:
    assert reader.refused("/search/company", body) == (400, "Request body has malformed JSON")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    body=st.dictionaries(st.text(), VALUES, max_size=4),
    is_plain=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32-be"]),
)
@example(body={"name": "\ud800", "\ud83d\ude00": -0.0}, is_plain=False, encoding="utf-8")
def test_a_body_is_read_as_json_is_in_every_encoding(body: dict[str, Any], is_plain: bool, encoding: str) -> None:
    sent = json.dumps(body, ensure_ascii=is_plain).encode(encoding, "surrogatepass")
    assert repr(body_of(Request("POST", "/", body=sent), contract()["search.company"])) == repr(body)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b'{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}),
        (b'{"a": 1e400}', {"a": float("inf")}),
        (b'{"a": 123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}),
        (b'{"a": "\xed\xa0\x80"}', {"a": "\ud800"}),
        (b'{"a": "\xff"}', None),
        (b'{"a": "\n"}', None),
        (b'{"a": 1}x', None),
    ],
    ids=["twice", "infinite", "long", "lone surrogate", "lone surrogate as bytes", "latin", "line", "trailing"],
)
def test_an_odd_body_is_read_as_the_standard_library_reads_it(sent: bytes, read: dict[str, Any] | None) -> None:
    assert body_of(Request("POST", "/", body=sent), contract()["search.company"]) == read


def test_company_master_refuses_in_its_own_words(reader: Caller) -> None:
    body = {"matchCompanyInput": [{"zi_c_name": "x"}], "outputFields": ["zi_c_name", "zi_c_colour"]}
    answer = reader.send("POST", "/enrich/company-master", body)
    assert (answer.status, json.loads(answer.body)) == (
        400,
        {
            "responseCode": 400,
            "message": "There are invalid fields in your request: zi_c_colour",
            "invalidOutputFields": ["zi_c_colour"],
        },
    )


def test_a_query_that_is_not_documented_is_refused(reader: Caller) -> None:
    answer = reader.send("GET", "/lookup/industry", query={"vendor": "x"})
    assert (answer.status, json.loads(answer.body)["message"]) == (
        400,
        f"{INVALID}: vendor",
    )


def test_every_answer_has_an_id_and_a_date_by_the_sandbox_clock(caller: Caller) -> None:
    caller.sandbox.advance(2)
    caller.token = None
    ids = set()
    for path in ("/search/company", "/nowhere"):
        headers = dict(caller.send("POST", path, GERMANY).headers)
        assert headers["Date"] == "Sat, 03 Oct 2026 09:00:00 GMT"
        ids.add(headers["X-Request-Id"])
    assert len(ids) == 2
    assert {(str(UUID(one)) == one, UUID(one).version) for one in ids} == {(True, 4)}
