"""`lienthong ca …`: run the authority, hold the ceremony, do an officer's work at a terminal."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.ca import ceremony, keeping, leaving, tables, working
from lienthong.cli.printing import files_here, spoken

app = typer.Typer(
    invoke_without_command=True,
    no_args_is_help=True,
    help="Dịch vụ chứng thư số. / The certificate authority.",
)
app.add_typer(ceremony.app, name="ceremony")
keeping.attach(app)
working.attach(app)
leaving.attach(app)
tables.attach(app)


@app.callback()
def run(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Tệp cấu hình TOML / settings")
    ] = None,
) -> None:
    """Chạy dịch vụ chứng thư và dấu thời gian. / Run the certificate and time-stamp service."""
    if context.invoked_subcommand:
        return
    if config is None:
        raise typer.BadParameter("--config FILE")
    with spoken(), files_here():
        from lienthong.ca.__main__ import main  # each process brings its whole world along

        raise typer.Exit(main(["--config", str(config)]))
