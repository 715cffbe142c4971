"""A few requests at a time: threads, a bar, and an orderly stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Condition
from typing import Generic, TypeVar

from tqdm.auto import tqdm

T = TypeVar("T")
THREADS = 8  # reach 25 requests a second up to 320 ms a reply


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
    title: str,
    sizes: Sequence[int],
    progress: bool,
    goes_on: Callable[[BaseException | None], bool] = _stop,
) -> Outcome[T]:
    """Run the tasks on threads; after a failure or Ctrl-C none begins, and those under way come to their end.

    Parameters
    ----------
    title, sizes
        What the bar is called, and by how much each task moves it on.
    progress
        Whether to show the bar; one for a single task is never shown.
    goes_on
        Told of the end of each task, by its failure or None; whether further ones may begin.
    """
    gate = _Gate()
    results: dict[int, T] = {}
    failed: dict[int, BaseException] = {}
    shown = progress and len(tasks) > 1
    with (
        tqdm(total=sum(sizes), desc=title, unit="row", disable=not shown, leave=False) as bar,
        ThreadPoolExecutor(THREADS, thread_name_prefix="zianalytics") as pool,
    ):
        places: dict[Future[T], int] = {}
        try:
            for place, task in enumerate(tasks):
                places[pool.submit(gate.through, task)] = place
            for future in as_completed(places):
                if future.cancelled():
                    continue
                failure = future.exception()
                if failure:
                    failed[places[future]] = failure
                else:
                    results[places[future]] = future.result()
                    bar.update(sizes[places[future]])
                if not goes_on(failure):
                    _cancel(places)
        except BaseException:
            gate.close()
            _cancel(places)
            raise
    return Outcome(results, failed)


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
        try:
            return task()
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._inside)


def _cancel(futures: dict[Future[T], int]) -> None:
    for future in futures:
        future.cancel()
