from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.postman import read_collection
from mockserver.postman.bounds import Bounds
from mockserver.postman.variables import Allowance, Variables, defined


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
        {"key": "e", "value": {"as": ["JSON"]}},
        {"key": "f", "value": "x", "enabled": False},
        {"key": "g", "value": 2.0},
        {"value": "nameless"},
        "odd",
    ]

    assert defined(entries) == {"a": "1", "b": "true", "d": "", "e": '{"as":["JSON"]}', "g": "2"}
    assert defined({"a": 1, "b": ["x"]}) == {"a": "1", "b": '["x"]'}
    assert defined("odd") == {}


BOMB = [{"key": f"v{n}", "value": f"{{{{v{n + 1}}}}}" * 10} for n in range(12)] + [{"key": "v12", "value": "x"}]


def test_variables_that_grow_beyond_measure_cost_their_example_and_nothing_else(
    write_collection: Callable[..., Path],
) -> None:
    def item(request: object) -> dict[str, object]:
        return {"name": "i", "request": request, "response": [{"name": "x"}]}

    file = write_collection(
        *[item("/a/{{v0}}")] * 50,
        item({"method": "POST", "url": "/b", "body": {"mode": "raw", "raw": "{{v0}}"}}),
        item("/c/{{v11}}"),
        variable=BOMB,
    )

    collection = read_collection(file)

    read = [("/".join(part.text for part in example.path), example.body.kind) for example in collection.examples]
    assert read == [("b", "any"), ("c/xxxxxxxxxx", "none")]
    assert [fault.problem for fault in collection.faults] == [
        *["its variables, written out, pass 1,000,000 characters; this example is left out"] * 50,
        "its variables, written out, pass 1,000,000 characters; any body matches",
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"a": "{{a}}" * 1_000},
        {"a": "{{b}}" * 1_000, "b": "{{a}}" * 1_000},
        {"a": "{{e}}" * 100_000, "e": ""},
        {"a": "{{x{{n}}}}", "n": "1", "x1": "{{y{{n}}}}" * 1_000, "y1": "{{z{{n}}}}" * 1_000, "z1": "long" * 1_000},
    ],
    ids=["circular", "circular in two", "empty", "names made of variables"],
)
def test_what_grows_is_refused_however_it_hides(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="pass 1,000,000 characters"):
        Variables(values).fill("{{a}}")


def test_all_texts_of_a_collection_have_one_bound_together(write_collection: Callable[..., Path]) -> None:
    item = {"name": "i", "request": "/{{long}}", "response": [{"name": "x"}]}
    file = write_collection(*[item] * 5, variable=[{"key": "long", "value": "x" * 1_000}])

    collection = read_collection(file, Bounds(filled_file=3_500))

    assert len(collection.examples) == 3
    assert {fault.problem for fault in collection.faults} == {
        "the variables of this collection, written out, pass 3,500 characters; this example is left out"
    }


def test_a_value_that_only_reads_long_is_written_out() -> None:
    assert (
        Variables({"long": "x" * 400_000}, Allowance()).fill("{{long}}/{{long}}") == "x" * 400_000 + "/" + "x" * 400_000
    )
