from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import given
from hypothesis import strategies as st

from mockserver import Replay, Request, serve

ReplayOf = Callable[..., Replay]


def test_answers_come_back_over_a_socket_as_recorded(replay_of: ReplayOf) -> None:
    header = [{"key": "Content-Type", "value": "text/html"}, {"key": "Set-Cookie", "value": "a=1"}]
    header += [{"key": "Set-Cookie", "value": "b=2"}, {"key": "Content-Length", "value": "999"}]
    replay = replay_of(
        ("GET /html", {"body": "<p>é</p>", "header": header}),
        ("GET /empty", {"body": "", "code": 202}),
        ("GET /unchanged", {"body": "x", "code": 304}),
        ("DELETE /gone", {"body": None, "code": 204}),
        ("HEAD /head", {"body": "not sent", "code": 200}),
        ("COPY /a%20b", {"body": "copied"}),
    )
    with serve(replay) as mock, httpx.Client(base_url=mock.base_url) as client:
        html = client.get("/html")
        assert (html.status_code, html.text) == (200, "<p>é</p>")
        assert html.headers.get_list("set-cookie") == ["a=1", "b=2"]
        assert html.headers["content-length"] == "9"
        assert len(html.headers.get_list("date")) == 1
        assert "server" not in html.headers
        assert (client.get("/empty").status_code, client.get("/empty").content) == (202, b"")
        assert client.get("/unchanged").status_code == 304
        assert client.delete("/gone").status_code == 204
        assert "content-length" not in client.delete("/gone").headers
        assert client.head("/head").headers["content-length"] == "8"
        assert client.request("COPY", "/a%20b").text == "copied"


def test_a_method_that_the_fast_parser_does_not_know_is_served_all_the_same(replay_of: ReplayOf) -> None:
    replay = replay_of(("VIEW /a", {"body": "viewed"}), ("GET /a", {"body": "got"}))
    with serve(replay) as mock:
        assert httpx.request("VIEW", f"{mock.base_url}/a").text == "viewed"
        assert httpx.get(f"{mock.base_url}/a").text == "got"


def test_several_files_are_served_together_and_the_earlier_one_answers_first(
    write_collection: Callable[..., Path],
) -> None:
    def file(name: str, *paths: str) -> Path:
        items = [{"name": p, "request": p, "response": [{"name": "x", "body": f"{name}{p}"}]} for p in paths]
        return write_collection(*items, name=name)

    replay = Replay.read([file("one", "/a", "/b"), file("two", "/b", "/c")])

    assert [replay.answer(Request("GET", path)).body for path in ("/a", "/b", "/c")] == [b"one/a", b"one/b", b"two/c"]


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="/", exclude_categories=("Cc", "Cs")), min_size=1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    body = draw(st.none() | JSON)
    return {
        "method": draw(st.sampled_from(["GET", "POST", "PURGE"])),
        "path": draw(st.lists(WORDS, max_size=3)),
        "query": draw(st.lists(st.tuples(WORDS, st.text(max_size=3)), max_size=2)),
        "body": None if body is None else json.dumps(body),
    }


@given(st.lists(requests(), min_size=1, max_size=6))
def test_every_example_whose_request_tells_it_apart_comes_back(asked: list[dict[str, Any]]) -> None:
    items = [
        {
            "name": str(number),
            "request": {
                "method": each["method"],
                "url": {
                    "path": [quoted(segment) for segment in each["path"]],
                    "query": [{"key": quoted(key), "value": quoted(value)} for key, value in each["query"]],
                },
                "body": None if each["body"] is None else {"mode": "raw", "raw": each["body"]},
            },
            "response": [{"name": "x", "body": str(number)}],
        }
        for number, each in enumerate(asked)
    ]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "law.json"
        file.write_text(json.dumps({"item": items}), encoding="utf-8")
        replay = Replay.read([file])

    def key(each: dict[str, Any]) -> str:
        spaced = sorted([k.replace("+", " "), v.replace("+", " ")] for k, v in each["query"])
        body = json.dumps(json.loads(each["body"] or '"none"'), sort_keys=True) + str(each["body"] is None)
        return json.dumps([each["method"], each["path"], spaced, body])

    keys = [key(each) for each in asked]
    for number, each in enumerate(asked):
        if keys.count(keys[number]) == 1:
            path = "/" + "/".join(each["path"])
            body = (each["body"] or "").encode()
            response = replay.answer(Request(each["method"], path, tuple(each["query"]), {}, body))
            assert response.body == str(number).encode()


def quoted(text: str) -> str:
    return quote(text, safe="")
