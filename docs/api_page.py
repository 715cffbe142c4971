"""Writes the tables of docs/api.md: `make docs`.

It stands outside both packages, because it joins what neither knows of the other: the client's table of operations, the
contract of the sandbox, its recordings, and the tests of both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from mockserver.contract import Operation as Described
from mockserver.contract import contract
from mockserver.sandbox.record import COLLECTION
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS, PAGES
from zianalytics.schema.column import Record

PAGE = Path(__file__).with_name("api.md")
BEGIN, END = "<!-- table:begin -->\n", "<!-- table:end -->\n"

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Search": ("search.companies", "search.contacts", "search.scoops", "search.news"),
    "Enrich": (
        "enrich.contacts", "enrich.companies", "enrich.org_charts", "enrich.hierarchies", "enrich.locations",
        "enrich.technologies", "enrich.hashtags", "enrich.news", "enrich.scoops",
    ),
    "Lookup": ("lookup",),
    "Usage": ("usage",),
    "Webhooks": ("webhooks",),
    "Master Data": ("enrich.master_data",),
    "Bulk": ("bulk",),
    "Intent": ("search.intent", "enrich.intent"),
    "WebSights": ("enrich.ips",),
    "Compliance": ("compliance",),
}  # fmt: skip
"""What stands under which heading, by the beginnings of names; in the order of ZoomInfo's own collection."""

TESTS: Mapping[str, tuple[str, str]] = {
    "authenticate": ("transport/test_auth.py", "every_request/test_login.py"),
    "search": ("client/search/test_searches.py", "search/test_searches.py"),
    "search.contacts": ("client/search/test_parts.py", "criteria/test_people.py"),
    "search.scoops": ("client/enrich/test_listings.py", "signals/test_events.py"),
    "search.news": ("client/enrich/test_listings.py", "signals/test_events.py"),
    "enrich": ("client/enrich/test_enrichments.py", "enrich/test_enrichments.py"),
    "enrich.org_charts": ("client/enrich/test_structures.py", "enrich/test_structure.py"),
    "enrich.hierarchies": ("client/enrich/test_structures.py", "enrich/test_structure.py"),
    "enrich.locations": ("client/enrich/test_structures.py", "enrich/test_structure.py"),
    "enrich.technologies": ("client/enrich/test_listings.py", "signals/test_shown.py"),
    "enrich.hashtags": ("client/enrich/test_listings.py", "signals/test_shown.py"),
    "enrich.news": ("client/enrich/test_listings.py", "signals/test_events.py"),
    "enrich.scoops": ("client/enrich/test_listings.py", "signals/test_events.py"),
    "enrich.master_data": ("client/enrich/test_enrichments.py", "enrich/test_master.py"),
    "enrich.intent": ("client/enrich/test_listings.py", "signals/test_shown.py"),
    "enrich.ips": ("client/enrich/test_ips.py", "enrich/test_websights.py"),
    "lookup": ("client/lists/test_looked_up.py", "test_lookup.py"),
    "usage": ("client/test_usage.py", "test_charges.py"),
    "webhooks": ("client/test_webhooks.py", "webhooks/test_webhooks.py"),
    "bulk": ("client/jobs/test_bulk.py", "test_bulk.py"),
    "bulk.status": ("client/jobs/test_bulk_resumed.py", "test_bulk.py"),
    "bulk.page": ("client/jobs/test_bulk_resumed.py", "test_bulk.py"),
    "compliance": ("client/people/test_suppression.py", "test_compliance.py"),
}
"""The tests of client and sandbox, by the longest beginning of a name."""

OF_ALL = ("../tests/zianalytics/", "../tests/mockserver/sandbox/")
HEAD = ("operation", "client", "credits", "records", "requests", "contract", "recording", "frame", "tests")


def recordings() -> Mapping[str, str]:
    """The first saved example of each operation that succeeds, by its folder, its item and its own name.

    Of an operation that is asked for two kinds of job, one for each: "bulk.search.company redeem".
    """
    names: dict[str, str] = {}
    for folder in json.loads(COLLECTION.read_bytes())["item"]:
        for item in folder["item"]:
            for example in item["response"]:
                asked = example["originalRequest"]
                operation = contract().find(asked["method"], "/" + "/".join(asked["url"]["path"]))
                if operation is None or example["code"] != 200:
                    continue
                said = asked.get("body", {}).get("raw", "{}")
                for key in (operation.id, f"{operation.id} {json.loads(said).get('jobType')}"):
                    names.setdefault(key, f"{folder['name']} / {item['name']} / {example['name']}")
    return names


def page(handwritten: str) -> str:
    """The whole page: what is written by hand around the tables, and the tables of today."""
    before, _, rest = handwritten.partition(BEGIN)
    return before + BEGIN + "\n".join(tables()) + "\n\n" + END + rest.partition(END)[2]


def tables() -> Iterator[str]:
    """The lines of every table: operations by group, then the columns of each frame."""
    shown = recordings()
    yield from _headed("Authentication", HEAD)
    yield _line(_signing_in(shown))
    for group, beginnings in GROUPS.items():
        yield from _headed(group, HEAD)
        for beginning in beginnings:
            for name, row in OPERATIONS.items():
                if name not in PAGES and _begins(name, beginning) and GROUPS[_group(name)] is beginnings:
                    yield _line(_operation(row, shown))
        if group == "Bulk":
            yield _line(_pages(shown))
    yield from ("", "## Frames")
    for record, title in titles().items():
        yield from _headed(title, ("column", "dtype", "unit", "meaning"), level=3)
        for column in record:
            yield _line((f"`{column.name}`", dtype_in_words(column.dtype), column.unit or "", column.doc))
        yield _line(("`extra`", "String", "", "Fields of the answer that are unknown, as JSON."))


