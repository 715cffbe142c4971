"""What an operation is: one row says where it is asked, what it costs and what comes back, and the row is the method.

    class Search(Namespace):
        verb = "search"
        companies = SearchOperation(CompanySearch, COMPANY_PREVIEW, enterprise=Route("POST", "/search/company", ...))

`CompanySearch` is a frozen dataclass; its fields are the keywords of the method. A class is also a callable that makes
its instances, so the row takes it as `Callable[P, Any]`: type checkers read the keywords off the dataclass, put them
into `P`, and `__get__` hands them on to the bound `Fetcher[P]`. For people at a keyboard the same keywords become a
real `__signature__` and docstring (`describe.py`). Binding costs milliseconds, so a namespace keeps the bound object.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial, wraps
from typing import Any, Generic, Literal, ParamSpec, Protocol, Self, TypeVar, overload

import polars as pl

from zianalytics.api.arguments import check_arguments
from zianalytics.api.describe import docstring, short, signature
from zianalytics.api.wire import WireRequest
from zianalytics.errors import RequestRefused
from zianalytics.schema.column import Record
from zianalytics.schema.meters import FREE, Cost
from zianalytics.schema.quote import Quote
from zianalytics.tab import Shown

P = ParamSpec("P")
FetcherT = TypeVar("FetcherT", bound="Fetcher[...]")


@dataclass(frozen=True)
class Route:
    """Where one dialect of the API answers an operation.

    Attributes
    ----------
    method, path
        As in the request line; a name in braces is filled in from the request.
    records
        The keys that lead from the top of the reply to the list of records; () when the reply is that list.
    echo
        The key under which a record gets the input that its result echoes, where the record itself does not say it.
    single
        The reply is one record, and no list of them.
    numbered
        The list holds records themselves, and each counts as the answer to an input of its own.
    once
        Carrying it out twice would do it twice, so that it is not repeated by itself.
    words
        The list holds bare texts; the keys of a record under which each of them is read.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    records: tuple[str, ...] = ()
    echo: str = ""
    single: bool = False
    numbered: bool = False
    once: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paging:
    """How far a search can be read.

    Attributes
    ----------
    size
        Largest page.
    ceiling
        Rows that the service hands out for one query at most; None when no such limit is published.
    """

    size: int = 100
    ceiling: int | None = None


@dataclass(frozen=True)
class Window:
    """How long a range of days one request takes; a longer one is asked in slices.

    Attributes
    ----------
    first, last
        The keywords of its ends.
    longest
        How far apart they may lie.
    alone
        Keywords that mean something else in slices than in the whole, and the value that does no harm.
    """

    first: str
    last: str
    longest: timedelta
    alone: Mapping[str, Any] = field(default_factory=dict)

    def check(self, request: Any) -> None:
        """Refuse what slices cannot answer as the whole range would be answered.

        Raises
        ------
        RequestRefused
            A keyword is given that a cut range makes meaningless.
        """
        for name, harmless in self.alone.items():
            given = getattr(request, name)
            if given is not None and given != harmless:
                raise RequestRefused(
                    f"{name}={given!r} cannot be kept over more than {self.longest.days} days, which are asked in "
                    f"slices. Nothing was sent. Leave it out, or ask for {self.longest.days} days at a time."
                )


