import subprocess
import sys
from concurrent.futures import CancelledError
from functools import partial
from threading import Barrier, Event, Thread, Timer

import pytest

from zianalytics.client.metered.pool import _Gate, fan_out, meanwhile


def test_tasks_run_together_and_results_keep_their_places() -> None:
    together = Barrier(3)

    def task(number: int) -> int:
        together.wait(timeout=10)
        return number * 10

    outcome = fan_out(
        [partial(task, n) for n in range(3)], at_once=lambda: 8, title="t", sizes=[1, 1, 1], progress=False
    )
    assert outcome.results == {0: 0, 1: 10, 2: 20}
    assert outcome.failures == []


def test_as_many_are_under_way_as_may_be_when_one_has_ended() -> None:
    allowed, under_way, most = [2], set[int](), list[int]()
    together = Barrier(3)

    def task(number: int) -> None:
        under_way.add(number)
        most.append(len(under_way))
        if number == 0:
            allowed[0] = 3
        elif number > 1:
            together.wait(timeout=10)  # three are there at a time, once the first has ended
        under_way.remove(number)

    fan_out([partial(task, n) for n in range(8)], at_once=lambda: allowed[0], title="t", sizes=[1] * 8, progress=False)
    assert max(most) <= 3


def test_after_a_failure_no_further_task_begins_and_those_under_way_end() -> None:
    failed = Event()
    begun: list[int] = []

    def task(number: int) -> int:
        begun.append(number)
        if number == 0:
            failed.set()
            raise ValueError("no")
        failed.wait(timeout=10)
        return number

    outcome = fan_out(
        [partial(task, n) for n in range(100)], at_once=lambda: 8, title="t", sizes=[1] * 100, progress=False
    )
    assert [str(failure) for failure in outcome.failures] == ["no"]
    assert set(outcome.results) == set(begun) - {0}
    assert len(begun) < 100


def test_an_interrupt_lets_what_is_under_way_end() -> None:
    class Interrupted(BaseException):
        pass

    ended: list[int] = []

    def task(number: int) -> int:
        if number == 0:
            raise Interrupted
        ended.append(number)
        return number

    outcome = fan_out([partial(task, n) for n in range(3)], at_once=lambda: 8, title="t", sizes=[1] * 3, progress=False)
    assert isinstance(outcome.failures[0], Interrupted)
    assert set(outcome.results) == set(ended)


def test_an_interrupt_while_a_thread_is_started_waits_for_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, ended = Event(), Event(), Event()
    start = Thread.start

    def interrupted(thread: Thread) -> None:
        start(thread)
        if thread.name.startswith("zianalytics"):
            assert begun.wait(timeout=10)
            monkeypatch.undo()
            Timer(0.1, go_on.set).start()
            raise KeyboardInterrupt

    def task() -> None:
        begun.set()
        go_on.wait(timeout=10)
        ended.set()

    monkeypatch.setattr(Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fan_out([task] * 3, at_once=lambda: 8, title="t", sizes=[1] * 3, progress=False)
    assert ended.is_set()


@pytest.mark.parametrize(("progress", "tasks", "shown"), [(True, 2, True), (True, 1, False), (False, 2, False)])
def test_a_bar_is_shown_for_several_tasks_and_can_be_switched_off(
    progress: bool, tasks: int, shown: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    fan_out([lambda: 1] * tasks, at_once=lambda: 8, title="enrich.companies", sizes=[25] * tasks, progress=progress)
    assert ("enrich.companies" in capsys.readouterr().err) is shown


def test_a_block_goes_on_while_another_step_is_taken_and_ends_after_it() -> None:
    begun, go_on, ended = Event(), Event(), Event()

    def step() -> None:
        begun.set()
        assert go_on.wait(timeout=10)
        ended.set()

    with meanwhile(step):
        assert begun.wait(timeout=10)
        assert not ended.is_set()
        go_on.set()
    assert ended.is_set()


def test_what_a_step_raises_meanwhile_is_raised_at_the_end_of_the_block() -> None:
    def step() -> None:
        raise ValueError("no")

    reached = Event()
    with pytest.raises(ValueError, match="no"), meanwhile(step):
        reached.set()
    assert reached.is_set()


def test_a_block_that_is_interrupted_does_not_wait_for_the_step() -> None:
    go_on, ended = Event(), Event()

    def step() -> None:
        go_on.wait(timeout=10)
        ended.set()

    with pytest.raises(KeyboardInterrupt), meanwhile(step):
        raise KeyboardInterrupt
    assert not ended.is_set()
    go_on.set()
    assert ended.wait(timeout=10)


def test_tasks_of_a_task_do_not_begin_any_more_when_that_is_cut_off() -> None:
    gate, begun = _Gate(), list[int]()

    def one(number: int) -> None:
        begun.append(number)
        if not gate.is_closed:
            Thread(target=gate.close).start()
            while not gate.is_closed:
                pass

    tasks = [partial(one, number) for number in range(9)]
    with pytest.raises(CancelledError):
        gate.through(lambda: fan_out(tasks, at_once=lambda: 1, title="t", sizes=[1] * 9, progress=False))
    assert begun == [0]


INTERRUPTED = """
import os, signal, sys, threading, time
import polars as pl
from zianalytics.client.metered.pool import meanwhile

signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background is begun deaf to it
pl.DataFrame({"n": [1]}).lazy().select(pl.col("n") + 1).collect()
go_on, ended = threading.Event(), threading.Event()

def step():
    looks = []
    while len(looks) < 50 or len(set(looks[-50:])) > 1:  # until it waits
        frame = sys._current_frames()[threading.main_thread().ident]
        looks.append((frame.f_code.co_name, frame.f_lasti))
        time.sleep(0.002)
    os.kill(os.getpid(), signal.SIGINT)
    go_on.wait(9)
    ended.set()

try:
    with meanwhile(step):
        pass
except KeyboardInterrupt:
    print(ended.is_set())
go_on.set()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_is_heard_while_a_step_is_awaited_though_polars_has_an_ear_for_it() -> None:
    child = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=True, timeout=60)
    assert child.stdout == "False\n", child.stderr
