"""`lienthong openapi`: the desk API as a file, for generators of clients."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.printing import files_here, spoken


def openapi(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Ghi ra tệp / into a file")
    ] = None,
) -> None:
    """Mô tả OpenAPI 3.1 của giao diện bàn làm việc. / The desk API as OpenAPI 3.1."""
    with spoken(), files_here():
        text = document()
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_bytes(text)


def document() -> bytes:
    """The document every gateway of this version serves, in the same order on every machine."""
    import msgspec  # see below
    from litestar import Litestar  # a gateway's world; quick commands must start without it

    from lienthong.adapters.http import openapi as published
    from lienthong.gateway.published import DESCRIPTION, TITLE, VERSION, with_examples
    from lienthong.gateway.routes import DESK

    app = Litestar(DESK, openapi_config=published(TITLE, VERSION, DESCRIPTION))
    told = with_examples(app).openapi_schema.to_schema()
    return msgspec.json.format(msgspec.json.encode(told, order="sorted"), indent=1) + b"\n"
