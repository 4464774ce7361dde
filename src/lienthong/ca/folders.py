"""The authority on disk: the offline root's folder, and the folder of the process that issues. A bootstrap.

root/                                           carried to the ceremony, kept in a safe
  root.key | root.token   root.pem   root.crl   key encrypted (passphrase in parts), or in a token
  revoked.json                                  issuing authorities that were revoked: what stands on every list
  transcript.jsonl                              what was done, when, by whom
authority/                                      of the process
  authority.json                                name, addresses
  root.pem root.crl
  issuers/<purpose>.key | .token  .csr  .pem    issuing authorities
  services/<name>.key .pem                      tsa, log, answers-<purpose>
"""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import cast

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_der_public_key,
    load_pem_private_key,
)

from lienthong.adapters.files import PRIVATE, read_passphrase, read_secret, write_whole
from lienthong.adapters.keyring import FileKey, open_folder
from lienthong.adapters.keys import KeyPair, SoftDocumentSigner
from lienthong.adapters.signers.token import uncertified_token
from lienthong.ca import profiles, requests
from lienthong.ca.authority import Issued, pem
from lienthong.ca.ceremony import read_revoked, write, write_revoked
from lienthong.ca.drafting import Publication, draft
from lienthong.ca.hierarchy import ceremony
from lienthong.ca.hierarchy.parts import WRONG, divided, joined
from lienthong.ca.hierarchy.purposes import PURPOSES
from lienthong.ca.house import IssuingAuthority
from lienthong.ca.issue import Revoked
from lienthong.ca.names import Subject
from lienthong.ca.requests import Request
from lienthong.ca.rules.keys import public_half, spki
from lienthong.ca.unsigned import request, signed_by
from lienthong.errors import ConfigurationInvalid, IllegalMove, InvalidValue
from lienthong.signature.keys import SigningKey

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class RootFolder:
    """Where the root is: its key is opened by enough parts of its passphrase, or by the PIN of its token."""

    folder: Path
    house: str

    @property
    def certificate(self) -> bytes:
        """DER. ConfigurationInvalid."""
        return _der(self.folder / "root.pem")

    @property
    def revoked(self) -> tuple[Revoked, ...]:
        """Issuing authorities that were revoked, the oldest first. ConfigurationInvalid if the record is damaged."""
        return read_revoked(self.folder) if (self.folder / "revoked.json").exists() else ()

    def note(self, at: datetime, act: str, who: Sequence[str], **facts: str) -> None:
        """A line of the transcript."""
        line = {"at": at.isoformat(), "act": act, "who": list(who), **facts}
        with (self.folder / "transcript.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def key(self, parts: Sequence[str]) -> SigningKey:
        """The root's key. InvalidValue without enough right parts."""
        if (self.folder / "root.token").exists():
            return uncertified_token(self.folder / "root.token")
        secret = joined(parts)
        try:
            key = load_pem_private_key(read_secret(self.folder / "root.key"), secret)
        except ValueError as error:
            raise InvalidValue(f"{self.folder / 'root.key'}: {WRONG}") from error
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ConfigurationInvalid(f"{self.folder / 'root.key'}: {type(key).__name__}")
        return FileKey("root", SoftDocumentSigner(key, b""))


def found_root(
    folder: Path, house: str, now: datetime, *, need: int, of: int, who: Sequence[str] = ()
) -> tuple[RootFolder, tuple[str, ...]]:
    """A fresh root whose passphrase exists only as parts, `need` of which open it; the parts are returned once.

    They are joined again and the key is opened with them before anything else is believed. ConfigurationInvalid if a
    root is there already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_none(folder)
    secret = secrets.token_bytes(_SECRET_BYTES).hex().encode()
    key = profiles.ROOT.key.generate()
    parts = divided(secret, need, of)
    write_whole(folder / "root.key", Issued(key, b"").encrypted_pem(secret), PRIVATE)
    root = RootFolder(folder, house)
    opened = root.key(parts[:need])
    made = asyncio.run(ceremony.found(house, opened, key.public_key(), now, x509.random_serial_number))
    _publish(root, made, now, who, parts=f"{need}/{of}")
    return root, parts


def found_root_in_token(folder: Path, house: str, now: datetime, who: Sequence[str] = ()) -> RootFolder:
    """A root whose key is made in the token that `root.token` describes. ConfigurationInvalid if a root is there
    already; KeyUnavailable where the token has a key of that name.
    """
    _require_none(folder)
    root, key = RootFolder(folder, house), uncertified_token(folder / "root.token")
    public = cast("profiles.PublicKey", load_der_public_key(asyncio.run(key.make(profiles.ROOT.key.family))))
    made = asyncio.run(ceremony.found(house, key, public, now, x509.random_serial_number))
    _publish(root, made, now, who, parts="token")
    return root


def _require_none(folder: Path) -> None:
    if (folder / "root.pem").exists():
        raise ConfigurationInvalid(f"{folder} already holds a root")


def _publish(root: RootFolder, made: ceremony.Root, now: datetime, who: Sequence[str], **facts: str) -> None:
    write_whole(root.folder / "root.crl", made.list)
    write_whole(root.folder / "root.pem", pem(made.certificate))
    root.note(now, "found", who, root=_print(made.certificate), **facts)


def certify(
    root: RootFolder, parts: Sequence[str], requests_in: Path, base: str, now: datetime, who: Sequence[str] = ()
) -> dict[str, bytes]:
    """Certify the requests `<purpose>.csr` of a folder; certificates are written beside them."""
    asked = {path.stem: path.read_bytes() for path in sorted(requests_in.glob("*.csr"))}
    place = Publication(f"{base}/crl/root.crl", f"{base}/ca/root.crt")
    work = ceremony.certify(root.house, root.key(parts), root.certificate, asked, now, x509.random_serial_number, place)
    made = asyncio.run(work)
    for purpose, der in made.items():
        write_whole(requests_in / f"{purpose}.pem", pem(der))
        root.note(now, "certify", who, purpose=purpose, certificate=_print(der))
    return made


def renew_root_list(root: RootFolder, parts: Sequence[str], now: datetime, who: Sequence[str] = ()) -> None:
    """The root's list for another year, with all that was ever revoked on it."""
    _publish_list(root, root.key(parts), root.revoked, now, who)


def revoke_issuer(
    root: RootFolder,
    parts: Sequence[str],
    certificate: bytes,
    reason: x509.ReasonFlags,
    now: datetime,
    who: Sequence[str] = (),
) -> None:
    """Put an issuing authority (DER) on the root's list, for ever. InvalidValue for one of another root or on no list,
    such as the root itself; IllegalMove for one that is on it already.
    """
    found, parent = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(root.certificate)
    if found == parent or not _issued_by(found, parent):
        raise InvalidValue(f"{found.subject.rfc4514_string()}: không do khóa gốc này cấp / not of this root")
    if any(row.serial == found.serial_number for row in root.revoked):
        raise IllegalMove(f"{found.subject.rfc4514_string()}: đã thu hồi / revoked")
    rows = (*root.revoked, Revoked(found.serial_number, now, reason))
    root.note(now, "revoke", who, certificate=_print(certificate), reason=reason.value)
    _publish_list(root, root.key(parts), rows, now, who)


def _publish_list(
    root: RootFolder, key: SigningKey, rows: tuple[Revoked, ...], now: datetime, who: Sequence[str]
) -> None:
    """Signed first: nothing is on record that could be on no list. The record before the file: none is lost."""
    made = asyncio.run(ceremony.root_list(key, root.certificate, rows, now))
    write_revoked(root.folder, rows)
    write_whole(root.folder / "root.crl", made)
    root.note(now, "list", who, sha256=_print(made))


def _issued_by(found: x509.Certificate, parent: x509.Certificate) -> bool:
    try:
        found.verify_directly_issued_by(parent)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def found_archive_root(
    folder: Path, house: str, now: datetime, *, allowed: bool, need: int, of: int, who: Sequence[str] = ()
) -> tuple[str, ...]:
    """An ML-DSA root for archives, `archive.key` and `archive.pem`; its passphrase exists only as the parts returned.

    AlgorithmNotAllowed unless it is switched on; ConfigurationInvalid if there is one already.
    """
    if (folder / "archive.pem").exists():
        raise ConfigurationInvalid(f"{folder} already holds an archive root")
    key, der = ceremony.archive_root(house, now, x509.random_serial_number, allowed=allowed)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = secrets.token_bytes(_SECRET_BYTES).hex().encode()
    parts = divided(secret, need, of)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(secret))
    load_pem_private_key(text, joined(parts[:need]))  # as they will be, before anything else is believed
    write_whole(folder / "archive.key", text, PRIVATE)
    write_whole(folder / "archive.pem", pem(der))
    RootFolder(folder, house).note(now, "archive", who, root=_print(der), parts=f"{need}/{of}")
    return parts


