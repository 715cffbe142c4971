"""The saved requests of a Postman collection, v2.0 or v2.1: which there are, and what each says.

A collection comes from anywhere, so that it is read within bounds, and nothing in it is believed: headers, sign-in
settings and scripts are never looked at, and what may be a secret is left open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from zianalytics.errors import RequestRefused
from zianalytics.inert import visible
from zianalytics.postman.variables import Variables, quoted, without_secrets

LARGEST_BYTES = 64 * 1024 * 1024
_DEEPEST, _MOST, _MOST_LISTED = 50, 20_000, 20
_EXPORT = "Export the collection from Postman as v2.1 and pass that file."


@dataclass(frozen=True)
class Saved:
    """One saved request.

    Attributes
    ----------
    place
        Its folders and its name: "Search/Company Search".
    method, path, query
        What it asks; what its variables leave open is `Open`.
    body
        What its body says: an empty dict for none.
    """

    place: str
    method: str
    path: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]


def saved_requests(file: Path) -> list[str]:
    """The requests of a collection, each by its folders and its name, in their order."""
    return [visible(place)[:200] for place, _, _ in _items(_document(file))]


def saved_request(file: Path, name: str) -> Saved:
    """The request of that name.

    Parameters
    ----------
    file
        The collection.
    name
        Its name, with as many of its folders in front as tell it from others: "Search/Company Search".

    Raises
    ------
    RequestRefused
        The file is no collection, has no such request or several, or the request cannot be read.
    """
    items = list(_items(_document(file)))
    found = _named(items, name)
    if not found and len(found := _within(items, name)) > 1:
        said = "; ".join(visible(place)[:200] for place, _, _ in found[:_MOST_LISTED])
        more = f"; and {len(found) - _MOST_LISTED:,} more" if len(found) > _MOST_LISTED else ""
        raise RequestRefused(
            f"{file} has {len(found):,} requests under {visible(name)[:200]!r}: {said}{more}. Nothing was sent. "
            "Pass one of these names whole."
        )
    if not found:
        known = [visible(place)[:200] for place, _, _ in items]
        near = alike(visible(name)[:200], known)
        hint = f" (did you mean {', '.join(near)}?)" if near else ""
        raise RequestRefused(
            f"{file} has no request {visible(name)[:200]!r}{hint}. Nothing was sent. zia from-postman {file.name} "
            f"lists its {len(known):,}."
        )
    if len(found) > 1:
        said = "; ".join(_spoken(place, item) for place, item, _ in found[:_MOST_LISTED])
        raise RequestRefused(
            f"{file} has {len(found):,} requests {visible(name)[:200]!r}: {said}. Nothing was sent. Put the folders in "
            'front of the name, as in "Folder/Name", or give each a name of its own in Postman.'
        )
    return _read(*found[0])


_Item = tuple[str, Mapping[str, Any], Variables]


def _named(items: Sequence[_Item], name: str) -> list[_Item]:
    """Those of exactly that name or place; else those of it when upper and lower case play no part."""
    for same in (str, str.casefold):
        asked = same(name.strip().strip("/"))
        if whole := [one for one in items if same(one[0]) == asked]:
            return whole
        if found := [one for one in items if same(one[0]).endswith(f"/{asked}")]:
            return found
    return []


def _within(items: Sequence[_Item], name: str) -> list[_Item]:
    """Those that lie in a folder of that name, or whose name begins with it and a colon, as an example's does."""
    asked = name.strip().strip("/").casefold()
    return [one for one in items if asked and re.search(rf"(^|/){re.escape(asked)}(/|:)", one[0].casefold())]


def alike(name: str, known: Sequence[str]) -> list[str]:
    """The names whose words, those of their folders included, are most like the words of `name`; three at most."""
    asked = re.findall(r"\w+", name.casefold())
    words = {one: re.findall(r"\w+", one.casefold()) for one in known}
    distinct = {word for found in words.values() for word in found}
    likeness = {word: [SequenceMatcher(None, word, one).ratio() for one in asked] for word in distinct}
    scores = {
        one: sum(max((likeness[word][n] for word in found), default=0) for n in range(len(asked)))
        for one, found in words.items()
    }
    near = [one for one in known if asked and scores[one] >= 0.75 * len(asked)]
    whole = SequenceMatcher(None, "", name.casefold())
    order = {one: (-scores[one], -_ratio(whole, one.casefold())) for one in near}
    return sorted(near, key=order.__getitem__)[:3]


def _ratio(whole: SequenceMatcher[str], text: str) -> float:
    whole.set_seq1(text)
    return whole.ratio()


def _spoken(place: str, item: Mapping[str, Any]) -> str:
    request = item.get("request")
    method = request.get("method") if isinstance(request, dict) else None
    return visible(f"{place} ({str(method or 'GET')[:10]})")[:200]


