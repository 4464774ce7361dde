"""What the doctor asks of the network and the disk; each answer is a plain value, each fault one of ours."""

import shutil
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography import x509

from lienthong.cli.printing import now
from lienthong.diagnosis import Finding
from lienthong.errors import ConfigurationInvalid, LienThongError, Unavailable, by_code

PATIENCE = 10.0
"""Seconds a probe may take."""


def leaf(url: str, ca: Path | None) -> x509.Certificate:
    """The server's certificate, after it was checked. Raises `Unavailable`, `ConfigurationInvalid` (not trusted)."""
    asked = httpx.URL(url)
    try:
        with (
            socket.create_connection((asked.host, asked.port or 443), timeout=PATIENCE) as plain,
            _context(ca).wrap_socket(plain, server_hostname=asked.host) as secured,
        ):
            der = secured.getpeercert(binary_form=True)
    except ssl.SSLCertVerificationError as error:
        raise ConfigurationInvalid(f"{url}: {error.verify_message}") from error
    except OSError as error:
        raise Unavailable(f"{url}: {error.strerror or error}") from error
    if der is None:
        raise ConfigurationInvalid(f"{url}: TLS")
    return x509.load_der_x509_certificate(der)


def skew(url: str, ca: Path | None) -> float | None:
    """How far this clock is ahead of the server's, in seconds, by its HTTP `Date`; None if it tells none."""
    before = now()
    answer = _get(f"{url}/v1/me", ca)
    middle = before + (now() - before) / 2
    told = _date(answer.headers.get("date", ""))
    # HTTP dates are whole seconds, cut off: half a second is the middle.
    return (middle - told).total_seconds() - 0.5 if told else None


def ready(url: str, ca: Path | None) -> dict[str, Any]:
    """What a process's operations face says of itself. Raises its own refusal, `Unavailable`."""
    answer = _get(f"{url.rstrip('/')}/health/ready", ca)
    try:
        told = answer.json()
    except ValueError as error:
        raise Unavailable(f"{url}: HTTP {answer.status_code}") from error
    if not isinstance(told, dict):
        raise Unavailable(f"{url}: HTTP {answer.status_code}")
    if answer.is_error:
        raise _refusal(told, f"{url}: HTTP {answer.status_code}")
    return told


def diagnosis(url: str, ca: Path | None) -> tuple[Finding, ...]:
    """What a gateway's own doctor finds. Raises `Unavailable`, also where there is none."""
    answer = _get(f"{url.rstrip('/')}/v1/diagnosis", ca)
    try:
        if answer.is_success:
            return msgspec.json.decode(answer.content, type=tuple[Finding, ...])
    except msgspec.DecodeError as error:
        raise Unavailable(f"{url}: {error}") from error
    raise Unavailable(f"{url}: HTTP {answer.status_code}")


def room(folder: Path) -> tuple[int, int]:
    """Free bytes and all bytes of the disk that holds a folder."""
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def _refusal(told: dict[str, Any], where: str) -> LienThongError:
    kind = by_code(str(told.get("code", "")))
    return Unavailable(where) if kind is LienThongError else kind(str(told.get("detail", "")) or where)


def _get(url: str, ca: Path | None) -> httpx.Response:
    try:
        return httpx.get(url, verify=_context(ca), timeout=PATIENCE)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{url}: {type(error).__name__}") from error


def _context(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except OSError as error:
        raise ConfigurationInvalid(f"{ca}: {error.strerror or error}") from error


def _date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)  # "-0000"
