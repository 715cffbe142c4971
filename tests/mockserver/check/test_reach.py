"""How each example comes back, as `check` says it: each rule with the smallest collection that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import Replay, Request, Response
from mockserver.check import Report, check
from mockserver.replay.incoming import Incoming

WriteCollection = Callable[..., Path]
BASE = [{"key": "base", "value": "https://x.example.com/v1"}]


def item(url: str, code: int = 200, name: str = "x", id: str | None = None, **request: Any) -> dict[str, Any]:
    saved = {"name": name, "code": code, "body": name} | ({"id": id} if id else {})
    return {"name": "i", "request": {"url": url, **request}, "response": [saved]}


def raw(text: str) -> dict[str, Any]:
    return {"method": "POST", "body": {"mode": "raw", "raw": text}}


def headed(name: str, value: str) -> dict[str, Any]:
    return {"header": [{"key": name, "value": value}]}


@pytest.fixture
def checked(write_collection: WriteCollection) -> Callable[..., Report]:
    """The report on a collection of these items."""

    def checked(*items: Any, **more: Any) -> Report:
        return check(Replay.read([write_collection(*items, **more)]))

    return checked


Checked = Callable[..., Report]


@pytest.mark.parametrize(
    "url",
    ["/a", "/a/:id", "/a/{{id}}", "/a/{{id}}.json", "/a?x={{v}}", "{{base}}/a/", "/ü/a b?q=x+y", "/%2f"],
)
def test_an_example_alone_comes_by_its_request(checked: Checked, url: str) -> None:
    report = checked(item(url), variable=BASE)
    assert [(each.way, each.why) for each in report.reaches] == [("request", "same path")] or report.reaches[0].why == (
        "open path"
    )
    assert report.is_clean


@pytest.mark.parametrize(
    "body",
    [
        {"mode": "raw", "raw": '{"b": [1, "{{x}}", {{y}}], "a": null} // note'},
        {"mode": "raw", "raw": "<a>{{x}}</a>"},
        {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{x}}"}, {"key": "ü", "value": "1 2"}]},
        {"mode": "formdata", "formdata": [{"key": 'a"b', "value": "{{x}}"}, {"key": "f", "type": "file", "src": "f"}]},
        {"mode": "graphql", "graphql": {"query": "{ a }", "variables": '{"x": "{{x}}"}'}},
        {"mode": "file", "file": {"src": "f"}},
    ],
    ids=["json", "text", "form", "parts", "graphql", "file"],
)
def test_an_open_body_of_any_kind_is_asked_with_something_that_fits(checked: Checked, body: dict[str, Any]) -> None:
    report = checked(item("/a", name="first", method="POST"), item("/a", name="second", method="POST", body=body))
    assert [(each.way, each.why) for each in report.reaches] == [("request", "equal body"), ("request", "open body")]


@pytest.mark.parametrize(
    ("earlier", "later", "way"),
    [
        (item("/a"), item("/a", name="y"), "selector"),
        (item("/a"), item("/a", 404), "selector"),
        (item("/a", 404), item("/a"), "request"),
        (item("/a", 404), item("/a", 500), "selector"),
        (item("/a"), item("/b"), "request"),
        (item("/a"), item("/a/"), "request"),
        (item("/a"), item("/a", method="PUT"), "request"),
        (item("/a?x=1&y=2"), item("/a?y=2&x=1", name="y"), "selector"),
        (item("/a?x=1"), item("/a?x=2"), "request"),
        (item("/a?x={{one}}"), item("/a?x={{two}}", name="y"), "selector"),
        (item("/a/:id"), item("/a/{{key}}", name="y"), "selector"),
        (item("/a/:id"), item("/a/7"), "request"),
        (item("/a", **raw('{"a": 1, "b": 2}')), item("/a", name="y", **raw('{"b": 2, "a": 1}')), "selector"),
        (item("/a", **raw('{"a": 1}')), item("/a", **raw('{"a": 2}')), "request"),
        (item("/a", **headed("X-Shop", "1")), item("/a", **headed("X-Shop", "2")), "request"),
        (item("{{base}}/a"), item("/v1/a", name="y"), "selector"),
        (item("/v1/a"), item("{{base}}/a", name="y"), "path"),
    ],
)  # fmt: skip
def test_the_second_of_two_files_comes_as_far_as_the_first_lets_it(
    write_collection: WriteCollection, earlier: dict[str, Any], later: dict[str, Any], way: str
) -> None:
    files = [write_collection(one, name=name, variable=BASE) for one, name in ((earlier, "earlier"), (later, "later"))]
    assert check(Replay.read(files)).reaches[1].way == way


def test_a_path_variable_with_a_recorded_value_is_reached_by_another_value(checked: Checked) -> None:
    url = {"raw": "/a/:id", "path": ["a", ":id"], "variable": [{"key": "id", "value": "7"}]}
    report = checked(item("/a/7", name="seven"), item(url, name="any"))  # type: ignore[arg-type]
    assert [each.way for each in report.reaches] == ["request", "path"]
    assert report.ambiguous == {}


@pytest.mark.parametrize(
    ("second", "selectors"),
    [
        (item("/a", 404), {"x-mock-response-code": "404"}),
        (item("/a", name="y"), {"x-mock-response-name": "y"}),
        (item("/a", name="Zürich Ж"), {"x-mock-response-name": "Zürich Ж".encode().decode("latin-1")}),
        (item("/a", id="7-7"), {"x-mock-response-id": "7-7"}),
        (item("/a", name="a\nb", id="7-7"), {"x-mock-response-id": "7-7"}),
    ],
    ids=["code", "name", "wide name", "id", "name with a line break"],
)
def test_who_shares_a_request_comes_by_the_plainest_selector_that_tells_it_apart(
    checked: Checked, second: dict[str, Any], selectors: dict[str, str]
) -> None:
    report = checked(item("/a"), second)
    (others,) = report.ambiguous.values()
    assert [dict(each.selectors) for each in others] == [selectors]
    assert report.is_clean


def test_name_and_code_together_tell_what_neither_does(checked: Checked) -> None:
    report = checked(item("/a", 200, "x"), item("/a", 404, "x"), item("/a", 200, "y"), item("/a", 404, "y"))
    assert dict(report.reaches[3].selectors) == {"x-mock-response-code": "404", "x-mock-response-name": "y"}


def test_a_header_that_another_one_has_tells_who_was_recorded_without_it(checked: Checked) -> None:
    report = checked(item("/a", **headed("X-Shop", "1")), item("/a"))
    assert report.reaches[1].selectors["x-mock-match-request-headers"] == "x-shop"


def test_the_same_request_name_and_code_without_an_id_never_comes_back(checked: Checked) -> None:
    report = checked(item("/a"), item("/a"))
    [lost] = report.unreachable
    assert lost.example is report.reaches[1].example
    assert lost.obstacle == (
        "its request is answered by i / x, which has the same name and status; no selector tells it apart, and it has "
        "no id"
    )
    assert not report.is_clean


def test_an_earlier_file_that_answers_is_named(write_collection: WriteCollection) -> None:
    files = [write_collection(item("/a"), name=name) for name in ("one", "two")]
    [lost] = check(Replay.read(files)).unreachable
    assert lost.obstacle.startswith("its request is answered by one.json: i / x, which")


def test_a_path_that_no_client_can_send_is_told(checked: Checked) -> None:
    [lost] = checked(item("/a\ud800")).unreachable
    assert lost.obstacle == "no request that a client can send is read as the recorded one"


def test_nothing_is_noted_as_asked(write_collection: WriteCollection) -> None:
    replay = Replay.read([write_collection(item("/a"), item("/a"))])
    check(replay)
    assert replay.requests() == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_check_says_is_what_the_replay_does(data: st.DataObject, collections: st.SearchStrategy[Any]) -> None:
    drawn = data.draw(collections)
    twins = data.draw(st.booleans())
    document = {**drawn.document, "item": drawn.document["item"] * (1 + twins)}
    if data.draw(st.booleans()):
        document = json.loads(json.dumps(document).replace('"id": "id-', '"none": "'))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "drawn.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        replay = Replay.read([file])
    report = check(replay)
    assert len(report.reaches) == len(replay.examples) == len(drawn.saved) * (1 + twins)
    for reach in report.reaches:
        (saved,) = [each for each in drawn.saved if each.name == reach.example.name]
        told = {
            "code": {"x-mock-response-code": str(saved.status)},
            "name": {"x-mock-response-name": saved.name.encode().decode("latin-1")},
        }
        every = [{}, *told.values(), told["code"] | told["name"], {"x-mock-match-request-body": "true"}]
        every += [{"x-mock-response-id": each} for each in reach.example.ids]
        answered = [found(replay, saved, selectors) is reach.example for selectors in every]
        if reach.way == "none":
            assert not any(answered)
        elif reach.way == "path":
            assert not answered[0]
            without_base = replace(saved, path=saved.path.removeprefix("/v1"))
            assert found(replay, without_base, {}) is reach.example
        else:
            assert found(replay, saved, dict(reach.selectors)) is reach.example


def found(replay: Replay, saved: Any, selectors: dict[str, str]) -> Any:
    """The example that answers a client's request for what was saved."""
    sent = selectors | ({"content-type": saved.media_type} if saved.media_type else {})
    query = tuple((name.replace("+", " "), value.replace("+", " ")) for name, value in saved.query)
    request = Request(saved.method, saved.path, query, sent, saved.sent)
    match = replay.find(request, Incoming(saved.sent, sent))
    response: Response = replay.answer(request)
    assert match is not None or response.status == 404
    return None if match is None else replay.examples[match.position]
