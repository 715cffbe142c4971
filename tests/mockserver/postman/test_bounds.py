"""What a collection may hold: more is refused or left out, and it is told in which file and where."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.postman import Bounds, Collection, CollectionUnusable, read_collection
from mockserver.postman.body import read_json
from mockserver.postman.bounds import holds_more, memory_of

WriteCollection = Callable[..., Path]
ITEM = '{"name": "r", "request": "/x", "response": [{"body": "%s"}]}'


def refusal(file: Path, **bounds: int) -> str:
    with pytest.raises(CollectionUnusable) as refused:
        read_collection(file, Bounds(**bounds))
    text = str(refused.value)
    assert text.startswith(f"{file} ")
    assert "Nothing is served from it." in text
    return text.removeprefix(f"{file} ").partition(". Nothing")[0]


def told(collection: Collection) -> list[str]:
    return [str(fault) for fault in collection.faults]


@pytest.mark.parametrize(
    ("content", "bounds", "problem"),
    [
        (b" " * 301, {"file_bytes": 300}, "has 301 bytes, more than 300"),
        (b'{"item": [%s]}' % b",".join([b"{}"] * 50), {"values": 100}, "holds more than 100 values"),
        (
            ('{"item": [' + ITEM % "é漢x" + "]}").encode(),
            {"text_bytes": 100},
            "has a text that takes more than 100 bytes of memory",
        ),
        (b'{"item":[' * 50_000, {}, "is nested too deeply to be read"),
        (b"[" * 100_000, {}, "is nested too deeply to be read"),
        (
            b'{"item": ["\xff"]}',
            {},
            "is not JSON: 'utf-8' codec can't decode byte 0xff in position 11: invalid start byte",
        ),
    ],
    ids=["bytes", "values", "memory", "folders", "lists", "encoding"],
)
def test_a_file_beyond_measure_is_refused_by_its_name(
    tmp_path: Path, content: bytes, bounds: dict[str, int], problem: str
) -> None:
    file = tmp_path / "hostile.json"
    file.write_bytes(content)

    assert refusal(file, **bounds) == problem


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
def test_a_pipe_and_a_device_are_refused_and_a_link_is_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert refusal(tmp_path / "pipe.json") == "is not a file but a pipe or a device"
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    assert refusal(tmp_path / "zero.json") == "is not a file but a pipe or a device"
    (tmp_path / "real.json").write_text('{"item": [' + ITEM % "x" + "]}", encoding="utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    assert read_collection(tmp_path / "link.json").examples[0].response.body == b"x"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_encoding_of_json_is_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "encoded.json"
    file.write_text('{"item": [' + ITEM % "é漢" + "]}", encoding=encoding)

    assert read_collection(file).examples[0].response.body == "é漢".encode()


def test_odd_numbers_and_keys_that_come_twice_cost_their_place_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    answers = ['{"code": 1e999}', '{"code": NaN}', '{"code": %s}' % ("7" * 5_000), '{"code": 200, "code": 201}', "{}"]
    item = f'{{"name": "r", "request": "/x", "response": [{", ".join(answers)}]}}'
    file.write_text(f'{{"item": [{item}]}}', encoding="utf-8")

    collection = read_collection(file)

    assert [example.response.status for example in collection.examples] == [200, 200, 200, 201, 200]
    assert [(fault.place, fault.field) for fault in collection.faults] == [
        ("r", "response[0].code"), ("r", "response[1].code"), ("r", "response[2].code")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "bounds", "problem"),
    [
        ("/a" * 11, {"segments": 10}, "url: more than 10 segments in its path; this example is left out"),
        ("/a%2Fb/c", {"segments": 2}, "url: more than 2 segments in its path; this example is left out"),
        ("/?" + "a=1&" * 11, {"pairs": 10}, "url: more than 10 query parameters; this example is left out"),
        ("/" + "a" * 100, {"url_text": 100}, "url: longer than 100 characters; this example is left out"),
        (
            {"url": "/", "body": {"mode": "urlencoded", "urlencoded": [{"key": "a"}] * 11}},
            {"pairs": 10},
            "body: more than 10 fields; any body matches",
        ),
        (
            {"url": "/a/b", "body": {"mode": "formdata", "formdata": [{"key": "a"}] * 9}},
            {"parts": 10},
            "body: the requests of this collection have more than 10 parts; any body matches",
        ),
        (
            {"url": "/", "method": "CONNECT"},
            {},
            "method: CONNECT asks for a tunnel, and no answer of its own; this example is left out",
        ),
    ],
    ids=["segments", "escaped segments", "query", "text", "form", "parts", "tunnel"],
)
def test_a_request_beyond_measure_is_told_by_file_place_and_field(
    write_collection: WriteCollection, request_: Any, bounds: dict[str, int], problem: str
) -> None:
    file = write_collection({"name": "large", "request": request_, "response": [{}]}, ITEM_OF_USE)

    collection = read_collection(file, Bounds(**bounds))

    assert f"orders.json: large: response[0].originalRequest.{problem}" in told(collection)
    assert "useful / response[0]" in [example.place for example in collection.examples]


ITEM_OF_USE = {"name": "useful", "request": "/", "response": [{}]}


def test_an_answer_has_no_more_headers_than_clients_take(write_collection: WriteCollection) -> None:
    many = [{"key": f"X-{number}", "value": "v"} for number in range(5)]
    long = [{"key": "X-Long", "value": "v" * 100}]
    file = write_collection({"name": "r", "request": "/", "response": [{"header": many}, {"header": long}]})

    collection = read_collection(file, Bounds(headers=3, header_text=50))

    assert [len(example.response.headers) for example in collection.examples] == [3, 0]
    most = "more than 3 headers or 50 characters of them, which many clients do not take"
    rest = f"{most}; this one and the rest are left out"
    assert told(collection) == [
        f"orders.json: r: response[0].header[3]: {rest}",
        f"orders.json: r: response[1].header[0]: {rest}",
    ]


def test_faults_beyond_the_bound_are_counted_as_one(write_collection: WriteCollection) -> None:
    file = write_collection({"name": "r", "request": "/", "response": [7] * 1_000}, ITEM_OF_USE)

    collection = read_collection(file, Bounds(faults=2))

    assert told(collection) == [
        "orders.json: r: response[0]: not an object but int; left out",
        "orders.json: r: response[1]: not an object but int; left out",
        "orders.json: the collection: item: more than 2 faults; the rest is not told",
    ]
    assert len(collection.examples) == 1


def test_a_long_name_is_cut_where_it_tells_a_place_and_whole_where_it_is_asked_for(
    write_collection: WriteCollection,
) -> None:
    item = {"name": "i" * 500, "request": "/", "response": [{"name": "e" * 500}]}
    file = write_collection({"name": "f" * 500, "item": [item]})

    example = read_collection(file).examples[0]

    assert example.place == f"{'f' * 120} / {'i' * 120} / {'e' * 120}"
    assert example.name == "e" * 500


def test_a_request_that_many_answers_share_is_read_once(write_collection: WriteCollection) -> None:
    body = {"mode": "raw", "raw": json.dumps(list(range(100)))}
    file = write_collection({"name": "r", "request": {"url": "/a/b", "body": body}, "response": [{}] * 50})

    collection = read_collection(file, Bounds(parts=110))

    assert told(collection) == []
    assert len({id(example.body) for example in collection.examples}) == 1
    assert collection.examples[49].body.value == [*range(100)]


def test_files_that_bodies_name_are_never_opened(write_collection: WriteCollection, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("opened and read", encoding="utf-8")
    bodies = [
        {"mode": "file", "file": {"src": source}}
        for source in (str(secret), "../secret.txt", "secret.txt", "/dev/zero")
    ] + [{"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": [str(secret), "/dev/zero"]}]}]
    items = [{"name": f"{n}", "request": {"url": "/", "body": body}, "response": [{}]} for n, body in enumerate(bodies)]

    examples = read_collection(write_collection(*items)).examples

    assert [example.body.kind for example in examples] == ["any"] * 4 + ["parts"]
    assert examples[4].body.value == (("f", None), ("f", None))
    assert "opened and read" not in repr(examples)


@pytest.mark.parametrize(
    ("content", "values", "more"),
    [
        (b'{"a": [1, 2]}', 3, False),
        (b'{"a": [1, 2]}', 2, True),
        (b'{"a": "[[[,,,{{{"}', 1, False),
        (b'{"a": "\\"[[[,,,{{{"}', 1, False),
        (b'{"a": "\\\\", "b": [[[]]]}', 4, True),
        (b'"' * 1_000 + b"[,,", 2, True),
        ('{"a": "[,"}'.encode("utf-16"), 1, True),
    ],
    ids=["as many", "more", "inside a text", "after an escaped mark", "after an escape", "texts alone", "UTF-16"],
)
def test_values_are_counted_before_they_are_read(content: bytes, values: int, more: bool) -> None:
    assert holds_more(content, values) is more


def test_the_memory_of_a_text_is_known_from_its_bytes() -> None:
    assert [memory_of(text.encode()) for text in ("abcd", "abcé", "abc漢", "abc\U0001f600")] == [4, 4, 8, 16]


@pytest.mark.parametrize(
    "text",
    ["/*" * 200_000, '"' + '\\"' * 200_000 + "\\", "{{a" * 200_000, "//" * 200_000, "[" * 100_000, "[]," * 600_000],
    ids=["comments", "texts", "variables", "line comments", "deep", "values"],
)
def test_what_only_looks_like_json_is_given_up_soon(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(text)


def test_requests_without_an_example_are_kept_up_to_the_bound_and_cost_examples_nothing(
    write_collection: WriteCollection,
) -> None:
    bare = [{"name": f"bare {n}", "request": "/a/b/c/d", "response": []} for n in range(4)]
    saved = {"name": "saved", "request": "/a/b/c/d", "response": [{"name": "x"}]}
    file = write_collection({"name": "nothing"}, *bare, saved)

    collection = read_collection(file, Bounds(examples=2, parts=9))

    assert [len(example.path) for example in collection.examples] == [4]
    assert [(each.place, each.path is None) for each in collection.unanswered] == [("bare 0", False), ("bare 1", True)]
    assert [str(fault) for fault in collection.faults] == [
        "orders.json: the collection: item: more than 2 requests without an example; the rest is not told"
    ]
