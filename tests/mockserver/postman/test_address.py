from __future__ import annotations

from typing import Any

import pytest

from mockserver.postman.address import read_address
from mockserver.postman.example import Segment
from mockserver.postman.variables import Variables

KNOWN = Variables(
    {
        "baseUrl": "https://api.example.com/v1",
        "bare": "https://api.example.com",
        "noScheme": "localhost:8080/api/",
        "host": "api.example.com",
        "prefix": "/eu",
        "id": "42",
        "many": "a/b",
        "tenant": "https://api.example.com/:tenant",
        "whole": "https://api.example.com/orders/7/?page=2&key=k",
        "params": "a=1&b={{id}}",
    }
)


def path_of(url: Any) -> str:
    """The path in one line: variables in brackets, a bar where the host's own path ends."""
    address = read_address(url, KNOWN)
    texts = [f"[{segment.text}]" if segment.is_open else segment.text for segment in address.path]
    if address.base_length:
        texts.insert(address.base_length, "|")
    return "/".join(texts) + ("/" if address.ends_in_slash else "")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://api.example.com/orders/7", "orders/7"),
        ("{{unknown}}/orders", "orders"),
        ("{{baseUrl}}/orders", "v1/|/orders"),
        ("{{bare}}/orders", "orders"),
        ("{{noScheme}}/orders", "api/|/orders"),
        ("{{prefix}}/orders", "eu/|/orders"),
        ("{{noScheme}}orders", "api/orders/|"),
        ("{{unknown}}orders", "orders/|"),
        ("{{unknown}}v1/orders?page=1", "v1/|/orders"),
        ({"host": ["{{unknown}}orders"]}, "orders/|"),
        ("{{unknown}}:8080/orders", "orders"),
        ("{{unknown}}.example.com/orders", "orders"),
        ("{{unknown}}-eu.example.com/orders", "orders"),
        ("{{unknown}}api.example.com/orders", "orders"),
        ("{{unknown}}{{host}}/orders", "orders"),
        ("{{proto}}://{{host}}:{{port}}/orders", "orders"),
        ("https://{{host}}/orders/", "orders/"),
        ("{{tenant}}/orders", "[:tenant]/|/orders"),
        ("localhost:3000/orders", "orders"),
        ("/orders", "orders"),
        ("{{bare}}//orders//7", "orders/7"),
        ("https://api.example.com", ""),
        ("{{unknown}}", ""),
        ("", ""),
        ("{{bare}}/orders/:id", "orders/[:id]"),
        ("{{bare}}/orders/{{id}}", "orders/[42]"),
        ("{{bare}}/orders/{{other}}", "orders/[{{other}}]"),
        ("{{bare}}/orders/{{id}}.json", "orders/42.json"),
        ("{{bare}}/orders/{{other}}.json", "orders/{{other}}.json"),
        ("{{bare}}/x/{{many}}/y", "x/a/b/y"),
        ("{{bare}}/caf%C3%A9/a%2Fb", "café/a/b"),
        ("{{bare}}/docs/:", "docs/:"),
        ("{{bare}}/orders#part?no=1", "orders"),
        ({"raw": "{{bare}}/orders/7"}, "orders/7"),
        ({"host": ["api", "example", "com"]}, ""),
        ({"host": ["api", "example", "com"], "raw": "https://api.example.com/orders"}, "orders"),
        ({"host": ["{{baseUrl}}"], "path": ["orders", ":id"]}, "v1/|/orders/[:id]"),
        ({"host": "{{baseUrl}}", "path": ["o", ":id"], "variable": [{"key": "id", "value": "9"}]}, "v1/|/o/[9]"),
        ({"path": [":id"], "variable": [{"key": "id", "value": None}]}, "[:id]"),
        ({"path": [":id"], "variable": [{"key": "id", "value": "{{id}}"}]}, "[42]"),
        ({"path": [":id"], "variable": [{"id": "id", "value": "9"}]}, "[9]"),
        ({"protocol": "https", "host": "api.example.com", "path": "/orders/7"}, "orders/7"),
        ({"path": ["orders", {"type": "string", "value": "7"}]}, "orders/7"),
        ({"path": ["orders", ""]}, "orders/"),
        ({"host": ["{{bare}}"], "path": [], "raw": "{{bare}}/orders"}, "orders"),
        ({"host": ["{{bare}}"], "path": ["a", None, 7]}, "a/7"),
        ("{{whole}}", "orders/7/|/"),
        ("https://api.example.com:{{port}}/{{unknown}}/x", "[{{unknown}}]/x"),
        ("//api.example.com/orders", "api.example.com/orders"),
        ("https://ada:secret@api.example.com/orders", "orders"),
        ("{{bare}}/a+b/x%20y/%C3%BC/ü", "a+b/x y/ü/ü"),
        ("{{bare}}/orders/:id:cancel", "orders/[:id:cancel]"),
        ("{{bare}}/orders/{{ id }}", "orders/[42]"),
        ("{{bare}}/{{id}}{{other}}", "42{{other}}"),
        ("{{bare}}/{{$guid}}/x-{{$timestamp}}", "[{{$guid}}]/x-{{$timestamp}}"),
        ("  {{bare}}/orders  ", "orders"),
        ({"raw": "stale/raw", "host": ["{{bare}}"], "path": ["true"]}, "true"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_path_is_read_from_any_shape_of_url(url: Any, path: str) -> None:
    assert path_of(url) == path


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("/o?a=1&b=two%20words&c=x+y", (("a", "1"), ("b", "two words"), ("c", "x y"))),
        ("/o?flag&empty=&&a=1&a=2", (("flag", ""), ("empty", ""), ("a", "1"), ("a", "2"))),
        ("/o?id={{id}}&to={{other}}", (("id", "42"), ("to", "{{other}}"))),
        ({"raw": "/o?a=1", "path": ["o"]}, (("a", "1"),)),
        ({"raw": "/o?a=1", "path": ["o"], "query": []}, ()),
        ("{{whole}}&x=1", (("page", "2"), ("key", "k"), ("x", "1"))),
        ("{{whole}}?x=1", (("page", "2"), ("key", "k"), ("x", "1"))),
        ("/o?{{params}}&c=3", (("a", "1"), ("b", "42"), ("c", "3"))),
        ("/o?a=1#part?b=2", (("a", "1"),)),
        (
            "/o?at={{$timestamp}}&redirect=https%3A%2F%2Fx.example.com%2F%3Fa%3Db",
            (("at", "{{$timestamp}}"), ("redirect", "https://x.example.com/?a=b")),
        ),
        ({"raw": "/o#part?b=2", "path": ["o"]}, ()),
        ({"path": ["o"], "query": "a=1&a=2"}, (("a", "1"), ("a", "2"))),
        ({"path": ["o"], "query": {"a": 1, "b": None}}, (("a", "1"), ("b", ""))),
        (
            {"path": ["o"], "query": [{"key": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": True}]},
            (("a", "1"),),
        ),
        (
            {"path": ["o"], "query": [{"key": "flag", "value": None}, {"key": None, "value": "x"}, "odd"]},
            (("flag", ""),),
        ),
        (
            {"path": ["o"], "query": [{"key": "n", "value": 3}, {"key": "t", "value": True}]},
            (("n", "3"), ("t", "true")),
        ),
    ],
)
def test_a_query_is_read_decoded_and_without_what_was_disabled(url: Any, query: tuple[tuple[str, str], ...]) -> None:
    assert read_address(url, KNOWN).query == query


@pytest.mark.parametrize("url", [None, 7, ["x"]])
def test_a_url_that_is_neither_text_nor_object_is_refused(url: Any) -> None:
    with pytest.raises(ValueError, match="neither a text nor an object"):
        read_address(url, KNOWN)


def test_a_segment_is_a_plain_value() -> None:
    assert read_address("/a/:b", Variables()).path == (
        Segment("a"),
        Segment(":b", is_open=True, name="b"),
    )
