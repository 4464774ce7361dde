"""A twin of the state's signing program: a WebSocket server under TLS on loopback that fetches, signs and hands back.

    async with FakePlugin(signer) as plugin:
        ... plugin.address ...            # wss://127.0.0.1:port, for the page's settings

It signs with a soft key in a field of its own naming, as foreign programs do; a `Trick` makes it lie.
"""

import ipaddress
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.signature.cms import signed_attributes, signed_data
from lienthong.signature.model import Appearance
from lienthong.signature.revision import append_field, fill
from lienthong.signature.session.returned import OPERATIONS


class Trick(Enum):
    """What the program does wrong."""

    NONE = "none"
    REFUSES = "the person refuses: nothing is handed back"
    CLAIMS = "says it signed and hands nothing back"
    OTHER_DOCUMENT = "signs another document"
    SIGNS_TWICE = "adds two signatures"
    HANDS_BACK_TWICE = "hands the signed file back a second time"


@dataclass
class FakePlugin:
    """The program. `seen` holds (operation, request), `answers` what the hand-backs were told."""

    signer: SoftDocumentSigner
    trick: Trick = Trick.NONE
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    address: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes([web.get(f"/{each}", self._converse) for each in sorted(set(OPERATIONS.values()))])
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=_tls()).start()
        self.address = f"wss://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _converse(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        said = await socket.receive_json()
        self.seen.append((request.path.lstrip("/"), said))
        await socket.send_json(await self._do(said))
        await socket.close()
        return socket

    async def _do(self, said: dict[str, Any]) -> dict[str, Any]:
        if self.trick is Trick.REFUSES:
            return _reply(1, "Người dùng đã hủy")
        async with aiohttp.ClientSession() as session:
            async with session.get(said["FileName"]) as reply:
                pdf = await reply.read()
            if self.trick is not Trick.CLAIMS:
                for _ in range(2 if self.trick is Trick.HANDS_BACK_TWICE else 1):
                    await self._hand_back(session, said["FileUploadHandler"], self._signed(pdf))
        return _reply(0, "", said.get("DocNumber", ""), said.get("IssuedDate", ""))

    async def _hand_back(self, session: aiohttp.ClientSession, address: str, pdf: bytes) -> None:
        form = aiohttp.FormData()
        form.add_field("uploadfile", pdf, filename="signed.pdf", content_type="application/pdf")
        async with session.post(address, data=form) as reply:
            self.answers.append(reply.status)

    def _signed(self, pdf: bytes) -> bytes:
        first = foreign_signature(pdf, self.signer, "Extra1") if self.trick is Trick.SIGNS_TWICE else pdf
        signed = foreign_signature(first, self.signer)
        return signed.replace(b"%PDF-1.", b"%PDF-2.", 1) if self.trick is Trick.OTHER_DOCUMENT else signed


def foreign_signature(pdf: bytes, signer: SoftDocumentSigner, name: str = "") -> bytes:
    """One more signature, in a field no one here named."""
    gap = append_field(pdf, name or f"Signature{len(pdf)}", Appearance(), datetime.now(UTC))
    attributes = signed_attributes(gap.document_digest, signer.certificate)
    content = signed_data(attributes, signer.sign(attributes), signer.certificate, signer.chain)
    return fill(gap.pdf, (gap.start, gap.end), content)


def _reply(status: int, message: str, number: str = "", issued: str = "") -> dict[str, Any]:
    return {
        "Status": status,
        "Message": message,
        "FileName": "signed.pdf",
        "FileServer": "",
        "DocumentNumber": number,
        "DocumentDate": issued,
    }


def _tls() -> ssl.SSLContext:
    """A certificate of its own making for 127.0.0.1, as such programs have."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(hours=1), now + timedelta(days=1)
    )
    certificate = made.add_extension(local, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        Path(file.name).write_bytes(secret + certificate.public_bytes(Encoding.PEM))
        context.load_cert_chain(file.name)
    return context
