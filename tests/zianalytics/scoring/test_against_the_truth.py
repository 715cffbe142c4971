"""Whether the model finds what the deals depend on, on three worlds; ten are in benchmarks/model_vs_truth.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from statistics import median
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).resolve().parents[3] / "benchmarks" / "model_vs_truth.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("model_vs_truth", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for the module they are written in
    spec.loader.exec_module(module)
    return module


def test_the_model_beats_size_and_stays_below_the_truth(benchmark: ModuleType) -> None:
    results = [benchmark.judged(seed) for seed in (2, 5, 7)]
    assert median(r.model - r.size for r in results) >= 0.05
    assert median(r.model - r.truth for r in results) <= 0.02
    # Forty-eight deals are few: in world 7 the lead over size may be luck.
    assert [r.card.finding for r in results] == ["signal", "signal", "not shown to beat size"]
