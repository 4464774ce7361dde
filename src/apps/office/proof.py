"""Offline verification on the page: receipts against the very files shown, told in the clerk's words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.office.access import travelled
from apps.office.journey import Moment, moments
from apps.office.words import code_of
from apps.ui.language import english, sentence_of, t
from lienthong.client import Desk, Document
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Bundle, Proof, Receipt, verify_bundle

AUTHENTIC = frozenset(
    {
        "event",
        "event-hop",
        "event-time",
        "inclusion",
        "checkpoint-signature",
        "log-origin",
        "log-certificate",
        "one-package",
    }
)
FILES = frozenset({"manifest", "file"})
STAMP = frozenset({"stamp"})
VERDICTS = {
    "proved": (
        "done",
        "Đã chứng minh",
        "Biên nhận và tệp khớp nhau; mọi điều kiểm được đều đúng.",
    ),
    "not-proved": (
        "seal",
        "Không chứng minh được",
        "Có điều không khớp. Không nên dựa vào bằng chứng này; xin giữ nguyên và báo quản trị.",
    ),
    "cannot-tell": (
        "waiting",
        "Chưa kết luận được",
        "Chưa đủ căn cứ để kết luận. Không có dấu hiệu giả mạo; xin thử lại sau.",
    ),
}
POINTS: tuple[tuple[frozenset[str], dict[bool | None, str]], ...] = (
    (AUTHENTIC, {
        True: "Biên nhận đúng là do hệ thống nêu tên ghi, và không ai sửa được từ khi ghi.",
        False: "Có biên nhận đã bị sửa, hoặc không do hệ thống nêu tên ghi.",
        None: "Chưa biết chắc ai đã ghi biên nhận: thiếu căn cứ của cơ quan chứng thực gốc.",
    }),
    (FILES, {
        True: "Tệp trên trang này đúng là tệp đã được gửi, không khác một chữ.",
        False: "Tệp trên trang này KHÔNG giống tệp đã được gửi.",
        None: "Chưa đối chiếu được với tệp đã gửi.",
    }),
    (STAMP, {
        True: "Thời điểm được một cơ quan cấp dấu thời gian độc lập xác nhận.",
        False: "Dấu thời gian không khớp với biên nhận.",
        None: "Chưa kiểm tra được dấu thời gian.",
    }),
)  # fmt: skip
LOOKS = {True: ("done", "done"), False: ("refused", "seal"), None: ("clock", "waiting")}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at."""

    icon: str
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A verification in words: the mark's state, what was looked at, what it does not say, details for an examiner."""

    sign: str
    tone: str
    title: str
    text: str
    points: tuple[Point, ...] = ()
    limits: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@require_safe
def whole(request: HttpRequest, package: str) -> HttpResponse:
    """Every receipt of the package, and every file."""
    desk, document = travelled(request, package)
    told = _checked(desk, document, lambda: Bundle.from_dict(desk.evidence(package)))
    return _answer(request, document, told, t("Kiểm chứng"), reverse("bundle", args=[package]))


@require_safe
def one(request: HttpRequest, package: str, evidence: str) -> HttpResponse:
    """The receipt of one step; `?tai` downloads it."""
    desk, document = travelled(request, package)
    told = desk.receipt(package, evidence)
    if "tai" in request.GET:
        return _file(told, f"bien-nhan-{package[:8]}-{evidence}.json")
    words = _checked(desk, document, lambda: Bundle((Receipt.from_dict(told),)))
    fact = next((moment for moment in moments(document) if moment.evidence == evidence), None)
    return _answer(request, document, words, t("Bằng chứng của một bước"), f"{request.path}?tai=1", fact)


@require_safe
def bundle(request: HttpRequest, package: str) -> HttpResponse:
    """The whole bundle as the file that `lienthong verify` opens."""
    desk, _ = travelled(request, package)
    return _file(desk.evidence(package), f"bang-chung-{package[:8]}.json")


def prove(desk: Desk, document: Document, evidence: Bundle) -> Proof:
    """The offline check of a bundle against the files of the page and the configured roots."""
    package = document.entry.id
    lists = evidence.manifest is not None or any(r.manifest or r.event.parts for r in evidence.receipts)
    files = {part.name: desk.part(package, part.name) for part in document.parts} if lists else None
    return verify_bundle(evidence, files, roots(), timezone.now())


@cache
def roots() -> tuple[bytes, ...]:
    """The configured root certificates, DER."""
    found = (x509.load_pem_x509_certificates(path.read_bytes()) for path in settings.CONFIG.site.roots)
    return tuple(certificate.public_bytes(Encoding.DER) for several in found for certificate in several)


def tell(proof: Proof) -> Told:
    """A proof in the clerk's words."""
    tone, title, text = VERDICTS[proof.result.value]
    language = "en" if english() else "vi"
    return Told(
        proof.result.value.replace("-", " "), tone, t(title), t(text),
        tuple(point for codes, words in POINTS for point in _point(proof, codes, words)),
        tuple(limit.sentence(language) for limit in proof.limits),
        tuple(finding.sentence(language) for finding in proof.findings),
    )  # fmt: skip


def _point(proof: Proof, codes: frozenset[str], words: dict[bool | None, str]) -> list[Point]:
    values = {finding.ok for finding in proof.findings if finding.code in codes}
    if not values:
        return []
    value = False if False in values else None if None in values else True
    return [Point(*LOOKS[value], t(words[value]))]


def _checked(desk: Desk, document: Document, read: Any) -> Told:
    try:
        return tell(prove(desk, document, read()))
    except EvidenceBroken as error:
        tone, title, text = VERDICTS["not-proved"]
        return Told("not proved", tone, t(title), t(text), details=(sentence_of(error),))


def _answer(
    request: HttpRequest, document: Document, told: Told, heading: str, download: str, fact: Moment | None = None
) -> HttpResponse:
    part = request.headers.get("HX-Request") == "true"
    context = {
        "entry": document.entry,
        "proved": told,
        "heading": heading,
        "download": download,
        "fact": fact,
        "code": code_of(document.entry),
    }
    response = render(request, "office/proof_words.html" if part else "office/proof.html", context)
    response["Vary"] = "HX-Request"
    return response


def _file(told: dict[str, Any], name: str) -> HttpResponse:
    response = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
