"""The examples in the docstrings of what users hold run, and give what they say."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from pathlib import Path

import pytest

import mockserver


@pytest.mark.parametrize("name", ["serve", "transport"])
def test_its_example(
    name: str, write_collection: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"name": "sent", "code": 200, "body": '{"id": 7, "status": "sent"}'}
    request = {"method": "GET", "url": "{{host}}/orders/:id"}
    write_collection({"name": "an order", "request": request, "response": [answer]}, name="orders.postman_collection")
    monkeypatch.chdir(tmp_path)
    found = doctest.DocTestFinder(recurse=False).find(getattr(mockserver, name), name, module=False)
    told: list[str] = []
    assert [len(test.examples) > 2 for test in found] == [True]
    doctest.DocTestRunner(verbose=False).run(found[0], out=told.append)
    assert "".join(told) == ""
