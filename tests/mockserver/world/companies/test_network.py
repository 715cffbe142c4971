"""Whose an address is: the same every time, and nobody's in the real world."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from mockserver.world import World
from mockserver.world.companies.network import address_of, provider_of


def test_a_company_with_a_range_is_the_owner_of_its_addresses(world: World) -> None:
    found = {company: world.addresses_of(company) for company in world.companies if world.addresses_of(company)}
    assert 0.2 < len(found) / len(world.companies) < 0.7
    for company, addresses in found.items():
        owners = [world.owner_of(address) for address in addresses]
        assert [owner and owner.company_id for owner in owners] == [company, company]
        assert all(owner and 0.1 <= owner.confidence <= 1 for owner in owners)


def test_small_and_defunct_companies_have_no_range(world: World) -> None:
    without = [c for c in world.companies.values() if (c.employees or 0) < 20 or c.is_defunct]
    assert without
    assert not any(world.addresses_of(c.id) for c in without)


def test_no_address_of_the_world_is_anybodys(world: World) -> None:
    """What the registries keep for documentation and benchmarks is not routed."""
    assert not any(a.is_global for company in world.companies for a in world.addresses_of(company))


def test_addresses_outside_all_ranges_are_nobodys(world: World) -> None:
    for text in ("192.0.2.1", "198.19.255.255", "2001:db9::1", "10.0.0.1"):
        assert world.owner_of(ip_address(text)) is None
        assert provider_of(ip_address(text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("203.0.113.77", "Tallow Bay Broadband"),
        ("198.51.100.1", "Vesterholm Mobile"),
        ("2001:db8:ffff:1::2", "Corrigan Hosting"),
    ],
)
def test_providers_have_ranges_that_are_no_companys(world: World, text: str, name: str) -> None:
    provider = provider_of(ip_address(text))
    assert provider is not None
    assert provider.name == name
    assert world.owner_of(ip_address(text)) is None


def test_an_address_is_read_whatever_its_form() -> None:
    assert str(address_of(" 198.18.0.9 ")) == "198.18.0.9"
    assert str(address_of("::ffff:198.18.0.9")) == "198.18.0.9"
    assert str(address_of("2001:DB8:0:0::1")) == "2001:db8::1"
    assert address_of("198.18.0") is None
    assert address_of("example") is None
