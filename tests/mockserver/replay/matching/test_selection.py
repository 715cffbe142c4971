"""What `x-mock-*` headers leave of the examples of a request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from mockserver import Replay, Request

ReplayOf = Callable[..., Replay]


def ask(replay: Replay, line: str, headers: Mapping[str, str], body: bytes = b"") -> str:
    """The body of the answer, or "miss"."""
    method, path = line.split(" ", 1)
    response = replay.answer(Request(method, path, (), headers, body))
    return "miss" if b'"nearest"' in response.body else response.body.decode()


def raw(text: str) -> dict[str, str]:
    return {"mode": "raw", "raw": text}


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"x-mock-response-code": "404"}, "missing"),
        ({"x-mock-response-name": "Out of Stock"}, "stock"),
        ({"x-mock-response-name": "Out of Stock", "x-mock-response-code": "404"}, "missing"),
        ({"x-mock-response-id": "7-a"}, "stock"),
        ({"x-mock-response-id": "a"}, "stock"),
        ({"x-mock-response-name": "Ã©tÃ©"}, "utf-8"),
        ({"x-mock-response-name": "été"}, "utf-8"),
        ({"x-mock-response-code": "999"}, "odd"),
        ({"x-mock-response-code": " "}, "ok"),
        ({"x-mock-response-code": "503"}, "miss"),
        ({"x-mock-response-name": "out of stock"}, "miss"),
        ({"x-mock-response-id": "b"}, "miss"),
    ],
)
def test_selectors_choose_by_code_name_and_id(replay_of: ReplayOf, headers: dict[str, str], answered: str) -> None:
    replay = replay_of(
        ("GET /a", {"body": "ok", "code": 200, "name": "OK"}),
        ("GET /a", {"body": "stock", "code": 409, "name": "Out of Stock", "id": "a", "uid": "7-a"}),
        ("GET /a", {"body": "missing", "code": 404, "name": "Out of Stock"}),
        ("GET /a", {"body": "utf-8", "code": 200, "name": "été"}),
        ("GET /a", {"body": "odd", "code": 999}),
        ("GET /elsewhere", {"body": "x", "code": 503, "id": "b"}),
    )

    assert ask(replay, "GET /a", headers) == answered


@pytest.mark.parametrize(
    ("selector", "answered"),
    [("5", "digits"), ("41-5", "digits"), ("41-b-5", "hyphen"), ("b-5", "hyphen"), ("41-", "miss")],
)
def test_a_uid_finds_the_id_of_an_exported_file_which_holds_no_owner(
    replay_of: ReplayOf, selector: str, answered: str
) -> None:
    replay = replay_of(
        ("GET /a", {"body": "ok"}),
        ("GET /a", {"body": "digits", "id": "5"}),
        ("GET /a", {"body": "hyphen", "id": "b-5"}),
    )

    assert ask(replay, "GET /a", {"x-mock-response-id": selector}) == answered


def test_of_a_uid_whose_id_is_there_the_miss_names_the_other_selector(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /a", {"body": "ok", "id": "5", "code": 200}))

    response = replay.answer(Request("GET", "/a", (), {"x-mock-response-id": "41-5", "x-mock-response-code": "404"}))

    assert [each["at"] for each in json.loads(response.body)["nearest"][0]["differs"]] == ["x-mock-response-code"]


def test_a_selector_reaches_an_example_behind_a_more_literal_path(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /u/me", {"body": "me"}), ("GET /u/:id", {"body": "gone", "code": 410}))

    assert ask(replay, "GET /u/me", {"x-mock-response-code": "410"}) == "gone"


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({}, "none"),
        ({"x-mock-match-request-headers": "accept", "accept": "text/xml"}, "xml"),
        ({"x-mock-match-request-headers": "Accept", "accept": "text/csv"}, "miss"),
        ({"x-mock-match-request-headers": "accept, X-Tenant", "accept": "text/xml", "x-tenant": "7"}, "tenant"),
        ({"x-mock-match-request-headers": "x-tenant", "x-tenant": "anything"}, "open"),
        ({"x-mock-match-request-headers": "X-Unknown"}, "none"),
        ({"x-mock-match-request-headers": "X-Unknown", "x-unknown": "1"}, "miss"),
        ({"x-mock-match-request-headers": "accept"}, "none"),
        ({"x-mock-match-request-headers": " , "}, "none"),
    ],
)
def test_headers_are_matched_when_they_are_named(replay_of: ReplayOf, headers: dict[str, str], answered: str) -> None:
    def item(name: str, **sent: str) -> tuple[str, dict[str, Any]]:
        header = [{"key": key.replace("_", "-"), "value": value} for key, value in sent.items()]
        return "GET /a", {"body": name, "originalRequest": {"url": "/a", "header": header}}

    replay = replay_of(
        item("none"), item("xml", accept="text/xml"), item("tenant", Accept="text/xml", X_Tenant="7"),
        item("open", X_Tenant="{{tenant}}"),
    )  # fmt: skip

    assert ask(replay, "GET /a", headers) == answered


@pytest.mark.parametrize(
    ("flag", "body", "answered"),
    [
        ("true", b'{"a":1}', "equal"),
        ("TRUE", b'{"a":"x"}', "open"),
        ("true", b'{"b":1}', "miss"),
        ("true", b"", "miss"),
        ("false", b'{"b":1}', "equal"),
        ("", b'{"b":1}', "equal"),
    ],
)
def test_a_body_rules_examples_out_when_that_is_asked_for(
    replay_of: ReplayOf, flag: str, body: bytes, answered: str
) -> None:
    replay = replay_of(
        ("POST /a", {"body": "equal", "asked": raw('{"a": 1}')}),
        ("POST /a", {"body": "open", "asked": raw('{"a": "{{any}}"}')}),
    )

    assert ask(replay, "POST /a", {"x-mock-match-request-body": flag}, body) == answered


@pytest.mark.parametrize(
    ("sent", "answered"), [("Bearer mine", "mine"), ("Bearer 1.2.3", "any"), ("Basic x", "miss"), (None, "none")]
)
def test_how_a_request_signs_in_is_one_of_its_headers(replay_of: ReplayOf, sent: str | None, answered: str) -> None:
    def item(name: str, auth: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return "GET /a", {"body": name, "originalRequest": {"url": "/a", "auth": auth}}

    def bearer(token: str) -> dict[str, Any]:
        return {"type": "bearer", "bearer": [{"key": "token", "value": token}]}

    replay = replay_of(item("none", {"type": "noauth"}), item("mine", bearer("mine")), item("any", bearer("{{jwt}}")))
    headers = {"x-mock-match-request-headers": "Authorization"} | ({} if sent is None else {"authorization": sent})

    assert ask(replay, "GET /a", headers) == answered
