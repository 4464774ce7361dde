"""Certificates: found by anything people know of one, and the page of one."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.authority.door import Desk, officers
from apps.authority.paging import LIMIT, further, place
from apps.authority.reading import read
from apps.authority.words import CERTIFICATES, PROFILES
from lienthong.client import Certificate

SHORTEST_SERIAL = 16
"""Hex digits: a shorter word in the search box is a name."""
ENDING = ("30", "60", "90")


@require_safe
@officers
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A list by cursor; without a question the newest."""
    asked = request.GET
    found = desk.ca.certificates(limit=LIMIT, **_wanted(asked))
    following = found[-1].after if found else 0
    context = {"found": found, "asked": asked, "query": asked.get("q", ""), "states": list(CERTIFICATES)[:3]}
    context |= {"profiles": PROFILES, "ending": ENDING, "more": further(asked, found, following)}
    return render(request, "authority/certificates.html", context)


def _wanted(asked: Any) -> dict[str, Any]:
    """The question as the authority takes it; the one box on top takes names, serial numbers and UIDs."""
    named = {"uid": "uid", "serial": "so", "organisation": "co-quan", "state": "trang-thai", "profile": "mau"}
    wanted: dict[str, Any] = {name: asked.get(key, "").strip()[:200] for name, key in named.items()}
    text = asked.get("q", "").strip()[:200]
    wanted |= {_word(text): text} if text else {}
    if wanted["state"] not in {"", *list(CERTIFICATES)[:3]}:
        wanted["state"] = ""
    if (days := asked.get("het-han", "")) in ENDING:
        now = timezone.now()
        span = {"ends_after": now.isoformat(), "ends_before": (now + timedelta(days=int(days))).isoformat()}
        wanted |= {"state": "active", **span}
    return wanted | {"after": place(asked)}


def _word(text: str) -> str:
    bare = text.replace(":", "").replace(" ", "")
    if text.upper().startswith(("MST:", "MNS:")):
        return "uid"
    hexadecimal = len(bare) >= SHORTEST_SERIAL and all(sign in "0123456789abcdefABCDEF" for sign in bare)
    return "serial" if hexadecimal else "text"


@require_safe
@officers
def one(request: HttpRequest, desk: Desk, issuer: str, serial: str) -> HttpResponse:
    """A certificate: what it says in words, its chain, where its state is told, and all that was done to it."""
    found = desk.ca.certificate(issuer, serial)
    ders = [b64decode(each) for each in found.chain]
    context = {"found": found, "desk": desk, "facts": read(ders[0]), "chain": [read(each) for each in ders]}
    return render(request, "authority/certificate.html", context | {"acts": _acts(desk, found.certificate)})


def _acts(desk: Desk, certificate: Certificate) -> list[str]:
    """Kinds of cases that can be opened about it now."""
    if not desk.has("request") or certificate.state == "revoked" or certificate.ended:
        return []
    if certificate.state == "suspended":
        return ["resumption", "revocation"]
    return ["renewal", "change", "suspension", "revocation"]


@require_safe
@officers
def file(_request: HttpRequest, desk: Desk, issuer: str, serial: str) -> HttpResponse:
    """The certificate with its chain, PEM."""
    found = desk.ca.certificate(issuer, serial)
    chain = [x509.load_der_x509_certificate(b64decode(each)) for each in found.chain]
    if not chain:
        raise Http404
    text = b"".join(each.public_bytes(Encoding.PEM) for each in chain)
    answer = HttpResponse(text, content_type="application/x-pem-file")
    answer["Content-Disposition"] = f'attachment; filename="{found.certificate.serial}.pem"'
    return answer
