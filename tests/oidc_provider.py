"""A small OpenID provider that really speaks: discovery, authorisation code with PKCE, token, keys. Everybody is `person`."""

import json
import ssl
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time  # noqa: TID251  # tokens are judged by the real clock
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from lienthong.ca import requests
from lienthong.ca.authority import Authority


@dataclass
class Provider:
    """What it says, and how it lies if it is to."""

    person: str = "mau.operator"
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1", "use": "sig"}))
    signs_with: ECKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def token(self, code: str) -> dict[str, Any]:
        """The answer for a code."""
        told = {
            "iss": self.issuer,
            "sub": f"id-{self.person}",
            "aud": "console",
            "iat": int(time()),
            "exp": int(time()) + 60,
            "nonce": self.asked[code]["nonce"],
            "preferred_username": self.person,
        } | self.claims
        signed = jwt.encode({"alg": "ES256", "kid": "1"}, told, self.signs_with or self.key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


def _tls(folder: Path) -> ssl.SSLContext:
    now = datetime.now(UTC)  # noqa: TID251  # so does the caller's TLS
    authority = Authority.found(now)
    made = authority.issue(requests.server("127.0.0.1"), now)
    (folder / "root.pem").write_bytes(authority.root_pem)
    (folder / "server.pem").write_bytes(made.certificate_pem)
    (folder / "server.key").write_bytes(made.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context


@contextmanager
def running(folder: Path) -> Iterator[Provider]:
    """The provider on a port of this machine, over TLS; `root.pem` of the folder vouches for it."""
    provider = Provider()

    class Face(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:  # named by http.server
            place = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(place.query).items()}
            if place.path == "/authorize":
                provider.asked["c0de"] = asked
                back = urlencode({"code": "c0de", "state": asked["state"]})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            elif place.path == "/keys":
                self.tell({"keys": [provider.key.as_dict(private=False)]})
            else:
                names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                about = {name: f"{provider.issuer}/{path}" for name, path in names.items()}
                self.tell({"issuer": provider.issuer} | about)

        def do_POST(self) -> None:  # named by http.server
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            code = body["code"][0]
            shown = urlsafe_b64encode(sha256(body["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
            good = shown == provider.asked.get(code, {}).get("code_challenge") and "Authorization" in self.headers
            self.tell(provider.token(code) if good else {"error": "invalid_grant"}, 200 if good else 400)

        def tell(self, told: object, status: int = 200) -> None:
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Face)
    provider.issuer = f"https://127.0.0.1:{server.server_port}"
    server.socket = _tls(folder).wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
