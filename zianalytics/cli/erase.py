"""`zia erase`: takes people out of everything that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import polars as pl
import typer

from zianalytics.cli.manners import Account, Form, Format, Home, account_folder, clock_of, opened, show
from zianalytics.client.compliance import wanted
from zianalytics.client.people.erasure import Erasure
from zianalytics.errors import RequestRefused


def erase(
    contact_id: Annotated[
        list[int] | None, typer.Option("--id", min=1, help="ZoomInfo's id of a contact; may be given again.")
    ] = None,
    email: Annotated[list[str] | None, typer.Option(help="An e-mail address; may be given again.")] = None,
    name: Annotated[str | None, typer.Option(help="A whole name, beside --company.")] = None,
    company: Annotated[str | None, typer.Option(help="The name of the company, beside --name.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it, what would be erased is counted.")] = False,
    delete_files: Annotated[
        bool, typer.Option("--delete-files", help="Delete your own files that name them, too.")
    ] = False,
    form: Form = Format.TABLE,
    home: Home = None,
    account: Account = None,
) -> None:
    """Take people out of the journal, the warehouse and every file of the home, for good; sends nothing.

    Their ids, what they had cost and that they are suppressed stay. Close every client of the home first. Texts of
    others that speak of them, compressed files and copies elsewhere are out of reach.
    """
    _check(email or [], name, company)
    asked = [pl.DataFrame({"contact_id": contact_id})] if contact_id else []
    asked += [pl.DataFrame({"email": email})] if email else []
    asked += [pl.DataFrame({"full_name": [name], "company_name": [company]})] if name or company else []
    if not asked:
        raise RequestRefused("Nobody is named. Nobody was erased. Give --id, --email, or --name with --company.")
    people = [one for frame in asked for one in wanted(frame)]
    folder = account_folder(home, account, harm="Nobody was erased.")
    from zianalytics.warehouse import renew

    with opened(folder) as journal:
        erasure = Erasure(journal, clock_of(journal), lambda: renew(folder, journal))
        show(erasure.run(people, delete=delete_files) if yes else erasure.preview(people), form)
    if not yes:
        typer.echo("zia erase: nothing was changed. Add --yes to erase.", err=True)


def _check(emails: Sequence[str], name: str | None, company: str | None) -> None:
    """Refuse options that name nobody for certain, by what was typed."""
    if odd := [one for one in emails if "@" not in one]:
        raise RequestRefused(
            f"--email {', '.join(odd)} is not an e-mail address. Nobody was erased. Give one with an @, or --id, or "
            "--name with --company."
        )
    if bool(name and name.strip()) != bool(company and company.strip()):
        alone, other = ("--name", "--company") if name and name.strip() else ("--company", "--name")
        raise RequestRefused(
            f"{alone} alone names nobody for certain. Nobody was erased. Give {other} with it, or --id or --email."
        )
