from __future__ import annotations

from typing import Any

import pytest

from mockserver.postman.body import read_body
from mockserver.postman.variables import Variables
from mockserver.replay.incoming import Incoming
from mockserver.replay.matching.agreement import body_fit
from mockserver.replay.matching.template import Fit

MULTIPART = "multipart/form-data; boundary=XX"
PARTS = (
    b'--XX\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n'
    b'--XX\r\nContent-Disposition: form-data; name="f"; filename="x.csv"\r\n\r\na,b\r\n--XX--\r\n'
)


def raw(text: str) -> dict[str, Any]:
    return {"mode": "raw", "raw": text}


def pairs(mode: str, *entries: tuple[str, str | None]) -> dict[str, Any]:
    listed = [{"key": k, "value": v} if v is not None else {"key": k, "type": "file"} for k, v in entries]
    return {"mode": mode, mode: listed}


@pytest.mark.parametrize(
    ("recorded", "came", "fit"),
    [
        (None, b"", Fit.EQUAL),
        (None, b"  \r\n", Fit.EQUAL),
        (None, b"x", Fit.NOT),
        ({"mode": "file", "file": {}}, b"\x00\xff", Fit.OPEN),
        ({"mode": "file", "file": {}}, b"", Fit.NOT),
        (raw('{"a": 1, "b": {"c": []}}'), b'{"b":{"c":[]},"a":1}', Fit.EQUAL),
        (raw('{"a": 1}'), b'{"a": 1.0}', Fit.NOT),
        (raw('{"a": 1}'), b'{"a": true}', Fit.NOT),
        (raw('{"a": 1}'), b'{"a": 1, "b": 2}', Fit.NOT),
        (raw('{"a": 1}'), b"not json", Fit.NOT),
        (raw("null"), b"null", Fit.EQUAL),
        (raw("null"), b"nonsense", Fit.NOT),
        (raw('{"a": 1 /* one */}'), b'{"a": 1 /* one */}', Fit.EQUAL),
        (raw('{"a": {{x}}, "b": "no-{{y}}"}'), b'{"a": 5, "b": "no-7"}', Fit.OPEN),
        (raw('{"a": {{x}}}'), b'{"a": {{x}}}', Fit.EQUAL),
        (raw('{"a": "{{x}}"}'), b'{"a": [1]}', Fit.NOT),
        (raw('{"a": "{{x}}"}'), b'{"a": null}', Fit.NOT),
        (raw('[1, "{{x}}"]'), b'[1, "z"]', Fit.OPEN),
        (raw('[1, "{{x}}"]'), b'[2, "z"]', Fit.NOT),
        (raw('[1, "{{x}}"]'), b"[1]", Fit.NOT),
        (raw("<a>{{x}}</a>"), b"<a>5\n6</a>\r\n", Fit.OPEN),
        (raw("<a>{{x}}-{{y}}</a>"), b"<a>1-2-3</a>", Fit.OPEN),
        (raw("<a>{{x}}-{{y}}</a>"), b"<a>-2</a>", Fit.NOT),
        (raw("<a>{{x}}-{{y}}</a>"), b"<a>1-</a>", Fit.NOT),
        (raw("<a>1</a>"), b"<a>1</a>", Fit.EQUAL),
        (raw("<a>1</a>"), b"<a>2</a>", Fit.NOT),
        (pairs("urlencoded", ("a", "1"), ("b", "x y")), b"b=x+y&a=1", Fit.EQUAL),
        (pairs("urlencoded", ("a", "{{x}}"), ("a", "1")), b"a=1&a=9", Fit.OPEN),
        (pairs("urlencoded", ("a", "1")), b"a=1&b=2", Fit.NOT),
        (pairs("urlencoded", ("a", "1")), b"a=2", Fit.NOT),
        (
            {"mode": "graphql", "graphql": {"query": "{ me\n { id } }", "variables": '{"a": 1}'}},
            b'{"query": "{ me { id } }", "variables": {"a": 1}}',
            Fit.EQUAL,
        ),
        ({"mode": "graphql", "graphql": {"query": "{ me }"}}, b'{"query": "{ me }", "variables": null}', Fit.EQUAL),
        ({"mode": "graphql", "graphql": {"query": "{ me }"}}, b'{"query": "{ you }"}', Fit.NOT),
        ({"mode": "graphql", "graphql": {"query": "{ me }"}}, b"[]", Fit.NOT),
    ],
)
def test_how_a_body_agrees_with_the_recorded_one(recorded: Any, came: bytes, fit: Fit) -> None:
    assert body_fit(read_body(recorded, Variables()), Incoming(came, {})) is fit


@pytest.mark.parametrize(
    ("recorded", "content_type", "fit"),
    [
        (pairs("formdata", ("f", None), ("n", "1")), MULTIPART, Fit.EQUAL),
        (pairs("formdata", ("f", None), ("n", "{{x}}")), MULTIPART, Fit.OPEN),
        (pairs("formdata", ("f", "text"), ("n", "1")), MULTIPART, Fit.NOT),
        (pairs("formdata", ("f", None), ("n", "1")), "text/plain", Fit.NOT),
        (pairs("formdata", ("f", None)), "multipart/form-data", Fit.NOT),
    ],
)
def test_multipart_forms_agree_by_their_fields_and_files_by_their_names(
    recorded: Any, content_type: str, fit: Fit
) -> None:
    assert body_fit(read_body(recorded, Variables()), Incoming(PARTS, {"content-type": content_type})) is fit


@pytest.mark.parametrize("depth", [50, 400, 900, 5_000, 100_000])
def test_a_body_nested_beyond_all_reason_is_compared_or_not_but_never_a_mistake(depth: int) -> None:
    text = "[" * depth + "]" * depth
    same = body_fit(read_body(raw(text), Variables()), Incoming(text.encode(), {}))
    other = body_fit(read_body(raw(text), Variables()), Incoming(f"[{text}]".encode(), {}))
    assert same is Fit.EQUAL or depth >= 400
    assert other is Fit.NOT
