"""A VXP face that breaks its promises: a proxy before a right one, each fault small and named."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4  # noqa: TID251  # a face that forgets repeats makes new ones

import httpx
from aiohttp import web

from wrong_desk import HOP_BY_HOP, served

PREFIX = "XroadVnpt-"


@dataclass
class WrongVxp:
    """Passes everything on to `url`, but for its faults. `secrets` by system: it signs anew what it changes."""

    url: str
    secrets: Mapping[str, str]
    verify: Any
    _http: httpx.AsyncClient = field(init=False)

    async def answer(self, request: web.Request) -> web.Response:
        """One request, made worse on its way there and back."""
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        body = await request.read()
        if request.path == "/sendEdoc" and body.endswith(b"</edXML>\n"):  # forgets that it was sent before
            body = self._anew(headers, body)
        if request.path == "/countReceiveEdoc":  # never counts
            return web.json_response({"status": "OK", "ErrorCode": "0", "ErrorDesc": ""})
        if request.path == "/getReceivedEdocList":  # asks nobody who they are
            self._sign(headers, "timestamp")
        came = await self._http.request(request.method, self.url + request.path, headers=headers, content=body)
        return web.json_response(self._back(request.path, came.json()))

    def _anew(self, headers: dict[str, str], body: bytes) -> bytes:
        changed = body.replace(b"</edXML>\n", f"<!-- {uuid4()} --></edXML>\n".encode())
        headers[f"{PREFIX}hash-file"] = hashlib.sha256(changed).hexdigest()
        self._sign(headers, "hash-file")
        return changed

    def _sign(self, headers: dict[str, str], name: str) -> None:
        """Right whatever it was: this face believes every name."""
        told = json.loads(headers.get(f"{PREFIX}sign-header", "{}"))
        told[f"{PREFIX}{name}"] = headers.get(f"{PREFIX}{name}", "")
        system = told.get(f"{PREFIX}systemid", "")
        if system in self.secrets:
            text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
            mark = hmac.new(self.secrets[system].encode(), text.encode(), hashlib.sha256).hexdigest()
            headers |= {f"{PREFIX}sign-header": text, f"{PREFIX}hash-header": mark}

    def _back(self, path: str, told: dict[str, Any]) -> dict[str, Any]:
        if path == "/sendEdoc" and told["status"] == "FAIL" and "unsafe" in told["ErrorDesc"]:  # loses DocId
            del told["DocId"]
        if path == "/getSynchronizeUnit":  # tells nobody what ended
            told["data"] = [{**row, "deleted": "false"} for row in told["data"]]
        if path == "/getAgenciesList":  # has no old codes
            told["data"] = [{**row, "oldCode": row["oldCode"] or None} for row in told["data"]]
        if path == "/updateStatus" and "done → fail" in told["ErrorDesc"]:  # says yes to everything
            told |= {"status": "OK", "ErrorCode": "0", "ErrorDesc": ""}
        return told

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address while it serves."""
        self._http = httpx.AsyncClient(verify=self.verify, timeout=90)
        with served(self.answer, self._http.aclose) as url:
            yield url
