"""Company-master: the master data of one office for each input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich.master_fields import Seen, master_record
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import TOO_LITTLE, Refused
from mockserver.sandbox.words import digits, plain_name
from mockserver.world import Office

# The parts of an address as an input has them, and the attribute of an office.
_ADDRESS = {
    "zi_c_street": "street",
    "zi_c_city": "city",
    "zi_c_state": "state",
    "zi_c_zip": "zip_code",
    "zi_c_country": "country",
}
# Parts that a reason speaks of and an input has no word for.
_NEVER_GIVEN = ("building_name", "building_number", "business_type", "directional", "road_type", "unit")
# What an input calls the parts of a match, and what the reason does.
_PARTS = {
    "zi_c_name": "name",
    "zi_c_url": "website",
    "zi_c_phone": "company_phone",
    "bldg_name": "building_name",
    "bldg_number": "building_number",
    "biz_type": "business_type",
    "zi_c_city": "city",
    "zi_c_state": "state",
    "zi_c_zip": "zip",
    "zi_c_country": "country",
}
_COMPANY_WORDS = ("zi_c_company_id", "zi_es_ecid", "zi_c_url", "zi_c_name", "email", "phone")
_OFFICE_WORDS = ("zi_c_location_id", "zi_es_location_id")


# docs/assumptions.md, "company-master meters"
def enrich_offices(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """One result for each input, in order. An input that cannot be used has statusCode 400; all of them: refused."""
    results, served = [], []
    for said in body["matchCompanyInput"]:
        if not _names_an_office(said):
            results.append({"statusCode": 400, "input": said, "matchStatus": "INVALID_INPUT", "data": {}})
            continue
        office = _office(said, directory)
        reason = {} if office is None else _reason(said, office, directory)
        if office is None or not _is_wanted(said.get("match_reasons", []), reason):
            results.append({"statusCode": 200, "input": said, "matchStatus": "NO_MATCH", "data": {}})
            continue
        seen = Seen(office, directory.world, now.date(), reason)
        data = master_record(seen, body["outputFields"])
        results.append({"statusCode": 200, "input": said, "matchStatus": "FULL_MATCH", "data": data})
        served.append(("location", str(office.id)))
    if all(result["statusCode"] == 400 for result in results):
        raise Refused(TOO_LITTLE)
    return Found({"success": True, "data": {"outputFields": body["outputFields"], "result": results}}, tuple(served))


def _names_an_office(said: Mapping[str, Any]) -> bool:
    """Something to match by: an id, a website, a name, a number, an e-mail address, or a street with its city."""
    address = said.get("address", {})
    has_street = "zi_c_street" in address and ("zi_c_city" in address or "zi_c_zip" in address)
    return has_street or any(name in said for name in (*_COMPANY_WORDS, *_OFFICE_WORDS))


# docs/assumptions.md, "company-master"
def _office(said: Mapping[str, Any], directory: Directory) -> Office | None:
    """The office that fits all that is said; of several the headquarters, then the country's, then the largest."""
    world = directory.world
    if "zi_c_location_id" in said:
        return world.offices.get(int(said["zi_c_location_id"]))
    ids = _companies(said, directory)
    offices = [o for i in ids for o in world.offices_of(i)] if ids is not None else list(world.offices.values())
    if "zi_es_location_id" in said:
        offices = [o for o in offices if o.es_location_id == said["zi_es_location_id"]]
    for name, value in said.get("address", {}).items():
        offices = [o for o in offices if _same(getattr(o, _ADDRESS[name]), value)]
    return min(offices, key=lambda o: (not o.is_hq, not o.is_country_hq, -(o.employees or 0), o.id), default=None)


def _companies(said: Mapping[str, Any], directory: Directory) -> Sequence[int] | None:
    """Ids of the companies that fit what is said of the company; None when nothing is."""
    fits: list[set[int]] = []
    if "zi_c_company_id" in said:
        company = directory.company(said["zi_c_company_id"])
        fits.append(set() if company is None else {company.id})
    if "zi_es_ecid" in said:
        fits.append(set(directory.companies_with_ecid(said["zi_es_ecid"])))
    if "zi_c_url" in said:
        fits.append(set(directory.companies_at(said["zi_c_url"])))
    if "zi_c_name" in said:
        fits.append(set(directory.companies_named(said["zi_c_name"])))
    if "email" in said:
        fits.append(set(directory.companies_at(said["email"].rpartition("@")[2])))
    if "phone" in said:
        fits.append(set(directory.companies_with_number(said["phone"]["zi_c_phone"])))
    return sorted(set.intersection(*fits)) if fits else None


def _same(known: str | None, said: str) -> bool:
    return known is not None and known.casefold().strip() == said.casefold().strip()


# docs/assumptions.md, "`match_reasons`"
def _is_wanted(ways: Sequence[Mapping[str, Any]], reason: Mapping[str, str]) -> bool:
    """Whether the match meets one of these ways, if there are any: every letter of it, and its score at least."""
    return not ways or any(all(_meets(part, least, reason) for part, least in way.items()) for way in ways)


def _meets(part: str, least: Any, reason: Mapping[str, str]) -> bool:
    if part == "match_score":
        return int(reason["zi_match_score"]) >= int(least)
    letter = reason[f"zi_match_reason_{_PARTS.get(part, part)}"]
    return letter == least or (least == "F" and letter == "E")


# docs/assumptions.md, "`zi_match_reason`"
def _reason(said: Mapping[str, Any], office: Office, directory: Directory) -> dict[str, str]:
    """How the office was matched: E for exact, M for a part that the input lacks; ten points at most."""
    company = directory.world.companies[office.company_id]
    by_name = "zi_c_name" in said and plain_name(said["zi_c_name"]) == directory.plain_names[company.id]
    address = said.get("address", {})
    by_phone = "phone" in said and digits(said["phone"]["zi_c_phone"]) != ""
    parts = {
        "name": by_name,
        "website": "zi_c_url" in said,
        "company_phone": by_phone,
        "city": "zi_c_city" in address,
        "state": "zi_c_state" in address,
        "zip": "zi_c_zip" in address,
        "country": "zi_c_country" in address,
        "road_name": "zi_c_street" in address,
    }
    by_id = any(name in said for name in ("zi_c_location_id", "zi_es_location_id", "zi_c_company_id", "zi_es_ecid"))
    score = 10 if by_id else min(10, 2 + 2 * sum(parts.values()))
    fits = {part: "E" if given else "M" for part, given in parts.items()} | dict.fromkeys(_NEVER_GIVEN, "M")
    reasons = {f"zi_match_reason_{part}": letter for part, letter in sorted(fits.items())}
    return {"zi_match_name": company.name, **reasons, "zi_match_score": str(score)}
