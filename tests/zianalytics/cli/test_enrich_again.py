"""`zia enrich` that is killed, interrupted, or not alone: nothing is paid twice, and the same command finishes it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response

if TYPE_CHECKING:
    from .conftest import Desk

COMPANY = "/enrich/company"


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_a_command_that_is_killed_is_finished_by_the_same_command(desk: Desk) -> None:
    ids = desk.file("ids.csv", "company_id", *desk.ids[:200])
    options = ["companies", "--ids", ids, "--max-credits", "200", "--out", "rows.parquet"]
    begun = Event()
    process: list[subprocess.Popen[str]] = []

    def kill_after_the_charge(request: Request) -> Response | None:
        if request.path != COMPANY or desk.service.asked[COMPANY] != 4:
            return None
        answer = desk.service.sandbox.answer(request)
        assert begun.wait(timeout=60)
        process[0].send_signal(signal.SIGKILL)
        return answer

    desk.service.trouble = kill_after_the_charge
    process.append(desk.begin(*options))
    begun.set()
    with process[0] as killed:
        killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert not Path("rows.parquet").exists()
    desk.service.trouble = lambda request: None
    code, _, err = desk.run(*options)
    assert (code, "200 matched" in err) == (0, True)
    rows = pl.read_parquet("rows.parquet")
    assert rows["company_id_zi"].to_list() == desk.ids[:200]
    credits = Counter[str]()
    for (one, paid, _), times in desk.service.charges.items():
        credits[one] += paid * times
    assert set(credits.values()) == {1}
    assert len(credits) == 200
    assert not list(desk.folder.glob("home/*/work-*")), "what the dead one was at work on is forgotten"


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_ends_with_130_and_says_that_what_was_paid_for_is_kept(desk: Desk) -> None:
    ids = desk.file("ids.csv", "company_id", *desk.ids[:25])
    arrived, go_on = Event(), Event()

    def hold(request: Request) -> Response | None:
        if request.path == COMPANY:
            arrived.set()
            assert go_on.wait(timeout=60)
        return None

    desk.service.trouble = hold
    options = ["companies", "--ids", ids, "--max-credits", "25", "--out", "rows.csv"]
    # A test run in the background of a shell has SIGINT ignored, and would hand that down.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with desk.begin(*options) as process:
        assert arrived.wait(timeout=60)
        process.send_signal(signal.SIGINT)
        go_on.set()
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == (
        "zia enrich: interrupted. Run the same command again: what was paid for is kept and costs nothing more."
    )
    assert "Traceback" not in err
    assert not Path("rows.csv").exists()
    assert desk.run(*options)[0] == 0
    assert sum(row["credits"] for row in desk.service.sandbox.ledger()) == 25


def test_a_command_that_finds_another_at_work_on_the_same_rows_waits_and_says_so(desk: Desk) -> None:
    first = desk.file("first.csv", "company_id", *desk.ids[:150])
    second = desk.file("second.csv", "company_id", *desk.ids[75:225])
    arrived, go_on = Event(), Event()

    def hold_the_first(request: Request) -> Response | None:
        if request.path == COMPANY:
            arrived.set()
            assert go_on.wait(timeout=60)
        return None

    desk.service.trouble = hold_the_first
    with desk.begin("companies", "--ids", first, "--max-credits", "150", "--out", "first.parquet") as one:
        assert arrived.wait(timeout=60)
        with desk.begin("companies", "--ids", second, "--max-credits", "150", "--out", "second.parquet") as other:
            assert other.stderr is not None
            said = [other.stderr.readline(), other.stderr.readline()]
            go_on.set()
            _, rest = other.communicate(timeout=60)
        one.communicate(timeout=60)
    assert said[1] == (
        "zia: enrich.companies: another call is at work on 75 of these inputs. Nothing was sent or spent yet; "
        "this one waits for it to end, so that nothing is paid twice. Ctrl-C ends the wait.\n"
    )
    assert (one.returncode, other.returncode) == (0, 0), rest
    assert pl.read_parquet("first.parquet")["company_id_zi"].to_list() == desk.ids[:150]
    assert pl.read_parquet("second.parquet")["company_id_zi"].to_list() == desk.ids[75:225]
    assert desk.service.charges == Counter({(str(one), 1, 1): 1 for one in desk.ids[:225]})
