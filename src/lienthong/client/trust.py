"""Whom a connection believes, and what it shows of its own where callers must show a certificate (mutual TLS)."""

import ssl
from pathlib import Path

from lienthong.errors import ConfigurationInvalid

Own = tuple[Path, Path]
"""Certificate (with its chain) and key, PEM."""


def trusting(ca: Path | None, own: Own | None = None) -> ssl.SSLContext:
    """The system's roots, unless `ca` names others; `own` is shown when it is asked for. ConfigurationInvalid."""
    try:
        context = ssl.create_default_context(cafile=str(ca) if ca else None)
        if own is not None:
            context.load_cert_chain(*own)
    except OSError as error:
        places = ", ".join(str(each) for each in (ca, *(own or ())) if each)
        raise ConfigurationInvalid(f"{places}: {error.strerror or error}") from error
    return context


def own_of(certificate: Path | None, key: Path | None) -> Own | None:
    """Both, or none. ConfigurationInvalid for one without the other."""
    if (certificate is None) is not (key is None):
        raise ConfigurationInvalid(
            f"{certificate or key}: chứng thư và khóa đi cùng nhau / certificate and key go together"
        )
    return (certificate, key) if certificate and key else None
