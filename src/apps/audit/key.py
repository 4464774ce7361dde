"""The key that signs the audit's checkpoints: an Ed25519 note key in a file of its own, made on first start."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lienthong.evidence import SigningKey


def key() -> SigningKey:
    """The site's key, under the origin of its log."""
    return _kept(settings.CONFIG.site.audit_key_file, settings.CONFIG.site.audit_origin)


@lru_cache
def _kept(path: Path, origin: str) -> SigningKey:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(0o600, exist_ok=False)
        path.write_text(SigningKey(origin, secrets.token_bytes(32)).encode(), "ascii")
    return SigningKey.parse(path.read_text("ascii").strip())
