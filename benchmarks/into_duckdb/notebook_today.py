"""The job as notebooks do it today: requests in 8 threads, `pandas.json_normalize`, INSERT OR REPLACE into DuckDB.

Runs in an environment of its own, which has what `notebook_today.txt` lists and nothing of ours but `job.py`. Run by
`benchmarks/client.py`.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import requests
from job import THREADS, enrichments, searches  # type: ignore[import-not-found]  # beside this file


class Client:
    """A session for each thread, signed in once."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._url, self._of_thread = told["base_url"], threading.local()
        who = {"username": told["username"], "password": told["password"]}
        self._token = requests.post(f"{self._url}/authenticate", json=who, timeout=60).json()["jwt"]

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What is answered."""
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = requests.Session()
            self._of_thread.session.headers["Authorization"] = f"Bearer {self._token}"
        answer = self._of_thread.session.post(f"{self._url}{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()


def job(client: Client, told: dict[str, Any], con: duckdb.DuckDBPyConnection) -> float:
    """Do it; returns the seconds of CPU that reading and writing the rows took."""
    spent = 0.0
    for queries in told["parts"]:
        with ThreadPoolExecutor(THREADS) as pool:
            pages = list(pool.map(lambda body: client.post("/search/company", body), searches(queries)))
            found = [row for page in pages for row in page["data"]]
            ids = [row["id"] for row in found][: told["companies"]]
            asked = enrichments(ids, told["output_fields"])
            replies = list(pool.map(lambda body: client.post("/enrich/company", body), asked))
        began = time.process_time()
        records = [result["data"][0] for reply in replies for result in reply["data"]["result"]]
        for name, rows in (("company_previews", found), ("companies", records)):
            frame = pd.json_normalize(rows)
            con.register("frame", frame)
            con.execute(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT * FROM frame LIMIT 0")  # noqa: S608
            con.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {name}_by_id ON {name} (id)")
            con.execute(f"INSERT OR REPLACE INTO {name} SELECT * FROM frame")  # noqa: S608
            con.unregister("frame")
        spent += time.process_time() - began
    return spent


def main() -> None:
    """Read what to do, do it, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("told", type=json.loads)
    parser.add_argument("--again", action="store_true")
    said = parser.parse_args()
    told = said.told
    began = time.process_time()
    with duckdb.connect(str(Path(told["folder"]) / "notebook.duckdb")) as con:
        con.execute("SET enable_progress_bar = false")
        client = Client(told)
        load_s = job(client, told, con)
        spent = {"job_s": time.process_time() - began, "load_s": load_s}
        if said.again:
            began = time.process_time()
            spent["load_again_s"] = job(client, told, con)
            spent["job_again_s"] = time.process_time() - began
        for name, each in (("companies", told["companies"]), ("company_previews", 10_000)):
            [(there,)] = con.execute(f"SELECT count(*) FROM {name}").fetchall()  # noqa: S608
            assert there == each * len(told["parts"])  # noqa: S101  # else it says nothing
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