def _refuse(file: Path, problem: str, advice: str = _EXPORT) -> NoReturn:
    raise RequestRefused(f"{file} {problem}. Nothing was sent. {advice}")


def _document(file: Path) -> Mapping[str, Any]:
    try:
        content = b"" if (size := file.stat().st_size) > LARGEST_BYTES else file.read_bytes()
    except OSError as exc:
        _refuse(file, f"cannot be read ({exc.strerror or exc})", "Check the path.")
    if size > LARGEST_BYTES:
        _refuse(file, f"has more than {LARGEST_BYTES:,} bytes", "Split the collection.")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as exc:
        _refuse(file, f"is not JSON ({type(exc).__name__})")
    if isinstance(document, dict) and isinstance(document.get("collection"), dict):
        document = document["collection"]  # as Postman's own API hands it out
    if not isinstance(document, dict) or not isinstance(document.get("item"), list):
        _refuse(file, "is no Postman collection: it has no list `item`")
    return document


def _items(document: Mapping[str, Any]) -> Iterator[_Item]:
    """Every request with its place and the variables in force there, in order; what is no request is left out."""
    waiting = [("", document, Variables(), 0)]
    given = 0
    while waiting and given < _MOST:
        place, node, outer, depth = waiting.pop()
        variables = outer.within(node.get("variable"))
        if not isinstance(node.get("item"), list):
            if isinstance(node.get("request"), str | dict):
                given += 1
                yield place, node, variables
            continue
        inside = [one for one in node["item"] if isinstance(one, dict)] if depth < _DEEPEST else []
        prefix = f"{place}/" if place else ""
        waiting += [(f"{prefix}{str(one.get('name') or '')[:500]}", one, variables, depth + 1) for one in inside[::-1]]


def _read(place: str, item: Mapping[str, Any], variables: Variables) -> Saved:
    request = item["request"] if isinstance(item["request"], dict) else {"url": item["request"]}
    method = str(request.get("method") or "GET").strip().upper()
    path, query = _address(request.get("url"), variables)
    path = without_secrets(path)
    is_sign_in = path.rstrip("/") == "/authenticate"
    body = {} if is_sign_in or method in ("GET", "DELETE") else _body(place, request.get("body"), variables)
    return Saved(place, method, path, query, body)


def _address(url: Any, variables: Variables) -> tuple[str, Mapping[str, Any]]:
    """The path behind the host, and what the query says."""
    if isinstance(url, dict) and isinstance(url.get("path"), list):
        own = variables.within(url.get("variable"))
        steps = [own.text(_step(one), of_path=True) for one in url["path"]]
        given = url.get("query")
        pairs = [
            (str(one["key"]), one.get("value"))
            for one in (given if isinstance(given, list) else [])
            if isinstance(one, dict) and one.get("key") and not one.get("disabled")
        ]
        return "/" + "/".join(steps), {key: variables.value(value) for key, value in pairs}
    raw = str(url.get("raw") or url.get("path") or "") if isinstance(url, dict) else str(url or "")
    raw = re.sub(r"^\{\{[^{}]*\}\}", "", raw.strip())
    try:
        parts = urlsplit(raw if raw.startswith(("http://", "https://", "/")) else f"//{raw}")
    except ValueError:
        return "/", {}
    path = "/".join(variables.text(one, of_path=True) for one in parts.path.split("/"))
    return path or "/", {key: variables.value(value) for key, value in parse_qsl(parts.query, keep_blank_values=True)}


def _step(step: Any) -> str:
    return str(step.get("value") or "") if isinstance(step, dict) else str(step)


def _body(place: str, body: Any, variables: Variables) -> Mapping[str, Any]:
    if not isinstance(body, dict) or body.get("disabled") or not body.get("mode"):
        return {}
    if body["mode"] != "raw":
        raise RequestRefused(
            f"{visible(place)[:200]} has a body of mode {str(body['mode'])[:20]!r}. Nothing was sent. Save it as raw "
            "JSON, which is what this API takes."
        )
    raw = str(body.get("raw") or "")
    if not raw.strip():
        return {}
    try:
        said = json.loads(quoted(raw), parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise RequestRefused(
            f"The body of {visible(place)[:200]} is not JSON ({type(exc).__name__}). Nothing was sent. Correct it in "
            "Postman; a variable may stand in the place of a value."
        ) from None
    if not isinstance(said, dict):
        raise RequestRefused(
            f"The body of {visible(place)[:200]} is no JSON object. Nothing was sent. Correct it in Postman."
        )
    filled: Mapping[str, Any] = variables.value(said)
    return filled


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
