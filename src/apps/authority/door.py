"""Whose door it is: the officer's access token, kept encrypted, and one line to the authority for each."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string

from apps.accounts.models import User
from apps.accounts.person import person
from apps.accounts.roles import Right, needs
from apps.authority.models import Access
from apps.config import Authority
from apps.ui.language import t
from lienthong.client import Called, CertificateAuthority, OfficerMe
from lienthong.errors import TokenInvalid

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at work: the line to the authority, and who it says they are."""

    ca: CertificateAuthority
    me: OfficerMe

    def has(self, *duties: str) -> bool:
        """Whether the officer has one of these duties."""
        return any(duty in self.me.duties for duty in duties)

    @property
    def central(self) -> bool:
        """Whether the officer is of the centre, who sees everything."""
        return not self.me.scope

    def covers(self, path: str) -> bool:
        """Whether an organisation lies in the officer's scope."""
        return self.central or any(path.startswith(each) for each in self.me.scope)

    def people(self) -> dict[str, Called]:
        """What the officers of the registration authority are called by id, and at the centre all."""
        units = {each.id: each.name for each in self.ca.authorities()}
        return {each.id: Called(each.name, units.get(each.authority, "")) for each in self.ca.officers()}


def officers(view: View) -> View:
    """A view for officers: it is handed their desk. Whoever has no token yet, or a stopped one, is asked for it."""

    @needs(Right.CERTIFICATES)
    @wraps(view)
    def opened(request: HttpRequest, **named: Any) -> HttpResponse:
        secret = token_of(person(request))
        if not secret:
            return redirect("ca-access")
        try:
            desk = desk_with(secret)
            request.duties = desk.me.duties  # type: ignore[attr-defined]  # for the rail
            return view(request, desk, **named)
        except TokenInvalid:
            notices.error(request, t("Dịch vụ chứng thư không nhận mã truy cập này nữa. Nhập mã mới để làm tiếp."))
            return redirect("ca-access")

    return opened


def desk_with(secret: str) -> Desk:
    """The desk of whoever has that token. TokenInvalid, Unavailable; Http404 where the site has no authority."""
    authority = settings.CONFIG.authority
    if authority is None:
        raise Http404
    line: CertificateAuthority = import_string(authority.door)(authority, secret)
    return Desk(line, line.me())


def real(authority: Authority, secret: str) -> CertificateAuthority:
    """The real line."""
    return _connected(authority.url, secret, authority.ca_file, authority.own)


@cache
def _connected(url: str, secret: str, ca: Path | None, own: tuple[Path, Path] | None) -> CertificateAuthority:
    """One connection for an officer: a handshake per page would be felt."""
    return CertificateAuthority(url, secret, ca, own=own)


# ------------------------------------------------------------ the token


def keep_token(user: User, secret: str) -> None:
    """Keep a person's token, in place of the one before."""
    sealed = _cipher().encrypt(secret.encode()).decode()
    Access.objects.update_or_create(user=user, defaults={"secret": sealed})


def token_of(user: User) -> str:
    """A person's token; empty without one."""
    found = Access.objects.filter(user=user).first()
    return _cipher().decrypt(found.secret.encode()).decode() if found is not None else ""


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, None, b"lienthong officer token").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
