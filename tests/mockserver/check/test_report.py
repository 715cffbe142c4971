"""What else the report holds: counts, variables, what is ignored; and that it holds no secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mockserver import Replay
from mockserver.check import check

WriteCollection = Callable[..., Path]


def item(name: str, url: str, *codes: int, **request: Any) -> dict[str, Any]:
    saved = [{"name": str(code), "code": code, "body": "{}"} for code in codes]
    return {"name": name, "request": {"url": url, **request}, "response": saved}


def test_requests_and_examples_are_counted_by_collection_and_folder(write_collection: WriteCollection) -> None:
    inner = {"name": "Lines", "item": [item("same", "/a", 200, 404), item("same", "/b", 200, method="PUT")]}
    file = write_collection(item("top", "/c", 200), {"name": "Orders", "item": [inner]})
    [overview] = check(Replay.read([file])).overviews
    assert overview.told() == {
        "file": str(file),
        "name": "orders",
        "requests": 3,
        "examples": 4,
        "methods": {"GET": 3, "PUT": 1},
        "statuses": {"200": 3, "404": 1},
        "folders": [
            {"folder": [], "requests": 1, "examples": 1, "methods": {"GET": 1}, "statuses": {"200": 1}},
            {
                "folder": ["Orders", "Lines"],
                "requests": 2,
                "examples": 3,
                "methods": {"GET": 2, "PUT": 1},
                "statuses": {"200": 2, "404": 1},
            },
        ],
    }


def test_variables_that_nobody_defines_are_named_with_where_they_stand(write_collection: WriteCollection) -> None:
    request = {
        "method": "POST",
        "header": [{"key": "X-Key", "value": "{{key}}"}],
        "body": {"mode": "raw", "raw": '{"a": ["{{who}}"], "b": {{who}}}'},
    }
    saved = {"name": "x", "body": "{{who}} {{id}} {{$guid}} {{known}} {{gone}} {{$body}} {{$headers 'x'}}"}
    one = {"name": "i", "request": {"url": "/a/{{id}}/:own?q={{who}}", **request}, "response": [saved]}
    file = write_collection(one, variable=[{"key": "known", "value": "1"}])
    report = check(Replay.read([file]))
    assert [each.told() for each in report.left_open] == [
        {"name": "gone", "parts": ["answer"], "examples": 1},
        {"name": "id", "parts": ["path"], "examples": 1},
        {"name": "key", "parts": ["header"], "examples": 1},
        {"name": "who", "parts": ["answer", "body", "query"], "examples": 1},
    ]
    assert report.is_clean


def test_an_unknown_dynamic_variable_is_a_fault(write_collection: WriteCollection) -> None:
    one = {"name": "i", "request": "/a", "response": [{"name": "x", "body": "{{$randomUnicorn}}"}]}
    report = check(Replay.read([write_collection(one)]))
    assert ["$randomUnicorn" in fault.problem for fault in report.faults] == [True]
    assert not report.is_clean


def test_scripts_and_certificates_are_listed_and_harmless(write_collection: WriteCollection) -> None:
    script = {"listen": "test", "script": {"exec": ["one", "", "two"]}}
    one = {**item("i", "/a", 200), "event": [script], "certificate": {"name": "c"}}
    report = check(Replay.read([write_collection(one)]))
    assert [(each.kind, each.lines) for each in report.ignored] == [("test", 2), ("certificate", 0)]
    assert report.is_clean


def test_no_value_of_a_header_a_body_an_authorization_or_an_environment_is_told(
    write_collection: WriteCollection, tmp_path: Path
) -> None:
    environment = tmp_path / "staging.json"
    values = [{"key": "tenant", "value": "hidden-1"}, {"key": "key", "value": "hidden-2", "type": "secret"}]
    environment.write_text(json.dumps({"values": values}))
    request = {
        "method": "POST",
        "header": [{"key": "X-Key", "value": "hidden-3"}],
        "body": {"mode": "raw", "raw": '{"password": "hidden-4"}'},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "hidden-5"}]},
    }
    items = [item("i", "/{{tenant}}/a?key={{key}}&k={{tenant}}", 200, 404, **request) for _ in range(2)]
    report = check(Replay.read([write_collection(*items), environment]), with_contract=True)
    assert report.unreachable
    assert report.ambiguous
    assert "hidden" not in json.dumps(report.told(everything=True))
