"""What holds for every collection: the index finds what a look at each example finds, whatever their order."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import Replay, Request
from mockserver.postman.example import Example

SEGMENTS = ["a", "A", "b", ":x", "{{y}}", "{{z}}.json", "p{{q}}", "{{z}}-{{q}}", "a.json", "{{known}}"]
ASKED = ["a", "A", "b", "c", "p1", "a.json", "pa.json", "1-2", "{{y}}"]
NAMES, VALUES = ["m", "n"], ["1", "2", "{{v}}", "1{{w}}", ""]
BODIES = [
    "",
    "1",
    '{"k": 1}',
    '{"k": "{{v}}"}',
    '{"k": "{{v}}", "l": [1]}',
    '{"k": 1, "l": ["{{w}}"]}',
    "text",
    "te{{v}}",
]
ACCEPTED = [[], ["x"], ["{{any}}"]]
SENT = ["", "1", '{"k":1}', '{"k": "7"}', '{"l": [1], "k": 1}', '{"k": 1, "l": [2]}', "text", "teapot", "other"]

THEMES = ["path", "query", "body", "headers", "all"]


def only(theme: str, part: str, values: list[Any], usual: Any) -> st.SearchStrategy[Any]:
    """Values that differ where the theme is, so that examples get in each other's way there."""
    return st.sampled_from(values) if theme in (part, "all") else st.just(usual)


