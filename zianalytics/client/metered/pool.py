"""A few requests at a time: threads, a bar, and an orderly stop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from threading import TIMEOUT_MAX, Condition, local
from typing import Generic, TypeVar

from tqdm.auto import tqdm

T = TypeVar("T")
_THREAD = local()


def is_apart() -> bool:
    """Whether this thread is one of ours, and not the one on which the user has called."""
    return _gate() is not None


def _gate() -> _Gate | None:
    """The gate that this thread has come through last; None of a user's thread."""
    gate: _Gate | None = getattr(_THREAD, "gate", None)
    return gate


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What came of some tasks, by their place: results, and what went wrong, in the order it did."""

    results: dict[int, T]
    failed: dict[int, BaseException]

    @property
    def failures(self) -> list[BaseException]:
        """What went wrong, in the order it did."""
        return list(self.failed.values())


def _stop(failure: BaseException | None) -> bool:
    return failure is None


def fan_out(
    tasks: Sequence[Callable[[], T]],
    *,
    at_once: Callable[[], int],
    title: str,
    sizes: Sequence[int],
    progress: bool,
    goes_on: Callable[[BaseException | None], bool] = _stop,
    between: Callable[[], None] = lambda: None,
) -> Outcome[T]:
    """Run the tasks on threads; after a failure or Ctrl-C none begins, and those under way come to their end.

    Parameters
    ----------
    at_once
        How many may be under way; asked again whenever one has ended.
    title, sizes
        What the bar is called, and by how much each task moves it on.
    progress
        Whether to show the bar; one for a single task is never shown.
    goes_on
        Told of the end of each task, by its failure or None; whether further ones may begin.
    between
        What the caller's thread does whenever a task has ended; where it raises, none begins any more.
    """
    gate, outer = _Gate(), _gate()
    results: dict[int, T] = {}
    failed: dict[int, BaseException] = {}
    waiting, places = deque(enumerate(tasks)), dict[Future[T], int]()
    ended: SimpleQueue[Future[T]] = SimpleQueue()
    shown = progress and len(tasks) > 1
    with (
        tqdm(total=sum(sizes), desc=title, unit="row", disable=not shown, leave=False) as bar,
        ThreadPoolExecutor(max(1, len(tasks)), thread_name_prefix="zianalytics") as pool,
    ):
        try:
            while waiting or places:
                while waiting and len(places) < at_once():
                    place, task = waiting.popleft()
                    future = pool.submit(gate.through, task)
                    places[future] = place
                    future.add_done_callback(ended.put)
                future = ended.get(timeout=TIMEOUT_MAX)  # without one Ctrl-C is not heard, once polars has run
                if outer is not None and outer.is_closed:
                    raise CancelledError
                place = places.pop(future)
                if failure := future.exception():
                    failed[place] = failure
                else:
                    results[place] = future.result()
                    bar.update(sizes[place])
                if not goes_on(failure):
                    waiting.clear()
                between()
        except BaseException:
            gate.close()
            raise
    return Outcome(results, failed)


@contextmanager
def meanwhile(step: Callable[[], object]) -> Iterator[None]:
    """A block that goes on while `step` is taken, and ends after it; what that raises is raised then.

    A block that fails or is interrupted does not wait for it.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="zianalytics")
    try:
        under_way = pool.submit(_Gate().through, step)
        yield
        under_way.result(TIMEOUT_MAX)
    finally:
        pool.shutdown(wait=False)


class _Gate:
    """Lets tasks through until it is closed; to close it is to wait for those that are inside.

    The pool alone would forget a thread whose start Ctrl-C interrupts, and the call would end before its request.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside, self._closed = 0, False

    def through(self, task: Callable[[], T]) -> T:
        with self._changed:
            if self._closed:
                raise CancelledError
            self._inside += 1
        before, _THREAD.gate = _gate(), self
        try:
            return task()
        finally:
            _THREAD.gate = before
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._inside)
