"""Collections, environments and globals, as one passes them together."""

from __future__ import annotations

import gc
import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import Replay, Request
from mockserver.postman import Collection, CollectionUnusable, read_files

WriteCollection = Callable[..., Path]
Write = Callable[[str, Any], Path]

ITEM = {"name": "i", "request": "{{base}}/{{who}}", "response": [{"name": "x", "body": "{{who}} of {{zone}}"}]}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a document under a name."""

    def write(name: str, document: Any) -> Path:
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return file

    return write


def values(scope: str = "environment", /, **named: object) -> dict[str, Any]:
    """An export of an environment or of globals."""
    entries = [{"key": key, "value": value, "type": "default", "enabled": True} for key, value in named.items()]
    return {"id": "e-1", "name": "staging", "values": entries, "_postman_variable_scope": scope}


def path_of(collection: Collection) -> str:
    return "/".join(segment.text for segment in collection.examples[0].path)


def test_an_environment_wins_over_the_collection_and_both_over_globals_in_any_order(
    write_collection: WriteCollection, write: Write
) -> None:
    collection = write_collection(ITEM, variable=[{"key": "who", "value": "of the collection"}])
    environment = write("env", values(who="ada"))
    shared = write("shared", values("globals", who="of all", zone="eu", base="https://x.example.com/v1"))

    for files in ([collection, environment, shared], [shared, environment, collection]):
        [read] = read_files(files)
        assert path_of(read) == "v1/ada"
        assert read.examples[0].response.body == b"ada of eu"
        assert read.faults == ()


def test_a_replay_takes_them_all(write_collection: WriteCollection, write: Write) -> None:
    replay = Replay.read([write("env", values(who="ada", zone="eu")), write_collection(ITEM)])

    assert replay.answer(Request("GET", "/ada")).body == b"ada of eu"


def test_a_folder_gives_way_to_an_environment_too(write_collection: WriteCollection, write: Write) -> None:
    folder = {"name": "f", "item": [ITEM], "variable": [{"key": "who", "value": "of the folder"}]}

    [alone] = read_files([write_collection(folder)])
    [beside] = read_files([write_collection(folder), write("env", values(who="ada"))])

    assert (path_of(alone), path_of(beside)) == ("of the folder", "ada")


def test_of_two_environments_the_first_wins_variable_by_variable(
    write_collection: WriteCollection, write: Write
) -> None:
    files = [write_collection(ITEM), write("one", values(who="ada")), write("two", values(who="bob", zone="us"))]

    [read] = read_files(files)

    assert (path_of(read), read.examples[0].response.body) == ("ada", b"ada of us")


def test_what_an_environment_switches_off_is_not_there(write_collection: WriteCollection, write: Write) -> None:
    environment = {"values": [{"key": "who", "value": "ada", "enabled": False}, {"key": "zone", "value": True}]}

    [read] = read_files([write_collection(ITEM), write("env", environment)])

    assert (path_of(read), read.examples[0].response.body) == ("{{who}}", b"{{who}} of true")


def test_a_secret_is_written_into_answers_and_stays_open_in_all_that_is_compared_or_shown(
    write_collection: WriteCollection, write: Write
) -> None:
    secret = "f7-word-that-nobody-sees"
    request = {
        "method": "POST",
        "url": "/{{token}}/{{inside}}?key={{token}}",
        "header": [{"key": "X-Key", "value": "{{token}}"}],
        "body": {"mode": "raw", "raw": '{"token": "{{token}}"}'},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]},
    }
    saved = {"name": "x", "header": [{"key": "X Bad", "value": "{{token}}"}], "body": '{"token": "{{token}}"}'}
    file = write_collection(
        {"name": "i", "request": request, "response": [saved]}, variable=[{"key": "token", "value": "shown"}]
    )
    environment = {
        "values": [{"key": "token", "value": secret, "type": "secret"}, {"key": "inside", "value": "a-{{token}}"}]
    }

    [read] = read_files([file, write("env", environment)])

    [example] = read.examples
    assert json.loads(example.response.body) == {"token": secret}
    assert [segment.text for segment in example.path] == ["{{token}}", "a-{{token}}"]
    assert example.query == (("key", "{{token}}"),)
    assert example.headers == (("X-Key", "{{token}}"),)
    assert example.body.value == {"token": "{{token}}"}
    assert example.auth is not None
    assert example.auth.headers == (("Authorization", "Bearer {{token}}"),)
    assert [fault.field for fault in read.faults] == ["response[0].header[0]"]
    missed = Replay([read]).answer(Request("GET", f"/{secret[:3]}/elsewhere/far"))
    assert missed.status == 404
    for told in (*map(str, read.faults), missed.body.decode(), repr(example.path), repr(example.auth)):
        assert secret not in told


@pytest.mark.parametrize("envelope", ["environment", "globals"])
def test_the_envelope_of_postmans_api_is_taken_off(
    write_collection: WriteCollection, write: Write, envelope: str
) -> None:
    [read] = read_files([write("env", {envelope: values(envelope, who="ada")}), write_collection(ITEM)])

    assert path_of(read) == "ada"


def test_collections_keep_their_order_and_their_variables_apart(write_collection: WriteCollection) -> None:
    one = write_collection(ITEM, name="one", variable=[{"key": "who", "value": "ada"}])
    two = write_collection(ITEM, name="two", variable=[{"key": "who", "value": "bob"}])

    read = read_files([two, one])

    assert [(collection.name, path_of(collection)) for collection in read] == [("two", "bob"), ("one", "ada")]
    assert [example.collection for collection in read for example in collection.examples] == ["two", "one"]


def test_what_is_wrong_in_an_environment_is_told_and_the_rest_counts(
    write_collection: WriteCollection, write: Write
) -> None:
    entries = [7, {"value": "nameless"}, {"key": "who", "value": "ada"}]

    [read] = read_files([write_collection(ITEM), write("env", {"values": entries})])

    assert path_of(read) == "ada"
    assert [str(fault) for fault in read.faults] == [
        "env.json: the environment: values[0]: not an object but int; left out",
        "env.json: the environment: values[1]: a variable without a name; left out",
    ]


def test_variables_without_a_collection_are_refused_by_name(write: Write) -> None:
    file = write("env", values(who="ada"))

    with pytest.raises(CollectionUnusable) as refusal:
        read_files([file])

    assert str(refusal.value) == (
        f"{file} holds variables, and no collection was passed beside it. Nothing is served from it."
        " Export the collection from Postman as v2.1 and pass that file."
    )


def test_reading_leaves_garbage_collection_as_it_was(write_collection: WriteCollection, write: Write) -> None:
    file = write_collection(ITEM)

    read_files([file])
    assert gc.isenabled()
    with pytest.raises(CollectionUnusable):
        read_files([write("no", 1)])
    assert gc.isenabled()
    gc.disable()
    try:
        read_files([file])
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_collection_that_speaks_of_an_environment_is_a_collection(write: Write) -> None:
    [read] = read_files([write("both", {"item": [ITEM], "environment": values(who="ada"), "values": []})])

    assert path_of(read) == "{{who}}"


@pytest.mark.parametrize("content", [None, "{", "[" * 100_000], ids=["absent", "cut", "deep"])
def test_a_refusal_is_told_without_the_errors_behind_it(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "f.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(CollectionUnusable) as refused:
        read_files([file])
    told = "".join(traceback.format_exception(refused.value))
    assert told.count("Traceback") == 1
