"""Commands that take something down: `forget`."""

from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import DataOption, app, told_errors
from flows.settings import data_folder
from flows.sources import UsageError


@app.command()
def forget(
    article: Annotated[str, typer.Argument(metavar="URL|ARTICLE", help="An id, an address, or an input.")],
    why: Annotated[str, typer.Option("--why", help="Why: it is all that stays, for all who read the ledger.")],
    data: DataOption = None,
) -> None:
    """Erase one article for good, everywhere in the data folder, and never collect it again (a takedown)."""
    with told_errors():
        folder = data_folder(data)
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder; name one with --data")
        if not why.strip():
            raise UsageError("--why: say why in some words; they stand beside the article's id")
        from flows.forget import forget as forget_article  # importing what reads addresses takes a while
        from flows.report.forgotten import print_forgotten

        print_forgotten(Console(), forget_article(folder, article.strip(), why.strip()))
