"""A request that somebody has saved, in our words: which operation it is, and with what it is asked.

A value is only believed to be understood when we would write it as it was saved, so that a call made from it sends the
same request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from inspect import Signature
from types import UnionType
from typing import Any, Literal, NoReturn, Union, get_args, get_origin

from zianalytics.api.describe import Parameter, nearest, parameters
from zianalytics.api.enterprise.names import layout, output_field
from zianalytics.api.enterprise.requests import criterion_names, input_key, input_names, page_size_name, written
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.errors import RequestRefused

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
_TRUTH = {"true": True, "false": False, "1": True, "0": False}
_MOST_INPUTS = 10_000
_ROWS_UNASKED = 25  # as published, for every search
_ORDERS = {"ascending": "asc", "descending": "desc"}


@dataclass(frozen=True)
class Open:
    """A value that the saved request leaves open; `label` says how it called it."""

    label: str


@dataclass(frozen=True)
class Understood:
    """A saved request in our words.

    Attributes
    ----------
    operation
        What is asked.
    keywords
        With what, by keyword; `Open` where the saved request does not say it.
    inputs
        What an enrichment is asked with; None for other operations.
    page, size
        Which page it reads, and of how many rows; None where it has no pages.
    """

    operation: Operation[...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, Any]] | Open | None = None
    page: Any = None
    size: Any = None

    @property
    def limit(self) -> int | Open | None:
        """Rows from the first one to the end of that page; None where there are no pages."""
        if self.page is None:
            return None
        numbers = [int(str(one)) for one in (self.page, self.size) if re.fullmatch("[1-9][0-9]{0,5}", str(one))]
        return numbers[0] * numbers[1] if len(numbers) == 2 else Open("page and size")


def understand(
    operations: Mapping[str, Operation[...]],
    method: str,
    path: str,
    query: Mapping[str, Any],
    said: Mapping[str, Any],
) -> Understood:
    """The call that sends this request.

    Parameters
    ----------
    operations
        The table, by name.
    method, path, query, said
        The request; `said` is what its body says.

    Raises
    ------
    RequestRefused
        The API has no such route, or the operation no such field or value; the message has the nearest ones.
    """
    found, in_path = _routed(operations, method, path)
    left = {**query, **said}
    if isinstance(found[0], JobOperation) and found[0].kind != "enrich":
        found = [one for one in found if _is_of_type(one, left.get("jobType", "preview"))] or _no_job_type(left)
        asked = left.pop("query", {})
        if left.pop("jobType", "preview") != "redeem":
            left.pop("outputFields", None)  # docs/assumptions.md, "`outputFields` of a preview"
        left |= asked if isinstance(asked, Mapping) else {}
    operation = found[0]
    keywords: dict[str, Any] = dict(in_path)
    page = left.pop("page", 1) if operation.paging else None
    size = left.pop(page_size_name(operation), _ROWS_UNASKED) if operation.paging else None
    inputs = _inputs(operation, left)
    if "outputFields" in left and any(one.name == "fields" for one in parameters(operation.request)):
        keywords["fields"] = _columns(operation, left.pop("outputFields"))
    keywords |= _criteria(operation, left)
    needed = [one.name for one in parameters(operation.request) if one.default is Signature.empty and one.name != "of"]
    keywords |= {name: Open("not in the saved request") for name in needed if name not in keywords}
    return Understood(operation, keywords, inputs, page, size)


def _routed(
    operations: Mapping[str, Operation[...]], method: str, path: str
) -> tuple[list[Operation[...]], dict[str, Any]]:
    """The operations at a route, the most literal one alone, and what its path says."""
    asked = path.strip("/").split("/")
    routes = [(row, row.enterprise.path.strip("/").split("/")) for row in operations.values() if row.enterprise.path]
    fitting = [
        (row, steps)
        for row, steps in routes
        if row.enterprise.method == method
        and len(steps) == len(asked)
        and all(step in ("{id}", given) for step, given in zip(steps, asked, strict=True))
    ]
    if asked[0] == "gtm" or asked[:2] == ["data", "v1"]:
        raise RequestRefused(
            f"{f'{method} {path}'[:200]!r} is a request to the GTM API, and only calls of the Enterprise API are made "
            "here, whose routes and words are others. Nothing was sent. Look for a call that does the same: tab shows "
            "them under zi."
        )
    if not fitting:
        known = sorted({f"{row.enterprise.method} {row.enterprise.path}" for row, _ in routes})
        raise RequestRefused(
            f"No call of ours sends {nearest(f'{method} {path}'[:200], known)}. Nothing was sent. Choose a request to "
            "one of the routes of the Enterprise API; tab shows the calls under zi."
        )
    _, literal = min(fitting, key=lambda one: one[1].count("{id}"))
    ids = [_id(given) for step, given in zip(literal, asked, strict=True) if step == "{id}"]
    return [row for row, steps in fitting if steps == literal], {"webhook_id": ids[0]} if ids else {}


def _id(given: str) -> Any:
    return int(given) if _WHOLE.fullmatch(given) else Open(given)


def _is_of_type(operation: Operation[...], job_type: Any) -> bool:
    """Whether it is the kind of job; one that is left open is that which pays nothing."""
    wanted = "preview" if isinstance(job_type, Open) else job_type
    return isinstance(operation, JobOperation) and operation.kind == wanted


def _no_job_type(said: Mapping[str, Any]) -> NoReturn:
    given = str(said["jobType"])[:40]
    raise RequestRefused(
        f'The type of the job is {given!r}. Nothing was sent. Save it with jobType "preview", which lists who '
        'matches, or "redeem", which pays for all of them.'
    )


def _inputs(operation: Operation[...], left: dict[str, Any]) -> Sequence[Mapping[str, Any]] | Open | None:
    """What is asked about, taken out of what the body says."""
    if not any(one.name == "of" for one in parameters(operation.request)):
        return None
    ours = {word: name for name, word in input_names(operation).items()}
    key = input_key(operation)
    if not key:
        own = {word: left.pop(word) for word in [word for word in left if word in ours]}
        return [_input(operation, own, ours)]
    given = left.pop(key, [])
    if isinstance(given, Open):
        return given
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given) or len(given) > _MOST_INPUTS:
        raise RequestRefused(
            f"{key} is not a list of at most {_MOST_INPUTS:,} inputs. Nothing was sent. Correct the saved request."
        )
    return [_input(operation, one, ours) for one in given]


def _input(operation: Operation[...], given: Mapping[str, Any], ours: Mapping[str, str]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for word, value in given.items():
        flat |= {f"{word}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {word: value}
    if unknown := [word for word in flat if word not in ours]:
        _refuse_field(operation, unknown, list(ours))
    if nested := [word for word, value in flat.items() if isinstance(value, list | dict)]:
        raise RequestRefused(f"{nested[0]} is not a single value. Nothing was sent. Correct the saved request.")
    return {ours[word]: value for word, value in flat.items() if value is not None}


def _columns(operation: Operation[...], given: Any) -> Any:
    """The columns behind the words of `outputFields`."""
    if isinstance(given, Open) or (isinstance(given, list) and any(isinstance(one, Open) for one in given)):
        return given if isinstance(given, Open) else next(one for one in given if isinstance(one, Open))
    return _columns_of(operation, [str(one) for one in given] if isinstance(given, list) else [str(given)])


def _columns_of(operation: Operation[...], words: Sequence[str]) -> list[str]:
    asked_by = [(output_field(operation.record, column), column.name) for column in operation.record]
    if not operation.takes_fields:  # we ask for all, and the user chooses among what came
        asked_by = [(one.at[-1], one.name) for one in layout(operation.record)]
    known = {word for word, _ in asked_by}
    if unknown := [word for word in words if word not in known]:
        _refuse_field(operation, unknown, sorted(known))
    return [name for word, name in asked_by if word in words]


def _criteria(operation: Operation[...], said: Mapping[str, Any]) -> dict[str, Any]:
    keywords = {one.name: one for one in parameters(operation.request)}
    words: dict[str, str] = {}
    for name, word in criterion_names(operation.request).items():
        words.setdefault(word, name)
    if unknown := [word for word in said if word not in words]:
        _refuse_field(operation, unknown, list(words))
    found: dict[str, Any] = {}
    for word, value in said.items():
        if value is not None:
            found |= _criterion(operation, keywords[words[word]], word, value)
    return found


def _criterion(operation: Operation[...], keyword: Parameter, word: str, value: Any) -> dict[str, Any]:
    if is_open := _open_in(value):
        return {keyword.name: is_open}
    if keyword.name == "sort_order":
        value = _ORDERS.get(str(value).lower(), value)
    if operation.name == "enrich.intent" and keyword.name == "topics":
        if " AND " in str(value):
            return {"all_topics": str(value).split(" AND ")}
        return {"topics": str(value).split("|")}
    if operation.cost.credit_per_new_record and keyword.name == "required_fields":
        return {"required_fields": _columns_of(operation, [one.strip() for one in str(value).split(",")])}
    for candidate in _candidates(keyword, value):
        if _alike(written(keyword.name, candidate), value):
            return {keyword.name: candidate}
    raise RequestRefused(
        f"{word}={str(value)[:60]!r} is not a value that {operation.name} takes as {keyword.name}=. Nothing was sent. "
        f"{keyword.doc}"
    )


def _candidates(keyword: Parameter, value: Any) -> Iterator[Any]:
    """What the value may be in our words, the most telling first."""
    if keyword.name == "subscriptions":
        yield [_subscription(one) for one in value] if isinstance(value, list) else []
        return
    hints = _alternatives(keyword.annotation)
    inner = next((get_args(one)[0] for one in hints if get_origin(one) is Sequence), None)
    if inner is not None:
        for parts in _parts(value):
            items = [next(_scalars(keyword.name, _alternatives(inner), one), None) for one in parts]
            if None not in items:
                yield items if isinstance(value, list) or len(items) > 1 else items[0]
    if not isinstance(value, list | dict):
        yield from _scalars(keyword.name, hints, value)


def _parts(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
        return
    for between in (" OR ", ","):
        if between in str(value):
            yield [one.strip() for one in str(value).split(between)]
    yield [value]


def _scalars(name: str, hints: Sequence[Any], value: Any) -> Iterator[Any]:
    """The values of these kinds that would be written as this one."""
    text = str(value)
    tried: list[Any] = []
    for hint in hints:
        if get_origin(hint) is Literal:
            tried += get_args(hint)
        elif hint is bool and text.lower() in _TRUTH:
            tried.append(_TRUTH[text.lower()])
        elif hint in (int, float) and _WHOLE.fullmatch(text):
            tried += [int(text), int(text) * 1000]
        elif hint is float and _NUMBER.fullmatch(text):
            tried.append(float(text))
        elif hint is date and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            tried += _day(text)
        elif hint is str and isinstance(value, str | int | float):
            tried.append(text)
    yield from (one for one in tried if _alike(written(name, one), value))


def _day(text: str) -> list[date]:
    try:
        return [date.fromisoformat(text)]
    except ValueError:
        return []


def _subscription(given: Any) -> dict[str, Any]:
    ours = {"subscriptionId": "subscription_id", "objectType": "object_type", "fullPayload": "full_payload"}
    said = {ours[key]: value for key, value in given.items() if key in ours} if isinstance(given, dict) else {}
    return said | ({"object_type": str(said["object_type"]).lower()} if "object_type" in said else {})


def _alternatives(hint: Any) -> Sequence[Any]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _open_in(value: Any) -> Open | None:
    """What a value, or a part of it, leaves open."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value if isinstance(value, Open) else next((found for one in inside if (found := _open_in(one))), None)


def _alike(ours: Any, saved: Any) -> bool:
    """Whether both say the same to the service: numbers and truths may be texts, a list of one may be its element."""
    if isinstance(ours, list) and isinstance(saved, list):
        return len(ours) == len(saved) and all(_alike(a, b) for a, b in zip(ours, saved, strict=True))
    if isinstance(ours, list) and len(ours) == 1:
        return _alike(ours[0], saved)
    if isinstance(ours, dict) and isinstance(saved, dict):
        return ours.keys() == saved.keys() and all(_alike(ours[key], saved[key]) for key in ours)
    return re.sub(r"\s*,\s*", ",", str(ours)).casefold() == re.sub(r"\s*,\s*", ",", str(saved)).casefold()


def _refuse_field(operation: Operation[...], unknown: Sequence[str], known: Sequence[str]) -> NoReturn:
    hints = "; ".join(nearest(one[:60], known) for one in unknown[:5])
    raise RequestRefused(
        f"{operation.enterprise.method} {operation.enterprise.path} has no field {hints}. Nothing was sent. The "
        "service would refuse it, too: correct the saved request, or take the field out."
    )
