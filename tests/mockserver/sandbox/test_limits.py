"""Five allowances: a metered answer says what is left of all, and each refuses in its own words when it is used up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract import contract
from mockserver.sandbox import Options
from mockserver.sandbox.record import record

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

LIMITS = {
    "uniqueIdLimit": "Unique-Id",
    "recordLimit": "Record",
    "requestLimit": "Request",
    "websightsRecordLimit": "Websights-Api-Record",
    "websightsRequestLimit": "Websights-Api-Request",
}


def test_every_metered_answer_carries_all_limits_and_no_other_answer_any() -> None:
    all_ten = {f"X-Usage-{name}-Limit-{what}" for name in LIMITS.values() for what in ("Limit", "Remaining")}
    wrong, metered = [], set()
    for one in record(Options(seed=11, companies=400)):
        operation = contract().find(one.scene.method, one.scene.path)
        assert operation is not None, one.scene.path
        carried = {name for name, _ in one.headers if name.startswith("X-Usage-")}
        is_metered = one.status == 200 and operation.meters.counts
        metered |= {operation.id} if is_metered else set()
        if carried != (all_ten if is_metered else set()):
            wrong.append(f"{operation.id}: {one.scene.name}: {sorted(carried)}")
    assert wrong == []
    assert metered == {operation.id for operation in contract().operations if operation.meters.counts}


def used(caller: Caller) -> dict[str, int]:
    return {row["limitType"]: row["currentUsage"] for row in caller.sandbox.usage()["usage"]}


SEARCH = ("/search/company", {"country": "Germany"})


def enrich(caller: Caller) -> tuple[str, Any]:
    ids = list(caller.sandbox.world.companies)[:2]
    return "/enrich/company", {"matchCompanyInput": [{"companyId": i} for i in ids], "outputFields": ["id"]}


def look_up(caller: Caller) -> tuple[str, Any]:
    return "/enrich/ip", {"ipAddress": "203.0.113.4"}


@pytest.mark.parametrize(
    ("limit", "allowed", "ask", "status", "message"),
    [
        ("uniqueIdLimit", 1, enrich, 400, "Exceeded the max limit to enrich new Contacts or Companies"),
        ("recordLimit", 1, enrich, 403, "You have used up all of your allowed record limit"),
        ("requestLimit", 0, enrich, 403, "You have used up all of your allowed request limit"),
        ("requestLimit", 0, lambda _: SEARCH, 403, "You have used up all of your allowed request limit"),
        ("websightsRecordLimit", 0, look_up, 403, "You have used up all of your allowed WebSights record limit"),
        ("websightsRequestLimit", 0, look_up, 403, "You have used up all of your allowed WebSights request limit"),
    ],
    ids=["credits", "records", "requests", "requests-of-a-search", "records-of-ips", "requests-of-ips"],
)
def test_a_limit_that_does_not_suffice_is_refused_in_its_own_words_and_counts_nothing(
    caller: Caller,
    limit: str,
    allowed: int,
    ask: Callable[[Caller], tuple[str, Any]],
    status: int,
    message: str,
) -> None:
    caller.sandbox.service.meters.limits[limit] = allowed
    assert caller.refused(*ask(caller)) == (status, message)
    assert set(used(caller).values()) == {0}


def test_what_is_left_goes_down_to_nothing_and_a_look_up_still_answers(caller: Caller) -> None:
    limits = caller.sandbox.service.meters.limits
    limits.update(requestLimit=3, uniqueIdLimit=2, recordLimit=2)
    first, second = list(caller.sandbox.world.companies)[:2]
    left = []
    for ids in ([first], [second]):
        headers = dict(caller.redeem(*ids).headers)
        left.append([headers[f"X-Usage-{LIMITS[kind]}-Limit-Remaining"] for kind in list(LIMITS)[:3]])
    assert left == [["1", "1", "2"], ["0", "0", "1"]]
    assert caller.redeem(first).status == 403
    shown = {row["limitType"]: row for row in caller.get("/lookup/usage")["usage"]}
    assert (shown["recordLimit"]["currentUsage"], shown["recordLimit"]["usageRemaining"]) == (2, 0)
    caller.post(*SEARCH)
    answer = caller.send("POST", *SEARCH)
    assert (answer.status, json.loads(answer.body)["message"]) == (
        403,
        "You have used up all of your allowed request limit",
    )
