"""Lists of headers, in whatever shape a collection holds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from mockserver.postman.variables import text_of

# What HTTP takes for a name or a method, and what no value of a header can hold.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
Report = Callable[[str, str], None]


def read_headers(entries: object, report: Report) -> Iterator[tuple[int, str, str]]:
    """Position, name and value of each header that is not disabled and has a name; white space around both is gone.

    They may be a list of objects or lines, one text of lines, or an object of names and values.
    """
    if isinstance(entries, str):
        entries = entries.splitlines()
    elif isinstance(entries, dict):
        entries = [entries] if "key" in entries else [{"key": name, "value": entries[name]} for name in entries]
    if entries is None:
        return
    if not isinstance(entries, list):
        report("header", f"not a list but {type(entries).__name__}; left out")
        return
    for position, entry in enumerate(entries):
        if isinstance(entry, str):
            name, _, value = entry.partition(":")
        elif isinstance(entry, dict) and not entry.get("disabled"):
            name, value = text_of(entry.get("key")), text_of(entry.get("value"))
        elif isinstance(entry, dict) or entry is None:
            continue
        else:
            report(f"header[{position}]", f"neither an object nor a text but {type(entry).__name__}; left out")
            continue
        if name := name.strip():
            yield position, name, value.strip()
