"""`lienthong axis`, `gateway`: run one process from its settings until it is asked to stop.

`axis` and `gateway` have commands below them, for what operators do with their memory (`keeping_stores`).
"""

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli import keeping_contents, keeping_stores
from lienthong.cli.keeping_stores import Process
from lienthong.cli.printing import files_here, spoken

Optional = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Tệp cấu hình TOML / settings")]

# Each process brings its whole world along; `lienthong verify` must start without it, hence the imports inside.

axis = typer.Typer(invoke_without_command=True, no_args_is_help=True)
gateway = typer.Typer(invoke_without_command=True, no_args_is_help=True)
for _app, _process in ((axis, Process.AXIS), (gateway, Process.GATEWAY)):
    keeping_stores.add_commands(_app, _process)
    keeping_contents.add_commands(_app, partial(keeping_stores.settings, _process))


@axis.callback()
def run_axis(context: typer.Context, config: Optional = None) -> None:
    """Chạy trục liên thông đến khi được dừng. / Run the axis until it is stopped."""
    if context.invoked_subcommand:
        return
    with spoken(), files_here():
        from lienthong.adapters.bootstrap import read_config  # see above, for quick commands
        from lienthong.axis.__main__ import run  # see above, for quick commands
        from lienthong.axis.config import Config  # see above, for quick commands

        asyncio.run(run(read_config(_given(config), Config)))


@gateway.callback()
def run_gateway(context: typer.Context, config: Optional = None) -> None:
    """Chạy máy chủ bảo mật đến khi được dừng. / Run a gateway until it is stopped."""
    if context.invoked_subcommand:
        return
    with spoken(), files_here():
        from lienthong.adapters.bootstrap import read_config  # see above, for quick commands
        from lienthong.gateway.__main__ import run  # see above, for quick commands
        from lienthong.gateway.config import Config  # see above, for quick commands

        asyncio.run(run(read_config(_given(config), Config)))


def _given(config: Path | None) -> Path:
    if config is None:
        raise typer.BadParameter("--config FILE")
    return config
