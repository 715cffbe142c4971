"""Whose an IP address is: ranges of companies, and of those who provide access to everybody else.

Only ranges that are kept for documentation and benchmarks are used, so that no address is anybody's:
docs/assumptions.md, "IP addresses in the world".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from mockserver.world.draw import Draw
from mockserver.world.records import Company

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

COMPANY_RANGES: tuple[Network, ...] = (IPv4Network("198.18.0.0/15"), IPv6Network("2001:db8::/32"))
_ADDRESSES_EACH = (2, 2**80)  # of IPv4 a pair, of IPv6 a /48: enough for 65,536 companies
# From this headcount on a company may have a range of its own; smaller ones go through a provider.
OWN_RANGE_FROM, WITH_OWN_RANGE = 20, 0.7


@dataclass(frozen=True, slots=True)
class Provider:
    """Someone through whose range others reach the net."""

    name: str
    domain: str
    kind: str
    country: str
    longitude: float
    latitude: float
    network: Network


@dataclass(frozen=True, slots=True)
class Owner:
    """A company by whose range an address is, and how sure that is, from 0 to 1."""

    company_id: int
    confidence: float


PROVIDERS = (
    Provider(
        "Tallow Bay Broadband", "tallowbay-net.example", "isp", "US", -74.01, 40.71, IPv4Network("203.0.113.0/24")
    ),
    Provider(
        "Vesterholm Mobile", "vesterholm-mobile.example", "wireless", "DE", 13.4, 52.52, IPv4Network("198.51.100.0/24")
    ),
    Provider(
        "Corrigan Hosting",
        "corrigan-hosting.example",
        "hosting",
        "US",
        -77.49,
        39.04,
        IPv6Network("2001:db8:ffff::/48"),
    ),
)


def address_of(text: str) -> Address | None:
    """The address that a text is; None when it is none."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def provider_of(address: Address) -> Provider | None:
    """The provider in whose range an address lies."""
    return next((one for one in PROVIDERS if address in one.network), None)


def owner_of(address: Address, companies: Sequence[Company], *, seed: int) -> Owner | None:
    """The company in whose range an address lies, where it has one."""
    if provider_of(address):
        return None
    for network, each in zip(COMPANY_RANGES, _ADDRESSES_EACH, strict=True):
        if address in network:
            index = (int(address) - int(network.network_address)) // each
            return _owner(index, companies[index], seed=seed) if index < len(companies) else None
    return None


def addresses_of(index: int) -> tuple[Address, ...]:
    """The first address of each kind in the range that the company at `index` has, if it has one."""
    first, other = (
        int(net.network_address) + index * n for net, n in zip(COMPANY_RANGES, _ADDRESSES_EACH, strict=True)
    )
    return IPv4Address(first), IPv6Address(other + 1)


def _owner(index: int, company: Company, *, seed: int) -> Owner | None:
    draw = Draw(f"{seed}/{index}/network")
    has_own = (company.employees or 0) >= OWN_RANGE_FROM and draw.chance(WITH_OWN_RANGE) and not company.is_defunct
    return Owner(company.id, round(0.1 + 0.9 * draw.unit(), 2)) if has_own else None
