"""The command that shows what is published in a browser: `dashboard`."""

import os
import socket
from typing import Annotated

import typer

from flows.cli.common import DataOption, app, told_errors
from flows.settings import data_folder
from flows.sources import UsageError


@app.command()
def dashboard(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8484,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; any but this machine's own asks for a token.")
    ] = "127.0.0.1",
    data: DataOption = None,
) -> None:
    """The analyst's pages: stories, their tolls and evidence, sources, runs, an SQL console."""
    with told_errors():
        folder = data_folder(data)
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder; `newsledger run` makes it (or name another with --data)")
        from flows.dashboard.guard import token_for
        from flows.dashboard.server import serve_pages  # pages' libraries take a while to import

        token, is_made = token_for(host)
        with _listening(host, port) as listening:
            name = f"[{host}]" if ":" in host else host
            address = f"http://{name}:{listening.getsockname()[1]}/"
            typer.echo(f"newsledger: {address} shows {folder}; Ctrl-C stops it")
            if token and is_made:
                typer.echo(f"newsledger: it asks for a token: {token} (NEWSLEDGER_TOKEN names one of your own)")
            serve_pages(folder, host, listening, token)


def _listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections. Raises UsageError for an address or a port that cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise UsageError(f"{host}:{port}: {why}; name another with --host or --port") from error
