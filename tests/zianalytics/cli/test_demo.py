"""`zia demo`, twice in the same folder: the story, its cost, and what it leaves."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from zianalytics import ZoomInfo

ROOT = Path(__file__).resolve().parents[3]
COST = re.compile(r"cost: ([\d,]+) credits?, ([\d,]+) records?, ([\d,]+) requests?")


@dataclass(frozen=True)
class Run:
    told: str
    scores: pl.DataFrame

    @property
    def costs(self) -> list[tuple[int, ...]]:
        """Credits, records and requests of each step."""
        return [tuple(int(n.replace(",", "")) for n in found) for found in COST.findall(self.told)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def runs(folder: Path) -> tuple[Run, Run]:
    return run(folder), run(folder)


def run(folder: Path) -> Run:
    command = [sys.executable, "-m", "zianalytics", "demo", "--folder", str(folder / "out")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=170)
    assert done.returncode == 0, done.stderr
    return Run(done.stdout, pl.read_parquet(folder / "out" / "account_scores.parquet"))


def test_it_tells_six_steps_each_with_its_cost(runs: tuple[Run, Run]) -> None:
    steps = re.findall(r"^(\d)\. (.*\?)$", runs[0].told, flags=re.MULTILINE)
    assert [number for number, _ in steps] == ["1", "2", "3", "4", "5", "6"]
    assert len(runs[0].costs) == 6


def test_matching_and_segments_cost_requests_alone(runs: tuple[Run, Run]) -> None:
    for credits, records, requests in runs[0].costs[:2]:
        assert (credits, records) == (0, 0)
        assert requests > 50


def test_enriching_is_refused_without_a_budget_and_costs_its_quote_with_one(runs: tuple[Run, Run]) -> None:
    quoted = re.search(r"Quote\(credits=(\d+), records=(\d+), requests=(\d+)\)", runs[0].told)
    assert quoted is not None
    assert runs[0].costs[2] == tuple(int(n) for n in quoted.groups())
    assert "and 0 credits are allowed" in re.sub(r"\s+", " ", runs[0].told)


def test_a_second_run_pays_no_credit_and_gives_the_same_scores(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert sum(credits for credits, _, _ in first.costs) > 300
    assert [credits for credits, _, _ in second.costs] == [0] * 6
    assert "Quote(credits=0, records=0, requests=0, held=" in second.told
    assert second.scores.equals(first.scores)


def test_the_scores_have_tiers_by_capacity_and_three_reasons_each(runs: tuple[Run, Run]) -> None:
    scores = runs[0].scores
    assert scores.columns == ["company_id", "name", "score", "tier", "reasons", "fit", "intent"]
    assert scores["score"].is_sorted(descending=True)
    tiers = dict(scores["tier"].value_counts().iter_rows())
    assert tiers["A"] == round(scores.height * 0.10)
    assert tiers["A"] + tiers["B"] == round(scores.height * 0.35)
    assert set(scores["reasons"].list.len()) == {3}


def test_the_report_loads_nothing_from_outside(runs: tuple[Run, Run], folder: Path) -> None:
    assert len(runs) == 2
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?!data:|#)[^\s"'>]+""", page)
    assert "@import" not in page
    assert not re.findall(r"url\((?!['\"]?(?:data:|#))", page)
    assert page.count("<svg") + page.count("<img") >= 4


def test_the_figures_in_the_readme_are_those_of_the_run(runs: tuple[Run, Run]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = {line.strip() for line in runs[0].told.splitlines()}
    quoted = "".join(re.findall(r"^```text\n(.*?)^```$", readme, flags=re.DOTALL | re.MULTILINE))
    lines = [line.strip() for line in quoted.splitlines() if line.strip()]
    assert len(lines) > 5
    assert [line for line in lines if line not in told] == []


def test_nothing_is_left_running(runs: tuple[Run, Run], folder: Path) -> None:
    assert len(runs) == 2
    # Its state file is locked while a sandbox runs: another one can only open it when the first has ended.
    with ZoomInfo.mock(home=folder / "other", state=folder / "out" / "sandbox.state", progress=False) as zi:
        assert zi.usage()["current_usage"].sum() > 0
