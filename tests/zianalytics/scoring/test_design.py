from __future__ import annotations

import random
from itertools import accumulate

import polars as pl

from zianalytics.scoring.design import added


def test_columns_are_added_from_the_first_to_the_last_to_the_last_bit() -> None:
    chance = random.Random(1)
    columns = [pl.Series([chance.gauss(0, 1) for _ in range(64)]) for _ in range(60)]
    in_order = [list(accumulate(row))[-1] for row in zip(*columns, strict=True)]
    assert added(columns, 64).to_list() == in_order


def test_no_columns_are_a_zero_a_row() -> None:
    assert added([], 3).to_list() == [0.0, 0.0, 0.0]
