"""The throw-away authority on disk: founded in one go, loaded by the CA process. A bootstrap, so it opens files.

    root.key root.pem issuing.key issuing.pem tsa.key tsa.pem   keys 0600, PKCS#8; tsa.pem holds its chain
    ocsp.key ocsp.pem                                           the responder's, made anew before it ends
    root.crl revoked.json authority.json                        the root's list, what was revoked, where it is published
    issued.txt                                                  serial numbers given out, one a line

For demonstrations and tests: a national root is kept offline, in a token, under several people's control.
"""

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from cryptography import x509

from lienthong.adapters.files import PRIVATE, read_passphrase, write_whole
from lienthong.adapters.keys import KeyPair
from lienthong.ca.authority import Authority, Issued, published_at
from lienthong.ca.issue import Revoked
from lienthong.ca.requests import Request
from lienthong.errors import ConfigurationInvalid

_NAMES = ("root", "issuing", "tsa")
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AuthorityFolder:
    """An authority with the folder that remembers it."""

    folder: Path
    authority: Authority

    @classmethod
    def load(cls, folder: Path, passphrase: Path | None = None) -> Self:
        """ConfigurationInvalid if a file is missing, damaged, or a key readable by others."""
        found = {name: _load(folder, name, passphrase) for name in _NAMES}
        facts = _read_json(folder / "authority.json")
        publication = published_at(str(facts.get("publish_at", "")))
        issuing = replace(found["issuing"], chain=())
        ocsp = _load(folder, "ocsp", passphrase) if (folder / "ocsp.key").exists() else None
        return cls(folder, Authority(found["root"], issuing, found["tsa"], publication, ocsp=ocsp))

    def with_responder(self, now: datetime, passphrase: Path | None = None) -> Self:
        """The same with a responder that has a month to go: made and written if there is none, or its end is near."""
        held = self.authority.ocsp
        if held is not None and x509.load_der_x509_certificate(held.certificate).not_valid_after_utc - now > _MONTH:
            return self
        fresh = self.authority.responder(now)
        write(fresh, self.folder, "ocsp", read_passphrase(passphrase))
        return replace(self, authority=replace(self.authority, ocsp=fresh))

    def issue(self, request: Request, now: datetime, stem: str, folder: Path | None = None) -> Issued:
        """Issue and write `stem.key` and `stem.pem` (into `folder` if given)."""
        issued = self.authority.issue(request, now)
        self.note(issued.serial)  # before it is out in the world: an answer "unknown" about it would be false
        write(issued, folder or self.folder, stem)
        return issued

    def note(self, serial: int) -> None:
        """Record that a serial number was given out, durably."""
        with (self.folder / "issued.txt").open("a", encoding="ascii") as record:
            record.write(f"{serial:x}\n")
            record.flush()
            os.fsync(record.fileno())

    def issued(self) -> frozenset[int] | None:
        """Serial numbers given out; None for an authority that was founded before they were recorded."""
        try:
            lines = (self.folder / "issued.txt").read_text("ascii").split()
            return frozenset(int(line, 16) for line in lines)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ConfigurationInvalid(f"{self.folder / 'issued.txt'}: {error}") from error

    def root_list(self) -> bytes:
        """The root's revocation list, DER. ConfigurationInvalid if it is missing."""
        try:
            return (self.folder / "root.crl").read_bytes()
        except OSError as error:
            raise ConfigurationInvalid(f"{self.folder / 'root.crl'}: {error.strerror}") from error

    def revoked(self) -> tuple[Revoked, ...]:
        """What was revoked so far, oldest first. ConfigurationInvalid if the record is damaged."""
        return read_revoked(self.folder)

    def revoke(self, certificate: bytes, at: datetime, reason: x509.ReasonFlags) -> None:
        """Record a revocation (DER certificate); on the next list. A second revocation of it changes nothing."""
        serial = x509.load_der_x509_certificate(certificate).serial_number
        rows = self.revoked()
        if all(row.serial != serial for row in rows):
            write_revoked(self.folder, (*rows, Revoked(serial, at, reason)))


def create_authority(
    folder: Path, now: datetime, *, publish_at: str = "", passphrase: Path | None = None
) -> AuthorityFolder:
    """Found an authority and write it into a folder, which is made if need be.

    ConfigurationInvalid if an authority is already there: nothing is ever overwritten. `publish_at` is the base URL
    of the CA process, for the certificates; `passphrase` names the file whose first line encrypts the keys.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "authority.json").exists():
        raise ConfigurationInvalid(f"{folder} already holds an authority")
    authority = Authority.found(now, publish_at=publish_at)
    secret = read_passphrase(passphrase)
    made = {name: getattr(authority, name) for name in (*_NAMES, "ocsp")}
    for name, issued in made.items():
        write(issued, folder, name, secret)
    write_whole(folder / "issued.txt", "".join(f"{each.serial:x}\n" for each in made.values()).encode())
    write_whole(folder / "root.crl", authority.root_crl(now))
    write_revoked(folder, ())
    # Last: its presence says that the rest is whole.
    write_whole(folder / "authority.json", _json({"publish_at": publish_at, "founded": now.isoformat()}))
    return AuthorityFolder(folder, authority)


def write(issued: Issued, folder: Path, stem: str, passphrase: bytes | None = None) -> tuple[Path, Path]:
    """Write `stem.key` (0600) and `stem.pem` (leaf, then its chain); the two paths."""
    key, certificate = folder / f"{stem}.key", folder / f"{stem}.pem"
    write_whole(key, issued.encrypted_pem(passphrase), PRIVATE)
    write_whole(certificate, issued.certificate_pem)
    return key, certificate


def read_revoked(folder: Path) -> tuple[Revoked, ...]:
    """The record of revocations, oldest first. ConfigurationInvalid if it is missing or damaged."""
    try:
        return tuple(map(_revoked_row, _read_json(folder / "revoked.json")["revoked"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationInvalid(f"{folder / 'revoked.json'}: {error!r}") from error


def write_revoked(folder: Path, rows: tuple[Revoked, ...]) -> None:
    """Replace the record of revocations."""
    listed = [
        {"serial": f"{row.serial:x}", "at": row.at.astimezone(UTC).isoformat(), "reason": row.reason.value}
        for row in rows
    ]
    write_whole(folder / "revoked.json", _json({"revoked": listed}))


def _load(folder: Path, name: str, passphrase: Path | None) -> Issued:
    pair = KeyPair.load(folder / f"{name}.key", folder / f"{name}.pem", passphrase)
    return Issued(pair.key, pair.certificate, pair.chain)


def _revoked_row(row: dict[str, str]) -> Revoked:
    return Revoked(int(row["serial"], 16), datetime.fromisoformat(row["at"]), x509.ReasonFlags(row["reason"]))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigurationInvalid(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error
    if not isinstance(found, dict):
        raise ConfigurationInvalid(f"{path}: not an object")
    return found


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"
