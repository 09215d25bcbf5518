"""Commands about alerts: `alerts list` and `alerts test`."""

from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import ConfigOption, DataOption, app, told_errors
from flows.config import config_file
from flows.settings import data_folder
from flows.sources import UsageError
from flows.warehouse.read import open_newest

alerts_app = typer.Typer(help="Who is told of what, and what became of it.", no_args_is_help=True)
app.add_typer(alerts_app, name="alerts")


@alerts_app.command("list")
def list_alerts(
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many, the last ones.")] = 40, data: DataOption = None
) -> None:
    """The last alerts, and what became of each at each address."""
    with told_errors(), open_newest(data_folder(data)) as con:
        from flows.report.alerts import print_alerts

        print_alerts(Console(), con, limit)


@alerts_app.command("test")
def try_addresses(config: ConfigOption = None) -> None:
    """Send a test message to every address of the config's [alerts]. Status 1 where one does not take it."""
    with told_errors():
        from flows.alerting import configured_alerting  # reading addresses takes half a second
        from flows.alerts import try_receivers
        from flows.report.alerts import print_tried

        alerting = configured_alerting(config)
        if not alerting.to:
            raise UsageError(f"{config_file(config)}: [alerts] has no address to try; name some in key 'to'")
        answers = try_receivers(alerting)
        print_tried(Console(), answers)
        if any(answer.outcome != "sent" for _, answer in answers):
            raise typer.Exit(1)
