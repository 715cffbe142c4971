"""Files of inputs for jobs."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from zianalytics.api.jobs import opened
from zianalytics.errors import RequestRefused


def test_a_file_is_read_by_the_end_of_its_name(tmp_path: Path) -> None:
    frame = pl.DataFrame({"company_id": [7], "zip_code": ["00501"]})
    frame.write_parquet(tmp_path / "mine.PARQUET")
    (tmp_path / "mine.csv").write_text("company_id,zip_code\n7,00501\n")
    assert opened(tmp_path / "mine.PARQUET").equals(frame)
    assert opened(tmp_path / "mine.csv").rows() == [("7", "00501")]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("gone.csv", None, r"gone\.csv cannot be read as \.csv \(No such file or directory"),
        ("gone.parquet", None, r"gone\.parquet cannot be read as \.parquet \("),
        ("empty.csv", b"", r"cannot be read as \.csv \(empty CSV\)"),
        ("latin.csv", b"company_name\nM\xfcller\n", r"Give a file that is there; a CSV in UTF-8, with commas"),
        ("no.parquet", b"company_name\n", r"cannot be read as \.parquet \("),
        ("mine.xlsx", b"PK", r"is neither \.csv nor \.parquet\. Nothing was sent\. Read it into a frame"),
    ],
    ids=["gone csv", "gone parquet", "empty", "not UTF-8", "no parquet", "a workbook"],
)
def test_a_file_that_cannot_be_read_is_said_in_words(name: str, body: bytes | None, says: str, tmp_path: Path) -> None:
    if body is not None:
        (tmp_path / name).write_bytes(body)
    with pytest.raises(RequestRefused, match=says):
        opened(tmp_path / name)
