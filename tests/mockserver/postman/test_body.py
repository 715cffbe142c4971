from __future__ import annotations

from typing import Any

import pytest

from mockserver.postman.body import read_body, read_json
from mockserver.postman.example import Body
from mockserver.postman.variables import Variables

KNOWN = Variables({"id": "42", "name": "Ada"})


@pytest.mark.parametrize(
    ("field", "body"),
    [
        (None, Body()),
        ({}, Body()),
        ({"mode": "raw", "raw": ""}, Body()),
        ({"mode": "raw", "raw": None}, Body()),
        ({"mode": "raw", "raw": "{}", "disabled": True}, Body()),
        ({"mode": "raw", "raw": '{"a": [1, null]}'}, Body("json", {"a": [1, None]})),
        ({"mode": "raw", "raw": '{"id": {{id}}, "n": "{{name}}"}'}, Body("json", {"id": 42, "n": "Ada"})),
        ({"mode": "raw", "raw": '{"id": {{other}}}'}, Body("json", {"id": "{{other}}"})),
        ({"mode": "raw", "raw": '{// note\n"a": "//no", /* x */ "b": 1}'}, Body("json", {"a": "//no", "b": 1})),
        ({"mode": "raw", "raw": "<a>\r\n</a>\n"}, Body("text", "<a>\n</a>")),
        (
            {
                "mode": "urlencoded",
                "urlencoded": [{"key": "a", "value": "{{id}}"}, {"key": "b", "value": "2", "disabled": True}],
            },
            Body("form", (("a", "42"),)),
        ),
        ({"mode": "urlencoded", "urlencoded": "a=1&b="}, Body("form", (("a", "1"), ("b", "")))),
        ({"mode": "urlencoded", "urlencoded": None}, Body("form", ())),
        (
            {
                "mode": "formdata",
                "formdata": [{"key": "n", "value": 1, "type": "text"}, {"key": "f", "type": "file", "src": "x.csv"}],
            },
            Body("parts", (("n", "1"), ("f", None))),
        ),
        (
            {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": ["a.csv", "b.csv"]},
                                              {"key": "f", "type": "file", "src": None},
                                              {"key": "a", "value": "1"}, {"key": "a", "value": "1"},
                                              {"key": "off", "type": "file", "disabled": True}]},
            Body("parts", (("f", None), ("f", None), ("f", None), ("a", "1"), ("a", "1"))),
        ),
        ({"mode": "formdata", "formdata": [{"key": "{{name}}", "value": "{{other}}"}]},
         Body("parts", (("Ada", "{{other}}"),))),
        ({"mode": "file", "file": {"src": "x.bin"}}, Body("any")),
        ({"mode": "file", "file": {"content": "id,name"}}, Body("text", "id,name")),
        ({"mode": "file", "file": None}, Body("any")),
        ({"mode": "file"}, Body("any")),
        ({"raw": '{"a": 1}'}, Body("json", {"a": 1})),
        ({"raw": None, "urlencoded": [{"key": "a", "value": "1"}]}, Body("form", (("a", "1"),))),
        ({"mode": "raw", "raw": {"id": [1, "é"]}}, Body("json", {"id": [1, "é"]})),
        ({"mode": "raw", "raw": '{"at": "{{$isoTimestamp}}"}'}, Body("json", {"at": "{{$isoTimestamp}}"})),
        ({"mode": "raw", "raw": '{"a": 1} // the end'}, Body("json", {"a": 1})),
        ({"mode": "raw", "raw": "plain // text"}, Body("text", "plain // text")),
        ({"mode": "graphql", "graphql": "{ me }"}, Body("graphql", ("{ me }", {}))),
        ({"mode": "graphql", "graphql": {"query": "{ me }", "variables": {"a": 1}, "operationName": "x"}},
         Body("graphql", ("{ me }", {"a": 1}))),
        ({"mode": "of the future"}, Body("any")),
        (
            {"mode": "graphql", "graphql": {"query": "query {\n  me { id }\n}", "variables": '{"id": {{id}}}'}},
            Body("graphql", ("query { me { id } }", {"id": 42})),
        ),
        ({"mode": "graphql", "graphql": {"query": "{ me }", "variables": ""}}, Body("graphql", ("{ me }", {}))),
    ],
)  # fmt: skip
def test_a_body_is_read_in_the_form_in_which_it_is_compared(field: Any, body: Body) -> None:
    assert read_body(field, KNOWN) == body


@pytest.mark.parametrize(
    "field", ["text", {"mode": {}}, {"mode": "urlencoded", "urlencoded": 7}, {"mode": "graphql", "graphql": ["{ me }"]}]
)
def test_a_body_of_another_shape_than_its_mode_says_is_refused(field: Any) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_body(field, KNOWN)


def test_json_that_is_nested_too_deeply_is_no_json() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        read_json("[" * 200_000)
