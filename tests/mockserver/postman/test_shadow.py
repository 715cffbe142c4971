from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import Replay, Request
from mockserver.postman import read_collection, shadows

WriteCollection = Callable[..., Path]


def item(url: str, code: int = 200, name: str = "x", **request: Any) -> dict[str, Any]:
    return {"name": "i", "request": {"url": url, **request}, "response": [{"name": name, "code": code, "body": name}]}


def raw(text: str) -> dict[str, Any]:
    return {"method": "POST", "body": {"mode": "raw", "raw": text}}


@pytest.mark.parametrize(
    ("earlier", "later", "is_hidden"),
    [
        (item("/a"), item("/a"), True),
        (item("/a"), item("/a", 404), True),
        (item("/a", 404), item("/a"), False),
        (item("/a", 404), item("/a", 500), True),
        (item("/a"), item("/b"), False),
        (item("/a"), item("/a/"), False),
        (item("/a"), item("/a", method="PUT"), False),
        (item("/a?x=1&y=2"), item("/a?y=2&x=1"), True),
        (item("/a?x=1"), item("/a?x=2"), False),
        (item("/a?x={{one}}"), item("/a?x={{two}}"), True),
        (item("/a/:id"), item("/a/{{key}}"), True),
        (item("/a/:id"), item("/a/7"), False),
        (item("/a", **raw('{"a": 1, "b": 2}')), item("/a", **raw('{"b": 2, "a": 1}')), True),
        (item("/a", **raw('{"a": 1}')), item("/a", **raw('{"a": 2}')), False),
        (item("/a", **raw("<a/>")), item("/a"), False),
        (item("{{base}}/a"), item("{{base}}/a"), True),
        (item("{{base}}/a"), item("/v1/a"), True),
        (item("/v1/a"), item("{{base}}/a"), False),
    ],
)
def test_an_example_is_hidden_by_the_same_request_of_an_earlier_file(
    write_collection: WriteCollection, earlier: dict[str, Any], later: dict[str, Any], is_hidden: bool
) -> None:
    base = [{"key": "base", "value": "https://x.example.com/v1"}]
    read = [
        read_collection(write_collection(one, name=name, variable=base))
        for one, name in ((earlier, "earlier"), (later, "later"))
    ]

    found = list(shadows(read))

    assert [(shadow.hidden, shadow.by) for shadow in found] == (
        [(read[1].examples[0], read[0].examples[0])] if is_hidden else []
    )


def test_examples_of_one_file_hide_none_of_each_other(write_collection: WriteCollection) -> None:
    assert list(shadows([read_collection(write_collection(item("/a"), item("/a")))])) == []


def test_what_is_hidden_comes_back_by_its_name_alone_and_is_told_with_what_hides_it(
    write_collection: WriteCollection,
) -> None:
    one = write_collection(item("/a", name="first"), name="one")
    two = write_collection(item("/a", name="second"), item("/b"), name="two")
    replay = Replay.read([one, two])

    [shadow] = shadows(replay.collections)

    assert str(shadow) == (
        "two.json: i / second: answered by one.json: i / first, which has the same request;"
        " it comes back by its name, code or id alone"
    )
    assert replay.answer(Request("GET", "/a")).body == b"first"
    assert replay.answer(Request("GET", "/a", headers={"x-mock-response-name": "second"})).body == b"second"


def test_a_body_that_is_too_deep_to_be_written_is_like_no_other(write_collection: WriteCollection) -> None:
    deep = raw("[" * 600 + "]" * 600)
    read = [read_collection(write_collection(item("/a", **deep), name=name)) for name in ("one", "two")]

    def from_below(frames: int) -> int:
        return from_below(frames - 1) if frames else len(list(shadows(read)))

    assert read[0].examples[0].body.kind == "json"
    assert from_below(0) == 1
    assert from_below(500) in (0, 1)  # there is room for 1,000 frames, or from Python 3.12 on for both
