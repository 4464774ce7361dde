"""The `lienthong` command: one file a subcommand, gathered here."""

import typer

from lienthong.cli.verify import verify

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Liên Thông")
app.command()(verify)


@app.callback()
def _lienthong() -> None:
    """Liên Thông: trục liên thông văn bản điện tử. The exchange of signed government documents."""


def main() -> None:
    """Entry point of the `lienthong` script."""
    app()
