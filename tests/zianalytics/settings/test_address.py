"""Where a secret may be sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.state import Account
from zianalytics.errors import SettingsRefused
from zianalytics.settings import Settings


def test_the_user_of_a_sandbox_is_not_sent_to_the_live_service(tmp_path: Path) -> None:
    theirs = {"ZOOMINFO_USERNAME": Account.fresh().username, "ZOOMINFO_PASSWORD": "geheim"}
    with pytest.raises(SettingsRefused) as told:
        Settings.read(environ=theirs, folder=tmp_path)
    assert str(told.value) == (
        "ZOOMINFO_USERNAME is the user of a sandbox, and the address is that of the live service "
        "(https://api.zoominfo.com). Nothing was sent. Set ZOOMINFO_BASE_URL to the address that `zia mock` shows, or "
        "try ZoomInfo.mock(), which starts its own."
    )
    here = Settings.read(environ={**theirs, "ZOOMINFO_BASE_URL": "http://127.0.0.1:8480"}, folder=tmp_path)
    assert here.username == theirs["ZOOMINFO_USERNAME"]
