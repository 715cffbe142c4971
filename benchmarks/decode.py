"""What exactness costs: our decoder beside polars' own JSON reader on 5,000 enriched companies.

Prints seconds of CPU for both (best of three), and what each makes of six odd values.
docs/decisions/0001-exact-or-null.md quotes the output. Run: python benchmarks/decode.py
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any

import polars as pl

from zianalytics.api.enterprise import entries, layout
from zianalytics.api.layout import Reading
from zianalytics.api.table import OPERATIONS
from zianalytics.frames.decode import decode

COMPANIES = OPERATIONS["enrich.companies"]
ODD = ('"\\ud800"', "1.50", "true", '["x"]', "12345678901234567890123", '{"a": 1}')


def record(number: int, chance: random.Random) -> dict[str, Any]:
    """A company of about 6 kB, as enrichment gives it."""
    technology = {
        "tag": "131.202.1",
        "categoryParent": "Sales",
        "category": "Customer Relationship Management",
        "vendor": "Quorvane",
        "product": "Quorvane CRM",
        "attribute": "Quorvane CRM",
        "website": "quorvane.example",
        "description": "x" * 60,
        "createdTime": "2024-02-01T10:00:00Z",
        "modifiedTime": "2026-02-01T10:00:00Z",
    }
    return {
        "id": number,
        "name": f"Company {number}",
        "website": f"www.c{number}.example",
        "revenue": chance.randrange(10**6),
        "employeeCount": chance.randrange(10**5),
        "primaryIndustry": ["Software"],
        "city": "Ulm",
        "country": "Germany",
        "type": "private",
        "foundedYear": "1990",
        "street": 'Main "St"',
        "zipCode": "01234",
        "certified": True,
        "lastUpdatedDate": "3/4/2026 1:05 PM",
        "createdDate": "2020-01-01",
        "techAttributes": [technology] * 15,
        "companyFunding": [{"date": "2025-01-01", "type": "Seed", "amount": 100, "investors": ["Oak"]}] * 3,
        "employeeGrowth": {
            "oneYearGrowthRate": "3.4",
            "twoYearGrowthRate": "5",
            "employeeGrowthDataPoints": [{"label": f"Q{quarter}", "employeeCount": quarter} for quarter in range(9)],
        },
    }


def bodies() -> list[bytes]:
    """200 replies of 25 companies each."""
    chance = random.Random(7)
    batches = [[record(batch * 25 + row, chance) for row in range(25)] for batch in range(200)]
    return [
        json.dumps({"success": True, "data": {"result": [{"input": {}, "data": [one]} for one in batch]}}).encode()
        for batch in batches
    ]


def texts(readings: tuple[Reading, ...]) -> pl.Struct:
    """The shape of a record with every scalar as text."""

    def shape(one: Reading) -> pl.DataType:
        if isinstance(one.dtype, pl.List):
            return pl.List(texts(one.inside) if one.inside else pl.String())
        return texts(one.inside) if one.inside else pl.String()

    return pl.Struct([pl.Field(one.at[0], shape(one)) for one in readings if one.form == "value"])


def polars_reads(replies: list[bytes]) -> pl.Series:
    """The same records by polars' reader, all scalars as text and not cast yet."""
    raws = [bytes(entry.record or b"").decode() for body in replies for entry in entries(COMPANIES, body)]
    return pl.Series(raws).str.json_decode(texts(layout(COMPANIES.record)))


def cpu_s(work: Callable[[], object]) -> float:
    """Seconds of CPU, the best of three."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def main() -> None:
    """Time both and show the odd values."""
    replies = bodies()
    print(f"{sum(map(len, replies)) / 2**20:.0f} MiB, 5,000 companies")
    print(f"decode:             {cpu_s(lambda: decode(COMPANIES, replies)):.2f} s CPU, exact, losses named")
    print(f"polars json_decode: {cpu_s(lambda: polars_reads(replies)):.2f} s CPU, all scalars as text, nothing cast")
    for odd in ODD:
        ours = decode(COMPANIES, [b'{"data":{"result":[{"data":[{"id":1,"name":%b}]}]}}' % odd.encode()])
        said = repr(ours.frame["name"].item()) if ours.lost.is_empty() else "null, reported"
        try:
            theirs = repr(pl.Series([f'{{"name":{odd}}}']).str.json_decode(pl.Struct({"name": pl.String}))[0]["name"])
        except pl.exceptions.ComputeError:
            theirs = "refuses the whole column"
        print(f"  {odd:<24} as text: decode {said}; polars {theirs}")


if __name__ == "__main__":
    main()
