"""Every operation of the contract has all of its halves, and every published one is in the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mockserver import Request
from mockserver.contract import Operation, contract
from mockserver.sandbox import Options, Sandbox
from mockserver.sandbox.record import COLLECTION
from zianalytics.api.table import OPERATIONS

PUBLISHED: Mapping[str, Any] = json.loads((Path(__file__).parent / "published.json").read_bytes())
"""The operations of the published collection, in its order, with the names of what each takes and gives; ids in its
paths stand as `{id}`."""
BESIDE = {"GET /webhooks/{id}"}
"""Published as the same endpoint: docs/assumptions.md, "`GET /webhooks/{id}`"."""
BY_THE_TRANSPORT = {"POST /authenticate"}
"""The client asks it by itself, and has no method for it."""
HALVES = {
    "recording": "write a scene that succeeds in mockserver/sandbox/, then run python -m mockserver.sandbox.record",
    "handler": "add one to HANDLERS in mockserver/sandbox/answer.py",
    "client method": "add a row in zianalytics/api/table/",
}


def label(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def halves_missing(operations: Collection[str], there: Mapping[str, Collection[str]]) -> list[str]:
    """A line for each half that an operation lacks, with what to do."""
    return [f"{one}: no {half}; {HALVES[half]}" for one in operations for half in HALVES if one not in there[half]]


def recorded() -> Iterator[str]:
    """The operations with a saved example that succeeds."""
    for folder in json.loads(COLLECTION.read_bytes())["item"]:
        for item in folder["item"]:
            for example in item["response"]:
                asked = example["originalRequest"]
                operation = contract().find(asked["method"], "/" + "/".join(asked["url"]["path"]))
                if operation is not None and example["code"] == 200:
                    yield label(operation)


def least(schema: Mapping[str, Any]) -> Any:
    """The least that a schema takes."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "object":
        return {name: least(schema["properties"][name]) for name in schema.get("required", ())}
    if kind == "array":
        return [least(schema["items"])] * schema.get("minItems", 0)
    if kind == "string":
        texts = ("1", "http://localhost/", "192.0.2.1")
        return next(one for one in texts if re.search(schema.get("pattern", ""), one))
    return schema.get("minimum", 1)


def handled() -> Iterator[str]:
    """The operations that a sandbox does something for, whatever it says to the least that can be asked."""
    sandbox = Sandbox(Options(companies=20, bundle="scaling", no_limits=True))
    token = sandbox.service.tokens.issue(sandbox.service.account.username, sandbox.now())
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    for operation in contract().operations:
        body = b"" if operation.body is None else json.dumps(least(operation.body)).encode()
        try:
            sandbox.answer(Request(operation.method, operation.path, headers=headers, body=body))
        except KeyError as exc:
            if exc.args != (operation.id,):
                raise
            continue
        yield label(operation)
    sandbox.close()


def offered() -> set[str]:
    """The operations that a method of the client asks."""
    return {f"{row.enterprise.method} {row.enterprise.path}" for row in OPERATIONS.values()} | BY_THE_TRANSPORT


def test_every_operation_of_the_contract_has_a_recording_a_handler_and_a_client_method() -> None:
    there = {"recording": set(recorded()), "handler": set(handled()), "client method": offered()}
    missing = halves_missing([label(one) for one in contract().operations], there)
    assert not missing, "\n" + "\n".join(missing)


def test_every_missing_half_is_named_at_once() -> None:
    there = {"recording": {"GET /b", "GET /c"}, "handler": {"GET /a", "GET /c"}, "client method": {"GET /c"}}
    assert [line.partition(";")[0] for line in halves_missing(["GET /a", "GET /b", "GET /c"], there)] == [
        "GET /a: no recording",
        "GET /a: no client method",
        "GET /b: no handler",
        "GET /b: no client method",
    ]


def test_every_published_operation_is_in_the_contract_and_nothing_else_is() -> None:
    assert len(PUBLISHED) >= 99
    known = [label(one) for one in contract().operations]
    missing = [one for one in PUBLISHED if one not in known]
    assert not missing, "published, and not in the contract:\n" + "\n".join(missing)
    unknown = sorted(set(known) - set(PUBLISHED) - BESIDE)
    assert not unknown, "in the contract, and not in published.json:\n" + "\n".join(unknown)
    assert set(known) >= BESIDE


@pytest.mark.parametrize("name", [name for name in OPERATIONS if not name.startswith("bulk.page.")])
def test_every_method_asks_a_published_operation(name: str) -> None:
    route = OPERATIONS[name].enterprise
    assert f"{route.method} {route.path}" in {*PUBLISHED, *BESIDE}
