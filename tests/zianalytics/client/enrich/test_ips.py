"""Visitors by IP address: nothing internal, repeated or known is asked, and a pool of its own is charged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from zianalytics.errors import BudgetExceeded, LimitReached, RequestRefused
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service


def addresses(service: Service, number: int) -> dict[str, int]:
    """Addresses of companies that the service is sure of."""
    world = service.sandbox.world
    found: dict[str, int] = {}
    for company in world.companies:
        for address in world.addresses_of(company):
            owner = world.owner_of(address)
            if owner and owner.confidence >= 0.3 and len(found) < number:
                found[str(address)] = company
    return found


def test_an_address_finds_its_company_or_its_provider_or_nobody(client: Client, service: Service) -> None:
    own = addresses(service, 2)
    visits = pl.DataFrame({"page": list("abcde"), "ip": [*own, "203.0.113.4", "192.0.2.9", "10.1.2.3"]})
    frame = client.enrich.ips(visits, max_records=4)
    assert frame["page"].to_list() == list("abcde")
    assert frame["match_status"].to_list() == ["matched", "matched", "matched", "no_match", "invalid_input"]
    assert frame["company_id"].to_list() == [*own.values(), None, None, None]
    assert frame["ip_address"].to_list() == [*own, "203.0.113.4", None, None]
    assert frame["provider_name"].to_list() == [None, None, "Tallow Bay Broadband", None, None]
    company = service.sandbox.world.companies[next(iter(own.values()))]
    assert frame["revenue_usd"][0] == company.revenue_usd
    assert frame["extra"].null_count() == 5


def test_what_is_internal_or_repeated_is_not_asked_however_it_is_written(client: Client, service: Service) -> None:
    given = ["2001:DB8:0:0::1", "2001:db8::1", "::ffff:203.0.113.4", "203.0.113.4", "127.0.0.1", "fe80::1", "nonsense"]
    quote = client.enrich.ips.quote(given)
    assert repr(quote) == "Quote(credits=0, records=2, requests=2, duplicates=2)"
    assert quote.lines["status"].to_list() == ["listed", "duplicate", "listed", "duplicate"] + ["invalid_input"] * 3
    frame = client.enrich.ips(given, max_records=2)
    assert service.asked["/enrich/ip"] == 2
    assert frame["provider_name"][2] == frame["provider_name"][3] == "Tallow Bay Broadband"


def test_what_is_known_is_not_asked_for_a_month(client: Client, desk: Desk, service: Service) -> None:
    given = [*addresses(service, 1), "192.0.2.9"]
    first = client.enrich.ips(given, max_records=2)
    client.close()
    later = desk.client()
    later.usage()  # tells the service's time
    assert later.enrich.ips(given).equals(first)
    assert service.asked["/enrich/ip"] == 2
    assert repr(later.enrich.ips.quote(given, max_age=timedelta(days=0))) == "Quote(credits=0, records=2, requests=2)"
    service.sandbox.advance(31)
    later.usage()
    assert repr(later.enrich.ips.quote(given)) == "Quote(credits=0, records=2, requests=2)"
    assert later.enrich.ips.quote(given, max_age=timedelta(days=60)).held == 2


def test_look_ups_need_an_allowance_and_draw_on_a_pool_of_their_own(client: Client, service: Service) -> None:
    given = [*addresses(service, 1), "203.0.113.4", "192.0.2.9"]
    with pytest.raises(BudgetExceeded, match="3 records"):
        client.enrich.ips(given)
    client.enrich.ips(given, max_records=3)
    totals = client.ledger.totals()
    assert totals.spent == Meters()
    assert totals.websights == Meters(records=2, requests=3)
    assert client.charges == service.charges
    used = {row["limitType"]: row["currentUsage"] for row in service.sandbox.usage()["usage"] if row["currentUsage"]}
    assert used == {"websightsRecordLimit": 2, "websightsRequestLimit": 3}
    assert repr(client.ledger) == (
        "<Ledger: 0 credits, 0 records, 0 requests spent; IP look-ups: 0 credits, 2 records, 3 requests>"
    )


def test_a_pool_that_is_used_up_is_a_limit_and_not_an_entitlement(client: Client, service: Service) -> None:
    limits = service.sandbox.service.meters.limits
    before = limits["websightsRecordLimit"]
    limits["websightsRecordLimit"] = 0
    try:
        with pytest.raises(LimitReached, match="WebSights record limit"):
            client.enrich.ips(["203.0.113.4"], max_records=1)
    finally:
        limits["websightsRecordLimit"] = before


def test_a_web_servers_log_is_one_row_per_address(client: Client, service: Service, tmp_path: Path) -> None:
    address, company = next(iter(addresses(service, 1).items()))
    log = tmp_path / "access.log"
    log.write_text(
        f'{address} - - [30/Sep/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 512 "-" "Browser"\n'
        '10.0.0.7 - - [30/Sep/2026:10:00:01 +0200] "GET /health HTTP/1.1" 200 2 "-" "probe"\n'
        f'{address} - - [30/Sep/2026:12:30:00 +0200] "GET /prices HTTP/1.1" 200 900 "-" "Browser"\n',
        encoding="utf-8",
    )
    frame = client.enrich.ips(log, fields="minimal", max_records=1)
    assert frame.select("ip_address", "hits", "match_status", "company_id").rows() == [
        (address, 2, "matched", company),
        ("10.0.0.7", 1, "invalid_input", None),
    ]
    assert service.asked["/enrich/ip"] == 1


def test_only_internal_addresses_are_refused_with_the_reason(client: Client) -> None:
    with pytest.raises(RequestRefused, match=r"10\.0\.0\.1 is an internal address"):
        client.enrich.ips.quote(["10.0.0.1", "192.168.1.1"])


def test_the_name_of_a_log_is_no_log_and_the_way_on_is_said(client: Client) -> None:
    with pytest.raises(RequestRefused, match=r"the Path of a log, and not str\. .* Path\('access\.log'\)"):
        client.enrich.ips.quote("access.log")
