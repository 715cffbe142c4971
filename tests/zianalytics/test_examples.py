"""Every example in a docstring runs, and gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Any

import polars as pl
import pytest

import zianalytics
from zianalytics import ZoomInfo, features
from zianalytics.api.table import OPERATIONS

MODULES = sorted(
    found.name for found in pkgutil.walk_packages(zianalytics.__path__, "zianalytics.") if "__main__" not in found.name
)


@pytest.fixture(scope="module")
def names() -> Iterator[dict[str, Any]]:
    with ZoomInfo.mock(progress=False) as zi:
        yield {"zi": zi, "pl": pl, "date": date, "features": features}


def failures(test: doctest.DocTest) -> str:
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    return "".join(told)


def test_the_examples_of_modules(names: dict[str, Any]) -> None:
    wrong, examples = [], 0
    for name in MODULES:
        module = importlib.import_module(name)
        for test in doctest.DocTestFinder(exclude_empty=True).find(module, extraglobs=dict(names)):
            examples += len(test.examples)
            wrong.append(failures(test))
    assert examples > 15
    assert not "".join(wrong), "".join(wrong)


@pytest.mark.parametrize("name", ["enrich.companies.one", "enrich.contacts.one"])
def test_the_example_for_one_record(name: str, names: dict[str, Any]) -> None:
    test = doctest.DocTestParser().get_doctest(attrgetter(name)(names["zi"]).__doc__, dict(names), name, None, None)
    assert test.examples
    assert not failures(test), failures(test)


@pytest.mark.parametrize("operation", [row for row in OPERATIONS.values() if row.example], ids=lambda row: row.name)
def test_the_example_of_an_operation(operation: Any, names: dict[str, Any]) -> None:
    method = attrgetter(operation.name)(names["zi"])
    test = doctest.DocTestParser().get_doctest(method.__doc__, dict(names), operation.name, None, None)
    assert test.examples
    assert not failures(test), failures(test)
