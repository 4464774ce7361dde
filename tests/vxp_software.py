"""Software at a running gateway's VXP face, and the operator who registers it at a terminal."""

import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

from typer.testing import CliRunner

from lienthong.cli.main import app
from running_country import Country, now
from vxp_made import timestamp


@dataclass
class Terminal:
    """An operator's, at one gateway."""

    config: Path
    token: str = ""

    def run(self, *words: str, code: int = 0) -> str:
        ran = CliRunner().invoke(
            app, ["gateway", *words, "--config", str(self.config)], env={"LIENTHONG_OPERATOR_TOKEN": self.token}
        )
        assert ran.exit_code == code, ran.output
        return ran.output.strip()


def terminal(country: Country, hop: str) -> Terminal:
    found = Terminal(country.place.folder / f"{hop}.toml")
    found.token = found.run("operator", "add", "--name", f"Người Vận Hành {uuid4().hex[:6]}")
    return found


@dataclass
class Software:
    """Signs by hand, one request a connection."""

    country: Country
    hop: str
    system: str
    secret: str
    headers: dict[str, str] = field(default_factory=dict)

    def context(self, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=str(self.country.place.root))
        made.maximum_version = newest
        return made

    def signed(self, **params: str) -> dict[str, str]:
        self.headers |= {"systemid": self.system, "timestamp": timestamp(now()), **params}
        told = {f"XroadVnpt-{name}": value for name, value in self.headers.items()}
        text = json.dumps(told, separators=(",", ":"))
        mark = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return {**told, "XroadVnpt-sign-header": text, "XroadVnpt-hash-header": mark}

    def call(
        self, path: str, body: bytes = b"", newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3, **params: str
    ) -> dict[str, Any]:
        port = self.country.place.ports[f"{self.hop}-vxp"]
        line = http.client.HTTPSConnection("127.0.0.1", port, context=self.context(newest), timeout=60)
        line.request("GET" if path.startswith("/count") else "POST", path, body, self.signed(**params))
        answer = line.getresponse()
        assert answer.status == 200
        told: dict[str, Any] = json.loads(answer.read())
        line.close()
        return told

    def send(self, data: bytes, sender: str, **params: str) -> dict[str, Any]:
        said = {"from": sender, "messagetype": "edoc", "hash-file": hashlib.sha256(data).hexdigest(), **params}
        return self.call("/sendEdoc", data, **said)
