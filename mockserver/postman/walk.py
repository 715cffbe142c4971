"""The requests of a collection in the order of the file, each with what is in force there; without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.postman.auth import read_auth
from mockserver.postman.bounds import Bounds
from mockserver.postman.example import Auth
from mockserver.postman.variables import Variables, text_of

TOP = "the collection"
# Of a name, where it tells a place: with fifty folders above an example, a place is a few lines and no megabytes.
NAME = 120
Report = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or request: its names from the top, and what it has inherited."""

    trail: tuple[str, ...]
    variables: Variables
    auth: Auth | None

    def __str__(self) -> str:
        return " / ".join(self.trail) or TOP

    def below(self, name: str | None, node: Mapping[str, Any], report: Report) -> Place:
        """The place of something inside this one; without a name, this place with what the node defines for it."""
        place = Place(self.trail if name is None else (*self.trail, name), self.variables.within(node), self.auth)
        if "auth" not in node:
            return place
        try:
            auth = read_auth(node["auth"], str(place), place.variables, self.auth)
        except ValueError as exc:
            report(str(place), "auth", f"{exc}; left out")
            return place
        return Place(place.trail, place.variables, auth)


def requests(
    document: Mapping[str, Any],
    variables: Variables,
    bounds: Bounds,
    report: Report,
    visit: Callable[[Place, Mapping[str, Any]], None],
) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Every request of every folder; `visit` is told of the collection, each folder and each request on the way.

    Folders may be nested by a machine, so that their depth is bounded: `report(place, field, problem)`.
    """
    top = Place((), variables, None).below(None, document, report)
    waiting: list[tuple[Place, str, object, int]] = []

    def enter(place: Place, items: list[object], depth: int) -> None:
        for position, item in reversed(list(enumerate(items))):
            name = text_of(item.get("name")) if isinstance(item, dict) else ""
            waiting.append((place, name[:NAME] or f"item[{position}]", item, depth))

    visit(top, document)
    enter(top, document["item"], 1)
    while waiting:
        above, name, item, depth = waiting.pop()
        told = " / ".join((*above.trail, name))
        if not isinstance(item, dict):
            report(told, "item", f"not an object but {type(item).__name__}; left out")
            continue
        inner = item.get("item")
        if inner is not None and not isinstance(inner, list):
            report(told, "item", f"not a list but {type(inner).__name__}; this folder is left out")
        elif inner is not None and depth >= bounds.folder_depth:
            report(told, "item", f"folders nested deeper than {bounds.folder_depth}; this one is left out")
        else:
            place = above.below(name, item, report)
            visit(place, item)
            if inner is not None:
                enter(place, inner, depth + 1)
            else:
                yield place, item
