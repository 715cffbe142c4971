"""The cell of a notebook that sends what a saved request sends: imports, a client, and one call with its price.

Every value in it is written as a Python literal, and the whole is parsed once more before it is given out: a text of
the collection can be a value or a comment of the cell, and nothing else.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zianalytics.api.describe import parameters, priced
from zianalytics.api.enterprise.saved import Open, Understood, understand
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.errors import RequestRefused
from zianalytics.inert import visible
from zianalytics.postman.read import Saved
from zianalytics.postman.spelling import Call, spelled

_WIDTH = 100
_MOST_CHARACTERS = 1_000_000
_NAMES = re.compile(r'("[a-z0-9_]+"(, )?)+')
_ALLOW = "the most it may cost: take the first # away to allow it"
# An import comes first: a comment in one of the first two lines could name an encoding, and be obeyed.
_HEAD = "from zianalytics import ZoomInfo\n\n"
_CLIENT = "zi = ZoomInfo()  # ZoomInfo.mock() is one of a local ZoomInfo, on which nothing is spent\n"
_SIGN_IN = f"""{_HEAD}# The client signs in by itself, before its first call and whenever its token has run out.
# It reads who you are from ZOOMINFO_USERNAME with ZOOMINFO_PASSWORD, or with ZOOMINFO_CLIENT_ID and
# ZOOMINFO_PRIVATE_KEY_FILE, in the environment or in a file .env, or from the keyring. Keep them out of
# notebooks.
zi = ZoomInfo()
"""


@dataclass(frozen=True)
class _Line:
    """An argument of the call; `is_off` for one that the user has to allow first."""

    text: str
    note: str = ""
    is_off: bool = False


def cell_of(saved: Saved) -> str:
    """The cell for a saved request.

    Raises
    ------
    RequestRefused
        No call of ours sends it; the message says which part of it, and what comes nearest.
    """
    if saved.path.rstrip("/") == "/authenticate":
        return _inert(_SIGN_IN)
    understood = understand(OPERATIONS, saved.method, saved.path, saved.query, saved.body)
    call = spelled(understood)
    _try(understood)
    lines = [*_arguments(call), *_allowances(understood)]
    has_dates = any(isinstance(one, date) for one in understood.keywords.values())
    imports = "from datetime import date\n\n" if has_dates else ""
    notes = [*call.notes, *_rows(understood), _price(understood.operation)]
    comments = "\n".join(textwrap.fill(note, _WIDTH, initial_indent="# ", subsequent_indent="# ") for note in notes)
    return _inert(f"{imports}{_HEAD}{_CLIENT}{comments}\n{_written(call, lines)}\n")


def _try(understood: Understood) -> None:
    """Refuse what the call itself would refuse: values that contradict each other."""
    given = dict(understood.keywords)
    if understood.inputs is not None:
        given["of"] = understood.inputs
    if not any(isinstance(one, Open) for one in given.values()):
        understood.operation.request(**given)


def _arguments(call: Call) -> Iterator[_Line]:
    for name, value in [*(("", one) for one in call.positional), *call.keywords.items()]:
        note = f"{_short(value.label)}: fill it in" if isinstance(value, Open) else ""
        yield _Line(f"{name}={literal(value)}" if name else literal(value), note)


def _allowances(understood: Understood) -> Iterator[_Line]:
    """What has to be allowed before anything is paid: lines that are off until the user switches them on."""
    operation, cost = understood.operation, understood.operation.cost
    keywords = {one.name for one in parameters(operation.request)}
    inputs = None if isinstance(understood.inputs, Open) else understood.inputs
    if cost.credit_per_new_record and "max_credits" in keywords:
        yield _Line(f"max_credits={len(inputs) if inputs else '...'}", _ALLOW, is_off=True)
        if cost.rows == "counted" and operation.paging is None:
            yield _Line("max_records=...", f"needed, since it may be any number; {_ALLOW}", is_off=True)
    elif cost.may_pay and "max_records" in keywords:
        rows = len(inputs or []) if cost.pool == "websights" else understood.limit
        yield _Line(f"max_records={rows if isinstance(rows, int) and rows else '...'}", _ALLOW, is_off=True)


def _rows(understood: Understood) -> Iterator[str]:
    if understood.limit is not None and understood.page not in (1, "1"):
        yield f"The request asks for page {_short(str(understood.page))}; a call reads from the first row on."


def _price(operation: Operation[...]) -> str:
    """What the call costs, in a sentence."""
    rows, paged = f"{operation.record.name}s", operation.paging is not None
    price = priced(operation.cost, batch=operation.batch, paged=paged, rows=rows)
    is_search = isinstance(operation, JobOperation) and operation.kind != "enrich"
    return f"A job, whose pages are fetched as they come off. {price}" if is_search else price


def _written(call: Call, lines: Sequence[_Line]) -> str:
    one = f"{call.name}({', '.join(line.text for line in lines)}){call.then}"
    if len(one) <= _WIDTH and not any(line.note for line in lines):
        return one
    shown = [
        f"    {'# ' if line.is_off else ''}{_folded(line.text)},{f'  # {line.note}' if line.note else ''}"
        for line in lines
    ]
    return "\n".join([f"{call.name}(", *shown, f"){call.then}"])


def _folded(argument: str) -> str:
    """An argument that is too long for a line, where it is a list of names, over several lines."""
    name, bracket, inside = argument.partition("[")
    if len(argument) <= _WIDTH or not bracket or not _NAMES.fullmatch(inside[:-1]):
        return argument
    rows = textwrap.wrap(inside[:-1], _WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    return "\n".join([f"{name}[", *(f"        {row}" for row in rows), "    ]"])


def literal(value: Any) -> str:
    """A value as Python writes it; `...` for one that is open."""
    if isinstance(value, Open):
        return "..."
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(one) for one in value) + "]"
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, str):
        said = repr(value)
        return f'"{said[1:-1]}"' if said[0] == "'" and '"' not in value else said
    assert value is None or isinstance(value, bool | int | float)  # noqa: S101  # JSON has no other values
    return repr(value)


def _short(text: str) -> str:
    return visible(text)[:60]


def _inert(cell: str) -> str:
    """The cell, once it is seen to be imports, a client and calls with literals, and nothing else."""
    if len(cell) > _MOST_CHARACTERS:
        raise RequestRefused(
            f"The cell would have {len(cell):,} characters. Nothing was printed. Read the inputs from a file instead, "
            "and pass the frame."
        )
    for statement in ast.parse(cell).body:
        if isinstance(statement, ast.Assign | ast.Expr):
            _check_call(statement.value)
        else:
            assert isinstance(statement, ast.ImportFrom)  # noqa: S101  # the cell has no other statement
    return cell


def _check_call(node: ast.expr) -> None:
    """See that an expression is a name of ours, called with literals."""
    assert isinstance(node, ast.Call)  # noqa: S101  # or a text of the collection has become code
    function = node.func
    while isinstance(function, ast.Attribute):
        function = function.value
    if isinstance(function, ast.Call):
        _check_call(function)
    for argument in [*node.args, *(one.value for one in node.keywords)]:
        if isinstance(argument, ast.Call):
            assert isinstance(argument.func, ast.Name)  # noqa: S101  # likewise
            assert argument.func.id == "date"  # noqa: S101  # likewise
            _check_call(argument)
        else:
            ast.literal_eval(argument)
