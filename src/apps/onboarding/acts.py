"""What is done with an application, each by whom it may be done. Maker, examiner and approver are three.

form ─► examined ─► approved ─► code ─► keys and requests from the gateway ─► certificates ─► directory ─► tests
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.directory import book, scope
from apps.directory.models import Change
from apps.onboarding.keys import PURPOSES, Asked, read_certificates, read_request, require_root
from apps.onboarding.models import Application, Letter, Request
from apps.ui.language import t
from apps.ui.times import today
from lienthong.document import OrganisationCode
from lienthong.errors import IllegalMove, InvalidValue, KeyReused, NotAllowed, TokenInvalid
from lienthong.evidence import VerifierKey
from lienthong.registry import (
    Gateway,
    GatewayKind,
    LogKey,
    Organisation,
    Purpose,
    Representation,
    bearer,
    certificate_entry,
)

CODE_LASTS = timedelta(hours=48)
HANDOVER = timedelta(days=7)
"""How long the gateway that spoke before still may: it delivers what it holds, and takes what the axis has for it."""
ORIGIN = "/log/"
"""What the name of a gateway's log ends with, before its id."""


def fresh_link() -> str:
    """An address nobody guesses."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """How a one-time code and a ticket are kept: both hold 128 random bits or more."""
    return hashlib.sha256(secret.strip().encode()).hexdigest()


# ---------------------------------------------------------------- deciding


def examine(application: Application, person: User) -> None:
    """An officer of the level above, or of the centre, has looked at form and letter. NotAllowed, IllegalMove."""
    _open(application)
    scope.require(person, [application.code])
    if application.examined_by is not None:
        raise IllegalMove(t("Hồ sơ đã có người thẩm tra."))
    if application.letter_verdict in {Letter.MISSING, Letter.INVALID}:
        raise IllegalMove(t("Hồ sơ chưa có văn bản đề nghị ký số."))
    application.examined_by, application.examined_at = person, timezone.now()
    application.save()


def approve(application: Application, person: User) -> None:
    """Another officer approves. NotAllowed for whoever examined it, IllegalMove."""
    _open(application)
    scope.require(person, [application.code])
    if application.examined_by is None:
        raise IllegalMove(t("Hồ sơ chưa được thẩm tra."))
    if application.examined_by == person:
        raise NotAllowed(t("Người thẩm tra không tự duyệt hồ sơ của mình; xin nhờ cán bộ đăng ký khác."))
    if application.approved_by is not None:
        raise IllegalMove(t("Hồ sơ đã được duyệt."))
    application.approved_by, application.approved_at = person, timezone.now()
    application.save()


def refuse(application: Application, reason: str) -> None:
    """The application ends here, with its reason for the applicant. IllegalMove, InvalidValue."""
    _open(application)
    if application.listed_at is not None:
        raise IllegalMove(t("Máy chủ đã vào danh bạ; dùng kế hoạch sắp xếp để thôi."))
    if not reason.strip():
        raise InvalidValue(t("Cần ghi lý do từ chối để người nộp biết."))
    application.refused_at, application.reason = timezone.now(), reason.strip()[:500]
    application.code_digest = ""
    application.save()


def give_code(application: Application) -> str:
    """A new one-time code for the gateway, told once; one before it opens nothing any more. IllegalMove."""
    _open(application)
    if application.approved_by is None:
        raise IllegalMove(t("Hồ sơ chưa được duyệt."))
    if application.joined_at is not None:
        raise IllegalMove(t("Máy chủ đã nối; mã dùng một lần không còn cần."))
    code = "-".join(secrets.token_hex(4) for _ in range(4))
    application.code_digest, application.code_until = digest(code), timezone.now() + CODE_LASTS
    application.save()
    return code


def _open(application: Application) -> None:
    if application.refused_at is not None:
        raise IllegalMove(t("Hồ sơ đã bị từ chối."))


# ---------------------------------------------------------------- the gateway comes


def join(code: str, requests: Mapping[str, str], vkey: str, address: str) -> tuple[Application, str]:
    """A gateway shows its code and its certificate requests; returns a ticket to come back with.

    The code is good once, and only with everything whole. TokenInvalid, InvalidValue, KeyReused.
    """
    wanted = digest(code)
    with transaction.atomic():
        found = Application.objects.select_for_update().exclude(code_digest="").filter(code_digest=wanted).first()
        late = found is None or found.code_until is None or found.code_until < timezone.now()
        if found is None or late or not hmac.compare_digest(found.code_digest, wanted):
            raise TokenInvalid(t("mã dùng một lần không đúng, đã dùng hoặc đã hết hạn"))
        asked = _asked(requests)
        _log_key(found, vkey, asked["log"])
        for each in asked.values():
            if Request.objects.filter(spki=each.spki).exists():
                raise KeyReused(each.purpose)
            Request.objects.create(
                application=found,
                purpose=each.purpose,
                holder=_holder(found, each.purpose),
                csr=each.pem,
                spki=each.spki,
            )
        ticket = secrets.token_urlsafe(32)
        found.code_digest, found.ticket, found.vkey = "", digest(ticket), vkey
        found.joined_at, found.joined_from = timezone.now(), address
        found.save()
    return found, ticket


def _asked(requests: Mapping[str, str]) -> dict[str, Asked]:
    if sorted(requests) != sorted(PURPOSES):
        raise InvalidValue(t("Cần đúng ba yêu cầu chứng thư: {names}.", names=", ".join(PURPOSES)))
    asked = {purpose: read_request(purpose, text) for purpose, text in requests.items()}
    if len({each.spki for each in asked.values()}) != len(asked):
        raise KeyReused(t("mỗi việc một khóa"))
    return asked


def _log_key(application: Application, vkey: str, asked: Asked) -> None:
    """The verifier key must be the log's, under this gateway's name."""
    key = VerifierKey.parse(vkey)
    request = x509.load_pem_x509_csr(asked.pem.encode())
    raw = request.public_key().public_bytes_raw()  # type: ignore[union-attr]  # a log's key is Ed25519, seen before
    if key.public != raw or not key.name.endswith(f"{ORIGIN}{application.gateway}"):
        raise InvalidValue(t("Khóa nhật ký không phải của máy chủ {gateway}.", gateway=application.gateway))


def _holder(application: Application, purpose: str) -> str:
    kinds = {"gateway": f"gateway:{application.gateway}", "log": f"log:{application.gateway}"}
    return kinds.get(purpose, f"org:{application.code}")


def by_ticket(ticket: str) -> Application:
    """The application of a gateway that comes back. TokenInvalid."""
    found = Application.objects.exclude(ticket="").filter(ticket=digest(ticket)).first()
    if found is None:
        raise TokenInvalid(t("phiếu nối không đúng"))
    return found


# ---------------------------------------------------------------- certificates, directory


def take_certificates(application: Application, text: str) -> int:
    """Certificates of the authority, matched to the requests by their keys; how many were new. InvalidValue."""
    _open(application)
    found = read_certificates(text)
    wanted = {each.spki: each for each in requests_of(application)}
    if strange := found.keys() - wanted.keys():
        raise InvalidValue(t("{n} chứng thư không phải của khóa nào trong hồ sơ này; chưa nhận gì.", n=len(strange)))
    roots = [each for path in settings.CONFIG.site.roots for each in x509.load_pem_x509_certificates(path.read_bytes())]
    for pem in found.values():
        require_root(pem, roots)
    with transaction.atomic():
        for spki, pem in found.items():
            wanted[spki].certificate = pem
            wanted[spki].save()
    return len(found)


def requests_of(application: Application) -> QuerySet[Request]:
    """The certificate requests of its gateway."""
    return Request.objects.filter(application=application).order_by("pk")


def requests_text(application: Application) -> str:
    """The same as text for the authority: holder, purpose and PEM of each."""
    return "".join(f"{each.holder} {each.purpose}\n{each.csr}" for each in requests_of(application))


def missing_certificates(application: Application) -> list[str]:
    """The purposes that have none yet."""
    return [each.purpose for each in Request.objects.filter(application=application, certificate="")]


def known(application: Application) -> bool:
    """Whether the directory has the organisation today."""
    return bearer(book.history(OrganisationCode.parse(application.code)), today()) is not None


def enter_organisation(application: Application, person: User) -> None:
    """The organisation before its gateway: an authority certifies nobody the registry does not know. IllegalMove."""
    _open(application)
    if application.approved_at is None:
        raise IllegalMove(t("Hồ sơ chưa được duyệt."))
    if known(application):
        raise IllegalMove(t("Danh bạ đã có cơ quan này."))
    with transaction.atomic():
        _put_organisation(book.begin(person, "onboarding", application.code), application)


def _put_organisation(change: Change, application: Application) -> None:
    code = OrganisationCode.parse(application.code)
    book.put(change, {code: (*book.history(code), _organisation(application))})


def enter(application: Application, person: User) -> None:
    """Into the directory, all in one change: organisation, gateway, representation, certificates, log. IllegalMove."""
    _open(application)
    if application.listed_at is not None:
        raise IllegalMove(t("Máy chủ đã có trong danh bạ."))
    if application.joined_at is None or missing_certificates(application):
        raise IllegalMove(t("Còn thiếu chứng thư."))
    with transaction.atomic():
        change = book.begin(person, "onboarding", f"{application.code} {application.gateway}")
        code = OrganisationCode.parse(application.code)
        if not known(application):
            _put_organisation(change, application)
        kind = GatewayKind.SHARED if application.shared else GatewayKind.DEDICATED
        book.list_gateway(change, Gateway(application.gateway, application.gateway_name, code, kind))
        spoken = book.representations([code]).get(code, [])
        ending = today() + HANDOVER  # so that what is under way through the gateway before still passes
        book.stop(change, [each for each in spoken if each.covers(today())], ending + timedelta(days=1))
        book.speak(change, [Representation(application.gateway, code, today())])
        for each in requests_of(application):
            der = x509.load_pem_x509_certificate(each.certificate.encode()).public_bytes(Encoding.DER)
            book.list_certificate(change, certificate_entry(der, each.holder, Purpose(each.purpose)))
        key = VerifierKey.parse(application.vkey)
        book.list_log(change, LogKey(key.name, application.vkey, application.gateway))
        application.listed_at = timezone.now()
        application.save()


def _organisation(application: Application) -> Organisation:
    return Organisation(
        code=OrganisationCode.parse(application.code),
        name=application.name,
        level=application.level,
        parent=OrganisationCode.parse(application.parent) if application.parent else None,
        valid_from=today(),
    )
