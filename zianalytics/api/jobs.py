"""Operations that are carried out as jobs: begun by one request, worked off by the service, fetched page by page.

Called, such an operation waits for its job and gives the frame that the direct call gives. `.submit()` begins the job
and gives it back at once; `zi.bulk.job(id)` gives the same job again, in another process, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, Self, overload

import polars as pl

from zianalytics.api.spec import Caller, EnrichFetcher, Namespace, Operation, P
from zianalytics.errors import RequestRefused

JobKind = Literal["preview", "redeem", "enrich"]
_FILES = (".csv", ".parquet")


class Job(Protocol):
    """What was submitted in one call."""

    @property
    def ids(self) -> Sequence[str]:
        """The service's ids of its jobs; none when everything was held."""

    def status(self) -> pl.DataFrame:
        """How far it is, one row per job."""

    def frame(self) -> pl.DataFrame:
        """What it found, once it is done."""


class JobCaller(Caller, Protocol):
    """Whoever carries jobs out, too."""

    def submit(self, operation: JobOperation[...], request: Any) -> Job:
        """The job that `request` asks for, begun."""


class JobNamespace(Namespace):
    """Operations that are carried out as jobs."""

    machinery = Namespace.machinery | {"jobs"}

    def __init__(self, caller: JobCaller) -> None:
        super().__init__(caller)
        self.jobs = caller


@dataclass(frozen=True, eq=False, kw_only=True)
class JobOperation(Operation[P]):
    """One row of the table whose calls are jobs.

    Attributes
    ----------
    kind
        "preview" lists who matches, "redeem" pays for all of them, "enrich" pays for what the inputs name.
    page
        How a page of its results is read.
    """

    kind: JobKind
    page: Operation[...]

    @property
    def kept_as(self) -> str:
        """What a job answers is held for the direct call, and the other way round."""
        return f"enrich.{self.name.rpartition('.')[2]}"

    @overload
    def __get__(self, namespace: None, owner: type) -> Self: ...
    @overload
    def __get__(self, namespace: Namespace, owner: type) -> JobFetcher[P]: ...
    def __get__(self, namespace: Namespace | None, owner: type) -> Self | JobFetcher[P]:
        """The row itself on the class, the method on an instance."""
        if namespace is None:
            return self
        assert isinstance(namespace, JobNamespace)  # noqa: S101  # no other holds such rows
        return self._kept(namespace, JobFetcher(self, namespace.jobs))


class JobFetcher(EnrichFetcher[P]):
    """A job bound to a client: call it to wait for the frame, or submit it and look after it later."""

    def __init__(self, operation: JobOperation[P], caller: JobCaller) -> None:
        super().__init__(operation, caller)
        self._row, self._jobs = operation, caller

    def submit(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        """Begin the same call and give it back at once: `.status()` says how far it is, `.frame()` waits for it.

        What it may cost stays reserved until its results were fetched. They are gone a day after it began.
        """
        return self._jobs.submit(self._row, self.asked(*args, **kwargs))


def opened(of: Any) -> Any:
    """A file of inputs as a frame, by the end of its name; anything else as it is. Texts of a CSV stay texts.

    Raises
    ------
    RequestRefused
        The file cannot be read.
    """
    if not isinstance(of, Path):
        return of
    end = of.suffix.lower()
    if end not in _FILES:
        raise RequestRefused(
            f"{of} is neither .csv nor .parquet. Nothing was sent. Read it into a frame, and pass that."
        )
    try:
        return pl.read_parquet(of) if end == ".parquet" else pl.read_csv(of, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as exc:
        raise RequestRefused(
            f"{of} cannot be read as {end} ({str(exc).splitlines()[0]}). Nothing was sent. Give a file that is there; "
            "a CSV in UTF-8, with commas and a header."
        ) from exc
