"""`zia backup`, `zia restore` and `zia erase` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from zianalytics import ZoomInfo
from zianalytics.cli import app
from zianalytics.errors import RequestRefused, StoreDamaged


def zia(*arguments: str, home: Path | None = None, **environ: str) -> tuple[int, str, str]:
    env = {"ZOOMINFO_HOME": str(home), **environ} if home else environ
    done = CliRunner().invoke(app, list(arguments), env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_a_home_is_copied_erased_from_put_back_and_erased_from_again(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy.zip"
    with ZoomInfo.mock(home=home, companies=60, progress=False) as zi:
        people = zi.search.contacts(management_level=["Director"], limit=3)["contact_id"].to_list()
        email = zi.enrich.contacts(people, max_credits=3).drop_nulls("email")["email"][0]
        zi.budget.set(max_credits=10)
        zi.warehouse.sql("SELECT 1")
        account = zi.home
    code, said, _ = zia("backup", str(copy), home=home)
    assert code == 0
    assert said.endswith("3 charges, 2 replies; every row was looked at.\n")
    with pytest.raises(RequestRefused, match="is there already"):
        zia("backup", str(copy), home=home)
    code, counted, why = zia("erase", "--email", email, "--format", "json", home=home)
    assert (code, why) == (0, "zia erase: nothing was changed. Add --yes to erase.\n")
    told = zia("erase", "--email", email, "--format", "json", "--yes", home=home)
    assert told == (0, counted, "")
    assert {"where": "enrich.contacts", "what": "records cut out", "count": 1} in json.loads(counted)
    assert email.encode() not in (account / "warehouse.duckdb").read_bytes()
    code, said, why = zia("restore", str(copy), home=home)
    assert code == 0
    assert "Set aside: ledger.replaced-1.db, replies.replaced-1.db. Delete them when you miss nothing." in said
    assert "The standing budget is 0 until zi.budget.set(...) says more" in said
    assert "Suppressions made since were taken over: 1." in why
    again = why.splitlines()[-1].partition("zia erase --yes --id ")[2]
    assert zia("erase", "--id", again, "--format", "json", "--yes", home=home)[0] == 0
    assert not list(account.glob("*.replaced-*"))
    with pytest.raises(RequestRefused, match=r"Nobody is named\. Nobody was erased"):
        zia("erase", home=home)


def test_a_home_that_was_lost_is_there_again_by_one_command(tmp_path: Path) -> None:
    home, copy, new = tmp_path / "home", tmp_path / "copy.zip", tmp_path / "new"
    with ZoomInfo.mock(home=home, companies=60, progress=False) as zi:
        zi.enrich.companies(zi.search.companies(limit=3, country="United States")["company_id"], max_credits=3)
        name = zi.home.name
    zia("backup", str(copy), home=home)
    code, said, why = zia("restore", str(copy), home=new)
    assert (code, why) == (0, "What was paid since is not known. Compare: zia ledger compare.\n")
    assert said.startswith(f"{new / name}: as it was on ")
    assert zia("ledger", "statement", "--format", "csv", home=new) == zia(
        "ledger", "statement", "--format", "csv", home=home
    )


@pytest.mark.parametrize("name", ["../elsewhere", "..", "", "a\\b"], ids=["path", "above", "none", "windows"])
def test_a_copy_that_names_no_folder_of_a_home_is_refused(tmp_path: Path, name: str) -> None:
    told = {"account": name, "made_at": "2031-03-01T09:00:00Z", "sha256": {}}
    with ZipFile(tmp_path / "copy.zip", "w") as copy:
        copy.writestr("manifest.json", json.dumps(told))
    with pytest.raises(StoreDamaged, match=r"is of no account of a home\. Nothing was changed"):
        zia("restore", str(tmp_path / "copy.zip"), home=tmp_path / "new")
    with pytest.raises(StoreDamaged, match="is not a sound copy of a journal"):
        zia("restore", str(tmp_path / "gone.zip"), home=tmp_path / "new")
    assert not (tmp_path / "new").exists()
