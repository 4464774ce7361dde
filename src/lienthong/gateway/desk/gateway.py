"""What the faces of a gateway stand on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from lienthong.delivery import Bell, Hop
from lienthong.delivery.dating import Dater
from lienthong.delivery.ports import Log
from lienthong.document import OrganisationCode
from lienthong.errors import SenderNotRepresented
from lienthong.gateway import forming
from lienthong.gateway.checking import Checking
from lienthong.gateway.files import Shelf
from lienthong.gateway.lasting import Lasting
from lienthong.gateway.ports import Tenants
from lienthong.gateway.signing import Signing
from lienthong.registry import Directory, Organisation

if TYPE_CHECKING:
    from lienthong.gateway.hooking import Hooking


def _welcome() -> None:
    """A process alone is ready once it runs."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """What the gateway's faces stand on."""

    hop: Hop
    log: Log
    bell: Bell
    tenants: Tenants
    axis: Dater
    shelf: Shelf = field(default_factory=Shelf)
    room: Callable[[], None] = lambda: None
    """Raises StorageFull while the disk has no room for new documents."""
    stand: Callable[[], None] = _welcome
    trace: Callable[[], str] = str
    """The trace id of the request under way, or empty."""
    form: forming.Forms = field(default_factory=forming.Forms)
    """The form check of signatures."""
    signing: Signing | None = None
    """The signing service, where there is one."""
    checking: Checking | None = None
    """The service that checks signatures, where there is one."""
    lasting: Lasting | None = None
    """Proofs that outlive certificates, where a time-stamping authority is named."""

    hooking: "Hooking | None" = None
    """Webhooks, where it may call anybody."""

    def now(self) -> datetime:
        """This moment."""
        return self.hop.clock.now()

    def directory(self) -> Directory:
        """Who is who."""
        return self.hop.directory()

    def organisation(self, tenant: str) -> Organisation:
        """A tenant's own row; raises `SenderNotRepresented` unless this gateway speaks for it."""
        found = self.directory().organisation(OrganisationCode.parse(tenant))
        if found is None:
            raise SenderNotRepresented(tenant)
        return found
