"""A run on stage: its folder, its picture, its figures; what went well leaves nothing behind."""

import asyncio
import shutil
import signal
import tempfile
from pathlib import Path

from lienthong.cli.chaos.run import Run
from lienthong.cli.chaos.schedule import OBJECTS, STORES, Wish
from lienthong.cli.chaos.show import tell, watched, write
from lienthong.cli.printing import files_here, spoken
from lienthong.errors import ConfigurationInvalid, FileUnusable


def perform(wish: Wish, folder: Path | None, into: Path | None, evidence: Path | None = None) -> bool:
    """Whether all came out as it must."""
    vi, en = "Chưa đếm xong.", "Nothing was counted."
    with spoken(vi=vi, en=en), files_here():
        _check(wish)
        signal.signal(
            signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT)
        )  # a polite kill ends as Ctrl-C does
        run = Run(wish, _fresh(folder), evidence=evidence)
        found = asyncio.run(watched(run))
        if into is not None:
            write(run, found, into)
        if found.good:
            shutil.rmtree(run.folder)
        else:
            write(run, found, run.folder / "reckoning.json")
        tell(run, found)
    return found.good


def _check(wish: Wish) -> None:
    for name, value, known in (("store", wish.store, STORES), ("objects", wish.objects, OBJECTS)):
        if value not in known:
            raise ConfigurationInvalid(f"--{name} {value}: {', '.join(known)}")


def _fresh(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="lienthong-chaos-"))
    if folder.exists() and any(folder.iterdir()):
        raise FileUnusable(f"{folder}: phải trống / must be empty")
    return folder.absolute()
