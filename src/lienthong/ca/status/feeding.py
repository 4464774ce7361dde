"""The feed of an issuing authority, page by page, signed by its responder (`signature.judging.feed`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from lienthong.ca.ocsp import Responder
from lienthong.ca.registers import Registers
from lienthong.ca.rules.keys import key_id, spki
from lienthong.errors import InvalidValue, NotFound
from lienthong.signature.judging.feed import MOST, FeedLine, FeedPage, signed_page


@dataclass(frozen=True)
class Feeding:
    """Reads the store at each question; any process gives the same lines."""

    registers: Registers
    responders: Mapping[str, Responder]
    now: Callable[[], datetime]

    async def page(self, issuer: str, after: int) -> tuple[bytes, bool]:
        """The signed page behind a number, and whether it is full, so that it never changes. NotFound."""
        responder = self.responders.get(issuer)
        if responder is None:
            raise NotFound(issuer[:40])
        if after < 0:
            raise InvalidValue("after")
        found = await self.registers.read(lambda view: view.changes(issuer, after, MOST + 1))
        lines = tuple(
            FeedLine(each.number, f"{each.serial:x}", each.at, each.state.value, each.reason.value)
            for each in found[:MOST]
        )
        own = key_id(spki(x509.load_der_x509_certificate(responder.issuer).public_key()))
        more = len(found) > MOST
        page = FeedPage(own, after, lines[-1].number if lines else after, self.now(), lines, more)
        sign = partial(responder.key.sign, signature_algorithm=ec.ECDSA(hashes.SHA256()))
        return signed_page(page, sign, responder.certificate), more
