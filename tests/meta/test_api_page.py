"""The page of every operation is that of today, and what it names is there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from mockserver.contract import contract
from zianalytics import ZoomInfo
from zianalytics.api.table import OPERATIONS, PAGES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/api.md").read_text(encoding="utf-8")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_page", ROOT / "docs/api_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows() -> list[list[str]]:
    """The cells of each operation's row."""
    return [line.strip("| \n").split(" | ") for line in TEXT.splitlines() if " | [client](" in line]


def test_it_is_that_of_today() -> None:
    stale = [
        f"- {old}\n+ {new}"
        for old, new in zip(TEXT.splitlines(), generator().page(TEXT).splitlines(), strict=False)
        if old != new
    ]
    assert generator().page(TEXT) == TEXT, "docs/api.md is stale: run `make docs`\n" + "\n".join(stale[:3])


def test_what_is_written_by_hand_stays_and_what_is_between_the_marks_is_made_anew() -> None:
    begin, end = "<!-- table:begin -->\n", "<!-- table:end -->\n"
    made = generator().page(f"# Title\n{begin}| stale |\n{end}The end.\n")
    assert made.startswith(f"# Title\n{begin}\n## Authentication\n")
    assert made.endswith(f" |\n\n{end}The end.\n")
    assert "| stale |" not in made


def test_every_operation_of_the_contract_and_every_method_has_a_row() -> None:
    assert {row[0] for row in rows()} == {f"`{operation.id}`" for operation in contract().operations}
    methods = [row[1] for row in rows()]
    assert len(set(methods)) == len(methods)
    assert len(methods) == len(OPERATIONS.keys() - PAGES.keys()) + 2
    assert {"by itself", "`zi.bulk.job(id).status()`", "`zi.bulk.job(id).frame()`"} <= set(methods)
    assert {"`zi.search.companies`", "`zi.usage`", '`zi.lookup.input_fields("enrich.master_data")`'} <= set(methods)


def test_its_groups_come_in_the_order_of_the_published_collection() -> None:
    assert re.findall(r"^## (.*)$", TEXT, flags=re.MULTILINE) == [
        "Authentication", "Search", "Enrich", "Lookup", "Usage", "Webhooks", "Master Data", "Bulk", "Intent",
        "WebSights", "Compliance", "Frames",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("search.companies", ["-", "-", "1 per page"]),
        ("search.intent", ["-", "1 per signal", "1 per page"]),
        ("enrich.companies", ["1 per new company", "1 per company", "1 per 25 inputs"]),
        ("enrich.org_charts", ["1 per new company", "1 per input", "1 per input"]),
        ("enrich.locations", ["1 per new company", "1 per row", "1 per input"]),
        ("enrich.ips", ["-", "1 per match (WebSights)", "1 per input (WebSights)"]),
        ("bulk.redeem.contacts", ["1 per new contact", "1 per contact", "1 per job, 1 per page"]),
        ("compliance.check", ["-", "-", "1 per 25 inputs"]),
        ("lookup.industries", ["-", "-", "-"]),
    ],
)
def test_a_cost_is_said_in_a_few_words(name: str, cells: list[str]) -> None:
    assert next(row[2:5] for row in rows() if row[1] == f"`zi.{name}`") == cells


def test_a_preview_and_a_redemption_show_recordings_of_their_own() -> None:
    shown = {row[1]: row[6] for row in rows()}
    assert shown["`zi.bulk.preview.companies`"] == "Bulk / Company Search / A preview"
    assert shown["`zi.bulk.redeem.companies`"] == "Bulk / Company Search / A redemption"


def test_every_method_is_one_of_a_client() -> None:
    missing = []
    with ZoomInfo.mock(companies=20, progress=False) as zi:
        for method in (row[1].strip("`") for row in rows() if row[1].startswith("`zi.")):
            found: object = zi
            for part in method.partition("(")[0].split(".")[1:]:
                found = getattr(found, part, None)
            if not callable(found):
                missing.append(method)
    assert missing == []


def test_its_links_lead_to_files_and_to_headings() -> None:
    headings = {found.lower().replace(" ", "-") for found in re.findall(r"^#+ (.*)$", TEXT, flags=re.MULTILINE)}
    links = set(re.findall(r"\]\(([^)]+)\)", TEXT))
    files = {link for link in links if not link.startswith("#")}
    assert len(links - files) > 20
    assert {link[1:] for link in links - files} - headings == set()
    assert [link for link in sorted(files) if not (ROOT / "docs" / link).is_file()] == []


def test_the_tests_that_a_row_names_speak_of_its_operation() -> None:
    """A look-up is tried among all of them."""
    silent = []
    for row in rows():
        method, path = row[1].strip("`"), row[5].strip("`").partition(" ")[2]
        client, sandbox = (ROOT / "docs" / link for link in re.findall(r"\]\((\.\.[^)]+)\)", row[-1]))
        noun, (_, _, last) = method.rpartition(".")[2].partition("(")[0], path.rpartition("/")
        if "lookup." not in method and f"{noun}(" not in client.read_text("utf-8") and noun != "by itself":
            silent.append(f"{method}: {client.name}")
        if "/lookup/" not in path and last.strip("{}") not in sandbox.read_text("utf-8"):
            silent.append(f"{path}: {sandbox.name}")
    assert silent == [], "\n".join(silent)
