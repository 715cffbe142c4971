"""What features and a model cost: accounts as of twelve days out of a warehouse file, and a fit of 20,000 deals.

The rows are drawn by lot, with sizes over many orders, gaps and duplicates: a fifth of the companies came a second time
with other values, one signal in twenty a second time. Each size is a process of its own, which tells the most memory
that it held beyond what it held before. docs/benchmarks.md quotes the output.
Run: python benchmarks/scoring.py [--accounts 25000 50000 100000]
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from math import exp
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.beside.spent import machine, peak_mb_of
from zianalytics import features, scoring
from zianalytics.warehouse import Warehouse

SIGNALS = 20  # an account
DAYS = [date(2026, month, 1) for month in range(1, 13)]
FIT_ROWS, FIT_COLUMNS = 20_000, 30
COMPANIES = """
INSERT INTO companies_history BY NAME
SELECT
    n AS company_id,
    'Company ' || n AS name,
    CASE WHEN random() > 0.05 THEN ceil(exp(4 + 2 * sqrt(-2 * ln(random() + 1e-12)) * cos(6.283 * random())))::BIGINT
    END AS employee_count,
    CASE WHEN random() > 0.1 THEN floor(exp(12 + 6 * random()))::BIGINT END AS revenue_usd,
    CASE WHEN random() > 0.15 THEN 1900 + floor(126 * random())::BIGINT END AS founded_year,
    {'one_year_growth_rate': CASE WHEN random() > 0.2 THEN 40 * random() - 10 END, 'two_year_growth_rate': NULL,
     'data_points': []} AS employee_growth,
    ['Industry ' || floor(20 * random())::BIGINT] AS primary_industry,
    ['United States', 'Germany', 'Ireland', 'Japan'][1 + floor(4 * random() * random())::BIGINT] AS country,
    'private' AS company_type,
    random() < 0.03 AS is_defunct,
    1 + floor(9 * random() * random())::BIGINT AS location_count,
    list_transform(range(floor(9 * random())::BIGINT), lambda i: {
        'tag': '1.2.' || i, 'category_parent': '', 'category': 'Kind ' || (i * 7 + n) % 30, 'vendor': '',
        'product': 'P' || i, 'attribute': '', 'website': '', 'last_seen': DATE '2026-12-01',
        'first_seen': CASE WHEN i % 5 > 0 THEN DATE '2024-01-01' + ((i * 131 + n) % 900)::INTEGER END
    }) AS tech_attributes,
    CASE WHEN random() < 0.2 THEN [{
        'date': DATE '2024-01-01' + (n % 1000)::INTEGER, 'type': 'Seed', 'amount_usd': 1000000,
        'investors': []::VARCHAR[]
    }] END AS company_funding,
    TIMESTAMPTZ '2025-06-01 00:00:00+00' + to_hours(version * 7000 + floor(4000 * random())::BIGINT) AS received,
    version * 1000000 + n AS source
FROM range($accounts) AS company(n), range(2) AS versions(version)
WHERE version = 0 OR n % 5 = 0
"""
SIGNALS_DRAWN = """
CREATE TEMP TABLE drawn AS
SELECT
    n::VARCHAR AS signal_id,
    floor($accounts * random() * random())::BIGINT AS company_id,
    'Topic ' || floor(40 * random())::BIGINT AS topic,
    60 + floor(40 * random())::BIGINT AS signal_score,
    CASE WHEN random() > 0.05 THEN chr(65 + floor(5 * random())::INTEGER) END AS audience_strength,
    TIMESTAMPTZ '2025-07-01 00:00:00+00' + to_minutes(floor(540 * 1440 * random())::BIGINT) AS signal_date,
    n AS source
