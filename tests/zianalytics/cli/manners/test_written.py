"""What a command writes is there whole or not at all, and what was there before stays until then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from zianalytics.cli.manners.written import refuse_unwritable, write_whole
from zianalytics.errors import RequestRefused

ROWS = pl.DataFrame({"name": ["=Aster", "Birch"], "offices": [[1, 2], []]})


def test_the_end_of_the_name_says_the_format(tmp_path: Path) -> None:
    for end in (".parquet", ".CSV", ".json"):
        write_whole(ROWS, tmp_path / f"rows{end}")
    assert pl.read_parquet(tmp_path / "rows.parquet").equals(ROWS)
    assert (tmp_path / "rows.CSV").read_text("utf-8-sig") == 'name,offices\n\'=Aster,1; 2\nBirch,""\n'
    assert json.loads((tmp_path / "rows.json").read_text()) == [
        {"name": "=Aster", "offices": [1, 2]},
        {"name": "Birch", "offices": []},
    ]
    assert len(list(tmp_path.iterdir())) == 3


def test_what_was_there_stays_when_the_new_rows_cannot_be_written(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    out.write_text("as it was")
    with pytest.raises(RequestRefused, match="cannot hold the values of blob"):
        write_whole(pl.DataFrame({"blob": [b"\x00"]}), out)
    assert out.read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_a_folder_that_went_meanwhile_is_told_with_what_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    given = tmp_path / "ids.csv"
    given.touch()
    refuse_unwritable(folder / "rows.json", sample=ROWS, given=given)
    assert list(folder.iterdir()) == []
    shutil.rmtree(folder)
    with pytest.raises(RequestRefused, match=r"cannot be written \(.*\)\. What was paid for is kept\. Run the same"):
        write_whole(ROWS, folder / "rows.json")


def test_columns_that_the_format_cannot_hold_are_refused_before_anything_is_paid(tmp_path: Path) -> None:
    given = tmp_path / "ids.parquet"
    given.touch()
    with pytest.raises(RequestRefused, match="cannot hold the values of blob"):
        refuse_unwritable(tmp_path / "rows.csv", sample=pl.DataFrame({"blob": [b"\x00"]}), given=given)
    assert [path.name for path in tmp_path.iterdir()] == ["ids.parquet"]


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "rows.json").symlink_to(tmp_path / "elsewhere" / "rows.json")
    write_whole(ROWS, tmp_path / "rows.json")
    assert (tmp_path / "rows.json").is_symlink()
    assert (tmp_path / "elsewhere" / "rows.json").stat().st_size > 0
