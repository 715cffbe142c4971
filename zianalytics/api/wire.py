"""A request as it would be sent: a value to look at, to run by hand, or to take to Postman. Nothing is sent from here.

It holds no token. In a command its place is taken by `$ZOOMINFO_TOKEN`, in Postman by the variable `{{jwt}}`, so that
either can be shown to others; what the user asks with is in it as it is.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from zianalytics.inert import visible

_LONGEST = 24
_SHORT_LIST = re.compile(r"\[\s+([^\[\]{}]{0,80}?)\s+\]")
_BREAK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, kw_only=True)
class WireRequest:
    """The first request of a call, and those that follow it.

    Attributes
    ----------
    operation
        What was asked, as users call it: "search.companies".
    method, base_url, path, query
        Where it goes.
    body
        What it says, as JSON; "" for a request without a body.
    number
        Which of the requests of the call it is, from 1.
    of
        How many requests the call makes at most: what is held is not asked again, and a search ends where no more rows
        match.
    following
        The other requests of the call.
    """

    operation: str
    method: str
    base_url: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    number: int = 1
    of: int = 1
    following: tuple[WireRequest, ...] = ()

    @property
    def url(self) -> str:
        """The whole address."""
        return self.base_url + self._target

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it, beside the token."""
        return {"Accept": "application/json"} | ({"Content-Type": "application/json"} if self.body else {})

    def as_curl(self) -> str:
        """A command that sends it, for sh, bash or zsh, an argument a line; put a token into `ZOOMINFO_TOKEN` first.

        Sent that way it costs what the call costs, and the client does not know of it.
        """
        lines = [f"curl --silent --show-error --globoff --request {self.method} {shlex.quote(self.url)}"]
        lines += ['--header "Authorization: Bearer $ZOOMINFO_TOKEN"']
        lines += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in self.headers.items()]
        if self.body:
            lines.append(f"--data-raw {shlex.quote(self.body)}")
        return " \\\n    ".join(lines)

    def as_postman(self) -> dict[str, Any]:
        """The request as an item of a Postman collection v2.1; its variables are `baseUrl` and `jwt`."""
        headers = {"Authorization": "Bearer {{jwt}}"} | self.headers
        url: dict[str, Any] = {
            "raw": f"{{{{baseUrl}}}}{self._target}",
            "host": ["{{baseUrl}}"],
            "path": self.path.strip("/").split("/"),
        }
        if self.query:
            url["query"] = [{"key": key, "value": value} for key, value in self.query.items()]
        said: dict[str, Any] = {
            "method": self.method,
            "header": [{"key": key, "value": value} for key, value in headers.items()],
            "url": url,
        }
        if self.body:
            said["body"] = {"mode": "raw", "raw": self.body, "options": {"raw": {"language": "json"}}}
        several = f", {self.number} of {self.of}" if self.of > 1 else ""
        return {"name": f"zi.{self.operation}{several}", "request": said, "response": []}

    @property
    def _target(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def __repr__(self) -> str:
        several = f"  (request {self.number} of {self.of:,} at most)" if self.of > 1 else ""
        lines = [f"{self.method} {visible(self._target)}{several}"]
        if self.body:
            said = json.dumps(json.loads(self.body), indent=2, ensure_ascii=False)
            said = _SHORT_LIST.sub(lambda found: f"[{_BREAK.sub(' ', found[1])}]", said)
            lines += [visible(line) for line in said.splitlines()]
        if len(lines) > _LONGEST:
            lines[_LONGEST:] = [f"... and {len(lines) - _LONGEST:,} more lines; .body has all"]
        return "\n".join(lines)
