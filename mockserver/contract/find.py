"""Which operations the API promises, and which of them a request means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

Schema = Mapping[str, Any]
_VERBS = ("get", "post", "put", "delete")


@dataclass(frozen=True, slots=True)
class Meters:
    """What an answered call costs: a credit for each new record of kind `credits`, a record for each row of kind
    `records`, and `requests` a call; "none" costs nothing.
    """

    credits: str
    records: str
    requests: int

    @property
    def counts(self) -> bool:
        """Whether a call moves any meter."""
        return self.requests > 0 or self.records != "none" or self.credits != "none"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract.

    Attributes
    ----------
    id
        Its name: "search.company".
    path
        As documented, with `{id}` for a segment that is filled in.
    bundle
        The bundle it belongs to; None when every account has it.
    body
        Schema of a JSON body, or None when there is none.
    needs_body
        Whether there is no request without a body.
    takes_forms
        Whether the same may come as an urlencoded form.
    fields
        Output fields that can be asked for, by name.
    describes
        For a look-up of fields: the id of the operation whose fields it lists.
    query
        Names of its query parameters.
    answers
        Schema of the JSON body by status.
    """

    id: str
    method: str
    path: str
    summary: str
    meters: Meters
    needs_token: bool
    bundle: str | None = None
    body: Schema | None = None
    needs_body: bool = False
    takes_forms: bool = False
    fields: Mapping[str, Schema] = field(default_factory=dict)
    describes: str | None = None
    query: tuple[str, ...] = ()
    answers: Mapping[int, Schema] = field(default_factory=dict)


class Contract:
    """Every operation, found by verb and path or by its id."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        operations = [
            _operation(verb.upper(), path, item[verb])
            for path, item in document["paths"].items()
            for verb in _VERBS
            if verb in item
        ]
        self.operations = tuple(operations)
        self._by_id = {operation.id: operation for operation in operations}
        self._plain = {(o.method, o.path): o for o in operations if "{" not in o.path}
        self._filled_in = [(o.path.split("/"), o) for o in operations if "{" in o.path]

    def __getitem__(self, operation_id: str) -> Operation:
        return self._by_id[operation_id]

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a verb and a path mean, or None."""
        if operation := self._plain.get((method, path)):
            return operation
        segments = path.split("/")
        return next((o for parts, o in self._filled_in if o.method == method and _fits(parts, segments)), None)


@cache
def contract() -> Contract:
    """The contract of this package, read once."""
    text = resources.files("mockserver.contract").joinpath("resolved.json").read_text(encoding="utf-8")
    return Contract(json.loads(text))


def _fits(parts: list[str], segments: list[str]) -> bool:
    return len(parts) == len(segments) and all(
        part == segment or (part.startswith("{") and segment) for part, segment in zip(parts, segments, strict=True)
    )


def _operation(method: str, path: str, said: Mapping[str, Any]) -> Operation:
    meters = said.get("x-meters", {"credits": "none", "records": "none", "requests": 0})
    return Operation(
        id=said["operationId"],
        method=method,
        path=path,
        summary=said.get("summary", ""),
        meters=Meters(**meters),
        needs_token=said.get("security") != [],
        bundle=said.get("x-bundle"),
        body=_json_schema(said.get("requestBody", {})),
        needs_body=said.get("requestBody", {}).get("required", False),
        takes_forms="application/x-www-form-urlencoded" in said.get("requestBody", {}).get("content", {}),
        fields=said.get("x-fields", {}),
        describes=said.get("x-describes"),
        query=tuple(parameter["name"] for parameter in said.get("parameters", []) if parameter["in"] == "query"),
        answers={
            int(status): schema
            for status, response in said["responses"].items()
            if (schema := _json_schema(response)) is not None
        },
    )


def _json_schema(holder: Mapping[str, Any]) -> Schema | None:
    schema: Schema | None = holder.get("content", {}).get("application/json", {}).get("schema")
    return schema
