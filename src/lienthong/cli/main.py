"""The `lienthong` command: one file a subcommand, gathered here."""

import typer

from lienthong.cli import edxml, registry
from lienthong.cli.demo import demo
from lienthong.cli.verify import verify

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(demo)
app.command()(verify)
app.add_typer(registry.app, name="registry")
app.add_typer(edxml.app, name="edxml")


@app.callback()
def _lienthong() -> None:
    """Liên Thông: trục liên thông văn bản điện tử. The exchange of signed government documents."""


def main() -> None:
    """Entry point of the `lienthong` script."""
    app()
