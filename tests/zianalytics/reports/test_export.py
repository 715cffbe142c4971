from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from zianalytics.reports import write_csv


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
    text = write_csv(frame, tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == [
        "name,score,reasons,place,day,'=col",
        '\'=1+1,-0.5,\'+1 topic; b,"{""city"":""=x""}",2026-10-01,a',
        '\'@SUM(A1),0.25,"","{""city"":null}",,b',
        '"Aster, Inc.",1.0,,,,c',
        ',,c,"{""city"":""Ulm""}",,d',
    ]


def test_a_spreadsheet_is_told_that_the_file_is_unicode(tmp_path: Path) -> None:
    path = write_csv(pl.DataFrame({"name": ["Söhne"]}), tmp_path / "a.csv")
    assert path.read_bytes() == b"\xef\xbb\xbfname\nS\xc3\xb6hne\n"