def request_on_token(place: Path, kind: str, secret: str = "") -> bytes:
    """A fresh key in the token that `<id>.token` describes, and its certificate request (PEM), signed in the token."""
    key = uncertified_token(place)
    public = asyncio.run(key.make(kind, secret))
    subject = Subject(place.stem).to_name()
    [csr] = asyncio.run(signed_by(key, [request(subject, public)], secret))
    return x509.load_der_x509_csr(csr).public_bytes(Encoding.PEM)


def prepare_issuers(
    folder: Path,
    house: str,
    publish_at: str,
    purposes: Sequence[str] = tuple(PURPOSES),
    passphrase: Path | None = None,
) -> None:
    """Fresh keys of issuing authorities in the process's folder, and their requests for the ceremony.

    A key that is there, in a file or a token, is kept. The first line of `passphrase` encrypts the files.
    """
    secret = read_passphrase(passphrase)
    issuers = folder / "issuers"
    issuers.mkdir(mode=0o700, parents=True, exist_ok=True)
    for purpose in purposes:
        if not (issuers / f"{purpose}.key").exists() and not (issuers / f"{purpose}.token").exists():
            key = profiles.ISSUING.key.generate()
            write_whole(issuers / f"{purpose}.key", Issued(key, b"").encrypted_pem(secret), PRIVATE)
            signer = FileKey(purpose, SoftDocumentSigner(key, b""))
            subject = Subject(purpose, organisation=house).to_name()
            [csr] = asyncio.run(signed_by(signer, [request(subject, spki(key.public_key()))]))
            write_whole(issuers / f"{purpose}.csr", csr)
    write_whole(folder / "authority.json", msgspec.json.encode({"name": house, "publish_at": publish_at}))


