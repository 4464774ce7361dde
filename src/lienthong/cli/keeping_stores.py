"""`lienthong axis|gateway backup`, `verify-backup`, `restore`, `migrate-store`: a hop's memory, kept."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from lienthong.cli.printing import err, files_here, now, print_json, say, spoken

if TYPE_CHECKING:
    from lienthong.adapters.sql.audit import ProvedLog

Tell = Callable[[str, int], None]
Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="Tệp cấu hình TOML / settings")]
AsJson = Annotated[bool, typer.Option("--json", help="In JSON / print JSON")]
Folder = Annotated[Path, typer.Option("--to", metavar="DIR", help="Thư mục sao lưu / folder of backups")]
Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="Một bản sao lưu / one backup")]
From = Annotated[Path, typer.Option("--from", metavar="BACKUP", help="Một bản sao lưu / one backup")]
Target = Annotated[Path, typer.Option("--to", metavar="FILE", help="Cấu hình của nơi mới / settings of the new place")]
Newest = Annotated[
    list[Path] | None,
    typer.Option("--newest", metavar="FILE", help="Mốc kiểm tra mới nhất đã biết / newest one known"),
]
Nothing = Annotated[
    bool, typer.Option("--nothing-followed", help="Chắc chắn không ghi gì sau đó / surely nothing was recorded since")
]


Pre = Annotated[bool, typer.Option("--pre", help="Trước khi chạy bản mới / before the first new process starts")]
Post = Annotated[bool, typer.Option("--post", help="Sau khi dừng bản cũ / after the last old process has ended")]


class Process(StrEnum):
    """Whose settings they are."""

    AXIS = "axis"
    GATEWAY = "gateway"


def add_commands(app: typer.Typer, process: Process) -> None:
    """Put the commands below `lienthong axis` or `lienthong gateway`."""

    @app.command()
    def backup(config: Config, to: Folder, as_json: AsJson = False) -> None:
        """Sao lưu, cả khi đang chạy. / Back up, also while it runs."""
        _backup(settings(process, config), to, as_json=as_json)

    @app.command("verify-backup")
    def verify_backup(backup: Backup, as_json: AsJson = False) -> None:
        """Kiểm tra một bản sao lưu từ từng byte. / Prove a backup from its bytes."""
        _verify(backup, as_json=as_json)

    @app.command()
    def restore(
        config: Config, source: From, newest: Newest = None, nothing_followed: Nothing = False, as_json: AsJson = False
    ) -> None:
        """Phục hồi vào nơi trống. / Restore into an empty place."""
        _restore(settings(process, config), source, newest, nothing_followed=nothing_followed, as_json=as_json)

    @app.command("migrate-store")
    def migrate_store(config: Config, to: Target, as_json: AsJson = False) -> None:
        """Chuyển sang kho khác, khi đã dừng. / Move to other stores, while it is stopped."""
        _move(settings(process, config), settings(process, to), as_json=as_json)

    @app.command()
    def migrate(config: Config, pre: Pre = False, post: Post = False, as_json: AsJson = False) -> None:
        """Đổi bảng dữ liệu khi đang chạy: --pre rồi --post. / Change the tables while it runs: --pre, later --post."""
        if pre == post:
            raise typer.BadParameter("--pre | --post")
        _migrate(settings(process, config), post=post, as_json=as_json)


def _migrate(config: Any, *, post: bool, as_json: bool) -> None:
    from lienthong.adapters.installation import migrated  # heavy rooms load when run

    with spoken(as_json=as_json), files_here():
        before, after = migrated(config, post=post)
    if as_json:
        print_json({"before": before, "after": after})
        return
    say(f"Bảng dữ liệu: {before or '–'} → {after}", f"tables: {before or '–'} → {after}", "green")


def _backup(config: Any, folder: Path, *, as_json: bool) -> None:
    from lienthong.adapters.backup import take  # heavy rooms load when run

    with spoken(as_json=as_json), files_here(), _shown(quiet=as_json) as tell:
        made, manifest = take(config, folder.absolute(), now(), tell)
    if as_json:
        print_json({"backup": str(made), "rows": manifest.rows, "objects": manifest.objects, "log": manifest.leaves})
        return
    say(f"Đã sao lưu: {made}", "backed up", "green")
    _say_held(sum(manifest.rows.values()), manifest.objects, manifest.leaves)


def _verify(backup: Path, *, as_json: bool) -> None:
    from lienthong.adapters.backup import verify  # heavy rooms load when run

    with spoken(as_json=as_json), files_here(), _shown(quiet=as_json) as tell:
        manifest = verify(backup.absolute(), tell)
    if as_json:
        print_json({"backup": str(backup), "rows": manifest.rows, "objects": manifest.objects, "log": manifest.leaves})
        return
    say("Bản sao lưu nguyên vẹn, nhật ký đúng chữ ký.", "The backup is whole, and its log is as signed.", "green")
    _say_held(sum(manifest.rows.values()), manifest.objects, manifest.leaves)


def _restore(config: Any, backup: Path, newest: list[Path] | None, *, nothing_followed: bool, as_json: bool) -> None:
    from lienthong.adapters.bootstrap import log_signer  # heavy rooms load when run
    from lienthong.adapters.restoring import Knowledge, restore  # heavy rooms load when run

    with spoken(as_json=as_json), files_here(), _shown(quiet=as_json) as tell:
        known = Knowledge(tuple(path.read_text("utf-8") for path in newest or ()), nothing_followed)
        signers = [log_signer(each.origin, each.key, each.certificate) for each in (config.log, *config.shards)]
        done = restore(config, backup.absolute(), signers, now(), known, tell)
    if as_json:
        print_json({"rows": done.rows, "objects": done.objects, "log": _size(done.logs), "continued": done.continued})
        return
    say("Đã phục hồi và kiểm tra lại.", "Restored, and verified again.", "green")
    for name in done.continued:
        say(f"Nhật ký mới {name} tiếp nối nhật ký cũ.", "A new log goes on from the old one.")
    _say_held(sum(done.rows.values()), done.objects, _size(done.logs))


def _move(source: Any, target: Any, *, as_json: bool) -> None:
    from lienthong.adapters.moving import move  # heavy rooms load when run

    with spoken(as_json=as_json), files_here(), _shown(quiet=as_json) as tell:
        done = move(source, target, tell)
    if as_json:
        print_json({"rows": done.rows, "objects": done.objects, "log": _size(done.logs)})
        return
    say("Đã chuyển và đối chiếu. Nơi cũ đã khóa lại.", "Moved and compared. The old place is shut.", "green")
    _say_held(sum(done.rows.values()), done.objects, _size(done.logs))


def settings(process: Process, path: Path) -> Any:
    """The settings of a process."""
    with spoken(), files_here():
        from lienthong.adapters.bootstrap import read_config  # heavy rooms load when run

        if process is Process.AXIS:
            from lienthong.axis.config import Config as AxisConfig  # heavy rooms load when run

            return read_config(path, AxisConfig)
        from lienthong.gateway.config import Config as GatewayConfig  # heavy rooms load when run

        return read_config(path, GatewayConfig)


def _size(logs: "Sequence[ProvedLog]") -> int:
    return sum(log.size for log in logs)


def _say_held(rows: int, objects: int, leaves: int) -> None:
    say(
        f"{rows} dòng, {objects} tệp lớn, {leaves} lá nhật ký",
        f"{rows} rows, {objects} large contents, {leaves} leaves of the log",
    )


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Tell]:
    """What is under way, on standard error."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True, disable=quiet) as progress:
        task = progress.add_task("…", total=None)
        yield lambda what, done: progress.update(task, description=f"{what} {done}")
