"""Asking certificate authorities over HTTP: revocation lists, answers about one certificate (RFC 5280, RFC 6960).

The addresses stand in certificates, which anybody may send us: only hosts that the operator named are asked, no
redirect is followed, and an answer has a limit of size and time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from lienthong.errors import NotAllowed, Unavailable

LARGEST_ANSWER = 1 << 16
LARGEST_LIST = 64 << 20
LARGEST_PAGE = 1 << 20
_ASKED, _ANSWERED = "application/ocsp-request", "application/ocsp-response"


@dataclass(frozen=True, slots=True)
class Sources:
    """Whom to ask: `hosts` as `name` or `name:port`. The session is the caller's."""

    session: aiohttp.ClientSession
    hosts: frozenset[str]
    timeout: float = field(default=10.0)

    def responders(self, certificate: bytes) -> tuple[str, ...]:
        """Where a certificate (DER) says to ask about it, as far as that is allowed."""
        return tuple(place for place in _places(certificate) if self._allowed(place))

    async def answer(self, url: str, certificate: bytes, issuer: bytes) -> bytes:
        """What the responder says of a certificate under its issuer, DER and unchecked. Unavailable, NotAllowed."""
        builder = ocsp.OCSPRequestBuilder().add_certificate(
            x509.load_der_x509_certificate(certificate),
            x509.load_der_x509_certificate(issuer),
            hashes.SHA1(),  # noqa: S303  # names the issuer; many responders know no other (RFC 5019 §2.1.1)
        )
        body = builder.build().public_bytes(Encoding.DER)
        kind, data = await self._fetch("POST", url, LARGEST_ANSWER, body)
        if kind != _ANSWERED:
            raise Unavailable(f"{url}: {kind}")
        return data

    async def list(self, url: str) -> bytes:
        """A revocation list, DER and unchecked. Unavailable, NotAllowed."""
        return (await self._fetch("GET", url, LARGEST_LIST))[1]

    async def feed(self, url: str, after: int) -> bytes:
        """A page of an issuing authority's feed behind a number, unchecked. Unavailable, NotAllowed."""
        return (await self._fetch("GET", f"{url}?after={after}", LARGEST_PAGE))[1]

    async def _fetch(self, method: str, url: str, most: int, body: bytes | None = None) -> tuple[str, bytes]:
        if not self._allowed(url):
            raise NotAllowed(url)
        headers = {"Content-Type": _ASKED, "Accept": _ANSWERED} if body is not None else {}
        limit = aiohttp.ClientTimeout(total=self.timeout)
        try:
            async with self.session.request(
                method, url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as reply:
                data = bytearray()
                async for block in reply.content.iter_chunked(1 << 16):
                    data += block
                    if len(data) > most:
                        raise Unavailable(f"{url}: more than {most} bytes")
                if reply.status != 200:
                    raise Unavailable(f"{url}: HTTP {reply.status}")
                return reply.content_type, bytes(data)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unavailable(f"{url}: {type(error).__name__}") from error

    def _allowed(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            named = {parts.hostname or "", f"{parts.hostname}:{parts.port}" if parts.port else ""}
        except ValueError:
            return False
        return parts.scheme in {"http", "https"} and not parts.username and bool(named & self.hosts - {""})


def _places(certificate: bytes) -> Iterator[str]:
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        access = parsed.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (ValueError, x509.ExtensionNotFound):
        return
    for row in access:
        if row.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            row.access_location, x509.UniformResourceIdentifier
        ):
            yield row.access_location.value
