"""A run on stage: its folder, its picture, its figures; what went well leaves nothing behind."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from lienthong.cli.bench.world import require_store
from lienthong.cli.chaos.run import Run
from lienthong.cli.chaos.schedule import Wish
from lienthong.cli.chaos.show import tell, watched, write
from lienthong.cli.printing import files_here, spoken
from lienthong.errors import FileUnusable


def perform(documents: int, kills: int, seed: int, store: str, folder: Path | None, into: Path | None) -> bool:
    """Whether all came out as it must."""
    vi, en = "Chưa đếm xong.", "Nothing was counted."
    with spoken(vi=vi, en=en), files_here():
        require_store(store)
        run = Run(Wish(documents, kills, seed, store), _fresh(folder))
        found = asyncio.run(watched(run))
        if into is not None:
            write(run, found, into)
        if found.good:
            shutil.rmtree(run.folder)
        else:
            write(run, found, run.folder / "reckoning.json")
        tell(run, found)
    return found.good


def _fresh(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="lienthong-chaos-"))
    if folder.exists() and any(folder.iterdir()):
        raise FileUnusable(f"{folder}: phải trống / must be empty")
    return folder.absolute()
