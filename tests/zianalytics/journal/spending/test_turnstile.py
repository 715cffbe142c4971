"""Who asks again is alone meanwhile; a process that dies holds up nobody."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from zianalytics.journal import Intent, Journal, Turnstile
from zianalytics.journal.spending import turnstile as room
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
HOLDS = """
import sys
from pathlib import Path
from zianalytics.journal import Journal, Turnstile

folder = Path(sys.argv[1])
with Journal.open(folder) as journal, Turnstile(folder, journal.ledger).shut() as is_quiet:
    print(is_quiet, flush=True)
    sys.stdin.read()
"""


def under_way(journal: Journal, *, records: int = 2, repeats: str | None = None, is_alone: bool = False) -> str:
    """A request that waits for its answer."""
    worst = Meters(credits=records, records=records, requests=1)
    call = journal.ledger.begin("enrich.companies", worst, at=NOW)
    intent = Intent(id=call.id, call=call.id, operation="enrich.companies", request=b"{}", worst=worst, at=NOW)
    journal.reserve(replace(intent, repeats=repeats, is_alone=is_alone))
    return intent.id


def test_while_it_is_shut_nobody_passes(tmp_path: Path) -> None:
    passed = Event()

    def passes(turnstile: Turnstile) -> None:
        with turnstile.passed():
            passed.set()

    with Journal.open(tmp_path) as one, Journal.open(tmp_path) as other, ThreadPoolExecutor(2) as pool:
        mine, others = Turnstile(tmp_path, one.ledger), Turnstile(tmp_path, other.ledger)
        with mine.shut() as is_quiet:
            assert is_quiet
            waiting = [pool.submit(passes, turnstile) for turnstile in (mine, others)]
            assert not passed.wait(0.2)
        for one_waiting in waiting:
            one_waiting.result(timeout=10)
    assert passed.is_set()


def test_who_shuts_it_waits_for_what_is_under_way(tmp_path: Path) -> None:
    shut = Event()

    def shuts(turnstile: Turnstile) -> bool:
        with turnstile.shut() as is_quiet:
            shut.set()
            return is_quiet

    with Journal.open(tmp_path) as one, Journal.open(tmp_path) as other, ThreadPoolExecutor(1) as pool:
        intent = under_way(other)
        under_way(other, records=0)  # a search: it costs no record, whoever counts
        quiet = pool.submit(shuts, Turnstile(tmp_path, one.ledger))
        assert not shut.wait(0.2)
        other.doubt(intent)
        assert quiet.result(timeout=10)


def test_who_cannot_wait_any_longer_goes_on_and_knows_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PATIENCE_S", 0.1)
    with Journal.open(tmp_path) as one, Journal.open(tmp_path) as other:
        under_way(other)
        with Turnstile(tmp_path, one.ledger).shut() as is_quiet:
            assert not is_quiet
            with Turnstile(tmp_path, other.ledger).passed(), Turnstile(tmp_path, other.ledger).shut() as is_held:
                assert not is_held


def test_a_process_that_is_killed_lets_it_go(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n"
        child.kill()
        child.wait()
    with Journal.open(tmp_path) as journal, Turnstile(tmp_path, journal.ledger).shut() as is_quiet:
        assert is_quiet


def test_after_a_repeat_whose_process_is_gone_a_look_is_wanted_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        turnstile = Turnstile(tmp_path, journal.ledger)
        with Journal.open(tmp_path) as other:
            under_way(other, repeats="first", is_alone=True)
            assert not turnstile.wants_a_look()
        assert turnstile.wants_a_look()
        journal.doubt(under_way(journal, is_alone=True))
        assert not turnstile.wants_a_look()
