"""`zia webhooks serve`: receives what ZoomInfo delivers, into the journal."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from zianalytics.cli.manners import Account, Home, account_folder, opened
from zianalytics.inert import visible
from zianalytics.receiver import Desk, Verdict, WebhookTokens, receiving

app = typer.Typer(help="Webhooks: receive the changes that ZoomInfo delivers.", no_args_is_help=True)


@app.callback()
def webhooks() -> None:
    """Webhooks: receive the changes that ZoomInfo delivers."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Where to listen; this machine alone by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Where to listen; 0 is any free port.")] = 8473,
    certificate: Annotated[Path | None, typer.Option(help="PEM file, to speak https.")] = None,
    key: Annotated[Path | None, typer.Option(help="PEM file of the certificate's key, if it is apart.")] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="Further tokens, one a line, for webhooks that were made elsewhere.")
    ] = None,
    home: Home = None,
    account: Account = None,
) -> None:
    """Receive deliveries until Ctrl-C or SIGTERM; each is on disk before it is answered. Sends nothing, costs nothing.

    ZoomInfo delivers to https alone: give a certificate, or put a proxy that has one in front.
    """
    folder = account_folder(home, account, harm="Nothing was received.")
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with opened(folder) as journal:
        tokens = WebhookTokens(folder, extra=token_file)
        desk = Desk(journal, tokens)
        with receiving(desk, host=host, port=port, certificate=certificate, key=key, noted=_note) as address:
            typer.echo(f"Receiving at {address} into {folder}; tokens known: {len(tokens)}. It ends on Ctrl-C.")
            ended.wait()


def _note(verdict: Verdict) -> None:
    if verdict.status == 200:
        typer.echo(f"{verdict.said} {verdict.kept} records")
    else:
        typer.echo(f"refused ({verdict.status}): {visible(verdict.why or verdict.said)}", err=True)
