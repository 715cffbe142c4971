from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.postman import Bounds, CollectionUnusable, Segment, read_collection

WriteCollection = Callable[..., Path]

LIST = {"method": "GET", "url": "{{baseUrl}}/orders"}
OK = {"name": "OK", "code": 200, "originalRequest": LIST, "body": "[]"}


def test_an_example_is_read_with_its_request_and_its_answer(write_collection: WriteCollection) -> None:
    request = {
        "method": "post",
        "url": {
            "raw": "{{baseUrl}}/orders?dry=1",
            "host": ["{{baseUrl}}"],
            "path": ["orders"],
            "query": [{"key": "dry", "value": "1"}],
        },
        "body": {"mode": "raw", "raw": '{"amount": 3}'},
    }
    saved = {
        "id": "a-1",
        "uid": "7-a-1",
        "name": "Created",
        "originalRequest": request,
        "code": 201,
        "header": [{"key": "Content-Type", "value": "application/json"}],
        "body": '{"id": 9}',
    }
    file = write_collection({"name": "Sales", "item": [{"name": "New order", "request": LIST, "response": [saved]}]})

    collection = read_collection(file)

    assert collection.name == "orders"
    assert collection.faults == ()
    [example] = collection.examples
    assert example.place == "Sales / New order / Created"
    assert example.ids == {"a-1", "7-a-1"}
    assert (example.method, example.path, example.query) == ("POST", (Segment("orders"),), (("dry", "1"),))
    assert (example.body.kind, example.body.value) == ("json", {"amount": 3})
    assert example.status == 201
    assert example.response.status == 201
    assert example.response.headers == (("Content-Type", "application/json"),)
    assert example.response.body == b'{"id": 9}'


@pytest.mark.parametrize(
    ("header", "headers"),
    [
        (
            [
                {"key": "Accept", "value": "text/{{kind}}"},
                {"key": "X-Twice", "value": "1"},
                {"key": "X-Off", "value": "x", "disabled": True},
                {"key": "X-Twice", "value": "{{unknown}}"},
                {"key": "", "value": "nameless"},
            ],
            (("Accept", "text/csv"), ("X-Twice", "1"), ("X-Twice", "{{unknown}}")),
        ),
        ("Accept: text/csv\nX-One: a: b\n", (("Accept", "text/csv"), ("X-One", "a: b"))),
        ({"Accept": "text/csv"}, (("Accept", "text/csv"),)),
        (None, ()),
    ],
    ids=["list", "text", "object", "null"],
)
def test_the_headers_of_the_recorded_request_are_kept(
    write_collection: WriteCollection, header: Any, headers: tuple[tuple[str, str], ...]
) -> None:
    original = {"method": "GET", "url": "/a", "header": header}
    own = {"method": "GET", "url": "/a", "header": [{"key": "X-Of-The-Item", "value": "x"}]}
    file = write_collection(
        {"name": "kept", "request": own, "response": [{"name": "x", "originalRequest": original}]},
        {"name": "stands in", "request": original, "response": [{"name": "x"}]},
        variable=[{"key": "kind", "value": "csv"}],
    )

    collection = read_collection(file)

    assert collection.faults == ()
    assert [example.headers for example in collection.examples] == [headers, headers]


def test_an_item_whose_folder_is_null_is_a_request(write_collection: WriteCollection) -> None:
    file = write_collection({"name": "i", "item": None, "request": LIST, "response": [OK]})

    collection = read_collection(file)

    assert [example.place for example in collection.examples] == ["i / OK"]
    assert collection.faults == ()


def test_examples_keep_the_order_of_the_file_across_folders(write_collection: WriteCollection) -> None:
    def item(name: str) -> dict[str, Any]:
        return {"name": name, "request": LIST, "response": [{**OK, "name": f"{name}1"}, {**OK, "name": f"{name}2"}]}

    file = write_collection(
        item("a"), {"name": "f", "item": [item("b"), {"name": "g", "item": [item("c")]}]}, item("d")
    )

    names = [example.name for example in read_collection(file).examples]

    assert names == ["a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2"]


