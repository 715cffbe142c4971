"""The recordings and the world say the same, and both keep the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import Operation, contract
from mockserver.sandbox import Options
from mockserver.sandbox.record import COLLECTION, collection, record, written

# What a record has only where there is something to say.
OPTIONAL = {"directPhoneDoNotCall", "mobilePhoneDoNotCall", "familyNodes"}


def saved(document: dict[str, Any] | None = None) -> Iterator[tuple[Operation, dict[str, Any]]]:
    """Every saved example of a collection, the shipped one unless told, with its operation."""
    for folder in (document or json.loads(COLLECTION.read_text(encoding="utf-8")))["item"]:
        for item in folder["item"]:
            for example in item["response"]:
                request = example["originalRequest"]
                path = "/" + "/".join(request["url"]["path"])
                operation = contract().find(request["method"], path)
                assert operation is not None, path
                yield operation, example


def test_the_default_world_gives_each_recording_byte_for_byte() -> None:
    message = "the recordings are stale: run python -m mockserver.sandbox.record"
    assert COLLECTION.read_text(encoding="utf-8") == written(), message


@pytest.mark.parametrize("seed", [11, 2026])
def test_another_world_gives_the_same_status_and_shape(seed: int) -> None:
    """The same scenes about other companies."""
    here = list(saved())
    there = list(saved(collection(record(Options(seed=seed, companies=400)))))
    assert [(e["name"], e["code"]) for _, e in here] == [(e["name"], e["code"]) for _, e in there]
    different = [
        f"{operation.id}: {example['name']}"
        for (operation, example), (_, other) in zip(here, there, strict=True)
        if not alike(json.loads(example["body"]), json.loads(other["body"]))
    ]
    assert different == []


def alike(one: Any, other: Any) -> bool:
    """The same keys and types, down to the leaves; a null or an empty list is like any."""
    if one is None or other is None:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return not ({*one} ^ {*other}) - OPTIONAL and all(alike(one[k], other[k]) for k in {*one} & {*other})
    if isinstance(one, list) and isinstance(other, list):
        return all(alike(a, b) for a, b in zip(one, other, strict=False))
    return type(one) is type(other)


def test_every_recording_keeps_the_contract() -> None:
    broken = []
    for operation, example in saved():
        schema = operation.answers.get(example["code"])
        if schema is None or not Draft202012Validator(schema).is_valid(json.loads(example["body"])):
            broken.append(f"{operation.id}: {example['name']}")
    assert broken == []


def test_every_built_operation_is_recorded_with_a_success_and_a_missing_token() -> None:
    codes: dict[str, set[int]] = {}
    for operation, example in saved():
        codes.setdefault(operation.id, set()).add(example["code"])
    built = {o.id for o in contract().operations if o.is_built}
    assert {name for name, said in codes.items() if {200, 401} <= said} == built


@pytest.mark.parametrize(
    "name", ["search.company", "search.contact", "search.intent", "enrich.company", "enrich.contact"]
)
def test_the_operations_of_the_path_are_recorded_in_every_way(name: str) -> None:
    codes = {example["code"] for operation, example in saved() if operation.id == name}
    assert {200, 400, 401, 403, 429} <= codes


def test_no_token_and_no_password_is_recorded() -> None:
    text = COLLECTION.read_text(encoding="utf-8")
    assert "eyJ" not in text
    assert "PRIVATE KEY" not in text
    assert '"{{password}}"' in text.replace("\\", "")
