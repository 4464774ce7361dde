"""Whether the large contents that rows name lie in the object store; for the reconciler, a page at a time."""

from collections.abc import Sequence

from lienthong.delivery.hop import INLINE, Hop
from lienthong.delivery.model import Package
from lienthong.delivery.ports import View
from lienthong.delivery.retention import MARK
from lienthong.errors import LienThongError, NotFound


async def lacking(hop: Hop, packages: Sequence[Package]) -> list[tuple[Package, str]] | None:
    """The packages of which a large content is not there, and its digest; None when the store cannot be asked now."""
    found: list[tuple[Package, str]] = []
    try:
        for package in packages:
            large = [part.sha256 for part in package.parts if part.size > INLINE]
            found += [(package, sha256) for sha256 in large if not await _here(hop, sha256)][:1]
    except LienThongError:
        return None
    # looked at after the objects: what retention takes it marks before
    archived = await hop.store.read(lambda view: _archived(view, [package.id for package, _ in found]))
    return [(package, sha256) for package, sha256 in found if package.id not in archived]


async def _here(hop: Hop, sha256: str) -> bool:
    try:
        await hop.objects.size(sha256)
    except NotFound:
        return False
    return True


def _archived(view: View, packages: Sequence[str]) -> set[str]:
    return {package for package in packages if view.mark(MARK + package)}
