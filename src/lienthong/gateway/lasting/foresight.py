"""What will stop being provable, and when: worked out every night, told to operators."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lienthong.gateway.lasting.securing import Lasting, audit, damaged, log, renew, standing
from lienthong.signature.lasting.agility import TREES
from lienthong.signature.lasting.foresight import Concern, Foresight
from lienthong.signature.lasting.keeping import Entry, Planted, Standing

DAY = timedelta(days=1)
SHOWN = 200
A_NIGHT = 5000
"""Objects that are read again in one night."""
NIGHT, AUDITED = "lasting:night", "lasting:audited"
"""Marks: when the last night was, and up to which object was read."""


async def foresee(lasting: Lasting) -> Foresight:
    """As of now. Everything that renews itself in time is no concern."""
    now, stand = lasting.now(), await standing(lasting)
    ending = await lasting.ledger.ending(now + lasting.settings.margin, SHOWN)
    failing = await lasting.ledger.failing(SHOWN)
    found = [
        *_late(stand, now),
        *(_damaged(digest) for digest in await damaged(lasting)),
        *(_tree(tree) for tree in ending),
        *(_entry(entry) for entry in failing),
        *(_authority(name, why) for name, why in lasting.trouble.items()),
        *await _hashes(lasting),
        *(_lacking(lacks, count) for lacks, count in (await lasting.ledger.lacking()).items()),
    ]
    return Foresight(stand, tuple(found[:SHOWN]))


async def nightly(lasting: Lasting) -> Foresight | None:
    """Once a night: renew, read a part of what proofs need again, and tell in the log what will be lost."""
    now, at = lasting.now(), await lasting.hop.store.read(lambda view: view.mark(NIGHT))
    if at and timedelta(0) <= now - datetime.fromisoformat(at) < DAY:
        return None
    await renew(lasting)
    await _read_again(lasting)
    await lasting.hop.store.write(lambda tx: tx.set_mark(NIGHT, now.isoformat()))
    return await told(lasting)


async def _read_again(lasting: Lasting) -> None:
    """So many objects a night, all of them in turn."""
    after = int(await lasting.hop.store.read(lambda view: view.mark(AUDITED)) or 0)
    page = await lasting.ledger.held(after, A_NIGHT)
    await audit(lasting, [*await damaged(lasting), *(digest for _, digest in page)])
    last = str(page[-1][0]) if len(page) == A_NIGHT else ""
    await lasting.hop.store.write(lambda tx: tx.set_mark(AUDITED, last))


async def told(lasting: Lasting) -> Foresight:
    """As of now, line by line in the log too."""
    found = await foresee(lasting)
    for concern in found.concerns:
        log.warning("foresight", code=concern.code, of=concern.of, ends=concern.ends and concern.ends.isoformat())
    return found


def _late(stand: Standing, now: datetime) -> Sequence[Concern]:
    if stand.oldest is None or now - stand.oldest <= DAY:
        return ()
    vi = "Có văn bản quá một ngày chưa được bảo toàn chứng cứ."
    return (Concern("unsecured", "", None, vi, "A document has not been secured for more than a day.", ""),)


def _damaged(digest: str) -> Concern:
    vi = "Một tệp chứng cứ bị hỏng hoặc mất trong kho; xin phục hồi từ bản sao lưu."
    return Concern("damaged", digest, None, vi, "An object of a proof is damaged or gone: restore it from a backup.")


def _tree(tree: Planted) -> Concern:
    vi = f"Dấu thời gian trên cây {tree.number} ({len(tree.leaves)} bản kê) sắp hết giá trị, chưa gia hạn được."
    en = f"The stamps over tree {tree.number} ({len(tree.leaves)} records) end soon, and nobody could renew them yet."
    return Concern("ending", str(tree.number), tree.ends, vi, en)


def _entry(entry: Entry) -> Concern:
    vi, en = "Chưa gom được chứng cứ của văn bản này; tự thử lại.", "This document's proof could not be gathered yet."
    return Concern(entry.code or "failing", entry.of, None, vi, en, entry.detail)


def _lacking(lacks: str, count: int) -> Concern:
    vi = f"{count} văn bản đã bảo toàn nhưng thiếu chứng cứ này; chữ ký sẽ chưa kết luận được khi chứng thư hết hạn."
    en = f"{count} documents are secured without this; their signatures cannot be told once certificates have ended."
    return Concern("lacking", lacks, None, vi, en)


def _authority(name: str, why: str) -> Concern:
    vi, en = "Máy chủ dấu thời gian không đóng được dấu.", "A time-stamping authority did not stamp."
    return Concern("authority", name, None, vi, en, why)


async def _hashes(lasting: Lasting) -> Sequence[Concern]:
    """Records under a hash that ends, while the table names no better one."""
    before, found = lasting.now() + lasting.settings.margin, []
    for algorithm in sorted(TREES):
        ends = lasting.algorithms.digest_ends(algorithm)
        if ends <= before and await lasting.ledger.recorded_with(algorithm, 1):
            vi = f"Thuật toán băm {algorithm} sắp hết giá trị, còn bản kê dùng nó."
            found.append(Concern("hash", algorithm, ends, vi, f"The hash {algorithm} ends, and records still use it."))
    return found
