"""How long an intake form waits for a record that is held: a company by its id, a contact by an e-mail address.

Fills a journal with 50,000 companies and as many contacts, stops the service, so that nothing can be sent, and asks for
single ones at random. Prints how long the first call of each kind took, the median and the 99th percentile.
docs/architecture.md quotes the output. Run: python benchmarks/intake.py [RECORDS]
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from zianalytics import ZoomInfo
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.metered.exchange import Kept
from zianalytics.client.metered.settled import settlement
from zianalytics.frames.decode import served
from zianalytics.journal import Intent, Journal, Reply
from zianalytics.schema.meters import Meters

RECORDS = 100_000
ASKED = 1_000
BATCH = 25
FIRST_ID = 5_000_000
WIRE = {"enrich.companies": "matchCompanyInput", "enrich.contacts": "matchPersonInput"}


def alike(template: dict[str, Any], number: int) -> dict[str, Any]:
    """A result of the sandbox, made into that of another record."""
    record = template["data"][0] | {"id": FIRST_ID + number}
    if "email" in record:
        record["email"] = f"person{number}@c{number}.example"
    return template | {"input": {}, "data": [record]}


def fill(journal: Journal, operation: Operation[...], sample: Reply, numbers: range) -> None:
    """Keep and settle a request as if these records had been asked for by their ids."""
    assert sample.intent is not None  # noqa: S101  # it was paid for
    told = json.loads(sample.body)
    templates = told["data"]["result"]
    told["data"]["result"] = [alike(templates[number % len(templates)], number) for number in numbers]
    body = json.dumps(told).encode()
    ids = tuple(FIRST_ID + number for number in numbers)
    worst = Meters(credits=len(ids), records=len(ids), requests=1)
    call = journal.ledger.begin(operation.name, worst, at=sample.received)
    intent = Intent(
        id=str(uuid4()),
        call=call.id,
        operation=operation.name,
        request=json.dumps({WIRE[operation.name]: [{}] * len(ids)}).encode(),
        worst=worst,
        at=sample.received,
        asked=tuple(json.dumps({operation.record.key[0]: one}) for one in ids),
        ids=ids,
        fields=sample.intent.fields,
    )
    journal.reserve(intent)
    number = journal.keep(
        intent, operation.name, intent.request, status=200, headers={}, received=sample.received, body=body
    )
    kept = Kept(number, sample.received, None, body, tuple(served(operation, body)), None)
    journal.settle(settlement(operation, intent, kept))
    journal.ledger.end(call, finished=True)


def timed(what: str, ask: Callable[[], dict[str, Any]]) -> None:
    """Ask many times, and print how long it took."""
    spent = []
    for _ in range(ASKED + 1):
        began = time.perf_counter()
        found = ask()
        spent.append((time.perf_counter() - began) * 1000)
        assert found["match_status"] == "matched"  # noqa: S101  # else it would say nothing
    first, *others = spent
    others.sort()
    print(
        f"{what:<42} first {first:6.0f} ms, p50 {others[ASKED // 2]:5.1f} ms, p99 {others[ASKED * 99 // 100]:5.1f} ms"
    )


def main() -> None:
    """Fill, stop the service, and ask."""
    each = (int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS) // 2
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with ZoomInfo.mock(companies=200, home=home, progress=False) as zi:
            country = "United States"
            zi.enrich.companies(zi.search.companies(country=country, limit=BATCH)["company_id"], max_credits=BATCH)
            zi.enrich.contacts(zi.search.contacts(country=country, limit=BATCH)["contact_id"], max_credits=BATCH)
            account = zi.home
        with Journal.open(account) as journal:
            for name in WIRE:
                [sample, *_] = journal.replies_to([name])
                for start in range(0, each, BATCH):
                    fill(journal, OPERATIONS[name], sample, range(start, start + BATCH))
        with ZoomInfo.mock(home=home, progress=False) as zi:
            assert zi.sandbox is not None  # noqa: S101  # it is a mock
            zi.sandbox.stop()
            print(f"{2 * each:,} records held, the service is stopped")

            def company() -> dict[str, Any]:
                return zi.enrich.companies.one(company_id=FIRST_ID + chance.randrange(each))

            def contact() -> dict[str, Any]:
                number = chance.randrange(each)
                return zi.enrich.contacts.one(email=f"person{number}@c{number}.example")

            def little() -> dict[str, Any]:
                return zi.enrich.companies.one(company_id=FIRST_ID + chance.randrange(each), fields="minimal")

            timed("a company by its id", company)
            timed('a company by its id, fields="minimal"', little)
            timed("a contact by e-mail, paid for by id", contact)


if __name__ == "__main__":
    main()
