"""`lienthong bench`: how fast, beside the least that any program must do for the same."""

from lienthong.cli.bench.ca import app as ca
from lienthong.cli.bench.command import app
from lienthong.cli.bench.signature import app as signature

app.add_typer(ca, name="ca")
app.add_typer(signature, name="signature")

__all__ = ["app"]