def test_the_request_of_the_item_stands_in_for_one_that_was_not_saved(write_collection: WriteCollection) -> None:
    file = write_collection(
        {"name": "whole", "request": {"method": "PUT", "url": "/whole"}, "response": [{"name": "x"}]},
        {"name": "null", "request": {"method": "PUT", "url": "/null"}, "response": [{"originalRequest": None}]},
        {"name": "short", "request": "https://shop.example.com/short", "response": [{"name": "x"}]},
        {"name": "url", "request": {"method": "PUT", "url": "/url"}, "response": [{"originalRequest": {"header": []}}]},
    )

    read = [(example.method, example.path[0].text) for example in read_collection(file).examples]

    assert read == [("PUT", "whole"), ("PUT", "null"), ("GET", "short"), ("PUT", "url")]


def test_an_empty_form_in_place_of_the_saved_request_is_none(write_collection: WriteCollection) -> None:
    own = {"method": "PUT", "url": "/own?a=1", "header": "X-A: 1", "body": {"mode": "raw", "raw": "own"}}
    blank = {"header": [], "body": {"mode": "raw", "raw": ""}, "url": {"raw": ""}}
    file = write_collection(
        {"name": "blank", "request": own, "response": [{"originalRequest": blank}]},
        {"name": "no url", "request": own, "response": [{"originalRequest": {"method": "POST", "url": ""}}]},
        {"name": "body", "request": own, "response": [{"originalRequest": {"body": {"mode": "raw", "raw": "its"}}}]},
        {"name": "top", "request": own, "response": [{"originalRequest": {"url": "https://shop.example.com"}}]},
        {"name": "both", "request": {"url": ""}, "response": [{"originalRequest": {"url": {"raw": ""}}}]},
    )
    read = [
        (example.method, [segment.text for segment in example.path], example.query, example.headers, example.body.value)
        for example in read_collection(file).examples
    ]

    assert read == [
        ("PUT", ["own"], (("a", "1"),), (("X-A", "1"),), "own"),
        ("POST", ["own"], (("a", "1"),), (), None),
        ("PUT", ["own"], (("a", "1"),), (("X-A", "1"),), "its"),
        ("PUT", [], (), (), None),
        ("GET", [], (), (), None),
    ]


def test_an_answer_without_status_headers_and_body_is_an_empty_200(write_collection: WriteCollection) -> None:
    file = write_collection({"request": LIST, "response": [{"name": "bare", "header": None, "body": None}]})

    collection = read_collection(file)

    assert collection.faults == ()
    [example] = collection.examples
    assert (example.response.status, example.response.headers, example.response.body) == (200, (), b"")


def test_a_fault_names_file_place_and_field_and_the_rest_is_served(write_collection: WriteCollection) -> None:
    file = write_collection(
        7,
        {"name": "Folder", "item": "not a list"},
        {"name": "Answers", "request": LIST, "response": {"name": "no list"}},
        {
            "name": "Mixed",
            "request": LIST,
            "response": ["a text", OK, {"originalRequest": {"method": "GET /", "url": "/x"}}],
        },
        {"name": "Nowhere", "request": {"method": "GET"}, "response": [OK | {"originalRequest": {"method": "GET"}}]},
        {"name": "Odd body", "request": LIST, "response": [OK | {"originalRequest": {**LIST, "body": "x"}}]},
    )

    collection = read_collection(file)

    assert [example.place for example in collection.examples] == ["Mixed / OK", "Odd body / OK"]
    assert [str(fault) for fault in collection.faults] == [
        "orders.json: item[0]: item: not an object but int; left out",
        "orders.json: Folder: item: not a list but str; this folder is left out",
        "orders.json: Answers: response: not a list but dict; left out",
        "orders.json: Mixed: response[0]: not an object but str; left out",
        "orders.json: Mixed: response[2].originalRequest.method: 'GET /' is not a method; this example is left out",
        "orders.json: Nowhere: response[0].originalRequest.url: neither a text nor an object but NoneType;"
        " this example is left out",
        "orders.json: Odd body: response[0].originalRequest.body: not an object but str; any body matches",
    ]


