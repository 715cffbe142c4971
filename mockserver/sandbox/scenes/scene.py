"""A scene: a request and the situation in which it is made, and the ways in which each is refused alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ABSENT = 999  # no company or person has this id


@dataclass(frozen=True)
class Scene:
    """A request, and the situation in which it is made.

    Attributes
    ----------
    folder, item, name
        Where it stands in the collection.
    used_up
        A limit of which nothing is left; None when all have something.
    is_too_fast
        The rate window is full.
    query
        Its query parameters.
    is_by_key
        It logs in with an assertion, signed by the account's key, and no body.
    bundle
        What the account has bought.
    after_s
        Seconds that pass before it.
    is_passing
        What it answers is true for a moment: asked later, it is another answer.
    """

    folder: str
    item: str
    name: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    is_form: bool = False
    is_by_key: bool = False
    is_signed_in: bool = True
    used_up: str | None = None
    is_too_fast: bool = False
    bundle: str = "standard"
    after_s: float = 0.0
    is_passing: bool = False


def refused_scenes(scene: Scene, invalid: Mapping[str, Any]) -> Iterator[Scene]:
    """The refusals that every metered operation has."""
    yield replace(scene, name="Invalid field", body=invalid)
    yield replace(scene, name="Without a token", is_signed_in=False)
    yield replace(scene, name="Request limit used up", used_up="requestLimit")
    yield replace(scene, name="Too many requests", is_too_fast=True)
