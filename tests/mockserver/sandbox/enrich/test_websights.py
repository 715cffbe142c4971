"""Who is behind an address, and a pool of records and requests of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller


def asked(caller: Caller, address: str, **others: Any) -> Any:
    answer = caller.post("/enrich/ip", {"ipAddress": address, **others})
    Draft202012Validator(contract()["enrich.ip"].answers[200]).validate(answer)
    [result] = answer["data"]["result"]
    assert result["input"] == [address]
    return result


def an_address(caller: Caller, *, sure: bool) -> tuple[int, str]:
    """A company and its address, of which the service is sure enough to show it, or not."""
    world = caller.sandbox.world
    for company in world.companies:
        for address in world.addresses_of(company):
            owner = world.owner_of(address)
            if owner and (owner.confidence >= 0.3) == sure:
                return company, str(address)
    raise LookupError


def test_an_address_of_a_company_tells_the_company(reader: Caller) -> None:
    company, address = an_address(reader, sure=True)
    known = reader.sandbox.world.companies[company]
    data = asked(reader, address)["data"]
    assert data["company"]["id"] == company
    assert data["company"]["name"] == known.name
    assert data["company"]["revenue"] == (None if known.revenue_usd is None else round(known.revenue_usd / 1000))
    assert 0.3 <= data["company"]["confidenceScore"] <= 1
    assert len(data["geoLocation"]["country_code"]) == 2
    assert "ispInfo" not in data


def test_fields_that_are_asked_for_come_alone(reader: Caller) -> None:
    company, address = an_address(reader, sure=True)
    result = asked(reader, address, outputFields=["id", "city"])
    assert result["data"]["company"] == {"id": company, "city": reader.sandbox.world.companies[company].city}


def test_an_address_of_a_provider_tells_the_provider(reader: Caller) -> None:
    data = asked(reader, "203.0.113.8")["data"]
    assert data["ispInfo"] == {
        "domain": "tallowbay-net.example",
        "ip_hi_string": "203.0.113.255",
        "ip_lo_string": "203.0.113.0",
        "name": "Tallow Bay Broadband",
        "type": "isp",
    }
    assert data["geoLocation"]["country_code"] == "US"


def test_who_is_not_known_or_not_sure_enough_is_not_told(reader: Caller) -> None:
    for address in (an_address(reader, sure=False)[1], "192.0.2.44", "10.0.0.1"):
        assert (asked(reader, address)["matchStatus"], asked(reader, address)["data"]) == ("NO_MATCH", {})


def used(caller: Caller) -> dict[str, int]:
    return {row["limitType"]: row["currentUsage"] for row in caller.sandbox.usage()["usage"] if row["currentUsage"]}


def test_company_or_provider_is_a_record_of_a_pool_of_its_own_and_nobody_is_none(caller: Caller) -> None:
    _, address = an_address(caller, sure=True)
    for one in (address, address, "203.0.113.8", "192.0.2.44"):
        asked(caller, one)
    assert used(caller) == {"websightsRecordLimit": 3, "websightsRequestLimit": 4}
    assert [(row["entity"], row["id"], row["credits"], row["records"]) for row in caller.sandbox.ledger()] == [
        ("ip", address, 0, 1),
        ("ip", address, 0, 1),
        ("ip", "203.0.113.8", 0, 1),
    ]
    headers = dict(caller.send("POST", "/enrich/ip", {"ipAddress": "192.0.2.44"}).headers)
    assert headers["X-Usage-Websights-Api-Record-Limit-Remaining"] == "997"
    assert headers["X-Usage-Websights-Api-Request-Limit-Remaining"] == "9995"
    assert headers["X-Usage-Record-Limit-Remaining"] == "125000"


@pytest.mark.parametrize(("limit", "what"), [("websightsRecordLimit", "record"), ("websightsRequestLimit", "request")])
def test_a_pool_that_is_used_up_refuses_and_leaves_the_other_endpoints_alone(
    caller: Caller, limit: str, what: str
) -> None:
    caller.sandbox.service.meters.limits[limit] = 0
    message = f"You have used up all of your allowed WebSights {what} limit"
    assert caller.refused("/enrich/ip", {"ipAddress": "203.0.113.8"}) == (403, message)
    caller.redeem(next(iter(caller.sandbox.world.companies)))
    assert used(caller) == {"uniqueIdLimit": 1, "recordLimit": 1, "requestLimit": 1}


def test_what_is_no_address_is_refused(reader: Caller) -> None:
    for address in ("999.1.1.1", "example.example", ""):
        assert reader.refused("/enrich/ip", {"ipAddress": address}) == (
            400,
            "There are invalid fields in your request: ipAddress",
        )
