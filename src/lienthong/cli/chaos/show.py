"""What people see of a run: what is broken just now, how far the documents got, and the count at the end."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lienthong.adapters.files import write_whole
from lienthong.cli.bench.machine import machine, versions
from lienthong.cli.chaos.reckoning import Reckoning
from lienthong.cli.chaos.run import Run
from lienthong.cli.printing import err, out

FAULTS = ("lost", "duplicates", "altered", "contradictions", "unproved", "forks", "faults")
MANY = 20
"""Faults told one by one; all of them stand in the JSON."""


async def watched(run: Run) -> Reckoning:
    """The run, with its picture beside it: moving on a terminal, a line now and then elsewhere."""
    showing = asyncio.create_task(_draw(run) if sys.stderr.isatty() else _mutter(run))
    try:
        return await run.work()
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _draw(run: Run) -> None:
    with Live(console=err(), refresh_per_second=4, transient=True) as live:
        while True:
            live.update(picture(run))
            await asyncio.sleep(0.25)


async def _mutter(run: Run) -> None:
    told = ""
    while True:
        if told != (told := line(run)):
            err().print(told, soft_wrap=True)
        await asyncio.sleep(5.0)


def line(run: Run) -> str:
    """All of it in one line."""
    record, broken = run.record, ", ".join(map(str, run.deeds.now.values())) if run.deeds else ""
    done = sum(run.deeds.done.values()) if run.deeds else 0
    return (
        f"{run.phase}: {record.documents}/{run.wish.documents} nhận / accepted, {record.acknowledged} bàn giao / "
        f"handed over, {done} lần phá / deeds, còn / left {run.left}, kiểm chứng / proved {run.proved}, "
        f"{remaining(run)}{'; ' + broken if broken else ''}"
    )


def remaining(run: Run) -> str:
    """How long the sending will still take at the pace so far."""
    done, begun = run.record.documents, run.begun + sum(run.seconds.values())
    if not 0 < done < run.wish.documents:
        return "–"
    seconds = (time.monotonic() - begun) / done * (run.wish.documents - done)
    return f"≈ {seconds / 60:.1f} phút nữa / more minutes"


def picture(run: Run) -> RenderableType:
    """The moving picture."""
    table = Table.grid(padding=(0, 2))
    for name, value in _rows(run).items():
        table.add_row(Text(name, style="dim"), value)
    recent = Text("\n".join(run.deeds.told[-6:]) if run.deeds else "", style="dim")
    return Group(Text(f"{run.phase} · {remaining(run)}", style="bold"), table, recent)


def _rows(run: Run) -> Mapping[str, RenderableType]:
    record, deeds = run.record, run.deeds
    met = ", ".join(f"{code} {times}" for code, times in record.met.most_common(5))
    return {
        "nhận / accepted": f"{record.documents} / {run.wish.documents}",
        "bàn giao / handed over": str(record.acknowledged),
        "đang hỏng / broken now": Text(", ".join(map(str, deeds.now.values())) if deeds else "", style="red"),
        "đã phá / deeds done": ", ".join(f"{kind.value} {times}" for kind, times in sorted(deeds.done.items()))
        if deeds
        else "",
        "bàn giấy nghe thấy / desks heard": met,
        "chưa kết thúc / without an end": str(run.left),
        "đã kiểm chứng / proved": str(run.proved),
    }


def told(run: Run, found: Reckoning) -> dict[str, Any]:
    """For `--json`."""
    deeds = {kind.value: times for kind, times in sorted(run.deeds.done.items())} if run.deeds else {}
    return {
        "machine": machine(),
        "versions": versions(),
        "documents": run.wish.documents,
        "kills": run.wish.kills,
        "seed": run.wish.seed,
        "store": run.wish.store,
        "objects": run.wish.objects,
        "disks": run.disks,
        "deeds": deeds,
        "schedule": run.deeds.told if run.deeds else [],
        "heard": dict(run.record.met),
        "declined": len(run.record.declined),
        "seconds": run.seconds,
        "reckoning": found.as_dict(),
        "good": found.good,
    }


def tell(run: Run, found: Reckoning) -> None:
    """What happened, what is wrong, where to look, and the summary line last."""
    console, numbers = out(), told(run, found)
    for name in ("disks", "deeds", "heard", "seconds"):
        console.print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in numbers[name].items()), soft_wrap=True)
    console.print(
        f"{found.documents} văn bản / documents, {found.legs} lượt gửi / legs: {found.handed_over} bàn giao / handed "
        f"over, {found.refused} từ chối / refused, {found.expired} hết hạn / expired, {found.cancelled} hủy / "
        f"cancelled; {found.statuses} trạng thái / statuses; {found.leaves} bằng chứng / leaves, {found.checkpoints} "
        f"mốc / checkpoints",
        soft_wrap=True,
    )
    for words in found.words[:MANY]:
        console.print(f"✗ {words}", style="red", soft_wrap=True, markup=False)
    if not found.good:
        console.print(_where(run), soft_wrap=True)
    console.print(summary(found), style="bold", soft_wrap=True)


def summary(found: Reckoning) -> str:
    """The last line."""
    counts = ", ".join(f"{name} = {getattr(found, name)}" for name in FAULTS)
    return f"{counts}; receipts = {found.receipts}"


def _where(run: Run) -> str:
    again = f"lienthong chaos --documents {run.wish.documents} --kills {run.wish.kills} --seed {run.wish.seed}"
    return (
        f"Xem / look: {run.folder}/logs, {run.folder}/reckoning.json; {run.folder}/<hop>/data. "
        f"Làm lại / once more: {again} --store {run.wish.store} --objects {run.wish.objects}"
    )


def write(run: Run, found: Reckoning, into: Any) -> None:
    """Whole or not there."""
    write_whole(into, (json.dumps(told(run, found), ensure_ascii=False, indent=1) + "\n").encode())
