"""Trouble comes on demand, always to the same requests, and says truly what was charged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mockserver.sandbox.every_request.faults import Faults

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

PATH = "/enrich/company"


def rules(fault: str, share: float = 1.0, path: str = PATH) -> dict[str, Any]:
    return {"seed": 7, "rules": [{"path": path, "fault": fault, "share": share}]}


def requests_used(caller: Caller) -> int:
    return int(caller.sandbox.usage()["usage"][2]["currentUsage"])


@pytest.mark.parametrize(
    ("fault", "status", "delivery", "charged"),
    [
        ("cut_after_charge", 200, "cut", 1),
        ("truncate", 200, "truncate", 1),
        ("bad_gateway_after_charge", 502, "whole", 1),
        ("stall", 200, "stall", 0),
        ("429", 429, "whole", 0),
        ("503", 503, "whole", 0),
    ],
)
def test_a_fault_is_charged_or_not_as_it_says(
    caller: Caller, fault: str, status: int, delivery: str, charged: int
) -> None:
    caller.sandbox.set_faults(rules(fault))
    company = next(iter(caller.sandbox.world.companies))
    answer = caller.redeem(company)
    assert (answer.status, answer.delivery) == (status, delivery)
    assert [entry["id"] for entry in caller.sandbox.ledger()] == [company] * charged
    assert requests_used(caller) == charged


def test_a_cut_answer_was_paid_and_asking_again_costs_a_record_alone(caller: Caller) -> None:
    company = next(iter(caller.sandbox.world.companies))
    caller.sandbox.set_faults(rules("cut_after_charge"))
    caller.redeem(company)
    caller.sandbox.set_faults({"rules": []})
    assert caller.redeem(company).delivery == "whole"
    assert [(entry["credits"], entry["records"]) for entry in caller.sandbox.ledger()] == [(1, 1), (0, 1)]


def test_a_refused_request_meets_no_fault_after_it(caller: Caller) -> None:
    caller.sandbox.set_faults(rules("cut_after_charge"))
    answer = caller.send("POST", PATH, {"outputFields": ["id"], "matchCompanyInput": [{}]})
    assert (answer.status, answer.delivery) == (400, "whole")


def test_other_paths_are_spared(caller: Caller) -> None:
    caller.sandbox.set_faults(rules("503"))
    assert caller.send("POST", "/search/company", {"country": "Germany"}).status == 200


def test_a_429_on_demand_says_when_to_come_back(caller: Caller) -> None:
    caller.sandbox.set_faults(rules("429"))
    assert dict(caller.redeem(1).headers)["Retry-After"] == "1"


def test_the_same_seed_gives_the_same_fate_in_about_the_share() -> None:
    fates = [Faults.read(rules("503", 0.1)) for _ in range(2)]
    one, two = ([faults.of(PATH) for _ in range(1_000)] for faults in fates)
    assert one == two
    assert 70 <= one.count("503") <= 130
    other = Faults.read({**rules("503", 0.1), "seed": 8})
    assert [other.of(PATH) for _ in range(1_000)] != one


def test_the_first_rule_that_strikes_decides() -> None:
    spec = rules("429", 0.3)
    spec["rules"] += rules("503", 1.0)["rules"]
    faults = Faults.read(spec)
    assert {faults.of(PATH) for _ in range(50)} == {"429", "503"}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, "rules must be a list"),
        ({"rules": [], "sead": 7}, "Unknown in the faults: sead"),
        ({"rules": [], "seed": "7"}, "seed must be a whole number"),
        ({"rules": [{"path": PATH}]}, "Rule 1 must have exactly path, fault and share"),
        ({"rules": [{"path": "/enrich/unicorn", "fault": "429", "share": 1}]}, "Rule 1: no endpoint '/enrich/unicorn'"),
        ({"rules": [{"path": [PATH], "fault": "429", "share": 1}]}, r"Rule 1: no endpoint \['/enrich/company'\]"),
        ({"rules": [{"path": PATH, "fault": ["429"], "share": 1}]}, r"Rule 1: no fault \['429'\]"),
        ({"rules": [{"path": PATH, "fault": "flood", "share": 1}]}, "Rule 1: no fault 'flood'"),
        ({"rules": [{"path": PATH, "fault": "429", "share": 1.5}]}, "Rule 1: share must be a number from 0 to 1"),
        ({"rules": [{"path": PATH, "fault": "429", "share": True}]}, "Rule 1: share must be a number from 0 to 1"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Faults.read(spec)
