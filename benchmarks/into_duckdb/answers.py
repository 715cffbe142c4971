"""Makes the answers that `serve.py` gives: to ten queries of ten pages of 100 companies, and 200 of 25 enriched ones.

The records are 500 of a sandbox with all their columns, under ids of their own. Run by `benchmarks/client.py`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from job import COUNTRIES, FIRST_ID, INPUTS, PAGES, ROWS  # type: ignore[import-not-found]  # beside this file

from zianalytics import ZoomInfo
from zianalytics.journal import Journal

TEMPLATES = 500
REPLIES = 200


def main() -> None:
    """Ask a sandbox for records, and write the answers and what asks for them into a folder."""
    folder = Path(sys.argv[1])
    with ZoomInfo.mock(home=folder / "home", progress=False) as zi:
        found = zi.search.companies(country=COUNTRIES[0], limit=TEMPLATES)
        zi.enrich.companies(found["company_id"], fields="all", max_credits=TEMPLATES)
        account = zi.home
    with Journal.open(account) as journal:
        asked = journal.replies_to(["enrich.companies"])
        results = [result for reply in asked for result in json.loads(reply.body)["data"]["result"]]
        output_fields = json.loads(asked[0].request)["outputFields"]
    records = [result["data"][0] for result in results]
    for page in range(len(COUNTRIES) * PAGES):
        rows = [
            {"id": FIRST_ID + number, "name": records[number % len(records)]["name"]}
            for number in range(page * ROWS, (page + 1) * ROWS)
        ]
        matching = PAGES * ROWS
        said: dict[str, Any] = {"maxResults": matching, "totalResults": matching, "currentPage": page % PAGES + 1}
        (folder / f"page-{page}.json").write_text(json.dumps({**said, "data": rows}), encoding="utf-8")
    for reply in range(REPLIES):
        numbers = range(reply * INPUTS, (reply + 1) * INPUTS)
        rows = [
            result | {"input": {"companyid": FIRST_ID + number}, "data": [record | {"id": FIRST_ID + number}]}
            for number in numbers
            for result, record in [(results[number % len(results)], records[number % len(records)])]
        ]
        said = {"success": True, "data": {"outputFields": [output_fields], "result": rows}}
        (folder / f"batch-{numbers[0]}.json").write_text(json.dumps(said), encoding="utf-8")
    granted = {"data": [{"fieldName": name, "accessGranted": True} for name in output_fields]}
    (folder / "granted.json").write_text(json.dumps(granted), encoding="utf-8")
    (folder / "fields.json").write_text(json.dumps(output_fields), encoding="utf-8")


if __name__ == "__main__":
    main()
