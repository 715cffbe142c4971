"""Examples held against the contract of ZoomInfo's API: their requests, and their answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from mockserver.contract import Operation, contract
from mockserver.contract.holding import Difference, differences, stand_in, validator
from mockserver.postman.body import read_json
from mockserver.postman.example import Example

Part = Literal["operation", "query", "body", "status", "answer"]
# Their answer says that the request was wrong, and shows how that is told.
_REFUSED = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing in which an example differs from the contract; `operation` is the id of its own, if it has one."""

    example: Example
    operation: str | None
    part: Part
    at: str
    problem: str

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "file": str(self.example.file),
            "place": self.example.place,
            "operation": self.operation,
            "part": self.part,
            "at": self.at,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class Against:
    """How many examples belong to an operation of the contract, those that do not, and all differences."""

    held: int
    outside: tuple[Example, ...]
    differences: tuple[Differs, ...]

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "held": self.held,
            "outside": len(self.outside),
            "differences": [each.told() for each in self.differences],
        }


@dataclass(slots=True)
class _Sorted:
    held: list[tuple[Example, Operation]] = field(default_factory=list)
    others: list[Example] = field(default_factory=list)


def against(examples: Iterable[Example]) -> Against:
    """What differs from the contract.

    Another API's examples are outside of it. In a file that holds operations of the contract, a request whose path
    begins as one of theirs and is none of them is unknown.

    Raises
    ------
    ModuleNotFoundError
        jsonschema is not installed.
    """
    validator()  # where it is not installed, that is said of every file alike
    by_file: dict[object, _Sorted] = {}
    for example in examples:
        sorted_ = by_file.setdefault(example.file, _Sorted())
        operation = _operation(example)
        if operation is None:
            sorted_.others.append(example)
        else:
            sorted_.held.append((example, operation))
    found: list[Differs] = []
    outside: list[Example] = []
    for sorted_ in by_file.values():
        for example, operation in sorted_.held:
            found += (Differs(example, operation.id, *told) for told in _differences(example, operation))
        for example in sorted_.others:
            if sorted_.held and _begins_alike(example):
                problem = "the contract has no operation with this method and path"
                found.append(Differs(example, None, "operation", "$", problem))
            else:
                outside.append(example)
    return Against(sum(len(each.held) for each in by_file.values()), tuple(outside), tuple(found))


def _operation(example: Example) -> Operation | None:
    """Without the path that came with the host first, then with it."""
    texts = [segment.text for segment in example.path]
    for asked in (texts[example.base_length :], texts):
        if operation := contract().find(example.method, f"/{'/'.join(asked)}"):
            return operation
    return None


def _begins_alike(example: Example) -> bool:
    own = example.path[example.base_length :]
    firsts = {operation.path.split("/")[1] for operation in contract().operations}
    return bool(own) and own[0].text in firsts and not any(segment.is_open for segment in own)


def _differences(example: Example, operation: Operation) -> Iterator[tuple[Part, str, str]]:
    if example.status not in _REFUSED:
        for name in dict.fromkeys(name for name, _ in example.query if name not in operation.query):
            yield "query", name, "not documented"
        yield from (("body", each.at, each.problem) for each in _of_the_request(example, operation))
    schema = operation.answers.get(example.status)
    if schema is None:
        yield "status", str(example.status), "not documented"
        return
    if not example.response.body:
        yield "answer", "$", "missing"
        return
    try:
        answer = read_json(example.response.body.decode("utf-8", "replace"))
    except ValueError:
        yield "answer", "$", "no JSON, which is documented"
        return
    yield from (("answer", each.at, each.problem) for each in differences(schema, answer))


def _of_the_request(example: Example, operation: Operation) -> Iterator[Difference]:
    kind, body = example.body.kind, example.body.value
    if operation.body is None:
        if kind != "none":
            yield Difference("$", "not documented")
        return
    if kind == "none":
        if operation.needs_body:
            yield Difference("$", "missing")
        return
    if kind == "form" and operation.takes_forms:
        body = dict(body)
    elif kind != "json":
        yield Difference("$", "no JSON, which is documented")
        return
    yield from differences(operation.body, body)
    wanted = body.get("outputFields") if operation.fields and isinstance(body, dict) else None
    for number, name in enumerate(wanted if isinstance(wanted, list) else ()):
        if isinstance(name, str) and name not in operation.fields and stand_in(name) is None:
            yield Difference(f"$.outputFields[{number}]", "no documented output field")