def titles() -> Mapping[Record, str]:
    """The heading of each frame; what jobs answer with fewer columns stands apart from what direct calls do."""
    named: dict[Record, str] = {}
    for row in OPERATIONS.values():
        kind = " of a bulk job" if isinstance(row, JobOperation) else ""
        name = row.record.name
        named.setdefault(row.record, f"{name[0].upper()}{name[1:]}{kind} frame")
    return named


def _operation(row: Operation[...], shown: Mapping[str, str]) -> Sequence[str]:
    described = _described(row)
    kind = row.kind if isinstance(row, JobOperation) else None
    recording = shown.get(f"{described.id} {kind}") or shown[described.id]
    return (
        f"`{described.id}`", f"`{method(row)}`", *costs(row), f"`{described.method} {described.path}`",
        recording, _frame(row.record), _tests(row.name),
    )  # fmt: skip


def _signing_in(shown: Mapping[str, str]) -> Sequence[str]:
    """The one operation without a method: the transport asks it when it needs a token."""
    described = contract()["authenticate"]
    return (
        f"`{described.id}`", "by itself", "-", "-", "-", f"`{described.method} {described.path}`",
        shown[described.id], "-", _tests("authenticate"),
    )  # fmt: skip


def _pages(shown: Mapping[str, str]) -> Sequence[str]:
    """What brings the pages of every job; each kind of job has a frame of its own, told in its row."""
    row = next(iter(PAGES.values()))
    described = _described(row)
    return (
        f"`{described.id}`", "`zi.bulk.job(id).frame()`", "-", "-", "1 per page",
        f"`{described.method} {described.path}`",
        shown[described.id], "that of the job", _tests(row.name),
    )  # fmt: skip


def method(row: Operation[...]) -> str:
    """How users call a row: by its name, but for what a job is asked and for the fields of an operation."""
    if row.name == "bulk.status":
        return "zi.bulk.job(id).status()"
    namespace, _, noun = row.name.rpartition(".")
    if namespace in ("lookup.input_fields", "lookup.output_fields"):
        return f'zi.{namespace}("{noun.replace("_", ".", 1)}")'
    return f"zi.{row.name}"


def costs(row: Operation[...]) -> tuple[str, str, str]:
    """What a call costs on each meter, in a few words: credits, records, requests."""
    cost, entity = (
        row.cost,
        {"intent": "signal", "news": "article", "ip": "match"}.get(row.cost.entity or "", row.cost.entity),
    )
    credits = f"1 per new {entity}" if cost.credit_per_new_record else "-"
    records = f"1 per {entity}"
    if cost.rows != "records":
        records = "1 per row" if cost.rows == "counted" else "1 per input"
    asked = "1"
    if row.paging is not None:
        asked = "1 per page"
    elif isinstance(row, JobOperation):
        asked = "1 per job, 1 per page"
    elif row.batch > 1:
        asked = f"1 per {row.batch} inputs"
    elif cost.entity is not None:
        asked = "1 per input"
    pool = " (WebSights)" if cost.pool == "websights" else ""
    return (
        credits,
        f"{records}{pool}" if cost.counts_records else "-",
        f"{asked}{pool}" if cost.counts_requests else "-",
    )


def dtype_in_words(dtype: object) -> str:
    """A type as users read it: what a list is of, and what a struct holds."""
    if isinstance(dtype, pl.List):
        return f"list of {dtype_in_words(dtype.inner)}"
    if isinstance(dtype, pl.Struct):
        return f"struct ({', '.join(field.name for field in dtype.fields)})"
    if isinstance(dtype, pl.Datetime):
        return "Datetime, UTC"
    return str(dtype)


def _described(row: Operation[...]) -> Described:
    route = row.enterprise
    operation = contract().find(route.method, route.path)
    if operation is None:
        raise LookupError(f"{row.name}: no operation {route.method} {route.path} in the contract")
    return operation


def _begins(name: str, beginning: str) -> bool:
    return name == beginning or name.startswith(f"{beginning}.")


def _group(name: str) -> str:
    """The heading under which a method stands: that of the longest beginning of its name."""
    found = [(beginning, group) for group, all_of in GROUPS.items() for beginning in all_of if _begins(name, beginning)]
    if not found:
        raise LookupError(f"{name} stands under no heading: add it to GROUPS in docs/api_page.py")
    return max(found, key=lambda one: len(one[0]))[1]


def _tests(name: str) -> str:
    found = [beginning for beginning in TESTS if _begins(name, beginning)]
    if not found:
        raise LookupError(f"{name} has no tests: add them to TESTS in docs/api_page.py")
    named = zip(("client", "sandbox"), OF_ALL, TESTS[max(found, key=len)], strict=True)
    return ", ".join(f"[{word}]({folder}{file})" for word, folder, file in named)


def _frame(record: Record) -> str:
    return f"[{record.name}](#{titles()[record].lower().replace(' ', '-')})"


def _headed(title: str, head: Sequence[str], *, level: int = 2) -> Iterator[str]:
    yield from ("", f"{'#' * level} {title}", "", _line(head), _line(["---"] * len(head)))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
