"""What housekeeping did, or would do."""

from rich.console import Console
from rich.table import Table

from flows.housekeeping import Tidied
from flows.report.words import indented


def print_tidied(console: Console, done: Tidied, is_dry: bool) -> None:
    """A row a part with what went of it, and under it what else there is to say: why it went, why what is old stays."""
    parts = [part for part in done.parts if part.n_files or part.n_rows or part.n_bytes]
    if not parts:
        console.print("Nothing would go." if is_dry else "Nothing was to go.")
    else:
        table = Table()
        table.add_column("would go" if is_dry else "went")
        for name in ("files", "rows", "bytes"):
            table.add_column(name, justify="right")
        for part in parts:
            table.add_row(part.name, f"{part.n_files:,}", f"{part.n_rows:,}", f"{part.n_bytes:,}")
        console.print(table)
    for part in done.parts:
        for line in part.told:
            console.print(indented(f"{part.name}: {line}"))
    for fault in done.faults:
        console.print(f"failed: {fault}", markup=False)