FROM range($signals) AS signal(n)
"""
SIGNALS_KEPT = """
INSERT INTO intent_signals_history BY NAME
SELECT *, signal_date + to_hours(again::BIGINT * 30) AS received
FROM drawn, range(2) AS times(again)
WHERE again = 0 OR source % 20 = 0
"""


def filled(path: Path, accounts: int) -> None:
    """A warehouse file with so many accounts."""
    with Warehouse(path):
        pass  # has its tables now
    with duckdb.connect(path) as con:
        con.execute("SELECT setseed(0.7)")
        con.execute("SET threads = 1")  # so that the lot falls alike
        con.execute(COMPANIES, {"accounts": accounts})
        con.execute("INSERT INTO companies SELECT * FROM companies_history WHERE source < 1000000")
        con.execute(SIGNALS_DRAWN, {"accounts": accounts, "signals": accounts * SIGNALS})
        con.execute(SIGNALS_KEPT.replace("SELECT *,", "SELECT * EXCLUDE (again),"))


def accounts_known(path: Path) -> str:
    """Features of all accounts as of each of the days, and what that took."""
    warehouse = Warehouse(path)
    ids = warehouse.sql("SELECT company_id FROM companies")
    asked = ids.join(pl.DataFrame({"as_of": DAYS}), how="cross")
    before, cpu, began = peak_mb(), time.process_time(), time.perf_counter()
    frame = features.accounts(warehouse, as_of=asked)
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
    signals = warehouse.sql("SELECT count(*) FROM intent_signals_history").item()
    return (
        f"{ids.height:>7,} accounts, {signals:>9,} signals, {frame.height:>9,} rows   {seconds:>5.1f} s, "
        f"{cpu:>5.1f} s of CPU, {cpu / frame.height * 1e6:>4.0f} us a row, {peak_mb():>5.0f} MB "
        f"({peak_mb() - before:.0f} more than before)"
    )


def practice_deals(rows: int) -> pl.DataFrame:
    """Closed deals with numbers, groups, flags and tags, of which half mean something."""
    lot = random.Random(7)
    drawn = []
    for n in range(rows):
        numbers = [exp(lot.gauss(0, 2)) if lot.random() > 0.1 else None for _ in range(FIT_COLUMNS - 10)]
        groups = [f"group {int(12 * lot.random() * lot.random())}" if lot.random() > 0.1 else None for _ in range(5)]
        flags = [lot.random() < 0.3 if lot.random() > 0.05 else None for _ in range(3)]
        tags = [[f"tag {int(30 * lot.random())}" for _ in range(int(6 * lot.random()))] for _ in range(2)]
        logit = sum(min(one or 1.0, 5.0) for one in numbers[:10]) / 10 + (groups[0] == "group 0") - 3
        row: dict[str, object] = dict(
            zip([f"column_{k}" for k in range(FIT_COLUMNS)], [*numbers, *groups, *flags, *tags], strict=True)
        )
        opened = date(2023, 1, 1) + timedelta(days=n * 1_000 // rows)
        row |= {"company_id": n, "opened_on": opened, "won": lot.random() < 1 / (1 + exp(-logit))}
        drawn.append(row)
    return pl.DataFrame(drawn, infer_schema_length=None)


def fitted(rows: int) -> str:
    """A model of so many deals, and what it took."""
    deals = practice_deals(rows)
    scoring.fit(deals.head(500), size=None)  # loads what it needs
    before, cpu, began = peak_mb(), time.process_time(), time.perf_counter()
    model = scoring.fit(deals, size=None)
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
    return (
        f"{rows:>7,} deals, {FIT_COLUMNS} columns, {len(model.terms)} terms   {seconds:>5.1f} s, {cpu:>5.1f} s of CPU, "
        f"{peak_mb():.0f} MB ({peak_mb() - before:.0f} more than before)"
    )


def peak_mb() -> float:
    """The most memory that this process has held."""
    return peak_mb_of(resource.getrusage(resource.RUSAGE_SELF))


def main() -> None:
    """Measure all sizes, each in a process of its own, or be one of these."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, nargs="+", default=[25_000, 50_000, 100_000])
    parser.add_argument("--deals", type=int, nargs="+", default=[5_000, 10_000, FIT_ROWS])
    parser.add_argument("--warehouse", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--fit", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.warehouse:
        print(accounts_known(given.warehouse))
    elif given.fit:
        print(fitted(given.fit))
    else:
        print(f"features as of {len(DAYS)} days; {machine()}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for accounts in given.accounts:
                path = Path(folder) / f"{accounts}.duckdb"
                filled(path, accounts)
                subprocess.run([sys.executable, __file__, "--warehouse", str(path)], check=True)
        print(f"fit; {machine()}", flush=True)
        for deals in given.deals:
            subprocess.run([sys.executable, __file__, "--fit", str(deals)], check=True)


if __name__ == "__main__":
    main()
