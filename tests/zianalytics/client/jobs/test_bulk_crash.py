"""A job outlives whoever began it: killed in front of any commit, a plain re-run finishes it and pays once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver import Request, serve
from mockserver.sandbox import Options
from mockserver.state import Rates
from zianalytics.errors import JournalDamaged
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Desk, Service

INPUTS = 600
SENT_AND_NOT_KEPT = 11  # most commits are followed by the other file's note of them
ALL_KEPT = 38
DIES_AT = """
import os, signal, sys
import apsw
sys.path.insert(0, {tests!r})
from pathlib import Path
from conftest import Desk

commits = 0

def die(nth):
    def hook():
        global commits
        commits += 1
        if commits == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return False
    return hook

desk = Desk({base_url!r}, {username!r}, {password!r}, Path({home!r}), sleep=lambda s: None)
client = desk.client()  # the files exist before the counting begins
client.close()
apsw.connection_hooks.append(lambda db: db.set_commit_hook(die({nth})))
client = desk.client()
client.bulk.enrich.companies([int(n) for n in sys.argv[1:]], fields=["name"], max_credits=1000)
client.close()
"""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Service, str]]:
    """A service in which two seconds pass whenever a job is asked after."""
    from ..conftest import Service

    seconds = 0.0

    def passing(request: Request) -> None:
        nonlocal seconds
        seconds += 2.0 * request.path.startswith("/bulk/")

    service = Service(Options(companies=700, bundle="scaling"), monotonic=lambda: seconds)
    with serve(service) as where:
        service.passing = passing  # type: ignore[attr-defined]  # for the fixture below
        yield service, where.base_url
    service.sandbox.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("nth_commit", [SENT_AND_NOT_KEPT, 12, 22, 33, ALL_KEPT])
def test_killed_in_front_of_any_commit_a_plain_re_run_finishes(desk: Desk, service: Service, nth_commit: int) -> None:
    ids = service.ids[:INPUTS]
    service.sandbox.service.rates = Rates(per_second=10**6, per_minute=10**6)
    service.trouble = service.passing  # type: ignore[attr-defined]  # see above
    script = DIES_AT.format(
        tests=str(Path(__file__).parents[1]), base_url=desk.base_url, username=desk.username, password=desk.password,
        home=str(desk.home), nth=nth_commit,
    )  # fmt: skip
    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *map(str, ids)], capture_output=True, text=True, timeout=60
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    desk.sleep = lambda seconds: None
    client = desk.client()
    is_lost = nth_commit == SENT_AND_NOT_KEPT
    assert service.asked["/bulk/enrich/company"] == 1
    assert client.bulk.jobs().height == (0 if is_lost or nth_commit == ALL_KEPT else 1)
    found = client.bulk.enrich.companies(ids, fields=["name"], max_credits=INPUTS)
    assert found["company_id"].to_list() == ids
    assert found["match_status"].unique().to_list() == ["matched"]
    assert sum(row["credits"] for row in service.sandbox.ledger()) == INPUTS
    assert client.bulk.enrich.companies.quote(ids, fields=["name"]).held == INPUTS
    assert service.asked["/bulk/enrich/company"] == (2 if is_lost else 1)
    if is_lost:
        assert client.ledger.totals().unknown == Meters(credits=INPUTS, records=INPUTS, requests=1)
    else:
        assert client.ledger.totals().unknown == Meters()
        assert client.charges == service.charges


def test_a_job_is_known_again_from_its_pages_when_the_ledger_is_gone(desk: Desk, service: Service) -> None:
    """Its price is spent and not in doubt, without asking the service, which may have forgotten the job."""
    ids = service.ids[:40]
    service.sandbox.service.rates = Rates(per_second=10**6, per_minute=10**6)
    service.trouble = service.passing  # type: ignore[attr-defined]  # see above
    desk.sleep = lambda seconds: None
    client = desk.client()
    client.bulk.enrich.companies(ids, fields=["name"], max_credits=40)
    asked = service.asked.total()
    client.close()
    (desk.home / "account" / "ledger.db").unlink()
    with pytest.warns(JournalDamaged, match=r"ledger\.db is gone, and a new one was made"):
        client = desk.client()
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()
    assert service.asked.total() == asked
