"""What one company shows: signals in ranges of 90 days, technologies and hashtags as one record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract
from mockserver.world import Signal

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

INTENT = "/enrich/intent"
FIRST, LAST = date(2026, 7, 3), date(2026, 10, 1)
RANGE = {"signalStartDate": "2026-07-03", "signalEndDate": "2026-10-01"}
INVALID = "There are invalid fields in your request: "


def signals(caller: Caller) -> list[Signal]:
    """All signals of the range."""
    return [s for s in caller.sandbox.world.signals(caller.sandbox.now()) if FIRST <= s.at.date() <= LAST]


def busiest(caller: Caller) -> tuple[int, list[Signal]]:
    """The company with signals on the most topics, and its signals."""
    by_company: dict[int, list[Signal]] = {}
    for signal in signals(caller):
        by_company.setdefault(signal.company_id, []).append(signal)
    return max(by_company.items(), key=lambda item: (len({s.topic.id for s in item[1]}), len(item[1])))


def rows(caller: Caller, body: dict[str, Any]) -> list[tuple[str, int]]:
    return [(r["topic"], r["signalScore"]) for r in caller.post(INTENT, {"rpp": 100, **body})["data"]]


CRITERIA: dict[str, tuple[dict[str, Any], Callable[[Signal], bool]]] = {
    "least score": ({"signalScoreMin": 70}, lambda s: s.score >= 70),
    "most score": ({"signalScoreMax": 75}, lambda s: s.score <= 75),
    "least audience": ({"audienceStrengthMin": "C"}, lambda s: s.audience in "ABC"),
    "most audience": ({"audienceStrengthMax": "D"}, lambda s: s.audience in "DE"),
    "range": ({"signalStartDate": "2026-09-01"}, lambda s: s.at.date() >= date(2026, 9, 1)),
}


@pytest.mark.parametrize("name", CRITERIA)
def test_each_criterion_is_obeyed(reader: Caller, name: str) -> None:
    body, meets = CRITERIA[name]
    found = 0
    for company_id in sorted({s.company_id for s in signals(reader)})[:60]:
        wanted = sorted((s.topic.name, s.score) for s in signals(reader) if s.company_id == company_id and meets(s))
        assert sorted(rows(reader, {"companyId": company_id, **RANGE, **body})) == wanted
        found += len(wanted)
    assert found > 10


def test_topics_are_joined_by_pipes_for_any_and_by_and_for_all(reader: Caller) -> None:
    company_id, told = busiest(reader)
    topics = list(dict.fromkeys(s.topic.name for s in told))
    absent = next(t.name for t in reader.sandbox.world.lists.topics if t.name not in topics)
    ask = {"companyId": company_id, **RANGE}
    two = sorted((s.topic.name, s.score) for s in told if s.topic.name in topics[:2])
    assert len(topics) >= 2
    for said in (f"{topics[0]}|{topics[1]}", f"{topics[0]} AND {topics[1]}", topics[:2]):
        assert sorted(rows(reader, {**ask, "topics": said})) == two
    assert sorted(rows(reader, {**ask, "topics": f"{topics[0]}|{topics[1]}|{absent}"})) == two
    assert rows(reader, {**ask, "topics": f"{topics[0]} AND {absent}"}) == []
    assert len(rows(reader, ask)) == len(told)


def test_without_days_the_last_ninety_count(reader: Caller) -> None:
    company_id, told = busiest(reader)
    assert len(rows(reader, {"companyId": company_id})) == len(told)
    early = rows(reader, {"companyId": company_id, "signalEndDate": "2026-08-01"})
    first = date(2026, 8, 1) - timedelta(days=90)
    everything = reader.sandbox.world.signals_of(company_id)
    assert len(early) == sum(first <= s.at.date() <= date(2026, 8, 1) for s in everything)
    assert rows(reader, {"companyId": company_id, "signalEndDate": "0001-01-01"}) == []


@pytest.mark.parametrize("by", ["signalDate", "signalScore", "category", "topic", "audienceStrength"])
def test_signals_are_sorted_by_what_is_asked_for(reader: Caller, by: str) -> None:
    company_id, _ = busiest(reader)
    key = "signalScore" if by == "signalDate" else by
    data = reader.post(INTENT, {"companyId": company_id, "sortBy": by, "sortOrder": "asc", **RANGE})["data"]
    values = [row[key] for row in data]
    if by == "signalDate":
        times = {(s.topic.name, s.score): s.at for s in signals(reader) if s.company_id == company_id}
        found = [times[row["topic"], row["signalScore"]] for row in data]
        assert found == sorted(found)
    else:
        assert values == sorted(values, reverse=by == "audienceStrength")
    assert len(values) > 3


def test_recommended_contacts_can_be_left_out(reader: Caller) -> None:
    ask = {"companyId": busiest(reader)[0], **RANGE}
    named = [r["recommendedContacts"] for r in reader.post(INTENT, ask)["data"]]
    assert any(named)
    silent = reader.post(INTENT, {**ask, "findRecommendedContacts": False})["data"]
    assert [r["recommendedContacts"] for r in silent] == [[]] * len(named)


def test_signals_redeem_the_company_and_count_each(caller: Caller) -> None:
    company_id, told = busiest(caller)
    answer = caller.post(INTENT, {"companyId": company_id, **RANGE})
    Draft202012Validator(contract()["enrich.intent"].answers[200]).validate(answer)
    caller.post(INTENT, {"companyId": company_id, **RANGE})
    charged = [(row["entity"], row["credits"], row["records"]) for row in caller.sandbox.ledger()]
    assert charged == [("company", 1, 0), *[("intent", 0, 1)] * (2 * len(told))]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"topics": "Lead Scoring"}, "There is insufficient information for this request"),
        ({"companyId": 7, "topics": "Gossip"}, INVALID + "topics"),
        ({"companyId": 7, "topics": "|".join(["Lead Scoring"] * 51)}, INVALID + "topics"),
        ({"companyId": 7, "topics": " AND ".join(["Lead Scoring"] * 13)}, INVALID + "topics"),
        ({"companyId": 7, "signalScoreMin": 59}, INVALID + "signalScoreMin"),
        (
            {"companyId": 7, "signalStartDate": "2026-06-01", "signalEndDate": "2026-09-01"},
            INVALID + "signalStartDate, signalEndDate",
        ),
        ({"companyId": 7, "signalStartDate": "2026-07-02"}, INVALID + "signalStartDate, signalEndDate"),
        ({"companyId": 7, "sortBy": "companyName"}, "The parameter passed for sortBy is invalid"),
        ({"companyId": "7,8"}, INVALID + "companyId"),
    ],
)
def test_what_cannot_be_answered_is_refused(caller: Caller, body: dict[str, Any], message: str) -> None:
    assert caller.refused(INTENT, body) == (400, message)
    assert caller.sandbox.ledger() == []


def test_technologies_and_hashtags_are_those_of_the_enriched_company_and_one_record(caller: Caller) -> None:
    company = next(
        c
        for c in caller.sandbox.world.companies.values()
        if len(c.technologies) > 3 and len(caller.sandbox.world.profile_of(c.id).hashtags) > 1
    )
    body = {"matchCompanyInput": [{"companyId": company.id}], "outputFields": ["techAttributes", "hashtags"]}
    whole = caller.post("/enrich/company", body)["data"]["result"][0]["data"][0]
    for noun, field in (("tech", "techAttributes"), ("hashtag", "hashtags")):
        answer = caller.post(f"/enrich/{noun}", {"companyId": str(company.id)})
        Draft202012Validator(contract()[f"enrich.{noun}"].answers[200]).validate(answer)
        assert answer["data"] == whole[field]
        assert answer["totalResults"] == len(answer["data"]) > 1
    charged = [(row["entity"], row["id"], row["credits"], row["records"]) for row in caller.sandbox.ledger()]
    assert charged == [("company", company.id, 1, 1), ("company", company.id, 0, 1), ("company", company.id, 0, 1)]


@pytest.mark.parametrize("noun", ["tech", "hashtag", "intent"])
def test_a_company_that_shows_nothing_costs_nothing(caller: Caller, noun: str) -> None:
    answer = caller.post(f"/enrich/{noun}", {"companyId": "999"})
    assert (answer["totalResults"], answer["data"]) == (0, [])
    assert caller.sandbox.ledger() == []


def test_as_many_topics_as_are_allowed_are_taken(reader: Caller) -> None:
    ask = {"companyId": busiest(reader)[0], **RANGE}
    one = rows(reader, {**ask, "topics": "Lead Scoring"})
    assert rows(reader, {**ask, "topics": "|".join(["Lead Scoring"] * 50)}) == one
    assert rows(reader, {**ask, "topics": " AND ".join(["Lead Scoring"] * 12)}) == one


@pytest.mark.parametrize("noun", ["tech", "hashtag"])
def test_a_company_must_be_named(caller: Caller, noun: str) -> None:
    assert caller.refused(f"/enrich/{noun}", {}) == (400, INVALID + "companyId")
