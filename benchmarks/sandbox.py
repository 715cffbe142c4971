"""What a request to the sandbox costs, beside a bare Starlette app with a constant of the same size; and its start.

Each part runs its servers as processes of their own and gives each its turn in every round. All enrichments are of
companies that were never enriched before, so that each costs a credit. docs/benchmarks.md quotes the output.
Run: python benchmarks/sandbox.py [--rounds 10] [--companies 3000 50000]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import httpx

from benchmarks.beside.exchanges import Exchange
from benchmarks.beside.rounds import Measured, Row, measure
from benchmarks.beside.servers import Start, bare, said_of, sandbox
from benchmarks.beside.spent import machine
from mockserver import Request
from mockserver.contract import contract
from mockserver.sandbox import Options, Sandbox

STARTS = 5
FEW = ["id", "name", "website", "revenue", "employeeCount", "city", "state", "country", "primaryIndustry", "metroArea"]
WITHHELD = {"departmentBudgets", "engagements"}
ALL = [name for name in contract()["enrich.company"].fields if name not in WITHHELD]
INDUSTRIES = ("software", "finance", "bizservice", "manufacturing", "retail", "healthcare", "energy", "media")
COUNTRIES = ("United States", "Canada", "United Kingdom", "Germany", "France", "Netherlands", "Australia")
JSON = {"content-type": "application/json"}


def asked(companies: int, ids: list[int]) -> dict[str, tuple[str, Iterator[Mapping[str, Any]], int]]:
    """By row: the path, the bodies in their order, and how many requests make a turn.

    A turn begins with caches that the other servers have filled, which costs about a millisecond: so it is not much
    shorter than theirs, and has at least a request for each connection.
    """
    fresh = iter(ids)
    pages = range(1, 21)
    companies_of = [{"country": "United States", "rpp": 25, "page": page} for page in pages]
    people_of = [{"managementLevel": "Director", "rpp": 25, "page": page} for page in pages]
    mixed = product(COUNTRIES, INDUSTRIES, range(0, 4000, 10))
    searches = (
        {"country": country, "industryCodes": industry, "employeeRangeMin": str(least), "rpp": 25}
        for country, industry, least in sorted(mixed, key=lambda one: one[2])
    )
    levels = ("C Level Exec", "VP Level Exec", "Director", "Manager", "Non Manager")
    people = (
        {"managementLevel": level, "country": country, "employeeRangeMin": str(least), "rpp": 25}
        for least, level, country in product(range(0, 4000, 10), levels, COUNTRIES)
    )

    def enriched(count: int, fields: list[str]) -> Iterator[Mapping[str, Any]]:
        while inputs := [{"companyId": one} for one in islice(fresh, count)]:
            yield {"matchCompanyInput": inputs, "outputFields": fields}

    rows: dict[str, tuple[str, Iterator[Mapping[str, Any]], int]] = {
        "search, by pages": ("/search/company", cycle(companies_of), 200),
        "search, never the same": ("/search/company", searches, 200),
        "people, by pages": ("/search/contact", cycle(people_of), 200),
        "people, never the same": ("/search/contact", people, 100),
        "enrich one": ("/enrich/company", enriched(1, FEW), 200),
        "enrich one, all fields": ("/enrich/company", enriched(1, ALL), 200),
        "enrich 25": ("/enrich/company", enriched(25, FEW), 80),
        "enrich 25, all fields": ("/enrich/company", enriched(25, ALL), 32),
    }
    # Only a large population has enough companies to enrich.
    return {name: row for name, row in rows.items() if companies > 10_000 or not name.startswith("enrich")}


def signed_in(base_url: str, ready: Path) -> str:
    """A token of the sandbox that wrote this file."""
    told = json.loads(ready.read_text(encoding="utf-8"))
    body = {"username": told["username"], "password": told["password"]}
    return str(httpx.post(f"{base_url}/authenticate", json=body).raise_for_status().json()["jwt"])


class Twin:
    """A sandbox of the same world without a socket, which says beforehand what the other one has to answer."""

    def __init__(self, companies: int) -> None:
        self._sandbox = Sandbox(Options(companies=companies, seed=7, no_limits=True))
        self.ids = list(self._sandbox.world.companies)
        told = self._sandbox.credentials()
        body = json.dumps({"username": told["username"], "password": told["password"]})
        answer = self._sandbox.answer(Request("POST", "/authenticate", (), JSON, body.encode()))
        self._headers = JSON | {"authorization": f"Bearer {json.loads(answer.body)['jwt']}"}

    def exchange(self, path: str, said: Mapping[str, Any], token: str) -> Exchange:
        """A request with the answer that is due."""
        body = json.dumps(said)
        answer = self._sandbox.answer(Request("POST", path, (), self._headers, body.encode()))
        if answer.status != 200:
            raise RuntimeError(f"{path} is answered with {answer.status}")
        return Exchange("POST", path, answer.body.decode(), body, token=token)


def requests(folder: Path, companies: int, rounds: int) -> None:
    """Each row beside a Starlette app of its own."""
    twin = Twin(companies)
    with ExitStack() as stack:
        ours = stack.enter_context(sandbox(companies, folder / "ready.json"))
        token = signed_in(f"http://127.0.0.1:{ours.port}", folder / "ready.json")
        print(f"{companies:,} companies; {rounds} rounds; {machine()}")
        for name, (path, bodies, count) in asked(companies, twin.ids).items():
            wanted = min(count * (rounds + 3), 20 * count) if isinstance(bodies, cycle) else count * (rounds + 3)
            exchanges = [twin.exchange(path, body, token) for body in islice(bodies, wanted)]
            if len(exchanges) < wanted:
                raise RuntimeError(f"{companies:,} companies are too few for {rounds} rounds of {name}")
            with bare(exchanges[0]) as theirs:
                rows = [Row("sandbox", ours, exchanges, count), Row("starlette", theirs, exchanges[:1], 200)]
                mine, other = measure(rows, rounds=rounds, beside="starlette")
            size = len(exchanges[0].answer)
            print(f"  {name:<22} {size:>6,} bytes   {said(mine)}   {mine.beside:.2f} x of {said(other)}")
        print(f"  {ours.peak_mb():.0f} MB at most")


def said(one: Measured) -> str:
    """The figures of one server."""
    wrong = "" if one.right == 1 else f"   {one.right:.0%} as expected"
    return f"{one.cpu_us:>6,.0f} us CPU {one.per_second:>7,.0f}/s p99 {one.p99_ms:>5.1f} ms{wrong}"


def starts(folder: Path, companies: int) -> None:
    """From the start of the process to the first answer; the first start of a population builds it."""
    taken: list[Start] = []
    for _ in range(STARTS + 1):
        with sandbox(companies, folder / "ready.json") as one:
            taken.append(one.start())
    for name, some in (("first", taken[:1]), ("later", taken[1:])):
        print(f"  {companies:>7,} companies, {name}   {said_of(some)}")


def main() -> None:
    """Measure it all, or the parts named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", help="requests, starts; both when none is named")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--companies", type=int, nargs="+", default=[3_000, 50_000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")  # so that the first start is a first one
        if not given.parts or "starts" in given.parts:
            print(f"start; {machine()}")
            for companies in given.companies:
                starts(folder, companies)
        if not given.parts or "requests" in given.parts:
            for companies in given.companies:
                requests(folder, companies, given.rounds)


if __name__ == "__main__":
    main()
