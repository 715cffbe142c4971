"""The job by zianalytics: search, enrich, `zi.warehouse`; with journal, ledger and limiter.

The ten queries are asked in threads that share the client, as the others ask all pages of them. The pace of the account
is set out of the way, since 25 requests a second would be all that is measured. With --again the same is done a second
time; with --split it is said where the CPU went. Run by `benchmarks/client.py`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import Any

import polars as pl
from job import THREADS  # type: ignore[import-not-found]  # beside this file
from split import Split  # type: ignore[import-not-found]  # beside this file

from zianalytics.transport import session
from zianalytics.transport.windows import Window
from zianalytics.zoominfo import ZoomInfo

vars(session)["STANDARD"] = (Window(100_000, 1.0), Window(6_000_000, 60.0))


def job(zi: ZoomInfo, parts: Sequence[Sequence[dict[str, str]]], *, companies: int) -> float:
    """Do it; returns the seconds of CPU that the last step took, from the journal into the tables."""
    spent = 0.0
    for queries in parts:
        with ThreadPoolExecutor(THREADS) as pool:
            found = pl.concat(pool.map(partial(_search, zi), queries))
        ids = found["company_id"].head(companies)
        zi.enrich.companies(ids, fields="all", max_age=0, max_credits=companies)
        began = time.process_time()
        zi.warehouse.path  # noqa: B018  # it is brought up to date as it is taken
        spent += time.process_time() - began
    return spent


def _search(zi: ZoomInfo, query: dict[str, str]) -> pl.DataFrame:
    criteria: dict[str, Any] = {{"zipCode": "zip_code"}.get(name, name): value for name, value in query.items()}
    return zi.search.companies(**criteria, limit=1_000)


def main() -> None:
    """Read what to do, do it, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("told", type=json.loads)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--split", action="store_true")
    said = parser.parse_args()
    told = said.told
    meter = Split() if said.split else None
    with ZoomInfo(
        base_url=told["base_url"],
        username=told["username"],
        password=told["password"],
        home=told["folder"],
        progress=False,
    ) as zi:
        began = time.process_time()
        with meter or nullcontext():
            load_s = job(zi, told["parts"], companies=told["companies"])
        spent: dict[str, Any] = {"job_s": time.process_time() - began, "load_s": load_s}
        if meter:
            spent["split"] = meter.parts()
        if said.again:
            began = time.process_time()
            spent["load_again_s"] = job(zi, told["parts"], companies=told["companies"])
            spent["job_again_s"] = time.process_time() - began
        rows = zi.warehouse.rows()
    assert rows["companies"] == told["companies"] * len(told["parts"])  # noqa: S101  # else it says nothing
    assert rows["company_previews"] == 10_000 * len(told["parts"])  # noqa: S101
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
