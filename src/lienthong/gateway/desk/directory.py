"""Who is who, as a desk asks."""

from collections.abc import Sequence
from datetime import datetime

from lienthong.errors import InvalidValue
from lienthong.gateway import views
from lienthong.gateway.capabilities import Capability, capability
from lienthong.gateway.desk.gateway import Gateway
from lienthong.registry import Directory, Organisation


async def organisations(gateway: Gateway, text: str, limit: int, after: str = "") -> tuple[tuple[views.Org, ...], str]:
    """A page of the directory, searched without accents, and the cursor of the next. InvalidValue for no cursor."""
    if after and not (after.isascii() and after.isdigit()):
        raise InvalidValue(f"cursor {after!r}")
    directory, now, skip = gateway.directory(), gateway.now(), int(after or 0)
    found = directory.search(text, limit + 1, skip)
    more = str(skip + limit) if len(found) > limit else ""
    return tuple(_org(each, directory, now) for each in found[:limit]), more


def capabilities(gateway: Gateway, codes: Sequence[str]) -> tuple[Capability, ...]:
    """What would become of a document sent to each of these codes now."""
    directory, now = gateway.directory(), gateway.now()
    return tuple(capability(directory, gateway.hop.limits, code, now) for code in codes)


def _org(found: Organisation, directory: Directory, now: datetime) -> views.Org:
    resolution = directory.resolve(found.code, now)
    redirected = resolution.organisation if resolution.kind.value == "redirected" else None
    goes_to = redirected or found
    return views.Org(
        code=str(found.code),
        name=found.name,
        parent=str(found.parent) if found.parent else None,
        level=found.level,
        open=resolution.kind.value == "current",
        successor=str(redirected.code) if redirected else None,
        reachable=directory.gateway_of(goes_to.code, now) is not None,
    )
