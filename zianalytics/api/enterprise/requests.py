"""A request of the table as the bytes that the Enterprise API takes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from zianalytics.api.enterprise.hooks import subscriptions
from zianalytics.api.enterprise.names import camel, output_field
from zianalytics.api.enterprise.office import ways_to_fit
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.schema.column import Record

_NOT_CRITERIA = frozenset(
    {"webhook_id", "limit", "max_credits", "max_records", "max_requests", "max_age", "of", "_", "fields", "text"}
)
_CRITERIA = {
    "tech_attribute_tags": "techAttributeTagList",
    "revenue_min_usd": "revenueMin",
    "revenue_max_usd": "revenueMax",
    "revenue_ranges": "revenue",
    "employee_ranges": "employeeCount",
    "hashtags": "hashTagString",
    "included_sub_unit_types": "companyStructureIncludedSubUnitTypes",
    "contact_count_min": "zoominfoContactsMin",
    "contact_count_max": "zoominfoContactsMax",
    "funding_min_usd": "fundingAmountMin",
    "funding_max_usd": "fundingAmountMax",
    "email": "emailAddress",
    "location_id": "locationCompanyId",
    "recommended_contacts": "findRecommendedContacts",
    "all_topics": "topics",
    "match_reasons": "match_reasons",
}
_OF_EACH_INPUT = ("match_reasons",)
"""Criteria that stand in each input, and not beside them."""
_AS_LIST = frozenset(
    {
        "topics", "company_ticker", "business_model", "engagement_type", "supplemental_email", "phone", "location_id",
        "web_references", "tech_skills", "categories", "url",
    }
)  # fmt: skip
_CUT = frozenset({"company_ticker", "supplemental_email", "phone"})
"""Lists whose values hold no comma, so that a text with some has several of them."""
_AS_DIGITS = frozenset(
    {
        "employee_range_min", "employee_range_max", "company_id", "person_id", "parent_id", "ultimate_parent_id",
        "scoop_id",
        "zip_code_radius_miles", "contact_count_min", "contact_count_max", "contact_accuracy_score_min",
        "contact_accuracy_score_max", "one_year_employee_growth_rate_min", "one_year_employee_growth_rate_max",
        "two_year_employee_growth_rate_min", "two_year_employee_growth_rate_max",
    }
)  # fmt: skip
# docs/assumptions.md, "money in criteria"
_IN_THOUSANDS = frozenset({"funding_min_usd", "funding_max_usd"})
_AS_NUMBER = frozenset({"certified"})
_JOINED_BY_OR = frozenset({"job_title"})
_TOPICS_OF_COMPANY = {"topics": "|", "all_topics": " AND "}
"""How an enrichment joins its topics; docs/assumptions.md, "topics of an enrichment"."""
_PAGE_SIZE = {"enrich.news": "limit"}
"""Where the size of a page is not called `rpp`."""
_WORDS = {
    "object_type": str.capitalize,
    "sort_by": camel,
    "required_fields": camel,
    "company_past_or_present": camel,
    "board_member": str.capitalize,
    "location_search_type": {
        "hq": "HQ",
        "person": "Person",
        "person_or_hq": "PersonOrHQ",
        "person_and_hq": "PersonAndHQ",
        "person_then_hq": "PersonThenHQ",
    }.__getitem__,
}
"""Words of ours that the service writes in another way."""

_COMPANY_INPUT = {
    "company_id": "companyId",
    "company_name": "companyName",
    "company_website": "companyWebsite",
    "ticker": "companyTicker",
    "phone": "companyPhone",
    "fax": "companyFax",
    "ip_address": "ipAddress",
    "street": "companyStreet",
    "city": "companyCity",
    "state": "companyState",
    "zip_code": "companyZipCode",
    "country": "companyCountry",
}
_CONTACT_INPUT = {
    "contact_id": "personId",
    "email": "emailAddress",
    "hashed_email": "hashedEmail",
    "phone": "phone",
    "full_name": "fullName",
    "first_name": "firstName",
    "last_name": "lastName",
    "job_title": "jobTitle",
    "external_url": "externalURL",
    "company_id": "companyId",
    "company_name": "companyName",
    "contact_accuracy_score_min": "contactAccuracyScoreMin",
    "last_updated_date_after": "lastUpdatedDateAfter",
    "valid_date_after": "validDateAfter",
}
_PERSON_INPUT = {
    "email": "personEmailAddress",
    "phone": "personPhone",
    "full_name": "personFullName",
    "first_name": "personFirstName",
    "last_name": "personLastName",
    "company_id": "companyId",
    "company_name": "companyName",
    "state": "personState",
    "country": "personCountry",
    "zip_code": "personZipCode",
}
_OFFICE_INPUT = {
    "location_id": "zi_c_location_id",
    "es_location_id": "zi_es_location_id",
    "ecid": "zi_es_ecid",
    "company_id": "zi_c_company_id",
    "company_name": "zi_c_name",
    "company_website": "zi_c_url",
    "phone": "phone.zi_c_phone",
    "phone_country": "phone.zi_c_country",
    "email": "email",
    "street": "address.zi_c_street",
    "city": "address.zi_c_city",
    "state": "address.zi_c_state",
    "zip_code": "address.zi_c_zip",
    "country": "address.zi_c_country",
}
_INPUTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "company": ("matchCompanyInput", _COMPANY_INPUT),
    "contact": ("matchPersonInput", _CONTACT_INPUT),
    "location": ("matchCompanyInput", _OFFICE_INPUT),
    "hierarchy": ("matchCompanyInput", _COMPANY_INPUT),
    "compliance check": ("matchPersonInput", _PERSON_INPUT),
    "org chart": ("", _COMPANY_INPUT),
    "company location": ("", _COMPANY_INPUT),
    "IP match": ("", {"ip_address": "ipAddress"}),
    "intent signal": ("", _COMPANY_INPUT),
    "news article": ("", _COMPANY_INPUT),
    "scoop": ("", _COMPANY_INPUT),
    "technology in use": ("", _COMPANY_INPUT),
    "hashtag": ("", _COMPANY_INPUT),
}
"""By the name of the record: the key of the list of inputs ("" where a request has one input, and no list), and what
each part of an input is called."""


def body(
    operation: Operation[...],
    request: Any = None,
    *,
    page: int | None = None,
    size: int | None = None,
    inputs: Sequence[Mapping[str, Any]] = (),
    fields: Sequence[str] = (),
) -> bytes:
    """The body of one request; b"" for an operation that has none.

    Parameters
    ----------
    operation
        Which row of the table.
    request
        Its request, whose criteria are written down.
    page, size
        Which page, and how many rows on each.
    inputs, fields
        Of an enrichment: what to ask with, by our names of inputs, and the columns to ask for.
    """
    if operation.enterprise.method in ("GET", "DELETE"):
        return b""
    if inputs:
        key, names = _INPUTS[operation.record.name]
        asked = criteria(operation, request)
        of_each = {word: asked.pop(word) for word in _OF_EACH_INPUT if word in asked}
        written = [_input(names, one) | of_each for one in inputs]
        wire: dict[str, Any] = asked | ({key: written} if key else written[0])
        if operation.takes_fields:
            wire["outputFields"] = _output_fields(operation.record, tuple(fields))
    elif isinstance(operation, JobOperation):
        wire = _search_job(operation, request)
    else:
        wire = _criteria(request)
    wire |= {page_size_name(operation): size} if size else {}
    wire |= {"page": page} if page else {}
    return json.dumps(wire, separators=(",", ":")).encode()


@cache
def _output_fields(record: Record, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The words that ask for these columns, each once."""
    return tuple(dict.fromkeys(output_field(record, one) for one in record.pick(fields)))