def test_nothing_under_the_admin_path_is_taken_from_a_collection(write_collection: WriteCollection) -> None:
    file = write_collection(
        {"name": "Shadow", "request": "/__mock__/ledger", "response": [{"name": "x"}]},
        {"name": "Based", "request": "{{baseUrl}}/__mock__/usage", "response": [{"name": "x"}]},
        {"name": "Base", "request": "{{admin}}/usage", "response": [{"name": "x"}]},
        variable=[
            {"key": "baseUrl", "value": "https://x.example.com/v1"},
            {"key": "admin", "value": "https://x.example.com/__mock__"},
        ],
    )

    collection = read_collection(file)

    assert collection.examples == ()
    assert [fault.place for fault in collection.faults] == ["Shadow", "Based", "Base", "the collection"]


def test_a_collection_without_examples_is_reported(write_collection: WriteCollection) -> None:
    [fault] = read_collection(write_collection({"name": "Empty", "request": LIST})).faults

    assert (
        str(fault) == "orders.json: the collection: item: no saved example was found; nothing is served from this file"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>", "is not JSON"),
        (b"", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[1, 2]", "is JSON but not a Postman collection"),
        (b'{"values": []}', "holds variables, and no collection was passed beside it"),
        (b'{"item": {}}', "is JSON but not a Postman collection"),
        (b'{"requests": [], "order": []}', "is a Postman collection of the old format v1"),
        (b"[" * 200_000, "is nested too deeply"),
    ],
)
def test_a_file_that_is_no_collection_is_refused_by_name(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "wrong.json"
    file.write_bytes(content)

    with pytest.raises(CollectionUnusable) as refusal:
        read_collection(file)

    assert str(refusal.value).startswith(f"{file} {problem}")
    assert "Nothing is served from it. Export the collection from Postman as v2.1" in str(refusal.value)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CollectionUnusable, match=r"absent\.json cannot be read: No such file"):
        read_collection(tmp_path / "absent.json")


def test_a_file_beyond_the_bound_is_refused(write_collection: WriteCollection) -> None:
    with pytest.raises(CollectionUnusable, match="bytes, more than 10"):
        read_collection(write_collection(), Bounds(file_bytes=10))


def test_folders_beyond_the_bound_are_left_out_and_the_rest_is_served(tmp_path: Path) -> None:
    depth = 60
    example = json.dumps({"name": "x", "request": "/deep", "response": [{"name": "x"}]})
    shallow = json.dumps({"name": "y", "request": "/shallow", "response": [{"name": "y"}]})
    nested = '{"name": "f", "item": [' * depth + example + "]}" * depth
    file = tmp_path / "deep.json"
    file.write_text(f'{{"info": {{}}, "item": [{nested}, {shallow}]}}', encoding="utf-8")

    collection = read_collection(file)

    assert [example.name for example in collection.examples] == ["y"]
    [fault] = collection.faults
    assert fault.problem == "folders nested deeper than 50; this one is left out"


def test_examples_beyond_the_bound_are_left_out(write_collection: WriteCollection) -> None:
    file = write_collection({"name": "Many", "request": LIST, "response": [OK, OK, OK, OK]})

    collection = read_collection(file, Bounds(examples=2))

    assert len(collection.examples) == 2
    assert [fault.field for fault in collection.faults] == ["response[2]"]


def test_a_file_with_a_byte_order_mark_and_the_envelope_of_postmans_api_are_read(tmp_path: Path) -> None:
    document = {"collection": {"info": {"name": "n"}, "item": [{"request": "/a", "response": [{"name": "x"}]}]}}
    file = tmp_path / "bom.json"
    file.write_text(json.dumps(document), encoding="utf-8-sig")

    assert [example.name for example in read_collection(file).examples] == ["x"]
