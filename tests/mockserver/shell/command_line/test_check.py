"""`check` as it is typed: what it says, in which form, and its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.shell import run

WriteCollection = Callable[..., Path]
Capture = pytest.CaptureFixture[str]


def item(name: str, url: str, *saved: tuple[str, int]) -> dict[str, Any]:
    return {"name": name, "request": url, "response": [{"name": each, "code": code} for each, code in saved]}


def test_what_is_served_and_what_is_ambiguous_is_told_in_words(
    write_collection: WriteCollection, capsys: Capture
) -> None:
    script = [{"listen": "test", "script": {"exec": ["one", "two"]}}]
    folder = {"name": "Orders", "item": [item("Get", "/o/{{id}}?page=1", ("OK", 200), ("Gone", 404))], "event": script}
    file = write_collection(folder)
    assert run(["check", str(file)]) == 0
    out = capsys.readouterr().out
    told = " ".join(out.replace(str(file), "FILE").split())
    assert told == (
        "orders (FILE): 2 examples of 1 request GET 2; 200 1, 404 1 "
        "Orders: 2 examples of 1 request; GET; 200 404 "
        "Ambiguous: one request, several examples: "
        "GET /o/{id}?page: Orders / Get / OK (200) comes without a selector "
        "Orders / Get / Gone (404) by x-mock-response-code: 404 "
        "Variables without a value: any text fits there, answers are sent with them: {{id}} in path (2) "
        "Never carried out: test: 1 (2 lines) "
        "Clean: 1 example by a selector alone."
    )


def test_requests_without_an_example_are_listed(write_collection: WriteCollection, capsys: Capture) -> None:
    drafts = [item("Delete", "/o/:id?reason=x"), {"name": "New Request", "request": {"method": "POST"}}]
    file = write_collection(item("Get", "/o", ("OK", 200)), {"name": "Orders", "item": drafts})
    assert run(["check", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("No saved example:")
    assert lines[at + 1 :] == [
        "  Orders / Delete: GET /o/{id}?reason",
        "  Orders / New Request: POST",
        "Clean: 2 requests without a saved example.",
    ]


@pytest.mark.parametrize(
    ("items", "flags", "code"),
    [
        ([item("a", "/a", ("x", 200))], [], 0),
        ([item("a", "/a", ("x", 200), ("y", 404))], [], 0),
        ([item("a", "/a", ("x", 200), ("y", 404))], ["--strict"], 1),
        ([item("a", "/a", ("x", 200)), item("b", "/b")], [], 0),
        ([item("a", "/a", ("x", 200)), item("b", "/b")], ["--strict"], 1),
        ([item("b", "/b")], [], 1),
        ([], [], 1),
        ([item("a", "/a", ("x", 200), ("x", 200))], [], 1),
        ([item("a", "/a", ("x", 200)), "odd"], [], 1),
        ([item("a", "/__mock__/a", ("x", 200)), item("a", "/a", ("x", 200))], [], 1),
        ([item("a", "/search/company?odd=1", ("x", 500))], [], 0),
        ([item("a", "/lookup/country?odd=1", ("x", 500))], ["--contract"], 1),
        ([item("a", "/orders", ("x", 200))], ["--contract"], 0),
    ],
    ids=[
        "clean",
        "ambiguous",
        "strict",
        "unsaved",
        "unsaved, strict",
        "none saved",
        "empty",
        "lost",
        "fault",
        "reserved",
        "not asked",
        "differs",
        "another API",
    ],
)
def test_the_exit_code_is_for_programs(
    write_collection: WriteCollection, capsys: Capture, items: list[Any], flags: list[str], code: int
) -> None:
    assert run(["check", str(write_collection(*items)), *flags]) == code
    assert capsys.readouterr().err == ""


def test_json_has_the_keys_that_are_documented(write_collection: WriteCollection, capsys: Capture) -> None:
    file = write_collection(item("a", "/a/{{id}}", ("x", 200), ("x", 200), ("y", 404)), "odd", item("b", "/b?q=1"))
    assert run(["check", str(file), "--format", "json", "--all", "--contract"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        "clean", "collections", "ambiguous", "unreachable", "unanswered", "faults", "left_open", "ignored",
        "contract", "examples",
    ]  # fmt: skip
    first = {"file": str(file), "place": "a / x", "request": "GET /a/{id}", "status": 200}
    other = {**first, "place": "a / y", "status": 404}
    assert told["clean"] is False
    assert told["ambiguous"] == [{**first, "others": [{**other, "selectors": {"x-mock-response-code": "404"}}]}]
    (lost,) = told["unreachable"]
    assert (lost["place"], lost["answered_by"]) == ("a / x", first)
    assert told["faults"] == [
        {"file": str(file), "place": "item[1]", "field": "item", "problem": "not an object but str; left out"}
    ]
    assert told["unanswered"] == [{"file": str(file), "place": "b", "request": "GET /b?q"}]
    assert told["contract"] == {"held": 0, "outside": 3, "differences": []}
    assert [each["way"] for each in told["examples"]] == ["request", "none", "selector"]


def test_five_hundred_examples_are_told_on_a_page_and_all_of_them_when_asked(
    write_collection: WriteCollection, capsys: Capture
) -> None:
    folders = [{"name": f"F{n}", "item": [item(f"r{n}", f"/a/{n}", ("x", 200), ("y", 404))]} for n in range(250)]
    file = str(write_collection(*folders))
    assert run(["check", file]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 60
    assert "  ... and 230 more: --all" in lines
    assert run(["check", file, "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  GET /a/249 404 F249 / r249 / y: by x-mock-response-code: 404" in lines
    assert "  GET /a/0 200 F0 / r0 / x: first 2xx of 2" in lines


def test_lines_have_a_hundred_columns_and_what_acts_on_a_terminal_is_spelt_out(
    write_collection: WriteCollection, capsys: Capture
) -> None:
    file = write_collection(item("\x1b[2J\u202e " + "long " * 40, "/\x1b[2J", ("x\n", 200), ("x\n", 200)))
    assert run(["check", str(file), "--all"]) == 1
    out = capsys.readouterr().out
    assert not {"\x1b", "\u202e"} & set(out)
    assert "\\u001b[2J\\u202e" in out
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot be read"), ("{", "is not JSON"), ("{}", "not a Postman collection")],
    ids=["absent", "cut", "another"],
)
def test_what_cannot_be_looked_at_is_code_2(tmp_path: Path, capsys: Capture, content: str | None, problem: str) -> None:
    file = tmp_path / "f.json"
    if content is not None:
        file.write_text(content)
    assert run(["check", str(file)], called="zia mock") == 2
    err = capsys.readouterr().err
    assert err.startswith(f"zia mock check: {file}")
    assert problem in err


def test_a_command_without_files_is_code_2(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["check"])
    assert ended.value.code == 2
    assert "FILE" in capsys.readouterr().err


def test_without_the_extra_the_contract_is_refused_and_the_rest_is_there(write_collection: WriteCollection) -> None:
    file = str(write_collection(item("a", "/lookup/country", ("x", 200))))
    script = "import sys; sys.modules['jsonschema'] = None; import mockserver; sys.exit(mockserver.run(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "check", file]
    done = subprocess.run([*command, "--contract"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "mockserver check: --contract needs jsonschema. Nothing was checked. Install it: pip install "
        "'zianalytics[check]', or leave --contract out.\n"
    )
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_it_is_there_as_zia_mock_check(write_collection: WriteCollection) -> None:
    command = [sys.executable, "-m", "zianalytics", "mock", "check", str(write_collection(item("a", "/a", ("x", 200))))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Clean.\n")
