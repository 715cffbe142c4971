"""The recordings and the world say the same, and both keep the contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import Operation, contract
from mockserver.sandbox import Options
from mockserver.sandbox.record import COLLECTION, collection, record, written
from mockserver.state import BUNDLES

# What a record has only where there is something to say.
OPTIONAL = {"directPhoneDoNotCall", "mobilePhoneDoNotCall", "familyNodes"}
# The ways to be refused that have to be recorded: status, and how the message begins.
REFUSED = {
    "invalid field": (400, "There are invalid fields in your request"),
    "401": (401, "Authentication failed"),
    "403 bundle": (403, "You do not have access to this endpoint"),
    "403 fields": (403, "There are fields that are not allowed under your subscription"),
    "403 limit": (403, "You have used up all of your allowed"),
    "429": (429, "You have exceeded your API query rate limit"),
}
KINDS = ("success", "empty result", "partial match", *REFUSED)
Exempt = tuple[Sequence[str], Callable[[Operation], bool], str]


def takes_a_list(operation: Operation) -> bool:
    return any(name.startswith("match") for name in (operation.body or {}).get("properties", {}))


# Which kinds an operation cannot answer, or need not be recorded with, and why.
EXCEPTIONS: list[Exempt] = [
    (["empty result"], lambda o: o.id == "authenticate", "a token is given or refused"),
    (
        ["empty result"],
        lambda o: o.method == "GET" and not o.query and o.id != "webhooks.get",
        "a list that nobody narrows, or one thing by its id",
    ),
    (
        ["empty result"],
        lambda o: o.id.startswith("webhooks.") and o.method != "GET",
        "a webhook is made, changed, tried or ended; nothing is looked for",
    ),
    (
        ["empty result", "partial match"],
        lambda o: o.id.startswith(("bulk.search.", "bulk.enrich.")),
        "answers the id of a job; what it finds is in bulk.job.results",
    ),
    (
        ["partial match"],
        lambda o: not takes_a_list(o) and o.id != "bulk.job.results",
        "one question, of which no part can find nothing",
    ),
    (["403 bundle"], lambda o: o.bundle is None, "every bundle includes it"),
    (
        ["403 fields"],
        lambda o: not any(o.id in bundle.withheld for bundle in BUNDLES.values()),
        "no bundle withholds a field of it",
    ),
    (["403 limit"], lambda o: not o.meters.counts, "it moves no meter"),
]


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


def kind_of(example: dict[str, Any]) -> str:
    """What a saved example shows, by its answer and not by its name."""
    code, said = example["code"], json.loads(example["body"])
    if code == 200:
        return _outcome(said)
    return next((kind for kind, (status, start) in REFUSED.items() if _is(code, said, status, start)), str(code))


def _is(code: int, said: dict[str, Any], status: int, start: str) -> bool:
    return code == status and said["message"].startswith(start)


def _outcome(said: Any) -> str:
    """How much of what was asked for was found: the rows of a list, the inputs that have one, or a job's records."""
    if isinstance(said, dict):
        data = said.get("data", said)
        if "status" in said and said.get("totalRecords") == 0:
            return "empty result" if said["status"] == "Completed" else "still at work"
        said = data.get("result", data.get("webhooks", [data])) if isinstance(data, dict) else data
    found = [bool(row.get("data", row)) if isinstance(row, dict) else True for row in said]
    return "success" if found and all(found) else "partial match" if any(found) else "empty result"


def required() -> set[tuple[str, str]]:
    """What has to be recorded: every kind of every operation, but for the exceptions."""
    kinds = {(operation.id, kind) for operation in contract().operations for kind in KINDS}
    return kinds - {pair for exception in EXCEPTIONS for pair in exempt(*exception)}


def exempt(kinds: Sequence[str], applies: Callable[[Operation], bool], _: str) -> set[tuple[str, str]]:
    return {(operation.id, kind) for operation in contract().operations if applies(operation) for kind in kinds}


def recorded() -> set[tuple[str, str]]:
    return {(operation.id, kind_of(example)) for operation, example in saved()}


def test_every_operation_is_recorded_in_every_way_that_it_can_answer() -> None:
    missing = sorted(required() - recorded())
    assert missing == []


@pytest.mark.parametrize("exception", EXCEPTIONS, ids=[why for *_, why in EXCEPTIONS])
def test_an_exception_is_about_something_that_is_not_recorded(exception: Exempt) -> None:
    """It goes when it holds for nothing any longer, or when what it excuses has been recorded after all."""
    assert exempt(*exception) != set()
    assert sorted(exempt(*exception) & recorded()) == []


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("authenticate", "success, invalid field, 401, 429"),
        ("search.company", "success, empty result, invalid field, 401, 403 limit, 429"),
        ("enrich.contact", "success, empty result, partial match, invalid field, 401, 403 fields, 403 limit, 429"),
        ("enrich.company-master", "success, empty result, partial match, invalid field, 401, 403 limit, 429"),
        ("enrich.orgchart", "success, empty result, invalid field, 401, 403 limit, 429"),
        ("bulk.enrich.company", "success, invalid field, 401, 403 bundle, 403 limit, 429"),
        ("bulk.job.results", "success, empty result, partial match, invalid field, 401, 403 bundle, 403 limit, 429"),
        ("webhooks.get", "success, empty result, invalid field, 401, 403 bundle, 429"),
        ("webhooks.put", "success, invalid field, 401, 403 bundle, 429"),
        ("webhooks.delete", "success, invalid field, 401, 403 bundle, 429"),
        ("lookup.usage", "success, invalid field, 401, 429"),
        ("lookup.siccode", "success, invalid field, 401, 429"),
        ("lookup.hashtag", "success, empty result, invalid field, 401, 429"),
        ("lookup.outputfields.ip.enrich", "success, invalid field, 401, 429"),
        ("lookup.tech.product", "success, empty result, invalid field, 401, 429"),
    ],
)
def test_the_exceptions_leave(name: str, kinds: str) -> None:
    assert ", ".join(kind for kind in KINDS if (name, kind) in required()) == kinds


def test_no_token_and_no_password_is_recorded() -> None:
    text = COLLECTION.read_text(encoding="utf-8")
    assert "eyJ" not in text
    assert "PRIVATE KEY" not in text
    assert '"{{password}}"' in text.replace("\\", "")