def _search_job(operation: JobOperation[...], request: Any) -> dict[str, Any]:
    """A search that is carried out as a job; its type is always said, so that none is taken for the other."""
    wire: dict[str, Any] = {"jobType": operation.kind, "query": _criteria(request)}
    if operation.kind == "redeem":
        wanted = [output_field(operation.record, one) for one in operation.record.pick(request.fields)]
        wire["outputFields"] = list(dict.fromkeys(wanted))
    return wire


def criteria(operation: Operation[...], request: Any) -> dict[str, Any]:
    """What a request asks beside its inputs; empty when there is no request."""
    if request is None:
        return {}
    wire = _criteria(request)
    if operation.cost.credit_per_new_record and getattr(request, "required_fields", None):
        columns = {column.name: column for column in operation.record}
        words = [output_field(operation.record, columns[name]) for name in request.required_fields]
        wire["requiredFields"] = ",".join(words)
    for name, sign in _TOPICS_OF_COMPANY.items() if operation.name == "enrich.intent" else ():
        if given := getattr(request, name):
            wire["topics"] = given if isinstance(given, str) else sign.join(given)
    return wire


def path(operation: Operation[...], request: Any) -> str:
    """The path of a request, with the id of the webhook that it is about where it is about one."""
    return operation.enterprise.path.replace("{id}", str(getattr(request, "webhook_id", "")))


