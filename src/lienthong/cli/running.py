"""`lienthong axis`, `gateway`, `ca`: run one process from its settings until it is asked to stop."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.printing import files_here, spoken

Settings = Annotated[Path, typer.Option("--config", metavar="FILE", help="Tệp cấu hình TOML / settings")]

# Each process brings its whole world along; `lienthong verify` must start without it, hence the imports inside.


def axis(config: Settings) -> None:
    """Chạy trục liên thông đến khi được dừng. / Run the axis until it is stopped."""
    with spoken(), files_here():
        from lienthong.adapters.bootstrap import read_config  # see above, for quick commands
        from lienthong.axis.__main__ import run  # see above, for quick commands
        from lienthong.axis.config import Config  # see above, for quick commands

        asyncio.run(run(read_config(config, Config)))


def gateway(config: Settings) -> None:
    """Chạy máy chủ bảo mật đến khi được dừng. / Run a gateway until it is stopped."""
    with spoken(), files_here():
        from lienthong.adapters.bootstrap import read_config  # see above, for quick commands
        from lienthong.gateway.__main__ import run  # see above, for quick commands
        from lienthong.gateway.config import Config  # see above, for quick commands

        asyncio.run(run(read_config(config, Config)))


def ca(config: Settings) -> None:
    """Chạy dịch vụ chứng thư và dấu thời gian. / Run the certificate and time-stamp service."""
    with spoken(), files_here():
        from lienthong.ca.__main__ import main  # see above, for quick commands

        raise typer.Exit(main(["--config", str(config)]))
