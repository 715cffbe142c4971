"""WebSights: the company, or the provider, behind an IP address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich.enrichments import MATCHED, NO_MATCH
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.words import thousands
from mockserver.world import Company, World
from mockserver.world.companies.network import Owner, Provider, address_of, provider_of

COMPANY_FIELDS = (
    "id", "name", "street", "city", "state", "zipCode", "country", "ticker", "website", "employeeCount", "revenue",
    "industries", "confidenceScore",
)  # fmt: skip


# docs/assumptions.md, "IP look-up" and "no match of an IP address"
def enrich_ips(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Who is behind the address; a company or a provider is a record, and nobody is none."""
    world, said = directory.world, body["ipAddress"]
    address = address_of(said)
    if address is None:
        raise Refused(INVALID_FIELDS, ["ipAddress"])
    fields = list(dict.fromkeys(body.get("outputFields", COMPANY_FIELDS)))
    owner, provider = directory.owner_of(address), provider_of(address)
    data: dict[str, Any] = {}
    if owner is not None:
        company = world.companies[owner.company_id]
        data = {"company": _company(company, owner, fields), "geoLocation": _place_of(company, world)}
    elif provider is not None:
        place = _place(provider.country, "", provider.longitude, provider.latitude)
        data = {"geoLocation": place, "ispInfo": _provider(provider)}
    result = {"input": [said], "matchStatus": MATCHED if data else NO_MATCH, "data": data}
    served = (("ip", str(address)),) if data else ()
    return Found({"success": True, "data": {"outputFields": [fields], "result": [result]}}, served)


def _company(company: Company, owner: Owner, fields: list[str]) -> dict[str, Any]:
    whole = {
        "id": company.id,
        "name": company.name,
        "street": company.street or "",
        "city": company.city,
        "state": company.state or "",
        "zipCode": company.zip_code or "",
        "country": company.country,
        "ticker": company.ticker or "",
        "website": company.website or "",
        "employeeCount": company.employees,
        "revenue": thousands(company.revenue_usd),
        "industries": [industry.name for industry in company.industries],
        "confidenceScore": owner.confidence,
    }
    return {name: whole[name] for name in fields}


def _place_of(company: Company, world: World) -> dict[str, Any]:
    hq = world.offices_of(company.id)[0]
    code = next(one.code for one in world.lists.countries if one.name == company.country)
    return _place(code, company.state or "", hq.longitude, hq.latitude)


def _place(country: str, province: str, longitude: float, latitude: float) -> dict[str, Any]:
    return {"location_long": longitude, "location_lat": latitude, "country_code": country, "province": province}


def _provider(provider: Provider) -> dict[str, Any]:
    return {
        "domain": provider.domain,
        "ip_hi_string": str(provider.network.broadcast_address),
        "ip_lo_string": str(provider.network.network_address),
        "name": provider.name,
        "type": provider.kind,
    }
