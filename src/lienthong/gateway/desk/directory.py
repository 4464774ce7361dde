"""Who is who, as a desk asks."""

from collections.abc import Sequence
from datetime import datetime

from lienthong.gateway import views
from lienthong.gateway.capabilities import Capability, capability
from lienthong.gateway.desk.gateway import Gateway
from lienthong.registry import Directory, Organisation


async def organisations(gateway: Gateway, text: str, limit: int) -> tuple[views.Org, ...]:
    """The directory, searched without accents; closed codes are shown with who took over."""
    directory, now = gateway.directory(), gateway.now()
    return tuple(_org(found, directory, now) for found in directory.search(text, limit))


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
