from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import Replay, Request
from mockserver.postman import Auth, read_collection
from mockserver.postman.auth import read_auth
from mockserver.postman.variables import Variables

WriteCollection = Callable[..., Path]
KNOWN = Variables({"user": "ada", "key": "k-1"})


def bearer(token: str) -> dict[str, Any]:
    return {"type": "bearer", "bearer": [{"key": "token", "value": token, "type": "string"}]}


def item(name: str, **request: Any) -> dict[str, Any]:
    return {"name": name, "request": {"url": f"/{name}", **request}, "response": [{"name": "x"}]}


def test_authorization_is_inherited_the_nearest_wins_and_noauth_ends_it(write_collection: WriteCollection) -> None:
    folder = {"name": "f", "auth": bearer("of the folder"), "item": [item("b"), item("c", auth=bearer("own"))]}
    silent = {"name": "g", "auth": None, "item": [item("d"), item("e", auth={"type": "noauth"})]}
    ended = {"name": "h", "auth": {"type": "noauth", "noauth": []}, "item": [item("k")]}
    file = write_collection(item("a"), folder, silent, ended, auth=bearer("of all"))

    read = {example.trail[-2]: example.auth for example in read_collection(file).examples}

    assert {name: auth and (auth.place, auth.headers[0][1]) for name, auth in read.items()} == {
        "a": ("the collection", "Bearer of all"),
        "b": ("f", "Bearer of the folder"),
        "c": ("f / c", "Bearer own"),
        "d": ("the collection", "Bearer of all"),
        "e": None,
        "k": None,
    }


def test_the_authorization_of_the_item_holds_for_a_request_that_was_saved_with_its_answer(
    write_collection: WriteCollection,
) -> None:
    saved = {"name": "x", "originalRequest": {"url": "/a"}}
    signed = {"name": "y", "originalRequest": {"url": "/a", "auth": bearer("saved")}}
    file = write_collection({"name": "i", "request": {"auth": bearer("own")}, "response": [saved, signed]})

    read = [example.auth for example in read_collection(file).examples]

    assert [auth and auth.headers for auth in read] == [
        (("Authorization", "Bearer own"),),
        (("Authorization", "Bearer saved"),),
    ]


def test_a_header_that_was_saved_stands_before_what_authorization_would_add(write_collection: WriteCollection) -> None:
    header = [{"key": "authorization", "value": "Bearer saved"}]
    file = write_collection(item("a", header=header), auth=bearer("of all"))

    [example] = read_collection(file).examples

    assert example.headers == (("authorization", "Bearer saved"),)
    assert example.auth == Auth("bearer", "the collection")


@pytest.mark.parametrize(
    ("definition", "headers", "query"),
    [
        ({"type": "bearer", "bearer": {"token": "t"}}, {"Authorization": "Bearer t"}, {}),
        ({"type": "basic", "basic": {"username": "{{user}}", "password": "p"}},
         {"Authorization": "Basic YWRhOnA="}, {}),
        ({"type": "basic", "basic": {"username": "a", "password": "{{b}}"}}, {"Authorization": "Basic {{basic}}"}, {}),
        ({"type": "apikey", "apikey": [{"key": "key", "value": "X-Key"}, {"key": "value", "value": "{{key}}"}]},
         {"X-Key": "k-1"}, {}),
        ({"type": "apikey", "apikey": {"key": "k", "value": "v", "in": "query"}}, {}, {"k": "v"}),
        ({"type": "apikey", "apikey": []}, {}, {}),
        ({"type": "oauth2", "oauth2": {"accessToken": "t", "headerPrefix": "Token"}}, {"Authorization": "Token t"}, {}),
        ({"type": "oauth2", "oauth2": {"addTokenTo": "queryParams"}}, {}, {"access_token": "{{token}}"}),
        ({"type": "jwt", "jwt": {"algorithm": "HS256"}}, {"Authorization": "Bearer {{token}}"}, {}),
        ({"type": "awsv4", "awsv4": {"accessKey": "a"}}, {"Authorization": "{{authorization}}"}, {}),
        ({"type": "digest", "digest": None}, {"Authorization": "{{authorization}}"}, {}),
    ],
    ids=["bearer of v2.0", "basic", "basic, open", "key in header", "key in query", "key without a name", "oauth2",
         "oauth2 in query", "jwt", "signed", "digest"],
)  # fmt: skip
def test_each_kind_adds_what_postman_would_send(
    definition: dict[str, Any], headers: dict[str, str], query: dict[str, str]
) -> None:
    auth = read_auth(definition, "here", KNOWN, None)

    assert auth is not None
    assert (dict(auth.headers), dict(auth.query)) == (headers, query)


@pytest.mark.parametrize("definition", ["bearer", {}, {"type": 7}, [], None])
def test_what_is_no_authorization_leaves_the_inherited_one(definition: object) -> None:
    inherited = Auth("bearer", "the collection")

    assert read_auth(definition, "here", KNOWN, inherited) is inherited


def test_the_repr_of_an_authorization_and_of_an_example_shows_no_value(write_collection: WriteCollection) -> None:
    file = write_collection(item("a", header=[{"key": "X-Own", "value": "hidden"}]), auth=bearer("hidden"))

    [example] = read_collection(file).examples

    assert example.headers == (("X-Own", "hidden"),)
    assert "hidden" not in repr(example)


def test_an_authorization_beyond_measure_is_left_out_and_told(write_collection: WriteCollection) -> None:
    bomb = [{"key": f"v{n}", "value": f"{{{{v{n + 1}}}}}" * 10} for n in range(12)]
    file = write_collection(item("a"), item("b", auth=bearer("{{v0}}")), auth=bearer("{{v0}}"), variable=bomb)

    collection = read_collection(file)

    assert [example.auth for example in collection.examples] == [None, None]
    assert [(fault.place, fault.field) for fault in collection.faults] == [
        ("the collection", "auth"),
        ("b", "response[0].originalRequest.auth"),
    ]


def test_what_authorization_adds_is_compared_where_that_is_asked_for_and_demanded_nowhere(
    write_collection: WriteCollection,
) -> None:
    def signed(token: str) -> dict[str, Any]:
        return {"request": {"url": "/a", "auth": bearer(token)}, "response": [{"name": token, "body": token}]}

    replay = Replay.read([write_collection(signed("ada's"), signed("bob's"))])

    def asked(**headers: str) -> tuple[int, bytes]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = replay.answer(Request("GET", "/a", headers=sent))
        return answer.status, answer.body

    by_header = {"x_mock_match_request_headers": "authorization"}
    assert asked() == (200, b"ada's")
    assert asked(authorization="Bearer bob's", **by_header) == (200, b"bob's")
    status, told = asked(authorization="Bearer eve's", **by_header)
    assert status == 404
    assert b"ada's" not in told.replace(b"/ ada's", b"").replace(b'"name": "ada\'s"', b"")
