"""`zia redeem` as somebody types it who has been sent an approval."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from zianalytics import ZoomInfo
from zianalytics.cli import app

IN_ALL = "Charged for this quote in all, however often it is redeemed"


@pytest.fixture(scope="module")
def zi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZoomInfo]:
    home = tmp_path_factory.mktemp("home")
    with ZoomInfo.mock(home=home, companies=100, progress=False, credit_price="0.35") as zi:
        yield zi


def settings(zi: ZoomInfo) -> dict[str, str]:
    assert zi.sandbox is not None
    said = zi.sandbox.settings()
    environ = {f"ZOOMINFO_{name.upper()}": str(said[name]) for name in ("base_url", "username", "client_id")}
    environ["ZOOMINFO_HOME"] = str(zi.home.parent)
    return environ | {"ZOOMINFO_PRIVATE_KEY": said["private_key"].get_secret_value()}


def zia(zi: ZoomInfo, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["redeem", *arguments], env=settings(zi), catch_exceptions=True)
    return done.exit_code, done.stdout or str(done.exception)


def apart(zi: ZoomInfo, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
    return subprocess.run(
        [sys.executable, "-m", "zianalytics", "redeem", *arguments],
        env={**others, **settings(zi)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def spent(zi: ZoomInfo) -> int:
    return int(zi.ledger.frame()["credits"].sum())


def approval(zi: ZoomInfo, path: Path, rows: slice) -> Path:
    ids = zi.search.companies(employee_range_min=0, limit=40)["company_id"].to_list()[rows]
    return zi.enrich.companies.quote(ids, fields=["name", "city"]).save(path)


def test_another_process_pays_an_approval_says_the_price_first_and_pays_once(zi: ZoomInfo, tmp_path: Path) -> None:
    path = approval(zi, tmp_path / "approval.json", slice(0, 3))
    before = spent(zi)
    out = tmp_path / "companies.parquet"
    done = apart(zi, str(path), "--out", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    first, second, third = done.stdout.splitlines()
    assert first.startswith("enrich.companies: at most 3 credits, 3 records, 1 request, 1.05, approved on 2026-10-01.")
    assert (second, third) == (f"3 rows in {out}.", f"{IN_ALL}: 3 credits, 3 records.")
    assert spent(zi) - before == 3
    frame = pl.read_parquet(out)
    assert frame["match_status"].to_list() == ["matched"] * 3
    assert zia(zi, str(path))[1].splitlines()[1:] == ["3 rows.", f"{IN_ALL}: 3 credits, 3 records."]


def test_two_at_once_charge_once_and_neither_says_more_nor_counts_what_others_paid(
    zi: ZoomInfo, tmp_path: Path
) -> None:
    path, before = approval(zi, tmp_path / "approval.json", slice(12, 16)), spent(zi)
    ids = zi.search.companies(employee_range_min=0, limit=40)["company_id"].to_list()
    with ThreadPoolExecutor() as several:
        both = [several.submit(apart, zi, str(path)) for _ in range(2)]
        zi.enrich.companies(ids[16:18], max_credits=2)
        said = [one.result().stdout.splitlines()[-1] for one in both]
    assert said == [f"{IN_ALL}: 4 credits, 4 records."] * 2
    assert spent(zi) - before == 6


def test_it_writes_csv_and_json_by_their_endings_and_a_file_for_each_part_of_a_sum(
    zi: ZoomInfo, tmp_path: Path
) -> None:
    path = approval(zi, tmp_path / "approval.json", slice(5, 7))
    assert zia(zi, str(path), "--out", str(tmp_path / "a.json"))[0] == 0
    assert [row["match_status"] for row in json.loads((tmp_path / "a.json").read_bytes())] == ["matched"] * 2
    assert zia(zi, str(path), "--out", str(tmp_path / "a.csv"))[0] == 0
    assert pl.read_csv(tmp_path / "a.csv").height == 2
    ids = zi.search.companies(employee_range_min=0, limit=40)["company_id"].to_list()
    both = zi.enrich.companies.quote(ids[5:8]) + zi.search.news.quote(categories=["FUNDING"], limit=2)
    code, said = zia(zi, str(both.save(path)), "--out", str(tmp_path / "b.parquet"))
    assert code == 0, said
    assert [pl.read_parquet(tmp_path / f"b-{n}.parquet").height for n in (1, 2)] == [3, 2]


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("rows.xlsx", "the ending must be .csv, .parquet or"),
        ("none/rows.csv", "There is no folder"),
    ],
    ids=["ending", "folder"],
)
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_paid(
    zi: ZoomInfo, tmp_path: Path, out: str, says: str
) -> None:
    path, before = approval(zi, tmp_path / "approval.json", slice(9, 11)), spent(zi)
    code, said = zia(zi, str(path), "--out", str(tmp_path / out))
    assert (code, spent(zi)) == (1, before)
    assert says in said


def test_an_edited_approval_is_refused_and_nothing_is_sent(zi: ZoomInfo, tmp_path: Path) -> None:
    path, before = approval(zi, tmp_path / "approval.json", slice(9, 11)), spent(zi)
    path.write_text(path.read_text().replace('"records": 2', '"records": 1'))
    code, said = zia(zi, str(path))
    assert (code, spent(zi)) == (1, before)
    assert "was edited after it was written. Nothing was sent." in said
