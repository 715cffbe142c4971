"""What an answer takes from the request, by Postman's template helpers."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver import Replay, Request
from mockserver.message import Headers
from mockserver.replay.filling.contextual import MOST, Asked, Helper

ReplayOf = Callable[..., Replay]
JSON = [{"key": "Content-Type", "value": "application/json"}]
USER = b'{"user": {"name": "Ann \\"A\\"", "tags": ["x", {"n": 1.0}], "on": true, "off": null}, "a.b": "dotted", "": 1}'
FORM = (b"content-type", b"application/x-www-form-urlencoded")
MULTIPART = (b"content-type", b"multipart/form-data; boundary=BB")
PARTS = (
    b'--BB\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n'
    b'--BB\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--BB--\r\n'
)


def asked(body: bytes = b"", *headers: tuple[bytes, bytes]) -> Request:
    query = (("page", "2"), ("page", "3"), ("blank", ""))
    return Request("POST", "/product/12345/details", query, Headers(headers), body)


@pytest.mark.parametrize(
    ("template", "request_", "said"),
    [
        ("{{$body 'user.name'}}", asked(USER), 'Ann "A"'),
        ("{{ $body 'user.name' }}", asked(USER), 'Ann "A"'),
        ("{{$body 'user.tags.0'}}", asked(USER), "x"),
        ("{{$body 'user.tags.1'}}", asked(USER), '{"n":1.0}'),
        ("{{$body 'user.tags.2' 'none'}}", asked(USER), "none"),
        ("{{$body 'user.on'}} {{$body 'user.off'}}", asked(USER), "true null"),
        (r"{{$body 'a\.b'}}", asked(USER), "dotted"),
        ("{{$body 'a.b' ''}}", asked(USER), ""),
        ("{{$body}}", asked(b' {"a" : 1} // one'), '{"a":1}'),
        ("{{$body}}", asked(b" as it came\r\n"), " as it came\r\n"),
        ("{{$body 'b'}}", asked(b"a=1&b=x+y&b=z", FORM), "x y"),
        ("{{$body 'note'}} {{$body 'file' '-'}}", asked(PARTS, MULTIPART), "hello -"),
        ("{{$headers 'X-Trace'}}", asked(b"", (b"x-trace", b"t1")), "t1"),
        ("{{$headers 'X-Trace' 'unset'}}", asked(), "unset"),
        ("{{$queryParams 'page'}}{{$queryParams 'blank' 'b'}}{{$queryParams 'size' '20'}}", asked(), "220"),
        ("{{$pathSegments '1'}} {{$pathSegments '3' 'end'}} {{$pathSegments '-1' 'no'}}", asked(), "12345 end no"),
        ("{{$body 'lost'}} {{$headers 'lost'}}", asked(b"{}"), "{{$body 'lost'}} {{$headers 'lost'}}"),
    ],
    ids=lambda value: value.method if isinstance(value, Request) else value,
)
def test_an_answer_takes_from_the_request_what_its_helpers_name(
    replay_of: ReplayOf, template: str, request_: Request, said: str
) -> None:
    replay = replay_of(("POST /product/:id/details", {"body": template}))

    assert replay.answer(request_).body.decode() == said
    assert replay.faults == ()


def test_what_is_taken_into_json_is_json_there_and_percent_encoded_in_a_header(replay_of: ReplayOf) -> None:
    location = [*JSON, {"key": "Location", "value": "/users/{{$body 'user.name'}}"}]
    body = (
        '{"user": {{$body \'user\'}}, "name": {{$body \'user.name\'}}, "said": "{{$body \'user.name\'}}", '
        '"whole": "{{$body \'user.tags\'}}", "page": {{$queryParams \'page\'}}}'
    )
    replay = replay_of(("POST /product/:id/details", {"body": body, "header": location}))

    answer = replay.answer(asked(USER))

    assert json.loads(answer.body) == {
        "user": json.loads(USER)["user"],
        "name": 'Ann "A"',
        "said": 'Ann "A"',
        "whole": '["x",{"n":1.0}]',
        "page": 2,
    }
    assert dict(answer.headers)["Location"] == '/users/Ann "A"'


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_value_of_the_body_is_found_as_it_is(value: object) -> None:
    found = Asked(Request("POST", "/", body=json.dumps({"v": value}).encode())).value(Helper("body", "v", None))

    assert found is not None
    assert (found if isinstance(value, str) else json.loads(found)) == value


@pytest.mark.parametrize(
    "name", ["$headers", "$body user", "$body 'a' 'b' 'c'", "$body'a'", "$cookies 'a'", "$body 'a"]
)
def test_what_is_written_in_another_way_stays_as_it_stands_and_is_reported(replay_of: ReplayOf, name: str) -> None:
    replay = replay_of(("POST /product/:id/details", {"body": f"<{{{{{name}}}}}>"}))

    assert replay.answer(asked(USER)).body.decode() == f"<{{{{{name}}}}}>"
    assert [fault.field for fault in replay.faults] == ["response.body"]


def test_an_answer_takes_up_no_more_of_a_request_than_the_bound(replay_of: ReplayOf) -> None:
    text = "x" * (MOST // 2)
    replay = replay_of(("POST /product/:id/details", {"body": "{{$body}}," * 3}))

    assert replay.answer(asked(text.encode())).body.decode() == f"{text},{text},{{{{$body}}}},"
    assert replay.answer(asked(b"x" * (MOST + 1))).body.decode() == "{{$body}}," * 3
