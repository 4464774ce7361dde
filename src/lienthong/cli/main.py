"""The `lienthong` command: one file a subcommand, gathered here."""

import sys

import typer

from lienthong.cli import administering, edxml, operating, registry, running, systems, tenants
from lienthong.cli.bench import app as bench
from lienthong.cli.ca import app as ca
from lienthong.cli.chaos import chaos
from lienthong.cli.conformance import conformance
from lienthong.cli.demo import demo
from lienthong.cli.doctor import doctor
from lienthong.cli.echo import echo
from lienthong.cli.folder import folder
from lienthong.cli.inbox import inbox
from lienthong.cli.joining import join
from lienthong.cli.lasting import lasting
from lienthong.cli.listing import listing
from lienthong.cli.log import app as log
from lienthong.cli.openapi import openapi
from lienthong.cli.plan import plan
from lienthong.cli.printing import tell_fault
from lienthong.cli.proving import evidence
from lienthong.cli.sandbox import sandbox
from lienthong.cli.send import send
from lienthong.cli.signature import app as signature
from lienthong.cli.status import status
from lienthong.cli.tokens import tokens
from lienthong.cli.verify import verify
from lienthong.cli.withdraw import cancel, recall, update

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(demo)
app.command()(chaos)
app.command()(conformance)
app.command()(sandbox)
app.command()(echo)
app.command()(send)
app.command()(inbox)
app.command()(folder)
app.command("list")(listing)
app.command()(status)
app.command()(recall)
app.command()(cancel)
app.command()(update)
app.command()(evidence)
app.command()(verify)
app.command()(doctor)
app.add_typer(administering.app, name="administer")
app.command()(plan)
app.command()(openapi)
app.add_typer(ca, name="ca")
app.add_typer(running.axis, name="axis")
app.add_typer(running.gateway, name="gateway")
operating.attach(running.axis)
operating.attach(running.gateway)
running.gateway.add_typer(tokens, name="token")
running.gateway.add_typer(systems.app, name="system")
running.gateway.add_typer(tenants.app, name="tenant")
running.gateway.command()(lasting)
running.gateway.command()(join)
app.add_typer(bench, name="bench")
app.add_typer(log, name="log")
app.add_typer(registry.app, name="registry")
app.add_typer(edxml.app, name="edxml")
app.add_typer(signature, name="signature")


@app.callback()
def _lienthong() -> None:
    """Liên Thông: trục liên thông văn bản điện tử. The exchange of signed government documents."""


def main() -> None:
    """Entry point of the `lienthong` script."""
    try:
        app()
    except Exception as fault:  # noqa: BLE001  # the outermost border: people get a sentence, not a traceback
        sys.exit(tell_fault(fault))
