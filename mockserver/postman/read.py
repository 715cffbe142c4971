"""Reads a collection file whole; what is wrong in one place never costs the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mockserver.postman.address import read_address
from mockserver.postman.answer import read_answer
from mockserver.postman.body import read_body
from mockserver.postman.bounds import GENEROUS, Bounds
from mockserver.postman.example import Body, Collection, Example, Fault
from mockserver.postman.variables import Allowance, Variables, text_of

_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Z-]+")
RESERVED = "__mock__"


class CollectionUnusable(ValueError):
    """A file from which nothing can be served: unreadable, not JSON, or not a collection."""


def read_collection(file: Path, bounds: Bounds = GENEROUS) -> Collection:
    """The examples of a Postman collection, v2.0 or v2.1, in the order of the file.

    Raises
    ------
    CollectionUnusable
        The file cannot be read, is larger than the bound, is not JSON, or is not a collection.
    """
    return _Reader(file, bounds).read(_document(file, bounds))


def _unusable(file: Path, problem: str, advice: str) -> CollectionUnusable:
    return CollectionUnusable(f"{file} {problem}. Nothing is served from it. {advice}")


def _document(file: Path, bounds: Bounds) -> dict[str, Any]:
    export = "Export the collection from Postman as v2.1 and pass that file."
    try:
        size = file.stat().st_size
        if size > bounds.file_bytes:
            raise _unusable(file, f"has {size:,} bytes, more than {bounds.file_bytes:,}", "Split the collection.")
        content = file.read_bytes()
    except OSError as exc:
        raise _unusable(file, f"cannot be read: {exc.strerror or exc}", "Check the path.") from exc
    try:
        document = json.loads(content)
    except RecursionError as exc:
        raise _unusable(file, "is nested too deeply to be read", export) from exc
    except ValueError as exc:
        raise _unusable(file, f"is not JSON: {exc}", export) from exc
    if isinstance(document, dict) and isinstance(document.get("collection"), dict):
        document = document["collection"]  # as Postman's own API hands it out
    if not isinstance(document, dict) or not isinstance(document.get("item"), list):
        if isinstance(document, dict) and isinstance(document.get("requests"), list):
            raise _unusable(file, "is a Postman collection of the old format v1", export)
        raise _unusable(file, "is JSON but not a Postman collection: it has no list `item`", export)
    return document


class _Reader:
    """Walks one document and gathers examples and faults."""

    def __init__(self, file: Path, bounds: Bounds) -> None:
        self.file = file
        self.bounds = bounds
        self.examples: list[Example] = []
        self.faults: list[Fault] = []

    def read(self, document: Mapping[str, Any]) -> Collection:
        info = document.get("info")
        name = text_of(info.get("name")) if isinstance(info, dict) else ""
        for place, item, variables in self._items(document):
            self._read_item(place, item, variables)
        if not self.examples:
            self._fault("the collection", "item", "no saved example was found; nothing is served from this file")
        return Collection(self.file, name or self.file.stem, tuple(self.examples), tuple(self.faults))

    def _fault(self, place: str, field: str, problem: str) -> None:
        self.faults.append(Fault(self.file, place, field, problem))

    def _items(self, document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Variables]]:
        """Every request of every folder, in order, without recursion: folders may be nested by a machine."""
        top = Variables(allowance=Allowance(self.bounds)).within(document)
        waiting: list[tuple[str, object, Variables, int]] = []

        def enter(place: str, items: list[object], variables: Variables, depth: int) -> None:
            for position, item in reversed(list(enumerate(items))):
                name = text_of(item.get("name")) if isinstance(item, dict) else ""
                waiting.append((f"{place}{name or f'item[{position}]'}", item, variables, depth))

        enter("", document["item"], top, 1)
        while waiting:
            place, item, variables, depth = waiting.pop()
            if not isinstance(item, dict):
                self._fault(place, "item", f"not an object but {type(item).__name__}; left out")
            elif "item" not in item:
                yield place, item, variables.within(item)
            elif not isinstance(item["item"], list):
                self._fault(place, "item", f"not a list but {type(item['item']).__name__}; this folder is left out")
            elif depth >= self.bounds.folder_depth:
                self._fault(
                    place, "item", f"folders nested deeper than {self.bounds.folder_depth}; this one is left out"
                )
            else:
                enter(f"{place} / ", item["item"], variables.within(item), depth + 1)

    def _read_item(self, place: str, item: Mapping[str, Any], variables: Variables) -> None:
        saved_answers = item.get("response")
        if saved_answers is None:
            return
        if not isinstance(saved_answers, list):
            self._fault(place, "response", f"not a list but {type(saved_answers).__name__}; left out")
            return
        for position, saved in enumerate(saved_answers):
            field = f"response[{position}]"
            if not isinstance(saved, dict):
                self._fault(place, field, f"not an object but {type(saved).__name__}; left out")
            elif len(self.examples) >= self.bounds.examples:
                self._fault(
                    place, field, f"more than {self.bounds.examples:,} examples; this and the rest are left out"
                )
                return
            elif example := self._read_example(place, field, item.get("request"), saved, variables):
                self.examples.append(example)

    def _read_example(
        self, place: str, field: str, own: object, saved: Mapping[str, Any], variables: Variables
    ) -> Example | None:
        def report(part: str, problem: str) -> None:
            self._fault(place, f"{field}.{part}", problem)

        request = _request(saved.get("originalRequest"), own)
        method = text_of(request.get("method") or "GET").strip().upper()
        if not _METHOD.fullmatch(method):
            report("originalRequest.method", f"{method[:40]!r} is not a method; this example is left out")
            return None
        try:
            address = read_address(request.get("url"), variables)
        except ValueError as exc:
            report("originalRequest.url", f"{exc}; this example is left out")
            return None
        firsts = address.path[:1] + address.path[address.base_length : address.base_length + 1]
        if RESERVED in {segment.text for segment in firsts}:
            report("originalRequest.url", f"/{RESERVED}/ is the server's own; this example is left out")
            return None
        try:
            body = read_body(request.get("body"), variables)
        except ValueError as exc:
            report("originalRequest.body", f"{exc}; any body matches")
            body = Body("any")
        status, response = read_answer(saved, report)
        name = text_of(saved.get("name"))
        return Example(
            file=self.file,
            place=f"{place} / {name or field}",
            name=name,
            ids=frozenset(text_of(saved[key]) for key in ("id", "uid", "_postman_id") if saved.get(key)),
            method=method,
            path=address.path,
            base_length=address.base_length,
            ends_in_slash=address.ends_in_slash,
            query=address.query,
            body=body,
            status=status,
            response=response,
        )


def _request(original: object, own: object) -> Mapping[str, Any]:
    """The request that an example answers; where it is silent about method or URL, the item's own request speaks."""
    fallback = _as_object(own)
    request = _as_object(original)
    if not request:
        return fallback
    return {
        "method": request.get("method") or fallback.get("method"),
        "url": fallback.get("url") if request.get("url") is None else request["url"],
        "body": request.get("body"),
    }


def _as_object(request: object) -> Mapping[str, Any]:
    if isinstance(request, str):
        return {"url": request}  # the short form: a GET of that address
    return request if isinstance(request, dict) else {}