def pairs(theme: str, names: list[str], values: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    each = st.lists(st.tuples(st.sampled_from(names), st.sampled_from(values)), max_size=3)
    return each if theme in ("query", "all") else st.just([])


@st.composite
def items(draw: st.DrawFn, theme: str) -> dict[str, Any]:
    segments = draw(st.lists(st.sampled_from(SEGMENTS), min_size=2, max_size=2)) if theme in ("path", "all") else ["a"]
    path = draw(only(theme, "path", ["", "{{base}}"], "")) + "/" + "/".join(segments)
    ending = draw(only(theme, "path", ["", "", "/"], ""))
    query = "&".join(f"{name}={value}" for name, value in draw(pairs(theme, NAMES, VALUES)))
    request = {
        "method": draw(only(theme, "path", ["GET", "GET", "POST"], "GET")),
        "url": f"{path}{ending}?{query}",
        "body": {"mode": "raw", "raw": draw(only(theme, "body", BODIES, ""))},
        "header": [{"key": "Accept", "value": value} for value in draw(only(theme, "headers", ACCEPTED, []))],
    }
    code, name = draw(st.sampled_from([404, 200, 201])), draw(st.sampled_from(["one", "two"]))
    return {"name": "i", "request": request, "response": [{"name": name, "code": code}]}


@st.composite
def requests(draw: st.DrawFn, theme: str) -> Request:
    segments = draw(st.lists(st.sampled_from(ASKED), min_size=2, max_size=3)) if theme in ("path", "all") else ["a"]
    path = "/" + "/".join(segments) + draw(only(theme, "path", ["", "", "/"], ""))
    selectors = {
        "x-mock-response-code": st.sampled_from(["200", "404"]),
        "x-mock-response-name": st.sampled_from(["one", "two"]),
        "x-mock-match-request-body": st.sampled_from(["true", "false"]),
        "x-mock-match-request-headers": st.just("Accept"),
    }
    headers: dict[str, str] = draw(st.just({}) | st.fixed_dictionaries({}, optional=selectors))
    headers |= draw(only(theme, "headers", [{}, {"accept": "x"}, {"accept": "y"}], {}))
    method = draw(only(theme, "path", ["GET", "GET", "POST"], "GET"))
    asked = draw(pairs(theme, [*NAMES, "o"], ["1", "2", "12", ""]))
    return Request(method, path, tuple(asked), headers, draw(only(theme, "body", SENT, "")).encode())


@st.composite
def tried(draw: st.DrawFn, *, least: int, most: int, asked: int) -> tuple[list[dict[str, Any]], list[Request]]:
    """Some examples, and some requests that are about as they are."""
    theme = draw(st.sampled_from(THEMES))
    listed = draw(st.lists(items(theme), min_size=least, max_size=most))
    return listed, draw(st.lists(requests(theme), min_size=asked, max_size=asked))


def replay_of(listed: list[dict[str, Any]]) -> Replay:
    """A replay in which each example answers with its number."""
    numbered = [
        {**item, "response": [{**item["response"][0], "body": f"#{item.get('number', number)}"}]}
        for number, item in enumerate(listed)
    ]
    variable = [{"key": "base", "value": "https://x.example.com/a"}, {"key": "known", "value": "b"}]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "laws.json"
        file.write_text(json.dumps({"item": numbered, "variable": variable}), encoding="utf-8")
        return Replay.read([file])


# What follows reads docs/replay.md once more, one example at a time and without any index.


def text_fit(recorded: str, came: str) -> int:
    """2 for the same text, 1 for one that open variables allow."""
    if recorded == came:
        return 2
    pieces = re.split(r"\{\{[^{}]*\}\}", recorded)
    return int(len(pieces) > 1 and re.fullmatch("(?s:.+)".join(map(re.escape, pieces)), came) is not None)


def path_closeness(example: Example, request: Request, *, with_base: bool) -> tuple[object, ...] | None:
    recorded = example.path if with_base else example.path[example.base_length :]
    asked = [text for text in request.path.split("/") if text]
    if len(recorded) != len(asked):
        return None
    steps = []
    for segment, text in zip(recorded, asked, strict=True):
        if segment.is_open:
            steps.append(3 if segment.text == text else 0)
        elif segment.text == text:
            steps.append(4)
        elif text_fit(segment.text, text):
            steps.append(1)
        elif segment.text.lower() == text.lower():
            steps.append(2)
        else:
            return None
    same_ending = example.ends_in_slash == request.path.endswith("/")
    return -steps.count(0), -steps.count(1), -steps.count(2), tuple(steps), same_ending, with_base


def query_closeness(example: Example, request: Request) -> tuple[object, ...]:
    recorded, asked = list(example.query), list(request.query)
    if sorted(recorded) == sorted(asked):
        return True, 0, 0, 0, 0
    equal = (Counter(recorded) & Counter(asked)).total()
    fits = [any(name == key and text_fit(value, sent) == 1 for key, sent in asked) for name, value in recorded]
    named = sum(name in dict(asked) for name, _ in recorded)
    return False, equal, sum(fits), -named, -len(recorded)


def value_fit(recorded: Any, sent: Any) -> int:
    if isinstance(recorded, dict) and isinstance(sent, dict) and recorded.keys() == sent.keys():
        return min((value_fit(value, sent[key]) for key, value in recorded.items()), default=2)
    if isinstance(recorded, list) and isinstance(sent, list) and len(recorded) == len(sent):
        return min(map(value_fit, recorded, sent), default=2)
    if isinstance(recorded, str) and not isinstance(sent, dict | list):
        return text_fit(recorded, sent if isinstance(sent, str) else json.dumps(sent))
    return 2 if json.dumps(recorded) == json.dumps(sent) else 0


def body_closeness(example: Example, request: Request) -> int:
    sent = request.body.decode()
    if example.body.kind == "none":
        return 0 if sent else 2
    if example.body.kind == "text":
        return text_fit(example.body.value, sent)
    try:
        return value_fit(example.body.value, json.loads(sent))
    except ValueError:
        return 0


def header_fit(example: Example, request: Request) -> int:
    """2 for the same `Accept` on both sides, none included."""
    recorded, sent = dict(example.headers).get("Accept"), request.headers.get("accept")
    if recorded is None or sent is None:
        return 2 if recorded is sent else 0
    return text_fit(recorded, sent)


def is_left(example: Example, request: Request) -> bool:
    asked = request.headers
    return (
        asked.get("x-mock-response-code", str(example.status)) == str(example.status)
        and asked.get("x-mock-response-name", example.name) == example.name
        and (asked.get("x-mock-match-request-body") != "true" or body_closeness(example, request) > 0)
        and ("x-mock-match-request-headers" not in asked or header_fit(example, request) > 0)
    )


def closeness(example: Example, request: Request) -> tuple[object, ...] | None:
    """How closely an example fits; None when it cannot answer at all."""
    if example.method != request.method or not is_left(example, request):
        return None
    ways = [path_closeness(example, request, with_base=with_base) for with_base in (True, False)]
    path = max((way for way in ways if way is not None), default=None)
    if path is None:
        return None
    same_accept = "Accept" in dict(example.headers) and header_fit(example, request) == 2
    good = 200 <= example.status <= 299
    return path, query_closeness(example, request), body_closeness(example, request), good, same_accept


def expected(replay: Replay, request: Request) -> Example | None:
    fits = [(each, example) for example in replay.examples if (each := closeness(example, request)) is not None]
    if not fits:
        return None
    best = max(each for each, _ in fits)
    return next(example for each, example in fits if each == best)


def answered(replay: Replay, request: Request) -> bytes | None:
    response = replay.answer(request)
    return response.body if response.body.startswith(b"#") else None


@settings(max_examples=100)
@given(tried(least=4, most=14, asked=8))
def test_the_index_finds_what_a_look_at_each_example_finds(drawn: tuple[list[Any], list[Request]]) -> None:
    listed, asked = drawn
    replay = replay_of(listed)
    for request in asked:
        example = expected(replay, request)
        assert answered(replay, request) == (None if example is None else example.response.body)


@settings(max_examples=60)
@given(tried(least=2, most=8, asked=4), st.integers(0, 6))
def test_an_example_added_changes_no_answer_to_what_another_fits_more_closely(
    drawn: tuple[list[Any], list[Request]], where: int
) -> None:
    (added, *listed), asked = drawn
    for number, item in enumerate(listed):
        item["number"] = number
    before, after = replay_of(listed), replay_of([*listed[:where], {**added, "number": "new"}, *listed[where:]])
    new = next(example for example in after.examples if example.response.body == b"#new")
    for request in asked:
        was, now = answered(before, request), answered(after, request)
        if now != was:
            assert now == b"#new"
            mine, old = closeness(new, request), expected(before, request)
            assert mine is not None
            assert old is None or mine >= (closeness(old, request) or ())