def inputs_in(operation: Operation[...], request: bytes) -> list[dict[str, Any]]:
    """The inputs in the body of an enrichment, as they were sent."""
    key, _ = _INPUTS[operation.record.name]
    sent = json.loads(request)
    inputs: list[dict[str, Any]] = sent[key] if key else [sent]
    return inputs


def input_names(operation: Operation[...]) -> Mapping[str, str]:
    """What each part of an input is called, by our name; empty for an operation without inputs."""
    _, names = _INPUTS.get(operation.record.name, ("", {}))
    return names


def input_key(operation: Operation[...]) -> str:
    """The key of the list of inputs; "" where a request has one input, and no list."""
    key, _ = _INPUTS.get(operation.record.name, ("", {}))
    return key


def page_size_name(operation: Operation[...]) -> str:
    """What the number of rows on a page is called."""
    return _PAGE_SIZE.get(operation.name, "rpp")


def criterion_names(request: Any) -> dict[str, str]:
    """What each criterion of a kind of request is called, by its keyword."""
    names = [one.name for one in dataclasses.fields(request) if one.name not in _NOT_CRITERIA]
    return {name: _CRITERIA.get(name, camel(name)) for name in names}


def query(operation: Operation[...], request: Any) -> dict[str, str]:
    """The query of an operation that is asked by GET."""
    return (
        {name: str(value) for name, value in _criteria(request).items()} if operation.enterprise.method == "GET" else {}
    )


def _criteria(request: Any) -> dict[str, Any]:
    words = criterion_names(request)
    given = {name: getattr(request, name) for name in words}
    return {words[name]: written(name, value) for name, value in given.items() if value is not None}


def written(name: str, value: Any) -> Any:
    """The value of a criterion as the service takes it."""
    if name == "subscriptions":
        return subscriptions(value)
    if name == "match_reasons":
        return ways_to_fit(value)
    if name in _CUT and isinstance(value, str):
        value = [part for raw in value.split(",") if (part := raw.strip())]
    values = [value] if isinstance(value, str) or not isinstance(value, Sequence) else list(value)
    if name in _WORDS:
        values = [_WORDS[name](one) for one in values]
    if name in _AS_LIST:
        return values
    if isinstance(value, Sequence):
        return (" OR " if name in _JOINED_BY_OR else ",").join(str(one) for one in values)
    if isinstance(value, date):
        return value.isoformat()
    if name in _IN_THOUSANDS:
        return value // 1000
    if name in _AS_NUMBER:
        return int(value)
    return str(value) if name in _AS_DIGITS else value


def _input(names: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    wire: dict[str, Any] = {}
    for name, value in given.items():
        *around, key = names[name].split(".")
        inside = wire
        for step in around:
            inside = inside.setdefault(step, {})
        inside[key] = value
    return wire