class Caller(Protocol):
    """Whoever carries operations out: asks the service, or answers from what is held."""

    def fetch(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """The rows that `request` asks for."""

    def quote(self, operation: Operation[...], request: Any) -> Quote:
        """What `fetch` would cost at most; sends nothing."""

    def count(self, operation: Operation[...], request: Any) -> int:
        """How many rows `request` matches in all."""

    def shown(self, operation: Operation[...], request: Any) -> WireRequest:
        """What `fetch` would send where nothing is held; sends nothing."""


class Namespace(Shown):
    """Operations that share a verb; tab shows them."""

    machinery = Shown.machinery | {"operations", "verb"}
    verb = ""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    @classmethod
    def operations(cls) -> tuple[Operation[...], ...]:
        """The rows of this namespace, in the order they were written; those it inherits come first."""
        kinds = reversed(cls.__mro__)
        return tuple(row for kind in kinds for row in vars(kind).values() if isinstance(row, Operation))

    def __repr__(self) -> str:
        rows = self._offered()
        width = max((len(name) for name, _ in rows), default=0)
        return "\n".join(f"zi.{name:<{width}}  {summary}" for name, summary in rows)

    def _offered(self) -> list[tuple[str, str]]:
        """What can be called, each with what it is for."""
        return [(row.name, row.summary) for row in self.operations()]


@dataclass(frozen=True, eq=False)
class Operation(Generic[P]):
    """One row of the table: an operation of the API, callable where a namespace holds it.

    Attributes
    ----------
    request
        The frozen dataclass whose fields are the keywords of the call.
    record
        Which columns come back.
    enterprise
        Where the Enterprise API answers it.
    cost
        What a call is charged for.
    batch
        How many inputs one request takes.
    paging
        How far it can be read page by page; None when it has no pages.
    window
        How long a range of days one request takes; None for any.
    long
        An input may have any number of rows, so the frame has `input_row` instead of one row per input.
    takes_fields
        A request says which columns are answered; else all of them are.
    about
        First line of the docstring; empty for that of the request.
    example
        For the docstring: a call that runs, and what it gives in a sandbox.
    name
        Verb and noun, as users write them: "search.companies".
    """

    request: Callable[P, Any]
    record: Record
    enterprise: Route
    cost: Cost = FREE
    batch: int = 1
    paging: Paging | None = None
    window: Window | None = None
    long: bool = False
    takes_fields: bool = True
    about: str = ""
    example: tuple[str, str] | None = None
    name: str = field(init=False, default="")

    @property
    def kept_as(self) -> str:
        """The operation under whose name its answers are looked for: its own, or that of a direct call alike."""
        return self.name

    @property
    def summary(self) -> str:
        """What comes back, in a line."""
        return self.about or (inspect.getdoc(self.request) or "").partition("\n")[0]

    def __set_name__(self, owner: type[Namespace], attribute: str) -> None:
        object.__setattr__(self, "name", f"{owner.verb}.{attribute}" if owner.verb else attribute)

    @overload
    def __get__(self, namespace: None, owner: type) -> Self: ...
    @overload
    def __get__(self, namespace: Namespace, owner: type) -> Fetcher[P]: ...
    def __get__(self, namespace: Namespace | None, owner: type) -> Self | Fetcher[P]:
        """The row itself on the class, the method on an instance."""
        return self if namespace is None else self._kept(namespace, Fetcher(self, namespace._caller))

    def _kept(self, namespace: Namespace, fetcher: FetcherT) -> FetcherT:
        vars(namespace)[self.name.rpartition(".")[2]] = fetcher
        return fetcher


class EnrichOperation(Operation[P]):
    """An operation that is paid for and can be asked its price."""

    @overload
    def __get__(self, namespace: None, owner: type) -> Self: ...
    @overload
    def __get__(self, namespace: Namespace, owner: type) -> EnrichFetcher[P]: ...
    def __get__(self, namespace: Namespace | None, owner: type) -> Self | EnrichFetcher[P]:
        """The row itself on the class, the method on an instance."""
        return self if namespace is None else self._kept(namespace, EnrichFetcher(self, namespace._caller))


class SearchOperation(Operation[P]):
    """An operation that is read page by page, and can be asked its price and how many rows there are."""

    @overload
    def __get__(self, namespace: None, owner: type) -> Self: ...
    @overload
    def __get__(self, namespace: Namespace, owner: type) -> SearchFetcher[P]: ...
    def __get__(self, namespace: Namespace | None, owner: type) -> Self | SearchFetcher[P]:
        """The row itself on the class, the method on an instance."""
        return self if namespace is None else self._kept(namespace, SearchFetcher(self, namespace._caller))


class Fetcher(Shown, Generic[P]):
    """An operation bound to a client: call it to get a frame."""

    machinery = Shown.machinery | {"asked", "operation"}

    def __init__(self, operation: Operation[P], caller: Caller) -> None:
        self.operation = operation
        self._caller = caller
        self.__name__ = operation.name.rpartition(".")[2]
        self.__qualname__ = operation.name
        self.__signature__ = signature(operation.request, returns=pl.DataFrame)
        self.__doc__ = docstring(
            operation.request,
            about=operation.summary,
            record=operation.record,
            cost=operation.cost,
            batch=operation.batch,
            paged=operation.paging is not None,
            example=operation.example,
        )
        self._show("request", returns=WireRequest)
        # IPython shows the signature of `__call__` beside that of the object, unless the two are the same.
        shown = partial(type(self).__call__, self)
        vars(shown).update(__signature__=self.__signature__, __doc__=None)
        vars(self)["__call__"] = shown

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> pl.DataFrame:
        """Carry the operation out."""
        return self._caller.fetch(self.operation, self.asked(*args, **kwargs))

    def request(self, *args: P.args, **kwargs: P.kwargs) -> WireRequest:
        """What the same call would send, as a value with `.as_curl()` and `.as_postman()`; nothing is sent or spent.

        It is the first request where there are several: `.of` says how many at most, `.following` has the others.
        What is held is in it, too, while people who are suppressed are not.
        """
        return self._caller.shown(self.operation, self.asked(*args, **kwargs))

    def asked(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """The request that these arguments make; nothing is sent.

        Raises
        ------
        RequestRefused
            A keyword is unknown (the message has the nearest ones), an argument is missing, or a value is of a kind
            that the keyword does not take.
        """
        check_arguments(
            self.operation.name, self.__signature__, args, kwargs, look=f"Type zi.{self.operation.name}? for the list."
        )
        return self.operation.request(*args, **kwargs)

    def _show(self, name: str, *, returns: type) -> None:
        """Let a method be seen with the keywords of the call: `P` says them to type checkers alone."""
        method = getattr(type(self), name)

        @wraps(method)
        def shown(*args: Any, **kwargs: Any) -> Any:
            return method(self, *args, **kwargs)

        vars(shown)["__signature__"] = signature(self.operation.request, returns=returns)
        vars(self)[name] = shown

    def __repr__(self) -> str:
        return f"<zi.{self.operation.name}{short(self.__signature__)}>"


class EnrichFetcher(Fetcher[P]):
    """An operation bound to a client that can also be asked its price."""

    def __init__(self, operation: Operation[P], caller: Caller) -> None:
        super().__init__(operation, caller)
        self._show("quote", returns=Quote)

    def quote(self, *args: P.args, **kwargs: P.kwargs) -> Quote:
        """What the same call would cost at most; spends nothing, and sends nothing but the look-up of an odd value."""
        return self._caller.quote(self.operation, self.asked(*args, **kwargs))


class SearchFetcher(EnrichFetcher[P]):
    """A search bound to a client: call it for rows, or ask how many there are."""

    def __init__(self, operation: Operation[P], caller: Caller) -> None:
        super().__init__(operation, caller)
        self._show("count", returns=int)

    def count(self, *args: P.args, **kwargs: P.kwargs) -> int:
        """How many rows match in all, by one request; `limit` plays no part.

        A search that is charged by the record is charged one record for it, which needs `max_records=1`.
        """
        return self._caller.count(self.operation, self.asked(*args, **kwargs))
