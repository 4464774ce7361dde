"""`lienthong axis|gateway archive`, `objects`: what retention did and would do, and whether rows and contents agree."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from lienthong.cli.printing import files_here, now, print_json, say, spoken
from lienthong.errors import ConfigurationInvalid, EvidenceBroken

Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="Tệp cấu hình TOML / settings")]
AsJson = Annotated[bool, typer.Option("--json", help="In JSON / print JSON")]
Run = Annotated[bool, typer.Option("--run", help="Làm ngay một lượt, khi đã dừng / one round now, while it is stopped")]
Check = Annotated[bool, typer.Option("--check", help="Đọc từng tệp lớn / read every large content")]
SHOWN = 50


def add_commands(app: typer.Typer, settings: Callable[[Path], Any]) -> None:
    """Put the commands below `lienthong axis` or `lienthong gateway`."""

    @app.command()
    def archive(config: Config, run: Run = False, as_json: AsJson = False) -> None:
        """Nội dung đã và sắp chuyển vào lưu trữ. / Contents that went to the archive, and that are due."""
        with spoken(as_json=as_json), files_here():
            _archive(settings(config), run=run, as_json=as_json)

    @app.command()
    def objects(config: Config, check: Check = False, as_json: AsJson = False) -> None:
        """Tệp lớn thiếu hoặc thừa so với sổ. / Large contents that are missing, and leftovers."""
        with spoken(as_json=as_json), files_here():
            _objects(settings(config), check=check, as_json=as_json)


def _archive(config: Any, *, run: bool, as_json: bool) -> None:
    from lienthong.adapters.installation import looked_at  # heavy rooms load when run
    from lienthong.adapters.sql import retention  # heavy rooms load when run

    done = asyncio.run(_round(config)) if run else None
    cutoff = now() - timedelta(days=config.retention.days)
    with looked_at(config) as found, found.engine.connect() as connection:
        gone = retention.archived(connection, SHOWN)
        due = retention.retirable(connection, cutoff, SHOWN) if config.retention.days else []
    if as_json:
        print_json({"archived": dict(gone), "due": due, "run": done})
        return
    if done is not None:
        say(f"Đã chuyển {done.archived} gói tin", f"{done.archived} packages went", "green")
    for package, value in gone:
        say(f"{package}  {value}", "archived")
    say(f"{len(due)} gói tin đến hạn", f"{len(due)} packages are due (up to {SHOWN} are shown)")


async def _round(config: Any) -> Any:
    from lienthong.adapters.bootstrap import log_signer  # heavy rooms load when run
    from lienthong.adapters.clock import SystemClock  # heavy rooms load when run
    from lienthong.adapters.installation import url_of  # heavy rooms load when run
    from lienthong.adapters.object_settings import open_objects  # heavy rooms load when run
    from lienthong.adapters.retention import Keeper  # heavy rooms load when run
    from lienthong.adapters.sql import SqlStore  # heavy rooms load when run

    if url_of(config):
        raise ConfigurationInvalid("tiến trình tự làm / the running process does it by itself: [retention]")
    signer = log_signer(config.log.origin, config.log.key, config.log.certificate)
    async with SqlStore.open(config.data, signer, SystemClock()) as store:
        return await Keeper(store, open_objects(config.objects, config.data), config.retention).round(now())


def _objects(config: Any, *, check: bool, as_json: bool) -> None:
    from lienthong.adapters.installation import check_objects, looked_at  # heavy rooms load when run
    from lienthong.adapters.leftovers import Survey, survey  # heavy rooms load when run

    with looked_at(config) as found, found.engine.connect() as connection:
        told: Survey = asyncio.run(survey(connection, found.objects))
        if check and not told.missing:
            asyncio.run(check_objects(connection, found.objects, lambda _what, _done: None))
    if as_json:
        print_json(told)
    else:
        say(f"{told.named} tệp lớn có trong sổ", f"{told.named} large contents are named by rows")
        say(
            f"{len(told.left)} tệp thừa, {told.aside} tệp đã để riêng",
            f"{len(told.left)} leftovers, {told.aside} aside",
        )
    if told.missing:
        raise EvidenceBroken(f"{len(told.missing)} thiếu / missing: {', '.join(told.missing[:5])}")
