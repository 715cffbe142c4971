"""The files of one server: collections, and the environments and globals that fill in their variables."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from mockserver.memory import undisturbed
from mockserver.postman.bounds import GENEROUS, Bounds
from mockserver.postman.document import Document, read_document, unusable
from mockserver.postman.example import Collection, Fault
from mockserver.postman.read import read_examples
from mockserver.postman.variables import Allowance, Variables, defined


def read_files(files: Iterable[Path], bounds: Bounds = GENEROUS) -> tuple[Collection, ...]:
    """Every collection among the files, in their order, its variables filled in from the others.

    An environment wins over the collections, and these win over globals, whatever the order of the files; of two
    environments the first wins. What is wrong in an environment is told with the faults of the first collection.

    Raises
    ------
    CollectionUnusable
        A file is nothing of Postman's, or there is no collection among them; the message names the file.
    """
    with undisturbed():  # to look for garbage takes as long as all the rest
        return _read(files, bounds)


def _read(files: Iterable[Path], bounds: Bounds) -> tuple[Collection, ...]:
    documents = [read_document(Path(file), bounds) for file in files]
    variables = [document for document in documents if document.kind != "collection"]
    if variables and len(variables) == len(documents):
        raise unusable(variables[0].file, "holds variables, and no collection was passed beside it")
    # docs/assumptions.md, "precedence of variables" and "several environments".
    environment = dict(ChainMap(*(defined(one.content["values"]) for one in variables if one.kind == "environment")))
    shared = dict(ChainMap(*(defined(one.content["values"]) for one in variables if one.kind == "globals")))
    read = [
        read_examples(document, Variables(shared, Allowance(bounds), environment), bounds)
        for document in documents
        if document.kind == "collection"
    ]
    if faults := [fault for one in variables for fault in _faults(one)]:
        read[0] = replace(read[0], faults=(*faults, *read[0].faults))
    return tuple(read)


def read_collection(file: Path, bounds: Bounds = GENEROUS) -> Collection:
    """The examples of one Postman collection, v2.0 or v2.1, in the order of the file.

    Raises
    ------
    CollectionUnusable
        The file cannot be read, is larger than the bound, is not JSON, or is not a collection.
    """
    return read_files([file], bounds)[0]


def _faults(document: Document) -> Iterator[Fault]:
    for position, entry in enumerate(document.content["values"]):
        if not isinstance(entry, dict):
            problem = f"not an object but {type(entry).__name__}; left out"
        elif not isinstance(entry.get("key"), str):
            problem = "a variable without a name; left out"
        else:
            continue
        yield Fault(document.file, f"the {document.kind}", f"values[{position}]", problem)
