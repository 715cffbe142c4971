"""Reads a collection whole; what is wrong in one place never costs the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from mockserver.postman.address import read_address
from mockserver.postman.answer import read_answer
from mockserver.postman.auth import read_auth
from mockserver.postman.body import read_body
from mockserver.postman.bounds import Bounds
from mockserver.postman.document import Document
from mockserver.postman.example import Auth, Body, Collection, Example, Fault, Ignored, Unanswered
from mockserver.postman.headers import TOKEN, Report, read_headers
from mockserver.postman.ignored import read_ignored
from mockserver.postman.variables import Variables, text_of
from mockserver.postman.walk import NAME, TOP, Place, requests

RESERVED = "__mock__"

T = TypeVar("T")


def read_examples(document: Document, variables: Variables, bounds: Bounds) -> Collection:
    """The examples of a collection, in the order of the file; `variables` are those that come from elsewhere."""
    info = document.content.get("info")
    name = text_of(info.get("name")) if isinstance(info, dict) else ""
    reader = _Reader(document.file, name or document.file.stem, bounds)
    for place, item in requests(document.content, variables, bounds, reader.fault, reader.visit):
        reader.read_item(place, item)
    if not reader.examples:
        reader.fault(TOP, "item", "no saved example was found; nothing is served from this file")
    unanswered = tuple(reader.unanswered())
    return Collection(
        document.file, reader.name, tuple(reader.examples), tuple(reader.faults), tuple(reader.ignored), unanswered
    )


class _Reader:
    """Gathers examples and faults."""

    def __init__(self, file: Path, name: str, bounds: Bounds) -> None:
        self.file = file
        self.name = name
        self.bounds = bounds
        self.examples: list[Example] = []
        self.faults: list[Fault] = []
        self.ignored: list[Ignored] = []
        self.items = 0
        self._without: list[tuple[Place, object]] = []

    def fault(self, place: str, field: str, problem: str) -> None:
        if len(self.faults) < self.bounds.faults:
            self.faults.append(Fault(self.file, place, field, problem))
        elif len(self.faults) == self.bounds.faults:
            self.faults.append(
                Fault(self.file, TOP, "item", f"more than {len(self.faults):,} faults; the rest is not told")
            )

    def visit(self, place: Place, node: Mapping[str, Any]) -> None:
        self.ignored += read_ignored(self.file, str(place), node)

    def read_item(self, place: Place, item: Mapping[str, Any]) -> None:
        saved_answers = item.get("response")
        if saved_answers in (None, []):
            self._note_without(place, item.get("request"))
            return
        if not isinstance(saved_answers, list):
            self.fault(str(place), "response", f"not a list but {type(saved_answers).__name__}; left out")
            return
        once = _Once()
        self.items += 1
        for position, saved in enumerate(saved_answers):
            field = f"response[{position}]"
            if not isinstance(saved, dict):
                self.fault(str(place), field, f"not an object but {type(saved).__name__}; left out")
            elif len(self.examples) >= self.bounds.examples:
                self.fault(
                    str(place), field, f"more than {self.bounds.examples:,} examples; this and the rest are left out"
                )
                return
            elif example := self._read_example(place, field, item.get("request"), saved, once):
                self.examples.append(example)

    def _note_without(self, place: Place, request: object) -> None:
        if request is None:
            return
        if len(self._without) < self.bounds.examples:
            self._without.append((place, request))
        elif len(self._without) == self.bounds.examples:
            self._without.append((place, None))  # one too many, so that it is told once
            self.fault(
                TOP, "item", f"more than {self.bounds.examples:,} requests without an example; the rest is not told"
            )

    def unanswered(self) -> Iterator[Unanswered]:
        """The requests without an example; read when all is done, since they may cost examples nothing."""
        for place, own in self._without[: self.bounds.examples]:
            request = _as_object(own)
            method = text_of(request.get("method") or "GET").strip().upper()[:NAME]
            try:
                address = read_address(request.get("url"), place.variables)
            except ValueError:
                yield Unanswered(self.file, str(place), method)
                continue
            yield Unanswered(self.file, str(place), method, address.path, address.base_length, address.query)

    def _read_example(
        self, place: Place, field: str, own: object, saved: Mapping[str, Any], once: _Once
    ) -> Example | None:
        def report(part: str, problem: str) -> None:
            self.fault(str(place), f"{field}.{part}", problem)

        def of_request(part: str, problem: str) -> None:
            report(f"originalRequest.{part}", problem)

        request = _request(saved.get("originalRequest"), own)
        method = text_of(request.get("method") or "GET").strip().upper()
        if not TOKEN.fullmatch(method):
            of_request("method", f"{method[:40]!r} is not a method; this example is left out")
            return None
        if method == "CONNECT":
            of_request("method", "CONNECT asks for a tunnel, and no answer of its own; this example is left out")
            return None
        try:
            address = once("url", request.get("url"), lambda url: read_address(url, place.variables))
        except ValueError as exc:
            of_request("url", f"{exc}; this example is left out")
            return None
        firsts = address.path[:1] + address.path[address.base_length : address.base_length + 1]
        if RESERVED in {segment.text.lower() for segment in firsts}:
            of_request("url", f"/{RESERVED}/ is the server's own; this example is left out")
            return None
        try:
            body = once("body", request.get("body"), lambda body: read_body(body, place.variables))
        except ValueError as exc:
            of_request("body", f"{exc}; any body matches")
            body = Body("any")
        headers = once("header", request.get("header"), lambda entries: _headers(entries, place.variables, of_request))
        auth = _auth(request, headers, place, of_request, once)
        status, response, is_dynamic = read_answer(saved, place.variables, report)
        name = text_of(saved.get("name"))
        trail = (*place.trail, name[:NAME] or field)
        return Example(
            file=self.file,
            place=" / ".join(trail),
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
            headers=headers,
            auth=auth,
            collection=self.name,
            trail=trail,
            position=len(self.examples),
            item=self.items - 1,
            is_dynamic=is_dynamic,
        )


class _Once:
    """Reads each part of the requests of one item once: many answers may share it, however large it is."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], Any] = {}

    def __call__(self, part: str, value: object, read: Callable[[object], T]) -> T:
        """`read(value)`, or the ValueError that it raised."""
        key = part, id(value)
        if key not in self._read:
            try:
                self._read[key] = read(value)
            except ValueError as exc:
                self._read[key] = exc
        result: T | ValueError = self._read[key]
        if isinstance(result, ValueError):
            raise ValueError(str(result)) from result
        return result