@dataclass(frozen=True, slots=True)
class HouseFolder:
    """The folder of the process that issues."""

    folder: Path
    name: str
    publish_at: str
    issuers: Mapping[str, IssuingAuthority]
    passphrase: Path | None = None

    @classmethod
    def load(cls, folder: Path, passphrase: Path | None = None) -> "HouseFolder":
        """ConfigurationInvalid names what is missing."""
        try:
            facts = msgspec.json.decode((folder / "authority.json").read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError) as error:
            raise ConfigurationInvalid(f"{folder / 'authority.json'}: {error}") from error
        keys, gone = open_folder(folder / "issuers", passphrase=passphrase), _revoked_by_root(folder / "root.crl")
        issuers = {
            name: IssuingAuthority(name, key, key.certificate, revoked=_serial(key.certificate) in gone)
            for name, key in keys.items()
            if name in PURPOSES
        }
        if not issuers:
            raise ConfigurationInvalid(f"{folder / 'issuers'}: chưa có CA cấp phát / no issuing authority")
        return cls(folder, facts.get("name", ""), facts.get("publish_at", ""), issuers, passphrase)

    def service(self, name: str) -> KeyPair:
        """A key of the process itself: `tsa`, `log`, `answers-<issuer>`. ConfigurationInvalid."""
        stem = self.folder / "services" / name
        return KeyPair.load(stem.with_suffix(".key"), stem.with_suffix(".pem"), self.passphrase)

    @property
    def root(self) -> bytes:
        """The root certificate, DER."""
        return _der(self.folder / "root.pem")

    @property
    def root_list(self) -> bytes:
        """The root's list, DER."""
        return (self.folder / "root.crl").read_bytes()


def install(
    folder: Path, root: Path, root_list: Path, origin: str, now: datetime, passphrase: Path | None = None
) -> HouseFolder:
    """After the ceremony: the root's certificate and list come in, keys for stamps, log and answers are made."""
    _require_list(root, root_list, now)
    write_whole(folder / "root.pem", root.read_bytes())
    write_whole(folder / "root.crl", root_list.read_bytes())
    home = HouseFolder.load(folder, passphrase)
    for issuer in home.issuers.values():
        issuer.own.verify_directly_issued_by(x509.load_der_x509_certificate(home.root))
    (folder / "services").mkdir(mode=0o700, exist_ok=True)
    wanted = {"tsa": (requests.timestamping(), "services"), "log": (requests.log(origin), "devices")}
    wanted |= {f"answers-{each}": (requests.responding(), each) for each in home.issuers}
    for name, (asked, parent) in wanted.items():
        if not (folder / "services" / f"{name}.pem").exists():
            make_service(home, name, asked, parent, now)
    return home


def _require_list(root: Path, root_list: Path, now: datetime) -> None:
    """ConfigurationInvalid unless the list is this root's and holds today."""
    parent = x509.load_der_x509_certificate(_der(root))
    try:
        told = x509.load_der_x509_crl(root_list.read_bytes())
        own = told.is_signature_valid(cast("ec.EllipticCurvePublicKey", parent.public_key()))
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationInvalid(f"{root_list}: {error}") from error
    if not own or told.next_update_utc is None or told.next_update_utc <= now:
        raise ConfigurationInvalid(f"{root_list}: của khóa gốc khác, hoặc hết hạn / of another root, or ended")


def make_service(home: HouseFolder, name: str, asked: Request, issuer: str, now: datetime) -> Issued:
    """A key of the process with its certificate, written into `services`."""
    parent = home.issuers.get(issuer) or next(iter(home.issuers.values()))
    key = asked.profile.key.generate()
    serial = x509.random_serial_number()
    drafted = draft(asked, public_half(key.public_key()), parent.above, now, family=parent.family, serial=serial)
    [der] = asyncio.run(signed_by(parent.key, [drafted]))
    made = Issued(key, der, (parent.certificate,))
    write(made, home.folder / "services", name, read_passphrase(home.passphrase))
    return made


def _der(path: Path) -> bytes:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
    except (OSError, ValueError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error


def _revoked_by_root(file: Path) -> frozenset[int]:
    """Serial numbers on the root's list; none before there is one. ConfigurationInvalid."""
    if not file.exists():
        return frozenset()
    try:
        return frozenset(each.serial_number for each in x509.load_der_x509_crl(file.read_bytes()))
    except ValueError as error:
        raise ConfigurationInvalid(f"{file}: {error}") from error


def _serial(certificate: bytes) -> int:
    return x509.load_der_x509_certificate(certificate).serial_number


def _print(certificate: bytes) -> str:
    return sha256(certificate).hexdigest()
