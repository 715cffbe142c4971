"""What tab shows in a notebook, by IPython's own completer, with jedi and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter

from zianalytics import ZoomInfo


@pytest.fixture(scope="module")
def zi() -> Iterator[ZoomInfo]:
    with ZoomInfo.mock(companies=60, progress=False) as client:
        yield client


@pytest.mark.parametrize("jedi", [True, False], ids=["jedi", "none"])
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("zi.budget.", {"left", "set"}),
        ("zi.search.", {"companies", "contacts", "intent", "news", "scoops"}),
        ("zi.search.companies.", {"count", "quote", "request"}),
        ("zi.bulk.redeem.", {"companies", "contacts"}),
        ("zi.usage.", {"history", "projection", "request", "warn_at"}),
        (
            "zi.compliance.",
            {"allow", "check", "erase", "erasure", "export_csv", "import_csv", "suppress", "suppressions", "without"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_tab_shows_what_users_may_want_and_no_machinery(zi: ZoomInfo, jedi: bool, text: str, names: set[str]) -> None:
    completer = IPCompleter(namespace={"zi": zi}, use_jedi=jedi)
    with provisionalcompleter():
        found = {one.text.removeprefix(text).lstrip(".") for one in completer.completions(text, len(text))}
    assert {name for name in found if not name.startswith("_")} == names
