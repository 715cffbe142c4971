"""A request of the table as the bytes that the Enterprise API takes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zianalytics.api.enterprise.names import camel, output_field
from zianalytics.api.spec import Operation

_NOT_CRITERIA = frozenset({"limit", "max_credits", "max_records", "max_requests", "of", "_"})
_CRITERIA = {
    "tech_attribute_tags": "techAttributeTagList",
    "revenue_min_usd": "revenueMin",
    "revenue_max_usd": "revenueMax",
    "revenue_ranges": "revenue",
    "employee_ranges": "employeeCount",
}
_AS_LIST = frozenset({"topics"})
_AS_DIGITS = frozenset({"employee_range_min", "employee_range_max", "company_id", "person_id"})
_JOINED_BY_OR = frozenset({"job_title"})

_COMPANY_INPUT = {
    "company_id": "companyId",
    "company_name": "companyName",
    "company_website": "companyWebsite",
    "ticker": "companyTicker",
    "phone": "companyPhone",
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
    "company_id": "companyId",
    "company_name": "companyName",
}
_OFFICE_INPUT = {
    "location_id": "zi_c_location_id",
    "company_id": "zi_c_company_id",
    "company_name": "zi_c_name",
    "company_website": "zi_c_url",
    "phone": "phone.zi_c_phone",
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
}


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
        Its request; of a search, its criteria are written down.
    page, size
        Which page, and how many rows on each.
    inputs, fields
        Of an enrichment: what to ask with, by our names of inputs, and the columns to ask for.
    """
    if operation.enterprise.method == "GET":
        return b""
    if inputs:
        key, names = _INPUTS[operation.record.name]
        wanted = [output_field(operation.record, one) for one in operation.record.pick(fields)]
        wire: dict[str, Any] = {
            key: [_input(names, one) for one in inputs],
            "outputFields": list(dict.fromkeys(wanted)),
        }
    else:
        wire = _criteria(request)
        wire |= {"rpp": size} if size else {}
        wire |= {"page": page} if page else {}
    return json.dumps(wire, separators=(",", ":")).encode()


def inputs_in(operation: Operation[...], request: bytes) -> list[dict[str, Any]]:
    """The inputs in the body of an enrichment, as they were sent."""
    key, _ = _INPUTS[operation.record.name]
    sent: list[dict[str, Any]] = json.loads(request)[key]
    return sent


def query(operation: Operation[...], request: Any) -> dict[str, str]:
    """The query of an operation that is asked by GET."""
    return (
        {name: str(value) for name, value in _criteria(request).items()} if operation.enterprise.method == "GET" else {}
    )


def _criteria(request: Any) -> dict[str, Any]:
    given = {
        one.name: getattr(request, one.name) for one in dataclasses.fields(request) if one.name not in _NOT_CRITERIA
    }
    return {
        _CRITERIA.get(name, camel(name)): _written(name, value) for name, value in given.items() if value is not None
    }


def _written(name: str, value: Any) -> Any:
    if name == "sort_by":
        return camel(value)
    if name in _AS_LIST:
        return [value] if isinstance(value, str) else list(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return (" OR " if name in _JOINED_BY_OR else ",").join(str(one) for one in value)
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
