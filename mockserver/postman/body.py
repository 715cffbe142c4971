"""The body of a recorded request, brought into the form in which it is compared."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from mockserver.postman.bounds import BODY_VALUES, values_at_most
from mockserver.postman.example import Body
from mockserver.postman.variables import Allowance, Variables, text_of

MODES = ("raw", "urlencoded", "formdata", "graphql", "file")
# Postman lets people write comments and bare {{variables}} into JSON; strings match first so that they stay whole.
# What is opened and never closed counts to the end, so that no text is looked through twice.
_LOOSE = re.compile(r'("(?:\\.|[^"\\])*+"?)|(//[^\n]*|/\*.*?(?:\*/|\Z))|(\{\{[^{}]*\}\})', re.DOTALL)


def read_json(text: str) -> Any:
    """The value of a JSON text, comments and bare `{{variables}}` allowed.

    Raises
    ------
    ValueError
        It is not JSON even so, nested too deeply to be read, or holds more values than the bound.
    """
    if values_at_most(text) > BODY_VALUES:
        raise ValueError(f"more than {BODY_VALUES:,} values")
    try:
        try:
            return json.loads(text)
        except ValueError:
            strict = _LOOSE.sub(lambda hit: hit[1] or ("" if hit[2] else json.dumps(hit[3])), text)
            return json.loads(strict)
    except RecursionError as exc:
        raise ValueError("nested too deeply") from exc


def read_body(body: object, variables: Variables) -> Body:
    """The body in a request's `body` field; an unknown mode, or a file's name alone, counts as one not recorded.

    Raises
    ------
    ValueError
        The field is not an object, or its content has another shape than its mode says.
    """
    if body is None:
        return Body()
    if not isinstance(body, dict):
        raise ValueError(f"not an object but {type(body).__name__}")
    # Where no mode is said, as some write by hand, the content that is there says it.
    mode = body.get("mode")
    if mode in (None, ""):
        mode = next((mode for mode in MODES if body.get(mode) is not None), None)
    if body.get("disabled") or mode is None:
        return Body()
    if not isinstance(mode, str):
        raise ValueError(f"not a mode but {type(mode).__name__}")
    content = body.get(mode)
    if mode == "raw":
        return _raw(variables.fill(text_of(content)), variables.allowance)
    if mode == "urlencoded":
        return Body("form", _pairs(content, variables))
    if mode == "formdata":
        return Body("parts", _pairs(content, variables))
    if mode == "graphql":
        return _graphql(content, variables)
    if isinstance(content, dict) and isinstance(content.get("content"), str):
        return _raw(variables.fill(content["content"]), variables.allowance)
    return Body("any")


def _raw(text: str, allowance: Allowance) -> Body:
    if not text.strip():
        return Body()
    try:
        allowance.keep(values_at_most(text))
        return Body("json", read_json(text))
    except ValueError:
        return Body("text", plain(text))


def plain(text: str) -> str:
    """A text as it is compared: line ends and outer white space do not count."""
    return text.replace("\r\n", "\n").strip()


def _pairs(content: object, variables: Variables) -> tuple[tuple[str, str | None], ...]:
    if content is None:
        return ()
    bounds = variables.allowance.bounds
    if isinstance(content, str):
        parsed = parse_qsl(variables.fill(content), keep_blank_values=True, max_num_fields=bounds.pairs)
        variables.allowance.keep(len(parsed))
        return tuple(parsed)
    if not isinstance(content, list):
        raise ValueError(f"not a list of fields but {type(content).__name__}")
    if len(content) > bounds.pairs:
        raise ValueError(f"more than {bounds.pairs:,} fields")
    variables.allowance.keep(len(content))
    pairs: list[tuple[str, str | None]] = []
    for entry in content:
        if not isinstance(entry, dict) or entry.get("disabled"):
            continue
        name = variables.fill(text_of(entry.get("key")))
        if entry.get("type") == "file":
            files = entry.get("src")
            number = len(files) if isinstance(files, list) and files else 1
            variables.allowance.keep(number)
            pairs += [(name, None)] * number
        else:
            pairs.append((name, variables.fill(text_of(entry.get("value")))))
    return tuple(pairs)


def _graphql(content: object, variables: Variables) -> Body:
    if isinstance(content, str):
        content = {"query": content}
    if not isinstance(content, dict):
        raise ValueError(f"not an object but {type(content).__name__}")
    values = content.get("variables")
    if isinstance(values, str):
        filled = variables.fill(values)
        variables.allowance.keep(values_at_most(filled))
        values = read_json(filled) if filled.strip() else {}
    return Body("graphql", (squeezed(variables.fill(text_of(content.get("query")))), values or {}))


def squeezed(query: str) -> str:
    """A GraphQL query as it is compared: runs of white space count as one."""
    return " ".join(query.split())
