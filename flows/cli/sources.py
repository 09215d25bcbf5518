"""Commands about where news comes from: `sources list`, `check` and `find`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import ConfigOption, PrivateOption, app, told_errors
from flows.settings import configured_collecting, configured_sources
from flows.sources import Source, UsageError, ad_hoc_source

sources_app = typer.Typer(help="Where news comes from.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")


@sources_app.command("list")
def list_sources(config: ConfigOption = None) -> None:
    """What is configured."""
    with told_errors():
        for source in configured_sources(config):
            typer.echo(f"{source.name}\t{source.type}\t{source.location}")


@sources_app.command("check")
def check(
    url: Annotated[str, typer.Argument(metavar="URL", help="An address, or the name of a configured source.")],
    config: ConfigOption = None,
    allow_private: PrivateOption = False,
) -> None:
    """Ask one source of the web as a run would, load nothing. Status 1 where no article would come of it."""
    with told_errors():
        from flows.collect.check import check_source  # importing what fetches and cleans takes a second
        from flows.report.sources import print_checked

        source = _of_the_web(url, config, allow_private)
        checked = check_source(source, configured_collecting(config))
        if not print_checked(Console(), source, checked):
            raise typer.Exit(1)


@sources_app.command("find")
def find(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site's address.")],
    config: ConfigOption = None,
    allow_private: PrivateOption = False,
) -> None:
    """Find a site's feeds and sitemaps. Status 1 where it has none."""
    with told_errors():
        from flows.collect.check import find_sources
        from flows.report.sources import print_found

        source = _of_the_web(url, config, allow_private)
        found = find_sources(source, configured_collecting(config))
        print_found(Console(), source, found)
        if not found:
            raise typer.Exit(1)


def _of_the_web(given: str, config: Path | None, allow_private: bool) -> Source:
    """The source of that address or name. Raises UsageError for one that is a path."""
    if "://" in given:
        return ad_hoc_source(given, allow_private)
    source = next((one for one in configured_sources(config) if one.name == given), None)
    if source is None or not source.url:
        raise UsageError(f"{given}: neither an address (https://...) nor the name of a configured source of the web")
    return replace(source, allow_private=source.allow_private or allow_private)
