from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mockserver.postman import read_collection


def test_scripts_certificates_and_settings_are_named_at_every_level_and_none_of_their_text_is_kept(
    write_collection: Callable[..., Path],
) -> None:
    code = ["const hidden = 1;", "", "  ", "pm.globals.set('a', hidden);\nthrow hidden;"]
    test = {"listen": "test", "script": {"type": "text/javascript", "exec": code}}
    before = {"listen": "prerequest", "script": {"exec": "while (true) { hidden(); }"}}
    request = {"url": "/a", "certificate": {"name": "hidden"}}
    item = {"name": "i", "event": [before, test], "request": request, "response": [{"name": "x"}]}
    folder = {"name": "f", "event": [test, "odd", {"listen": "test"}, {"script": {"exec": [""]}}], "item": [item]}
    file = write_collection(
        folder, {"name": "no answer", "event": [test]}, event=[before], protocolProfileBehavior={"strictSSL": False}
    )

    collection = read_collection(file)

    assert [(ignored.place, ignored.kind, ignored.lines) for ignored in collection.ignored] == [
        ("the collection", "prerequest", 1),
        ("the collection", "protocolProfileBehavior", 0),
        ("f", "test", 3),
        ("f / i", "prerequest", 1),
        ("f / i", "test", 3),
        ("f / i", "certificate", 0),
        ("no answer", "test", 3),
    ]
    assert "hidden" not in repr(collection)
    assert collection.faults == ()
