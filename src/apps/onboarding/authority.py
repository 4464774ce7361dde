"""Certificates through the authority's cases: asked for in the console's name, decided by the authority's officers.

asked ─► its officers examine and approve by signed orders ─► issued, fetched ─► kept beside the request
  └ returned, refused: told in words; asked again by a security officer      silent: the next round asks again
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from apps.audit.record import keep
from apps.onboarding import acts
from apps.onboarding.models import Application, CaseState, Request
from apps.ui.language import t
from lienthong.client import CasePage, CertificateAuthority
from lienthong.errors import IllegalMove, LienThongError

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = timedelta(seconds=60)
"""How often the worker asks how a case stands."""
ISSUED = frozenset({CaseState.ISSUED, CaseState.DELIVERED, CaseState.DONE})
OVER = frozenset({CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.STOPPED})
FOR_PEOPLE = OVER | {CaseState.RETURNED, CaseState.ERROR, ""}
"""What goes on only when a security officer asks again; the worker asks about the rest."""


def configured() -> bool:
    """Whether this console asks an authority by itself; else certificates are brought by hand."""
    console = settings.CONFIG.console
    return console is not None and console.authority is not None


def ask(of: Application) -> None:
    """Open a case for every key without a certificate, again for one that was refused or returned, and fetch what is
    issued. Raises `IllegalMove` where nothing can be asked, and the authority's own refusals, kept with the request.
    """
    if not configured() or of.joined_at is None or of.refused_at or of.listed_at:
        raise IllegalMove(t("Hồ sơ này không xin chứng thư được lúc này."))
    waiting = acts.requests_of(of).filter(certificate="")
    # before anything is asked: whichever fails now, the worker asks on
    waiting.filter(case_state="").update(case_state=CaseState.ASKED, case_at=timezone.now())
    with _opened() as line:
        for each in waiting:
            if each.case_state in OVER:
                each.case_attempt += 1
            _go_on(line, of, each, complete=each.case_state == CaseState.RETURNED)


def go_round() -> None:
    """The worker: how do the cases stand that were asked a while ago?"""
    waiting = Request.objects.filter(certificate="", case_at__lt=timezone.now() - AGAIN, application__refused_at=None)
    rows = waiting.exclude(case_state__in=FOR_PEOPLE).select_related("application")
    if not configured() or not rows.exists():
        return
    with _opened() as line:
        for each in rows:
            with suppress(LienThongError):  # kept with the request, and asked again
                _go_on(line, each.application, each)


@contextmanager
def _opened() -> Iterator[CertificateAuthority]:
    door = settings.CONFIG.console.authority
    token = door.token_file.read_text("utf-8").strip()
    with CertificateAuthority(door.url, token, ca=door.ca_file, own=door.own) as line:
        yield line


def _go_on(line: CertificateAuthority, of: Application, request: Request, *, complete: bool = False) -> None:
    """Ask, or hear how it stands: the same call, as a repeat changes nothing."""
    name, form = f"noi-{request.spki[:40]}-{request.case_attempt}", form_of(of, request)
    try:
        told = line.complete(name, form) if complete else line.ask(name, form)
        words = _reason(line.case(name)) if told.state in FOR_PEOPLE else ""
    except LienThongError as error:
        state = CaseState.ERROR if error.permanent else request.case_state or CaseState.ASKED
        _note(request, state, error.detail if error.permanent and error.detail else error.sentence())
        raise
    _note(request, told.state, words)
    if told.state in ISSUED:
        acts.take_certificates(of, _pem(line.certificate(*told.about.split("/", 1)).chain))
        keep("", "", "", "application-issued", of.code, "done", {"case": name, "certificate": told.about})


def _note(request: Request, state: str, words: str) -> None:
    request.case_state, request.case_words, request.case_at = state, words[:400], timezone.now()
    request.save(update_fields=["case_state", "case_words", "case_at", "case_attempt"])


def form_of(of: Application, request: Request) -> dict[str, Any]:
    """Form 03 of Decree 68/2024 for one key of a gateway; organisations are named as the registry names them."""
    names = {"gateway": of.gateway, "log": of.vkey.partition("+")[0], "package-seal": of.name}
    hosts = of.hosts.replace(",", " ").split() if request.purpose == "gateway" else []
    told = {"kind": "device", "organisation": of.code, "profile": request.purpose, "name": names[request.purpose]}
    return told | {"holder": request.holder, "hosts": hosts, "csr": request.csr}


def _reason(page: CasePage) -> str:
    """Why it was refused or returned: the last words of its history."""
    return next((each.text for each in reversed(page.history) if each.text), "")


def _pem(chain: Sequence[str]) -> str:
    """The chain as PEM without its root: that one is the site's own."""
    ders = [b64decode(each) for each in chain[: max(1, len(chain) - 1)]]
    return "".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode() for der in ders)
