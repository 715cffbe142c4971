"""Files of inputs as spreadsheets, CRMs and people write them."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from zianalytics.api.kinds import KINDS, Kind
from zianalytics.cli import app
from zianalytics.cli.manners.given import columns_for, inputs_in
from zianalytics.errors import RequestRefused

COMPANY, CONTACT = KINDS["company"], KINDS["contact"]
CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r\t,;'\""), max_size=12).map(
    lambda text: text.replace("\r", "\n")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def written(folder: Path, content: bytes | str, name: str = "ids.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@given(
    st.lists(st.tuples(st.integers(1, 2**63 - 1), CELLS, CELLS), min_size=1, max_size=8),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["{}", "{}.0", " {} "]),
    st.booleans(),
)
def test_a_table_is_read_whole_however_it_was_written(
    folder: Path,
    rows: list[tuple[int, str, str]],
    divider: str,
    end: str,
    encoding: str,
    quoting: int,
    number: str,
    has_blank_lines: bool,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=divider, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["Company ID", "note", "my=own"])
    for company_id, *others in rows:
        writer.writerow([number.format(company_id), *others])
        if has_blank_lines:
            text.write(f"{divider}{divider}{end}{end}")
    read = inputs_in(written(folder, text.getvalue().encode(encoding)), COMPANY)
    assert isinstance(read, pl.DataFrame)
    assert read.columns == ["company_id", "note", "my=own"]
    assert read.rows() == [(one, *(cell if cell.strip() else None for cell in others)) for one, *others in rows]


@given(
    st.lists(
        st.one_of(
            st.integers(1, 10**30).map(str),
            st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True),
            st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{0,5}", fullmatch=True),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.sampled_from(["{}", '"{}"', " {}\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_one_value_a_line_is_read_in_its_order_with_what_comes_twice(
    folder: Path, values: list[str], end: str, form: str, encoding: str
) -> None:
    text = end.join(form.format(value) for value in values) + end
    assert inputs_in(written(folder, text.encode(encoding), "ids.txt"), COMPANY) == values


@given(st.binary(max_size=60))
def test_any_bytes_are_rows_or_a_refusal(folder: Path, content: bytes) -> None:
    with suppress(RequestRefused):
        assert len(inputs_in(written(folder, content), CONTACT)) > 0


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("company_id\n12.0\n12.0\n\n13\n", [(12,), (12,), (13,)]),
        ("company_id\n12.5\n13.0\n", [("12.5",), ("13",)]),
        ("company_id\n1.2E+07\n", [("1.2E+07",)]),
        ("company_id\n99999999999999999999999999\n7\n", [("99999999999999999999999999",), ("7",)]),
        ("company_id\n9223372036854775807\n", [(9223372036854775807,)]),
        ('company_id,note\n"7","a, ""b"""\n', [(7, 'a, "b"')]),
        ("company_id;note\n7;a,b\n", [(7, "a,b")]),
        ("company_id\tnote\n7\t\n", [(7, None)]),
        ("note,company_id,\nx,7,\n", [("x", 7, None)]),
        ("company_id,note\n7\n", [(7, None)]),
        ("company_id\r7\r8\r", [(7,), (8,)]),
        ("WEBSITE,Company Name\naster.example,Aster\n", [("aster.example", "Aster")]),
    ],
    ids=lambda value: repr(value)[:28] if isinstance(value, str) else "",
)
def test_a_cell_is_what_it_says(tmp_path: Path, content: str, rows: list[tuple[object, ...]]) -> None:
    read = inputs_in(written(tmp_path, content), COMPANY)
    assert isinstance(read, pl.DataFrame)
    assert read.rows() == rows


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ('"', "holds no values"),
        ("\ufeff\r\n \r\n", "is empty"),
        ("company_id,note\r\n", "holds no rows"),
        ("company_id,note,note\n7,a,b\n", "two columns called note"),
        ("company_id,note\n7,a,b\n", "line 2: 3 cells, and 2 in the header"),
        ('company_id,note\n7,"a\n', "cannot be read"),
        ("id,note\n7,a\n", "no column that can be asked with, and its first line is neither an id nor an address"),
        ("Aster Analytics\n", "no column that can be asked with"),
        ("7\naster.example\nAster, Inc.\n", "a line 3 that is neither an id nor an address"),
        ("Company ID,company-id\n7,8\n", "the same but for case and blanks"),
        ("company_id\n7\n".encode("utf-32"), "is neither text|is not UTF-8"),
        ("website\nm\xfcller.example\n".encode("latin-1"), "is not UTF-8 text"),
        (b"PAR1 and then nothing", "not a sound Parquet file"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, content: bytes | str, says: str) -> None:
    with pytest.raises(RequestRefused, match=rf"(?s)ids\.csv.*({says}).*Nothing was sent\. \w"):
        inputs_in(written(tmp_path, content), COMPANY)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for file in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RequestRefused, match=r"cannot be read \(.*\)\. Nothing was sent"):
            inputs_in(file, COMPANY)


def test_parquet_keeps_its_types_whatever_its_file_is_called(tmp_path: Path) -> None:
    frame = pl.DataFrame({"Person_ID": [7.0, 8.0], "kept": [[1], [2, 3]]})
    frame.write_parquet(tmp_path / "ids.csv")
    read = inputs_in(tmp_path / "ids.csv", CONTACT)
    assert isinstance(read, pl.DataFrame)
    assert read.equals(frame.rename({"Person_ID": "person_id"}))


def test_addresses_of_people_may_stand_one_a_line(tmp_path: Path) -> None:
    read = inputs_in(written(tmp_path, "ada@aster.example\n17.0\n"), CONTACT)
    assert read == ["ada@aster.example", "17"]
    with pytest.raises(RequestRefused, match="a line 2 that is neither an id nor an address"):
        inputs_in(written(tmp_path, "17\nAda Aster\n"), CONTACT)


def test_a_help_names_every_column_that_a_file_may_have() -> None:
    assert columns_for(COMPANY) == (
        "company_id, company_website (or website), company_name (or name), ticker, phone, fax or ip_address; beside "
        "them street, city, state, zip_code, country"
    )
    assert columns_for(CONTACT) == (
        "contact_id, email, hashed_email or phone, or a full_name (or first_name and last_name) with company_id or "
        "company_name; beside them job_title, external_url, contact_accuracy_score_min, last_updated_date_after, "
        "valid_date_after; person_id for contact_id"
    )


@pytest.mark.parametrize("kind", [COMPANY, CONTACT], ids=["companies", "contacts"])
def test_the_help_of_enrich_says_what_a_file_may_have(kind: Kind) -> None:
    verb = "companies" if kind is COMPANY else "contacts"
    shown = CliRunner().invoke(app, ["enrich", verb, "--help"], terminal_width=400, env={"COLUMNS": "400"}).stdout
    assert f"CSV or Parquet with {columns_for(kind)}. Or one id or " in shown
