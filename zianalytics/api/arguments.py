"""Arguments that a call does not take are refused in words, with the nearest ones, before anything is sent."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from zianalytics.api.describe import nearest, short
from zianalytics.errors import RequestRefused

P = ParamSpec("P")
T = TypeVar("T")


def check_arguments(
    name: str, signature: inspect.Signature, args: Sequence[Any], kwargs: Mapping[str, Any], *, look: str = ""
) -> None:
    """Refuse arguments that do not fit.

    Parameters
    ----------
    name
        The call, as users write it.
    look
        Where all arguments can be seen; "" for a list of them in the message.

    Raises
    ------
    RequestRefused
        A keyword is unknown (the message has the nearest ones), or an argument is missing or too many.
    """
    known = list(signature.parameters)
    if unknown := [one for one in kwargs if one not in known]:
        hints = "; ".join(nearest(one, known) for one in unknown)
        look = look or f"It takes {', '.join(known)}."
        raise RequestRefused(f"{name} has no argument {hints}. Nothing was sent. {look}")
    try:
        signature.bind(*args, **kwargs)
    except TypeError as wrong:
        raise RequestRefused(f"{name}: {wrong}. Nothing was sent. Write {name}{short(signature)}.") from None


def checked(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A method whose arguments are checked as those of the table's calls are; `name` is what users write."""

    def around(method: Callable[P, T]) -> Callable[P, T]:
        whole = inspect.signature(method)
        own = whole.replace(parameters=list(whole.parameters.values())[1:])  # without self or cls

        @wraps(method)
        def asked(*args: P.args, **kwargs: P.kwargs) -> T:
            check_arguments(name, own, args[1:], kwargs)
            return method(*args, **kwargs)

        return asked

    return around
