"""`python -m flows` and the console script `newsledger`."""

from flows.cli import app


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
