"""A client is made of arguments that it takes; what it is given in vain is not shown."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from zianalytics import ZoomInfo
from zianalytics.errors import RequestRefused, SettingsRefused


@pytest.mark.parametrize(
    ("places", "named", "says"),
    [
        ((), {"user": "a@b.example"}, r"^ZoomInfo has no argument 'user' \(did you mean username"),
        (
            (),
            {"passwort": "geheim", "nope": 1},
            r"'passwort' \(did you mean password\?\); 'nope'.*It takes base_url",
        ),
        (
            ("a@b.example", "geheim"),
            {},
            r"^ZoomInfo: too many positional arguments\. .* Write ZoomInfo\(\*, base_url",
        ),
    ],
    ids=["user", "two", "places"],
)
def test_arguments_that_it_does_not_take_are_refused_with_the_nearest(
    places: tuple[Any, ...], named: dict[str, Any], says: str
) -> None:
    with pytest.raises(RequestRefused, match=says):
        ZoomInfo(*places, **named)


def test_no_variable_on_the_way_holds_a_secret(tmp_path: Path) -> None:
    for kind, named in ((RequestRefused, {"user": "a@b.example"}), (SettingsRefused, {"base_url": "ftp://x.example"})):
        with pytest.raises(kind) as caught:
            ZoomInfo(home=tmp_path, password="geheim", **named)  # type: ignore[arg-type]  # that is the point
        ours = caught.traceback[1:]
        shown = [repr(value) for frame in ours for value in frame.frame.f_locals.values()]
        assert shown
        assert not [value for value in shown if "geheim" in value]


def test_its_signature_is_its_own() -> None:
    assert list(inspect.signature(ZoomInfo).parameters)[:3] == ["base_url", "username", "password"]
