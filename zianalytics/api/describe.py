"""A row of the table in words: signature and docstring of the method that it becomes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, MISSING, dataclass, fields
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import polars as pl

from zianalytics.api.listed import Listed
from zianalytics.schema.column import Record
from zianalytics.schema.meters import Cost


@dataclass(frozen=True)
class Doc:
    """What a field of a request means: the metadata of its annotation."""

    text: str


@dataclass(frozen=True)
class Parameter:
    """One keyword of an operation."""

    name: str
    annotation: Any
    doc: str
    keyword_only: bool
    default: Any
    listed: Listed | None = None


def parameters(request: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The keywords that `request` takes: positional ones first, then its own, then inherited ones, `last` ones last."""
    return _parameters(request)


@cache
def _parameters(request: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = get_type_hints(request, include_extras=True)
    own_first = [name for kind in inspect.getmro(request) for name in vars(kind).get("__annotations__", {})]  # type: ignore[arg-type]  # every request of the table is a dataclass
    found = [
        Parameter(
            name=field.name,
            annotation=_bare(hints[field.name]),
            doc=" ".join(extra.text for extra in get_args(hints[field.name])[1:] if isinstance(extra, Doc)),
            keyword_only=bool(field.kw_only),
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            listed=next((one for one in get_args(hints[field.name])[1:] if isinstance(one, Listed)), None),
        )
        for field in fields(request)  # type: ignore[arg-type]  # likewise
        if hints[field.name] is not KW_ONLY
    ]
    last = getattr(request, "last", ())
    return tuple(sorted(found, key=lambda one: (one.keyword_only, *_rank(one.name, last), own_first.index(one.name))))


def _rank(name: str, last: Sequence[str]) -> tuple[bool, int]:
    return (name in last, last.index(name) if name in last else 0)


def signature(request: Callable[..., Any], *, returns: Any) -> inspect.Signature:
    """The signature of a call that `request` describes, with types instead of their names."""
    return inspect.Signature(
        [
            inspect.Parameter(
                one.name,
                inspect.Parameter.KEYWORD_ONLY if one.keyword_only else inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=one.default,
                annotation=one.annotation,
            )
            for one in parameters(request)
        ],
        return_annotation=returns,
    )


def short(whole: inspect.Signature) -> str:
    """A signature as a line: names and three dots."""
    positional = [name for name, one in whole.parameters.items() if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    keywords = [name for name in whole.parameters if name not in positional]
    shown = [*positional, *(["*"] if keywords else []), *keywords[:3]]
    return f"({', '.join(shown)}{', ...' if len(keywords) > 3 else ''})"


def nearest(name: str, known: Sequence[str]) -> str:
    """`name` with the known names that look most like it."""
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    near += [one for one in known if name and (name in one or one in name) and one not in near]
    return f"{name!r} (did you mean {', '.join(near[:3])}?)" if near else repr(name)


def docstring(
    request: Callable[..., Any],
    *,
    about: str,
    record: Record,
    cost: Cost,
    batch: int,
    paged: bool,
    example: tuple[str, str] | None,
) -> str:
    """The numpydoc docstring of the method: summary, price, parameters, columns, errors, an example."""
    lines = [about, "", priced(cost, batch=batch, paged=paged, rows=record.plural), *beside(cost, paged=paged), ""]
    if keywords := parameters(request):
        lines += ["Parameters", "----------"]
        for one in keywords:
            optional = "" if one.default is inspect.Parameter.empty else ", optional"
            lines += [f"{one.name} : {type_name(one.annotation)}{optional}", f"    {one.doc}"]
        lines.append("")
    lines += ["Returns", "-------", "polars.DataFrame", *(f"    {line}" for line in _columns(record)), ""]
    unlisted = ", or a value is in none of its lists" if any(one.listed for one in keywords) else ""
    lines += [
        "Raises",
        "------",
        "RequestRefused",
        f"    An argument is unknown, missing or of the wrong kind{unlisted}.",
    ]
    if cost.may_pay:
        lines += ["BudgetExceeded", "    It could cost more than you allow; nothing is sent."]
    lines += ["AnswerRefused, NotAnswered", "    The service says no, or nothing."]
    if example:
        call, answer = example
        lines += ["", "Examples", "--------", f">>> {call}", answer]
    return "\n".join(lines)


def priced(cost: Cost, *, batch: int, paged: bool, rows: str = "rows") -> str:
    """What a call is charged for, in a sentence."""
    if not cost.counts_requests:
        return "Free: it is not metered."
    request = "a request a page" if paged else f"a request for every {batch} inputs" if batch > 1 else "a request"
    entity = {"intent": "signal", "news": "article"}.get(cost.entity or "", cost.entity)
    if cost.pool == "websights":
        return (
            f"Costs a record for each company or provider that is found and {request} for each input, both from the "
            "pool of WebSights; no credit."
        )
    if cost.rows != "records":
        counted = f"a record for each of its {rows}" if cost.rows == "counted" else f"a record for all its {rows}"
        if cost.rows == "counted" and not paged:
            counted += " (the last company asked may bring more than `max_records` had left)"
        return (
            f"Costs a credit for each {entity} that your organisation does not manage yet, {counted}, and {request} "
            "for each input; nothing found costs the request alone."
        )
    if cost.credit_per_new_record:
        return (
            f"Costs a credit for each {entity} that your organisation does not manage yet, a record for each one "
            f"returned, and {request}."
        )
    if cost.counts_records:
        return f"Costs a record for each {entity} returned and {request}; no credit."
    return f"Costs {request}; no credit, no record."


def beside(cost: Cost, *, paged: bool) -> list[str]:
    """What else a call can be asked, and for how long what it paid for is held, in sentences."""
    said = []
    if cost.credit_per_new_record:
        said.append(
            "A record that is paid for is managed for 12 months: within them a repeat costs its record and no credit, "
            "and what is held is answered at no cost."
        )
        if cost.rows == "records" and cost.entity in ("company", "contact"):
            said.append(
                "An input that is not an id is answered with one record that the service picks, even where several "
                "fit: `zi.match` finds ids by free searches, and `.quote(...).not_by_id` counts such inputs."
            )
    if paged:
        said.append("`.count(...)` says how many rows match, `.quote(...)` what the call would cost at most.")
    elif cost.may_pay:
        said.append("`.quote(...)` says what the call would cost at most.")
    return said


def _columns(record: Record) -> list[str]:
    chosen = [column for column in record if column.name in (record.default or record.names)]
    lines = [f"{column.name} ({dtype_name(column.dtype)}): {_meaning(column.doc, column.unit)}" for column in chosen]
    rest = len(record.columns) - len(chosen)
    return lines + [f'and {rest} more by `fields="all"` or by name.'] * (rest > 0) + ["extra: unknown fields, as JSON."]


def dtype_name(dtype: pl.DataType | type[pl.DataType]) -> str:
    """A type in few words: nested ones by their outer shape."""
    shape = {pl.List: "list", pl.Struct: "struct", pl.Datetime: "time in UTC"}
    return shape.get(dtype.base_type(), str(dtype))


def type_name(hint: Any) -> str:
    """An annotation in the words of numpydoc; whether None is allowed is said by "optional"."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(type_name(one) for one in inner if one is not type(None)))
    if origin is Literal:
        return "{" + ", ".join(repr(one) for one in inner) + "}"
    if origin is Sequence:
        return f"sequence of {type_name(inner[0])}"
    if origin is Mapping:
        return "dict"
    return _POLARS.get(hint) or str(hint.__name__)


_POLARS = {pl.DataFrame: "polars.DataFrame", pl.Series: "polars.Series"}


def _meaning(doc: str, unit: str | None) -> str:
    return f"{doc[:-1]}, in {unit}." if unit else doc


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