def _headers(entries: object, variables: Variables, report: Report) -> tuple[tuple[str, str], ...]:
    headers: list[tuple[str, str]] = []
    for position, name, value in read_headers(entries, report):
        try:
            headers.append((variables.fill(name), variables.fill(value)))
        except ValueError as exc:
            report(f"header[{position}]", f"{exc}; left out")
    return tuple(headers)


def _auth(
    request: Mapping[str, Any], headers: tuple[tuple[str, str], ...], place: Place, report: Report, once: _Once
) -> Auth | None:
    """What signs the request in, aside from headers that were saved with it."""
    try:
        auth = once("auth", request.get("auth"), lambda auth: read_auth(auth, str(place), place.variables, place.auth))
    except ValueError as exc:
        report("auth", f"{exc}; left out")
        return None
    saved = {name.lower() for name, _ in headers}
    if auth is None or not any(name.lower() in saved for name, _ in auth.headers):
        return auth
    return Auth(auth.kind, auth.place, tuple(pair for pair in auth.headers if pair[0].lower() not in saved), auth.query)


def _request(original: object, own: object) -> Mapping[str, Any]:
    """The request that an example answers; where it is silent about method or URL, the item's own request speaks.

    The authorization is the item's in any case: Postman does not save it with the example. Older versions saved an
    empty form in place of the request.
    """
    fallback = _as_object(own)
    request = _as_object(original)
    url = request.get("url")
    if _is_blank(url):
        url = fallback.get("url") if fallback.get("url") is not None else url
        if not request.get("method"):
            told = {name: request[name] for name in ("header", "body") if not _is_blank(request.get(name))}
            return {**fallback, **told, "url": url}
    return {
        "method": request.get("method") or fallback.get("method"),
        "url": url,
        "header": request.get("header"),
        "body": request.get("body"),
        "auth": request.get("auth") or fallback.get("auth"),
    }


def _is_blank(part: object) -> bool:
    """Whether a part of a request says nothing, as `{"raw": ""}` does."""
    if isinstance(part, dict):
        return all(name == "mode" or not value for name, value in part.items())
    return not part


def _as_object(request: object) -> Mapping[str, Any]:
    if isinstance(request, str):
        return {"url": request}  # the short form: a GET of that address
    return request if isinstance(request, dict) else {}
