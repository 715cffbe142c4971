from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mockserver.postman import read_collection
from mockserver.postman.variables import Variables, defined


def test_variables_are_inherited_and_the_inner_one_wins(write_collection: Callable[..., Path]) -> None:
    item = {"name": "i", "request": "/{{zone}}/{{name}}", "response": [{"name": "x"}]}
    file = write_collection(
        {"name": "f", "variable": [{"key": "name", "value": "inner"}], "item": [item]},
        item,
        {**item, "variable": [{"key": "zone", "value": "own"}]},
        variable=[{"key": "zone", "value": "eu"}, {"key": "name", "value": "outer"}],
    )

    paths = ["/".join(segment.text for segment in example.path) for example in read_collection(file).examples]

    assert paths == ["eu/inner", "eu/outer", "own/outer"]


def test_a_variable_may_be_defined_by_another_one() -> None:
    variables = Variables({"base": "https://{{host}}/{{ version }}", "host": "x.example.com", "version": "v2"})

    assert variables.fill("{{base}}/orders/{{unknown}}") == "https://x.example.com/v2/orders/{{unknown}}"


def test_circular_variables_end_open() -> None:
    assert "{{" in Variables({"a": "{{b}}", "b": "{{a}}"}).fill("{{a}}")
    assert len(Variables({"a": "{{a}}{{a}}"}).fill("{{a}}")) < 10_000


def test_definitions_are_read_in_both_formats_and_disabled_ones_are_absent() -> None:
    entries = [
        {"key": "a", "value": 1, "id": "random"},
        {"id": "b", "value": True},
        {"key": "c", "value": "x", "disabled": True},
        {"key": "d"},
        {"key": "e", "value": {"not": "a scalar"}},
        {"value": "nameless"},
        "odd",
    ]

    assert defined(entries) == {"a": "1", "b": "true", "d": ""}
    assert defined({"a": 1, "b": ["no scalar"]}) == {"a": "1"}
    assert defined("odd") == {}
