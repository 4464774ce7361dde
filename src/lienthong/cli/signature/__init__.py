"""`lienthong signature …`: sign, check and explain signatures inside documents. One file a command."""

import typer

from lienthong.cli.signature.check import check
from lienthong.cli.signature.form import form
from lienthong.cli.signature.report import report
from lienthong.cli.signature.sign import sign

app = typer.Typer(no_args_is_help=True, help="Chữ ký số trong văn bản / signatures inside documents")
app.command("sign")(sign)
app.command("check")(check)
app.command("report")(report)
app.command("form")(form)


@app.callback()
def _signature() -> None:
    """Chữ ký số trong văn bản. / Signatures inside documents."""


__all__ = ["app"]
