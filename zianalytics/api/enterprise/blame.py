"""What a name in a refusal of the Enterprise API is called by us, and where users write it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any, Literal

from zianalytics.api.enterprise.names import output_field
from zianalytics.api.enterprise.requests import criterion_names, input_names
from zianalytics.api.spec import Operation

Place = Literal["input", "criterion", "column"]
_SENTENCE = re.compile(r":\s*(.+)$|\((.+)\)$")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


@dataclasses.dataclass(frozen=True)
class Blamed:
    """One name of ours to which a refusal points.

    Attributes
    ----------
    place
        Part of an input, a keyword of the call, or a column to be answered.
    name
        As users write it.
    """

    place: Place
    name: str


def blamed(operation: Operation[...], message: str) -> list[Blamed]:
    """The names behind the colon, or in the brackets, of a published message, in our words.

    A name that the operation uses in several places stands for each of them; one that it does not use is left out.
    """
    found: list[Blamed] = []
    for behind in _SENTENCE.findall(message):
        for wire in _NAME.findall(" ".join(behind)):
            found += [one for one in _meant_by(operation, wire) if one not in found]
    return found


def _meant_by(operation: Operation[...], wire: str) -> Sequence[Blamed]:
    request: Any = operation.request
    keywords = [one.name for one in dataclasses.fields(request)]
    places: list[Blamed] = []
    if "of" in keywords:
        places += [Blamed("input", name) for name, word in input_names(operation).items() if _same(word, wire)]
    places += [Blamed("criterion", name) for name, word in criterion_names(request).items() if _same(word, wire)]
    if "fields" in keywords and operation.takes_fields:
        columns = [one.name for one in operation.record if _same(output_field(operation.record, one), wire)]
        places += [Blamed("column", name) for name in columns]
    return places


def _same(word: str, wire: str) -> bool:
    return wire.lower() in (word.lower(), word.rpartition(".")[2].lower())
