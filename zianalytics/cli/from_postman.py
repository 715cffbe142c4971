"""`zia from-postman`: the cell of a notebook for a saved request of a Postman collection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zianalytics.postman import cell_of, saved_request, saved_requests


def from_postman(
    file: Annotated[Path, typer.Argument(help="A collection that Postman exported, v2.0 or v2.1.")],
    name: Annotated[
        str | None,
        typer.Argument(help='The request, with its folders where needed: "Search/Company Search"; without it, a list.'),
    ] = None,
) -> None:
    """Print the notebook cell for a saved request: the call, its arguments, its price. Sends nothing, costs nothing."""
    if name is None:
        for one in saved_requests(file):
            typer.echo(one)
    else:
        typer.echo(cell_of(saved_request(file, name)), nl=False)
