"""Who asks, and from which notebook or job: a name alone, whatever the machine says."""

from __future__ import annotations

from pathlib import Path

import pytest

from zianalytics.settings import Settings, Spender


@pytest.mark.parametrize(
    ("started", "environ", "name"),
    [
        ("/srv/ana/jobs/weekly.py", {}, "weekly.py"),
        (r"C:\Users\ana\weekly.py", {}, "weekly.py"),
        ("/usr/bin/zia", {}, "zia"),
        ("/site-packages/zianalytics/__main__.py", {}, "zianalytics"),
        ("-c", {}, "python"),
        ("", {}, "python"),
        ("/site-packages/ipykernel_launcher.py", {}, "notebook"),
        ("/x/ipykernel_launcher.py", {"JPY_SESSION_NAME": "/srv/ana/03 credits.ipynb"}, "03 credits.ipynb"),
        ("weekly\udcff\u202e.py", {}, r"weekly\udcff\u202e.py"),
        ("n" * 300, {}, "n" * 100),
    ],
    ids=lambda said: ascii(said)[:40],
)
def test_the_source_is_a_name_without_its_folder(started: str, environ: dict[str, str], name: str) -> None:
    assert Spender.here(argv=[started, "--token", "s3cret"], environ=environ).source == name


def test_the_user_of_jupyterhub_goes_before_that_of_the_machine() -> None:
    assert Spender.here(environ={"JUPYTERHUB_USER": "ana"}).who == "ana"
    assert Spender.here(environ={}).who not in (None, "ana")


def test_what_the_settings_say_goes_before_what_is_found(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ZOOMINFO_USERNAME=team@example.com\nZOOMINFO_SOURCE=nightly\n")
    settings = Settings.read(environ={"ZOOMINFO_WHO": "ben"}, folder=tmp_path)
    found = Spender.here(
        who=settings.who, source=settings.source, environ={"JUPYTERHUB_USER": "ana"}, argv=["weekly.py"]
    )
    assert found == Spender(who="ben", source="nightly")
