"""How a client is made: its arguments are checked by their names, and no variable holds a secret in the open."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from zianalytics.api.arguments import check_arguments

P = ParamSpec("P")


def by_names(name: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A constructor that refuses arguments it does not take as `checked` methods do, without looking at their values.

    A traceback may print every variable on its way: here none holds what was given, when the constructor runs, either.

    Parameters
    ----------
    name
        The class, as users write it.
    """

    def around(make: Callable[P, None]) -> Callable[P, None]:
        whole = inspect.signature(make)
        own = whole.replace(parameters=list(whole.parameters.values())[1:])  # without self

        @wraps(make)
        def made(*args: P.args, **kwargs: P.kwargs) -> None:
            from zianalytics.settings import Unshown

            client, places, given = args[0], len(args) - 1, Unshown(kwargs)
            del args, kwargs
            check_arguments(name, own, [None] * places, dict.fromkeys(given))
            make(client, **given)  # type: ignore[arg-type]  # they were checked by their names

        return made

    return around
