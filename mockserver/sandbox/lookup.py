"""The look-ups: lists of valid values, and the fields of each operation with what the account may have of them.

What a criterion takes stands in its list, and what stands there is taken: both read the lists of the world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.contract import Operation, contract
from mockserver.sandbox.criteria.aspects import RANKS
from mockserver.state import Bundle
from mockserver.world import Lists

# Which look-ups of fields say `accessGranted`, as their published examples show.
_SAY_ACCESS = {
    "lookup.inputfields.company.search",
    "lookup.inputfields.contact.search",
    "lookup.outputfields.contact.search",
    "lookup.outputfields.company.enrich",
    "lookup.outputfields.contact.enrich",
}
Row = dict[str, str]


# docs/assumptions.md, "look-up answers"
def _rows(values: Any) -> list[Row]:
    return [{"Id": value.id, "Name": value.name} for value in values]


def _numbered(names: Iterable[str]) -> list[Row]:
    return [{"Id": str(number), "Name": name} for number, name in enumerate(names, start=1)]


def _products(lists: Lists, asked: Mapping[str, str]) -> list[Row]:
    rows = [
        {
            "Id": p.tag,
            "Name": p.name,
            "Vendor": p.vendor,
            "ParentCategory": p.parent_category,
            "Category": p.category,
        }
        for p in lists.technologies
    ]
    columns = {"vendor": "Vendor", "parentCategory": "ParentCategory", "category": "Category"}
    wanted = {columns[name]: value.casefold() for name, value in asked.items()}
    return [row for row in rows if all(row[column].casefold() == value for column, value in wanted.items())]


# docs/assumptions.md, "categories and vendors of technologies"
def _categories(lists: Lists, _: Mapping[str, str]) -> list[Row]:
    names = {".".join(p.tag.split(".")[:2]): p.category for p in lists.technologies}
    return [{"Id": part, "Name": name} for part, name in names.items()]


def _vendors(lists: Lists, _: Mapping[str, str]) -> list[Row]:
    names = {p.tag.split(".")[2]: p.vendor for p in lists.technologies}
    return [{"Id": part, "Name": name} for part, name in names.items()]


# docs/assumptions.md, "hashtags by vendor or category"
def _hashtags(lists: Lists, asked: Mapping[str, str]) -> list[Row]:
    return [] if asked else _rows(lists.hashtags)


def _topics(lists: Lists, _: Mapping[str, str]) -> list[Row]:
    return [
        {
            "Name": t.name,
            "Category": t.category,
            "Department": t.department,
            "JobFunction": t.job_function,
            "Description": t.description,
        }
        for t in lists.topics
    ]


# docs/assumptions.md, "values of look-ups"
VALUES: Mapping[str, Callable[[Lists, Mapping[str, str]], list[Row] | list[str]]] = {
    "lookup.continent": lambda lists, _: _rows(lists.continents),
    "lookup.country": lambda lists, _: [{"Id": c.name, "Name": c.name} for c in lists.countries],
    "lookup.state": lambda lists, _: [{"Id": s.name, "Name": s.name} for s in lists.states],
    "lookup.department": lambda lists, _: _rows(lists.departments),
    "lookup.employeecount": lambda lists, _: _rows(lists.employee_ranges),
    "lookup.industry": lambda lists, _: _rows(lists.industries),
    "lookup.jobfunction": lambda lists, _: _rows(lists.job_functions),
    "lookup.metroarea": lambda lists, _: _rows(lists.metro_areas),
    "lookup.revenuerange": lambda lists, _: _rows(lists.revenue_ranges),
    "lookup.companytype": lambda lists, _: _rows(lists.company_types),
    "lookup.managementLevel": lambda lists, _: _rows(lists.management_levels),
    "lookup.companyranking": lambda lists, _: _rows(lists.company_rankings),
    "lookup.siccode": lambda lists, _: _rows(lists.sic_codes),
    "lookup.naicscode": lambda lists, _: _rows(lists.naics_codes),
    # docs/assumptions.md, "hierarchy of job titles"
    "lookup.jobtitlehierarchy": lambda lists, _: _numbered(RANKS),
    "lookup.scooptopic": lambda lists, _: _rows(lists.scoop_topics),
    "lookup.scooptype": lambda lists, _: _rows(lists.scoop_types),
    "lookup.scoopdepartment": lambda lists, _: _rows(lists.scoop_departments),
    "lookup.boardMember": lambda lists, _: _rows(lists.board_member),
    "lookup.subunittypes": lambda lists, _: _rows(lists.sub_unit_types),
    # docs/assumptions.md, "category bands"
    "lookup.employee-category-band": lambda lists, _: _rows(lists.employee_ranges),
    "lookup.revenue-category-band": lambda lists, _: _rows(lists.revenue_ranges),
    "lookup.years-of-experience": lambda lists, _: _rows(lists.years_of_experience),
    "lookup.hierarchy-code": lambda lists, _: _rows(lists.hierarchy_codes),
    "lookup.buyinggroups": lambda lists, _: _rows(lists.buying_groups),
    "lookup.hashtag": _hashtags,
    "lookup.news.categories": lambda lists, _: list(lists.news_categories),
    "lookup.tech-skills": lambda lists, _: _rows(lists.tech_skills),
    "lookup.tech.category": _categories,
    "lookup.tech.vendor": _vendors,
    "lookup.tech.product": _products,
    "lookup.intent.topics": _topics,
}


def fields(lookup: Operation, bundle: Bundle) -> list[Row]:
    """The input or the output fields of the operation that a look-up describes."""
    described = contract()[lookup.describes or ""]
    withheld = bundle.withheld.get(described.id, frozenset())
    wants_inputs = lookup.id.startswith("lookup.inputfields.")
    rows = _inputs(described) if wants_inputs else _outputs(described)
    if lookup.id in _SAY_ACCESS:
        return [row | {"accessGranted": "false" if row["fieldName"] in withheld else "true"} for row in rows]
    return rows


def _inputs(operation: Operation) -> list[Row]:
    body = operation.body or {}
    said = body["properties"]
    inputs = next((schema["items"]["properties"] for name, schema in said.items() if name.startswith("match")), said)
    return [
        {"fieldName": name, "fieldType": _type(schema), "description": schema.get("description", "")}
        for name, schema in inputs.items()
    ]


def _outputs(operation: Operation) -> list[Row]:
    if operation.fields:
        return [_output(name, schema) for name, schema in operation.fields.items()]
    data = operation.answers[200]["properties"]["data"]
    if "properties" in data:  # results, each with its own records
        data = data["properties"]["result"]["items"]["properties"]["data"]
    return [
        _output(said.get("x-field", own), said)
        for name, schema in data["items"]["properties"].items()
        for own, said in _flat(name, schema).items()
    ]


def _flat(name: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a part whose own names for them are not the documented ones; else the part itself."""
    inner: Mapping[str, Any] = schema.get("items", schema).get("properties", {})
    return inner if any("x-field" in said for said in inner.values()) else {name: schema}


def _output(name: str, schema: Mapping[str, Any]) -> Row:
    row = {"fieldName": name, "description": schema.get("description", "")}
    return row | {"dataType": schema["x-data-type"]} if "x-data-type" in schema else row


def _type(schema: Mapping[str, Any]) -> str:
    """The documented word for a type: the first that the contract takes."""
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    words = {"array": "Array", "boolean": "Boolean", "integer": "Integer", "number": "Number", "object": "Object"}
    return words.get(kind, "String")
