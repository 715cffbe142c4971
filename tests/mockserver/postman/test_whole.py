"""Any collection is given back whole, whatever the order of its items and the manner of its maker."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.postman import Collection, read_collection


def read(document: dict[str, Any]) -> Collection:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "drawn.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return read_collection(file)


@settings(max_examples=40)
@given(data=st.data())
def test_every_example_is_given_back_whole(data: st.DataObject, collections: st.SearchStrategy[Any]) -> None:
    drawn = data.draw(collections)

    collection = read(drawn.document)

    assert [fault.problem for fault in collection.faults if "NoneType" not in fault.problem] == []
    assert [example.name for example in collection.examples] == [saved.name for saved in drawn.saved]
    assert [example.position for example in collection.examples] == list(range(len(drawn.saved)))
    for example, saved in zip(collection.examples, drawn.saved, strict=True):
        assert example.method == saved.method
        assert "/" + "/".join(segment.text for segment in example.path) == saved.path
        assert not any(segment.is_open for segment in example.path)
        assert example.query == saved.query
        assert (example.status, example.response.status) == (saved.status, saved.status)
        assert (example.response.headers, example.response.body) == (saved.headers, saved.content)
        if example.body.kind == "json":
            assert example.body.value == json.loads(saved.sent)
        if example.body.kind == "form":
            assert list(example.body.value) == parse_qsl(saved.sent.decode())
        if example.body.kind == "text":
            assert example.body.value == saved.sent.decode()


@settings(max_examples=40)
@given(data=st.data())
def test_the_order_of_items_changes_nothing_but_the_order_of_examples(
    data: st.DataObject, collections: st.SearchStrategy[Any]
) -> None:
    document = data.draw(collections).document
    shuffled = {**document, "item": data.draw(st.permutations(document["item"]))}

    def by_name(collection: Collection) -> dict[str, Any]:
        return {
            one.name: replace(one, position=0, item=0, trail=(), place="", file=Path()) for one in collection.examples
        }

    assert by_name(read(shuffled)) == by_name(read(document))
