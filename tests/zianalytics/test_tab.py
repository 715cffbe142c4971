"""What tab shows in a notebook, by IPython's own completer, with jedi and without."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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
        ("zi.budget.", {"clear", "left", "set"}),
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
    completer = IPCompleter(namespace={"zi": zi}, use_jedi=jedi)  # type: ignore[no-untyped-call]  # IPython's
    with provisionalcompleter():
        found = {one.text.removeprefix(text).lstrip(".") for one in completer.completions(text, len(text))}
    assert {name for name in found if not name.startswith("_")} == names


def test_a_repr_says_what_can_be_called_and_what_for(zi: ZoomInfo) -> None:
    assert repr(zi.usage).splitlines() == [
        "<zi.usage()>",
        "zi.usage.history     What the service has said of each limit over time; sends nothing.",
        "zi.usage.projection  The day on which each limit is reached, if it goes on as in the last weeks; "
        "sends nothing.",
        "zi.usage.warn_at     Warn at these thresholds from now on, in this client; 80, 90 and 100 percent where "
        "nothing is said.",
    ]
    said = repr(zi.webhooks).splitlines()
    assert said[0] == "zi.webhooks.create              Make a webhook; it sends nothing until it is enabled."
    assert len(said) == 9
    assert [line for line in said if not (line.startswith("zi.webhooks.") and line.endswith("."))] == []


def test_a_client_that_nobody_closes_leaves_no_socket_behind(tmp_path: Path) -> None:
    code = "from zianalytics import ZoomInfo\nzi = ZoomInfo.mock(companies=60, progress=False)\nzi.usage()\n"
    command = [sys.executable, "-X", "dev", "-W", "always::ResourceWarning", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
