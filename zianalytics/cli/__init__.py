"""`zia`, the command line: one file a verb, and in `manners/` what verbs share."""

from __future__ import annotations

import inspect
import sys
from importlib.metadata import version as installed
from typing import Annotated

import typer

from zianalytics.cli import (
    backup,
    demo,
    doctor,
    enrich,
    erase,
    from_postman,
    ledger,
    mock,
    rebuild,
    reconcile,
    redeem,
    restore,
    usage,
    webhooks,
)
from zianalytics.cli.manners import typed, warnings_said
from zianalytics.errors import ZoomInfoError

app = typer.Typer(
    name="zia",
    help="ZoomInfo data as DataFrames, tables and account scores; and a local ZoomInfo to practise on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, which may hold people's data
)
app.command("backup")(backup.backup)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("erase")(erase.erase)
app.command("from-postman")(from_postman.from_postman)
app.command(
    "mock",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(mock.mock)
app.command("rebuild")(rebuild.rebuild)
app.command("reconcile")(reconcile.reconcile)
app.command("redeem")(redeem.redeem)
app.command("restore")(restore.restore)
app.command("usage")(usage.usage)
app.add_typer(enrich.app, name="enrich")
app.add_typer(ledger.app, name="ledger")
app.add_typer(webhooks.app, name="webhooks")


def _wrap_freely(commands: typer.Typer) -> None:
    """Let the help be as wide as its terminal: its lines do not end where those of a docstring do."""
    for command in commands.registered_commands:
        told = inspect.getdoc(command.callback) or ""
        command.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in told.split("\n\n"))
    for group in commands.registered_groups:
        if group.typer_instance:
            _wrap_freely(group.typer_instance)


_wrap_freely(app)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(installed("zianalytics"))
        raise typer.Exit


@app.callback()
def about(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    """ZoomInfo data as DataFrames, tables and account scores; and a local ZoomInfo to practise on."""
    context.with_resource(warnings_said())


def main() -> None:
    """Run `zia`; an error of ours becomes its message and exit code 1."""
    try:
        app()
    except ZoomInfoError as exc:
        typer.echo(f"zia: {typed(str(exc))}", err=True)
        sys.exit(1)
