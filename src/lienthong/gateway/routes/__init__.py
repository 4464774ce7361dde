"""The desk API, version 1: what an agency's software calls. One access token speaks for one agency."""

from lienthong.gateway.calling import Callers
from lienthong.gateway.checking_routes import CHECKING
from lienthong.gateway.routes.administering import ADMINISTERING
from lienthong.gateway.routes.directory import DIRECTORY
from lienthong.gateway.routes.events import EVENTS
from lienthong.gateway.routes.health import OPERATIONS
from lienthong.gateway.routes.looking import LOOKING
from lienthong.gateway.routes.receiving import RECEIVING
from lienthong.gateway.routes.sending import SENDING
from lienthong.gateway.signing_routes import SIGNING
from lienthong.gateway.vxp.administering import OWN_SYSTEMS

DESK = [*DIRECTORY, *SENDING, *LOOKING, *RECEIVING, *EVENTS, *SIGNING, *CHECKING, *ADMINISTERING, *OWN_SYSTEMS]

__all__ = ["DESK", "OPERATIONS", "Callers"]
