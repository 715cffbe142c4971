from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.inert import as_cell, as_html, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Aster Ltd", "Aster Ltd"),
        ("Übergrün & Söhne 株式会社", "Übergrün & Söhne 株式会社"),
        ("Aster\u202eexe", "Aster\\u202eexe"),
        ("a\x00b\nc", "a\\u0000b\\u000ac"),
        ("tag\U000e0041", "tag\\U000e0041"),
    ],
)
def test_unseen_characters_are_spelt_out_and_others_left(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "\uff1d1"])
def test_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert as_cell(text).startswith("'")


def test_an_ordinary_name_is_left_alone_in_a_cell() -> None:
    assert as_cell("Aster = Birch") == "Aster = Birch"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        assert [name for name, _ in attrs] == ["title"]


@given(st.text())
def test_no_text_opens_a_tag_or_leaves_its_attribute(text: str) -> None:
    tags = Tags()
    tags.feed(f'<p title="{as_html(text)}">{as_html(text)}</p>')
    assert tags.found == ["p"]


@given(st.text())
def test_no_text_is_a_formula_or_hides_a_character_in_a_cell(text: str) -> None:
    assert not as_cell(text).lstrip().startswith(("=", "+", "-", "@"))
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in as_cell(text))
