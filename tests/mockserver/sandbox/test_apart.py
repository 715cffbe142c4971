"""Sandboxes of one process share what never changes, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.sandbox import Options, Sandbox

MakeSandbox = Callable[..., Sandbox]


@pytest.fixture
def made(request: pytest.FixtureRequest) -> MakeSandbox:
    def made(**options: Any) -> Sandbox:
        sandbox = Sandbox(Options(**{"companies": 60, **options}))
        request.addfinalizer(sandbox.close)
        return sandbox

    return made


def test_the_world_is_one_and_what_is_spent_is_not(made: MakeSandbox) -> None:
    one, other = made(), made()
    assert one.world is other.world
    one.colleague(5)
    one.set_faults({"rules": [{"path": "/enrich/company", "fault": "503", "share": 1}]})
    one.advance(400)
    assert other.ledger() == []
    assert other.usage()["usage"][0]["currentUsage"] == 0
    assert other.now().year == 2026
    assert made().ledger() == []


@pytest.mark.parametrize(
    "different",
    [{"seed": 8}, {"companies": 61}, {"now": datetime(2027, 1, 1, tzinfo=UTC)}],
    ids=["seed", "companies", "now"],
)
def test_another_world_is_another(different: dict[str, Any], made: MakeSandbox) -> None:
    one, other = made(), made(**different)
    assert one.world is not other.world
    assert one.deals_csv() != other.deals_csv()


def test_each_account_is_its_own(made: MakeSandbox) -> None:
    one, other = made().credentials(), made().credentials()
    assert [name for name in one if one[name] == other[name]] == ["private_key_pem"]


def test_a_world_that_threads_read_first_together_is_read_right(made: MakeSandbox) -> None:
    alone = made(seed=71, companies=40)
    expected = (alone.deals_csv(), sorted(alone.world.contacts)[:50], alone.colleague(7))
    told: list[Any] = []
    together = [made(seed=72, companies=40) for _ in range(6)]
    start = threading.Barrier(len(together))

    def read(sandbox: Sandbox) -> None:
        start.wait()
        told.append((sandbox.deals_csv(), sorted(sandbox.world.contacts)[:50], sandbox.colleague(7)))

    threads = [threading.Thread(target=read, args=(sandbox,)) for sandbox in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [told[0]] * 6
    assert told[0] != expected
