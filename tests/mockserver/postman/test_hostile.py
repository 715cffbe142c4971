from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from mockserver import Replay, Request, serve
from mockserver.postman import read_collection

WORDS = [
    *("name", "id", "uid", "key", "value", "disabled", "type", "src", "code", "header", "body", "item", "request"),
    *("mode", "raw", "urlencoded", "formdata", "graphql", "file", "query", "variables", "response", "originalRequest"),
    *("variable", "url", "host", "path", "protocol", "method"),
]
TEXTS = st.sampled_from(["", "raw", "GET", "{{a}}", ":a", "/x/{{a}}?b=1", "https://{{a}}/x", "é", "\ud800", "a\r\nb"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=5)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=3), inner),
    max_leaves=8,
)


def loosely(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object of these fields, each absent or junk as often as right; now and then junk altogether."""
    return st.fixed_dictionaries({}, optional={name: field | JUNK for name, field in fields.items()}) | JUNK


PAIRS = st.lists(loosely(key=TEXTS, value=TEXTS, disabled=st.booleans()), max_size=3)
URL = TEXTS | loosely(raw=TEXTS, host=st.lists(TEXTS), path=st.lists(TEXTS), query=PAIRS, variable=PAIRS)
MODES = st.sampled_from(["raw", "urlencoded", "formdata", "graphql", "file", "other"])
BODY = loosely(mode=MODES, raw=TEXTS, urlencoded=PAIRS, formdata=PAIRS, graphql=loosely(query=TEXTS, variables=TEXTS))
REQUEST = loosely(method=st.sampled_from(["GET", "post", "ODD", "NO GOOD"]), url=URL, body=BODY)
ANSWER = loosely(name=TEXTS, id=TEXTS, code=st.integers(-1, 1000), header=PAIRS, body=TEXTS, originalRequest=REQUEST)
ITEM = loosely(name=TEXTS, request=REQUEST, response=st.lists(ANSWER, max_size=3), variable=PAIRS)
ITEMS = st.lists(ITEM | loosely(name=TEXTS, item=st.lists(ITEM, max_size=2), variable=PAIRS), max_size=3)


@given(st.fixed_dictionaries({"item": ITEMS}, optional={"info": JUNK, "variable": PAIRS}))
def test_whatever_stands_in_a_collection_it_is_read_and_each_of_its_examples_can_be_asked_for(document: Any) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "junk.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        collection = read_collection(file)
    replay = Replay([collection])
    for example in collection.examples:
        path = "/" + "/".join(segment.text for segment in example.path)
        response = replay.answer(Request(example.method, path, example.query))
        assert b'"nearest"' not in response.body
        assert 200 <= response.status <= 599
    for fault in collection.faults:
        assert str(fault).startswith("junk.json: ")


def test_a_collection_of_oddities_is_served_over_a_socket(tmp_path: Path) -> None:
    answers = [
        {"name": "\ud800", "code": "x", "header": [{"key": "X", "value": "\ud800"}], "body": "\ud800"},
        {"name": "b", "code": 1000, "header": {"a": 1}, "body": [1]},
        {"name": "c", "code": 205, "header": ["no colon", {"key": "Y", "value": "\x00"}], "body": 7.5},
    ]
    file = tmp_path / "odd.json"
    items = [{"request": f"/{n}", "response": [answer]} for n, answer in enumerate(answers)]
    file.write_text(json.dumps({"item": items}), encoding="utf-8")
    with serve(Replay.read([file])) as mock:
        got = [httpx.get(f"{mock.base_url}/{n}") for n in range(3)]
    assert [answer.status_code for answer in got] == [200, 500, 205]
    assert [answer.content for answer in got] == [b"\xef\xbf\xbd", b"[1]", b"7.5"]
