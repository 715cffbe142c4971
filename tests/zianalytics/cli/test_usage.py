"""`zia usage` as a schedule runs it: what it prints, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from mockserver import serve
from mockserver.sandbox import Options, Sandbox
from zianalytics.cli.usage import laid_out, percentage
from zianalytics.errors import RequestRefused
from zianalytics.schema.usage import PROJECTION


@dataclass
class Desk:
    """Runs `zia usage` against a sandbox of its own."""

    sandbox: Sandbox
    base_url: str
    home: Path

    def run(self, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
        said = self.sandbox.credentials()
        account = {
            "ZOOMINFO_BASE_URL": self.base_url,
            "ZOOMINFO_USERNAME": said["username"],
            "ZOOMINFO_PASSWORD": said["password"],
            "ZOOMINFO_HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
        }
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ZOOMINFO_")}
        return subprocess.run(
            [sys.executable, "-m", "zianalytics", "usage", *options],
            cwd=self.home,
            env={**environ, **account, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    sandbox = Sandbox(Options(companies=100))
    with serve(sandbox) as where:
        yield Desk(sandbox, where.base_url, tmp_path)
    sandbox.close()


def test_the_table_shows_the_five_limits_and_no_secret(desk: Desk) -> None:
    desk.sandbox.colleague(50)
    done = desk.run()
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split(maxsplit=5) for line in done.stdout.splitlines()]
    assert [line[:5] for line in lines[1:]] == [
        ["uniqueIdLimit", "50", "5,000", "4,950", "1.0"],
        ["recordLimit", "50", "125,000", "124,950", "0.0"],
        ["requestLimit", "0", "500,000", "500,000", "0.0"],
        ["websightsRecordLimit", "0", "1,000", "1,000", "0.0"],
        ["websightsRequestLimit", "0", "10,000", "10,000", "0.0"],
    ]
    assert "counts of less than a day say nothing of a pace" in done.stdout
    for secret in desk.sandbox.credentials().values():
        assert secret not in done.stdout


def test_a_limit_that_has_come_to_the_threshold_ends_with_3(desk: Desk) -> None:
    desk.sandbox.service.meters.limits["uniqueIdLimit"] = 100
    desk.sandbox.colleague(79)
    assert desk.run("--warn-at", "80%").returncode == 0
    desk.sandbox.colleague(1)
    done = desk.run("--warn-at", "80%")
    assert (done.returncode, done.stderr) == (3, "zia usage: 80 % or more is used of uniqueIdLimit.\n")
    assert "uniqueIdLimit" in done.stdout
    assert desk.run().returncode == 0, "nothing was asked for"


def test_json_and_csv_say_the_same_to_programs(desk: Desk) -> None:
    desk.sandbox.colleague(10)
    desk.run()
    desk.sandbox.advance(10)
    desk.sandbox.colleague(20)
    [first, *others] = json.loads(desk.run("--format", "json").stdout)
    assert len(others) == 4
    assert (first["limit_type"], first["current_usage"], first["limit"]) == ("uniqueIdLimit", 30, 5_000)
    assert first["used_percent"] == 0.6
    assert abs(first["per_day"] - 2.0) < 0.01
    assert first["runs_out_on"].startswith("2033-")  # 4,970 more at 2 a day are 2,485 days
    assert first["basis"] == "counts from 2026-10-01 to 2026-10-11"
    [row, *_] = csv.DictReader(io.StringIO(desk.run("--format", "csv").stdout))
    assert (row["limit_type"], row["current_usage"], row["runs_out_on"]) == (
        "uniqueIdLimit",
        "30",
        first["runs_out_on"],
    )


def test_a_limit_that_is_not_set_is_shown_so_and_is_never_near(desk: Desk) -> None:
    desk.sandbox.service.meters.limits["requestLimit"] = 2_147_483_647
    done = desk.run("--warn-at", "1%")
    assert done.returncode == 0
    [line] = [line for line in done.stdout.splitlines() if line.startswith("requestLimit")]
    assert line.split()[:7] == ["requestLimit", "0", "no", "limit", "-", "-", "-"]


@pytest.mark.parametrize("said", ["eighty", "0%", "0.8", "101%", "-5", "80%%", ""])
def test_a_bad_percentage_is_refused(said: str) -> None:
    with pytest.raises(
        RequestRefused, match=r"is not a percentage from 1% to 100%\. Nothing was sent\. Write --warn-at 80%"
    ):
        percentage(said)


@pytest.mark.parametrize(("said", "percent"), [("80%", 80), ("80", 80), (" 99.5 % ", 99.5), ("100%", 100), ("1", 1)])
def test_a_percentage_is_read_with_and_without_its_sign(said: str, percent: float) -> None:
    assert percentage(said) == percent


def test_a_bad_percentage_is_told_before_anything_is_asked(desk: Desk) -> None:
    done = desk.run("--warn-at", "0.8", ZOOMINFO_PASSWORD="wrong")
    assert done.returncode == 1
    assert done.stderr == (
        "zia: --warn-at 0.8 is not a percentage from 1% to 100%. Nothing was sent. Write --warn-at 80%.\n"
    )


def test_a_service_that_refuses_ends_with_1_and_shows_no_secret(desk: Desk) -> None:
    done = desk.run(ZOOMINFO_PASSWORD="a wrong secret")
    assert done.returncode == 1
    assert done.stderr.startswith("zia: ")
    assert "a wrong secret" not in done.stdout + done.stderr


def test_what_is_just_below_a_threshold_is_not_rounded_up_to_it() -> None:
    counted = pl.DataFrame(
        {
            "limit_type": ["recordLimit", "uniqueIdLimit"],
            "current_usage": [799_999, 0],
            "limit": [1_000_000, 0],
            "usage_remaining": [200_001, 0],
        }
    )
    limits = laid_out(counted, pl.DataFrame(schema=PROJECTION))
    assert limits["used_percent"].to_list() == [79.9999, None]
    assert limits["limit_type"].to_list() == ["recordLimit", "uniqueIdLimit"]
