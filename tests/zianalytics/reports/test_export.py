from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.reports import write_table


def test_nothing_in_the_file_is_a_formula(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "name": ["=1+1", "@SUM(A1)", "Aster, Inc.", None],
            "score": [-0.5, 0.25, 1.0, None],
            "reasons": [["+1 topic", "b"], [], None, ["c"]],
            "place": [{"city": "=x"}, {"city": None}, None, {"city": "Ulm"}],
            "day": [date(2026, 10, 1), None, None, None],
            "=col": ["a", "b", "c", "d"],
        }
    )
    text = write_table(frame, tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == [
        "name,score,reasons,place,day,'=col",
        '\'=1+1,-0.5,\'+1 topic; b,"{""city"":""=x""}",2026-10-01,a',
        '\'@SUM(A1),0.25,"","{""city"":null}",,b',
        '"Aster, Inc.",1.0,,,,c',
        ',,c,"{""city"":""Ulm""}",,d',
    ]


def test_a_spreadsheet_is_told_that_the_file_is_unicode(tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"name": ["Söhne"]}), tmp_path / "a.csv")
    assert path.read_bytes() == b"\xef\xbb\xbfname\nS\xc3\xb6hne\n"


FORMULA = "=1+1"


@pytest.mark.parametrize(
    ("dtype", "value", "cell"),
    [
        (pl.Categorical(), FORMULA, "'=1+1"),
        (pl.Enum([FORMULA]), FORMULA, "'=1+1"),
        (pl.List(pl.Categorical()), [FORMULA, "b"], "'=1+1; b"),
        (pl.Array(pl.String(), 2), [FORMULA, "b"], "'=1+1; b"),
        (pl.Array(pl.Int64(), 2), [1, 2], "1; 2"),
        (pl.List(pl.List(pl.String())), [[FORMULA]], '"[[""=1+1""]]"'),
        (pl.List(pl.Struct({"city": pl.String()})), [{"city": "=x"}], '"[{""city"":""=x""}]"'),
        (pl.Struct({"for": pl.Duration()}), {"for": timedelta(days=1)}, '"{""for"":""PT86400S""}"'),
    ],
)
def test_every_type_that_holds_texts_is_written_without_formulas(
    tmp_path: Path, dtype: pl.DataType, value: Any, cell: str
) -> None:
    frame = pl.DataFrame({"a": pl.Series([value, None], dtype=dtype), "n": [1, 2]})
    text = write_table(frame, tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["a,n", f"{cell},1", ",2"]


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        (pl.Binary(), b"=1+1"),
        (pl.List(pl.Binary()), [b"=1+1"]),
        (pl.Struct({"b": pl.Array(pl.Binary(), 1)}), {"b": [b"x"]}),
        (pl.Object(), object()),
        (pl.Duration(), timedelta(days=1)),
    ],
)
def test_a_column_that_no_csv_can_hold_is_named_and_nothing_written(
    tmp_path: Path, dtype: pl.DataType, value: Any
) -> None:
    with pytest.raises(RequestRefused, match=r"cannot hold the values of odd \(.*Nothing was written"):
        write_table(pl.DataFrame({"a": [1], "odd": pl.Series([value], dtype=dtype)}), tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


def test_two_columns_that_would_have_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match="Two columns would be called '=a"):
        write_table(pl.DataFrame({"=a": [1], "'=a": [2]}), tmp_path / "a.csv")


@pytest.mark.parametrize("end", ["parquet", "json"], ids=str)
def test_a_table_keeps_nested_columns_where_its_end_says_so(tmp_path: Path, end: str) -> None:
    frame = pl.DataFrame({"id": [1], "tags": [["a", "b"]], "of": [{"n": [1]}]})
    written = write_table(frame, tmp_path / f"rows.{end.upper()}")
    read = pl.read_parquet(written) if end == "parquet" else pl.read_json(written)
    assert read.equals(frame)
    assert write_table(frame, tmp_path / "rows.csv").read_text("utf-8-sig") == 'id,tags,of\n1,a; b,"{""n"":[1]}"\n'


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.csv.gz"], ids=["xlsx", "none", "packed"])
def test_a_name_that_says_no_format_is_refused_and_nothing_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(RequestRefused, match=rf"^{name}: the ending must be .*\. Nothing was written\. A spread"):
        write_table(pl.DataFrame({"a": [1]}), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_is_no_frame_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match=r"of a frame, not of list\. Nothing was written\."):
        write_table([1], tmp_path / "a.csv")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(RequestRefused, match=r"of a frame, not of LazyFrame\. .* Collect it: frame\.collect\(\)\."):
        write_table(pl.LazyFrame({"a": [1]}), tmp_path / "a.csv")  # type: ignore[arg-type]  # that is the point


def test_a_file_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["Aster"]})
    with pytest.raises(RequestRefused, match=r"There is no folder .*gone\. Nothing was written\. Make it"):
        write_table(frame, tmp_path / "gone" / "out.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(RequestRefused, match=r"cannot be written \(.+\)\. Nothing was spent"):
        write_table(frame, tmp_path / "folder.csv")
