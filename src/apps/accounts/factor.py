"""The second factor: a time-based code from an app (RFC 6238), or one of ten recovery codes.

A code is good once: its time step must be newer than the last one taken. Secrets are encrypted under the site's key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

import pyotp
import segno
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import Factor, RecoveryCode, User

ISSUER = "Liên Thông"
STEP = 30
"""Seconds a code stands for."""
DRIFT = 1
"""Steps a telephone's clock may be off, either way."""
CODES = 10


def begin(user: User) -> str:
    """A fresh secret (base32) for an app not confirmed yet; the same one until it is."""
    found = Factor.objects.filter(user=user, confirmed=False).first()
    if found is None:
        found = Factor.objects.create(user=user, secret=_cipher().encrypt(pyotp.random_base32().encode()).decode())
    return _secret(found)


def set_secret(user: User, secret: str) -> None:
    """Give the person an app whose secret (base32) is already known, as for a demonstration."""
    sealed = _cipher().encrypt(secret.encode()).decode()
    Factor.objects.update_or_create(user=user, defaults={"secret": sealed, "confirmed": True})


def picture(user: User, secret: str) -> SafeString:
    """The QR picture that an app reads, as SVG."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return mark_safe(segno.make(uri, error="m").svg_inline(scale=5, omitsize=True, border=3))  # noqa: S308 - drawn here


def enrolled(user: User) -> bool:
    """Whether the person's app is set up."""
    return Factor.objects.filter(user=user, confirmed=True).exists()


def confirm(user: User, code: str) -> tuple[str, ...]:
    """Take the first code of a new app; the recovery codes, told this once. Empty when the code is not right."""
    with transaction.atomic():
        factor = Factor.objects.select_for_update().filter(user=user, confirmed=False).first()
        if factor is None or not _take(factor, code):
            return ()
        factor.confirmed = True
        factor.save()
        return fresh_codes(user)


def fresh_codes(user: User) -> tuple[str, ...]:
    """Ten new recovery codes; earlier ones open nothing any more."""
    codes = tuple(f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(CODES))
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    return codes


def codes_left(user: User) -> int:
    """How many recovery codes are not used yet."""
    return RecoveryCode.objects.filter(user=user).count()


def opens(user: User, code: str) -> bool:
    """Whether this code lets the person in now; a code that did so never does again."""
    with transaction.atomic():
        factor = Factor.objects.select_for_update().filter(user=user, confirmed=True).first()
        if factor is None:
            return False
        if _take(factor, code):
            factor.save()
            return True
        used, _ = RecoveryCode.objects.filter(user=user, digest=_digest(code)).delete()
        return used > 0


def forget(user: User) -> None:
    """The app is lost: the person sets up another at the next sign-in."""
    Factor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _take(factor: Factor, code: str) -> bool:
    """Whether it is the code of a step within reach, newer than the last one taken; notes the step. RFC 6238 §5.2."""
    now = int(timezone.now().timestamp()) // STEP
    app, given = pyotp.TOTP(_secret(factor), interval=STEP), code.replace(" ", "")
    right = [
        step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(_at(app, step), given.encode())
    ]
    if not right or right[-1] <= factor.last_step:
        return False
    factor.last_step = right[-1]
    return True


def _at(app: pyotp.TOTP, step: int) -> bytes:
    return app.generate_otp(step).encode()


def _secret(factor: Factor) -> str:
    return _cipher().decrypt(factor.secret.encode()).decode()


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, None, b"lienthong second factor").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def _digest(code: str) -> str:
    """Codes are 48 random bits and asked for at a slow door, so a plain digest keeps them."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
