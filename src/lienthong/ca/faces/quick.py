"""Answers about certificates from memory, before any framework is asked: the address is the question (RFC 5019 §5).

An answer is given again only while it is fresh and its certificate was not stopped; everything else goes on inside.
"""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.x509.ocsp import OCSPCertStatus, load_der_ocsp_response

from lienthong.ca.app import ANSWERED
from lienthong.ca.ocsp import MAX_REQUEST
from lienthong.ca.status.answers import Answers, plain_serial

_OCSP = "/ocsp/"
_MOST = 200_000
"""Answers in memory: some 400 bytes each with their address."""
_KEPT = timedelta(minutes=10)
_HEADERS = [(b"content-type", ANSWERED.encode()), (b"cache-control", b"public, max-age=60")]
Application = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass
class Quick:
    """An ASGI application around another one."""

    inside: Application
    answers: Answers
    _kept: dict[str, tuple[bytes, datetime, str, int]] = field(default_factory=dict, repr=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_OCSP):
            await self.inside(scope, receive, send)
            return
        body = self._at_hand(scope["path"]) or await self._made(scope["path"])
        if body is None:
            await self.inside(scope, receive, send)
            return
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, length]})
        await send({"type": "http.response.body", "body": body})

    def _at_hand(self, path: str) -> bytes | None:
        found = self._kept.get(path)
        if found is None:
            return None
        body, until, issuer, serial = found
        if self.answers.board.of(issuer, serial) is None and self.answers.now() < until:
            return body
        del self._kept[path]
        return None

    async def _made(self, path: str) -> bytes | None:
        """An answer that anybody may have; None for questions of another kind, which the routes answer."""
        issuer, _, question = path.removeprefix(_OCSP).partition("/")
        responder = self.answers.responders.get(issuer)
        if responder is None or len(question) > 2 * MAX_REQUEST:
            return None
        try:
            request = b64decode(question, validate=True)
        except ValueError:
            return None
        serial = plain_serial(request, responder)
        if serial is None:
            return None
        body = await self.answers.answer(issuer, request)
        if load_der_ocsp_response(body).certificate_status is not OCSPCertStatus.GOOD:
            return body  # made-up serial numbers find no room here
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[path] = body, self.answers.now() + _KEPT, issuer, serial
        return body
