"""What code takes for granted about the service is a row of docs/assumptions.md, and each row rules somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/assumptions.md"
CITED = re.compile(re.escape(PAGE) + r', ("[^"]+"(?:(?:,| and) "[^"]+")*)')
NEXT_LINE = re.compile(r"\s*\n\s*(?:#|--)?\s*")  # a citation may go on in the next line of a comment


def rows() -> list[str]:
    """The names of the rows, in the order of the page."""
    lines = (ROOT / PAGE).read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("| ").split(" | ")[0] for line in lines if re.match(r"\| (?!fact \|)", line)]


def code() -> Iterator[tuple[str, str]]:
    """Name and text of each file of the two packages, every text in one line."""
    for package in ("zianalytics", "mockserver"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in {".py", ".sql"}:
                yield path.relative_to(ROOT).as_posix(), NEXT_LINE.sub(" ", path.read_text(encoding="utf-8"))


def citations() -> list[tuple[str, str]]:
    """(file, row) for each row that is cited."""
    return [
        (name, row) for name, text in code() for said in CITED.findall(text) for row in re.findall(r'"([^"]+)"', said)
    ]


def test_a_row_has_a_name_of_its_own() -> None:
    names = rows()
    assert len(names) > 150
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_citation_names_a_row() -> None:
    nameless = [name for name, text in code() if text.count(PAGE) != len(CITED.findall(text))]
    assert nameless == []
    known = set(rows())
    assert [f"{name}: {row}" for name, row in citations() if row not in known] == []


def test_every_row_is_cited_where_it_rules() -> None:
    cited = {row for _, row in citations()}
    assert [row for row in rows() if row not in cited] == []
