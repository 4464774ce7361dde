"""`python -m lienthong.ca --config ca.toml`: the CA process. `--found FOLDER` makes a throw-away authority first."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from litestar import Litestar

from lienthong.adapters.http import EXCEPTION_HANDLERS, Listen, openapi, openapi_files, serve
from lienthong.ca.app import DESCRIPTION, TITLE, VERSION, application
from lienthong.ca.ceremony import AuthorityFolder, create_authority
from lienthong.ca.config import Config
from lienthong.ca.desk import CertificateDesk
from lienthong.ca.offices import run
from lienthong.errors import LienThongError


def main(arguments: list[str] | None = None) -> int:
    """0 after a clean stop, 1 with one sentence if the process cannot start."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.found:
            create_authority(asked.found, _now(), publish_at=asked.publish_at)
        if asked.config:
            asyncio.run(_run(Config.load(asked.config)))
    except LienThongError as error:
        sys.stderr.write(f"{error.sentence('vi')}\n{error.sentence('en')}\n")
        return 1
    return 0


def build(config: Config) -> Litestar:
    """The application a configuration describes. ConfigurationInvalid if its files are not usable."""
    home = AuthorityFolder.load(config.folder, config.passphrase_file)
    home = home.with_responder(_now(), config.passphrase_file)
    desk = CertificateDesk(home.authority, home.root_list(), home.revoked, _now, config.policy, home.issued)
    return application(desk, openapi(TITLE, VERSION, DESCRIPTION), EXCEPTION_HANDLERS, openapi_files())


async def _run(config: Config) -> None:
    place = config.listen

    async def announce() -> None:
        scheme = "https" if place.certificate else "http"
        host = f"[{place.host}]" if ":" in place.host else place.host
        sys.stdout.write(f"ca ready {scheme}://{host}:{place.port}\n")
        sys.stdout.flush()

    if config.office is not None:
        await run(config, config.office, announce)
        return
    await serve([(build(config), Listen(place.host, place.port, place.certificate, place.key))], announce)


def _now() -> datetime:
    return datetime.now(UTC)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("lienthong.ca", description=DESCRIPTION)
    parser.add_argument("--config", type=Path, help="ca.toml: phục vụ · serve")
    parser.add_argument("--found", type=Path, metavar="FOLDER", help="lập CA dùng thử · found a throw-away authority")
    parser.add_argument("--publish-at", default="", metavar="URL", help="URL ghi vào chứng thư · URL for certificates")
    return parser


if __name__ == "__main__":
    sys.exit(main())
