"""`python -m flows` and the console script `newsledger`."""

import os
import sys
from contextlib import suppress
from importlib import import_module

from flows.cli.common import app


def main() -> None:
    """Run the command line. A query comes without the other commands and is not taken apart at its end: that is half of
    its time."""
    is_query = sys.argv[1:2] == ["query"]
    import_module("flows.cli.asking" if is_query else "flows.cli.commands")
    try:
        app()
    except SystemExit as ended:
        if not is_query or not isinstance(ended.code, int):
            raise
        with suppress(BrokenPipeError):  # who asked has left
            sys.stdout.flush()
        os._exit(ended.code)


if __name__ == "__main__":
    main()
