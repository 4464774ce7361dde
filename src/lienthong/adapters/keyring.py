"""The keys a gateway signs documents with, a folder a tenant.

<folder>/<CODE>/<id>.key + <id>.pem      a key in a file (PKCS#8); the .pem has the leaf first, then its chain
<folder>/<CODE>/<id>.p12                 a key in a file with its certificates (PKCS#12)
<folder>/<CODE>/<id>.pass                beside either, if it is encrypted: its passphrase
<folder>/<CODE>/<id>.token + <id>.pem    a key on a PKCS#11 token or HSM (`signers.token`)
<folder>/<CODE>/<id>.remote + <id>.pem   a key at a remote signing service (`signers.remote`)
<folder>/<CODE>/<id>.phone + <id>.pem    a key in a telephone: TOML with `subscriber`, `carrier` (its address) and
                                         `token_file` (beside it)
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp

from lienthong.adapters.bootstrap import read_config
from lienthong.adapters.files import read_passphrase, read_secret
from lienthong.adapters.keys import KeyPair, SoftDocumentSigner, load_chain
from lienthong.adapters.signers.carrier import HttpCarrier
from lienthong.adapters.signers.phone import PhoneKey
from lienthong.adapters.signers.remote import remote_key
from lienthong.adapters.signers.token import token_key
from lienthong.errors import ConfigurationInvalid, SecretWrong
from lienthong.signature.keys import Answer, KeyKind, Order, Outcome, SigningKey, Submission


@dataclass(frozen=True, slots=True)
class FileKey:
    """A key in a file behind the `SigningKey` port."""

    id: str
    signer: SoftDocumentSigner = field(repr=False)

    @property
    def kind(self) -> KeyKind:
        return KeyKind.FILE

    @property
    def certificate(self) -> bytes:
        return self.signer.certificate

    @property
    def chain(self) -> Sequence[bytes]:
        return self.signer.chain

    async def submit(self, orders: Sequence[Order], secret: str = "") -> Submission:  # noqa: ARG002  the port's
        """Signs at once; a file needs no secret at this point."""
        return Submission(self.id, tuple(await self.outcomes("", orders)))

    async def outcomes(self, _handle: str, orders: Sequence[Order]) -> Sequence[Outcome]:
        """Signing again gives the same or as good a value."""
        return await asyncio.to_thread(self._signed, orders)

    async def cancel(self, handle: str) -> None:
        """Nothing waits."""

    def _signed(self, orders: Sequence[Order]) -> list[Outcome]:
        return [Outcome(order.id, Answer.SIGNED, self.signer.sign(order.to_be_signed)) for order in orders]


@dataclass(frozen=True, slots=True)
class Calling:
    """How telephones are reached: over which connections, by which clock, and where their carriers may knock."""

    session: aiohttp.ClientSession = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)
    callback: str = ""


class KeyRing:
    """Opened when first asked for, so that a new tenant needs no restart."""

    def __init__(self, folder: Path | None, calling: Calling | None = None) -> None:
        self._folder, self._calling = folder, calling
        self._open: dict[str, dict[str, SigningKey]] = {}

    def of(self, tenant: str) -> Mapping[str, SigningKey]:
        """One tenant's keys. ConfigurationInvalid names a broken one."""
        if tenant not in self._open:
            self._open[tenant] = open_folder(self._folder / tenant, self._calling) if self._folder else {}
        return self._open[tenant]


def open_folder(folder: Path, calling: Calling | None = None, passphrase: Path | None = None) -> dict[str, SigningKey]:
    """The keys of a folder by their names; none where there is no folder. ConfigurationInvalid names a broken one.

    `passphrase`: one file for all keys of the folder, in place of one beside each.
    """
    found: dict[str, SigningKey] = {}
    for path in sorted(folder.glob("*.key")):
        pair = KeyPair.load(path, path.with_suffix(".pem"), passphrase or _passphrase(path))
        found[path.stem] = FileKey(path.stem, pair.document_signer())
    for path in sorted(folder.glob("*.p12")):
        found[path.stem] = FileKey(path.stem, _pkcs12(path).document_signer())
    for path in sorted(folder.glob("*.token")):
        found[path.stem] = token_key(path)
    for path in sorted(folder.glob("*.remote")):
        found[path.stem] = remote_key(path)
    if calling is not None:
        found |= {path.stem: phone_key(path, calling) for path in sorted(folder.glob("*.phone"))}
    return found


def _passphrase(path: Path) -> Path | None:
    beside = path.with_suffix(".pass")
    return beside if beside.exists() else None


def _pkcs12(path: Path) -> KeyPair:
    try:
        return KeyPair.from_pkcs12(path, read_passphrase(_passphrase(path)))
    except (SecretWrong, OSError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Phone:
    subscriber: str
    carrier: str
    token_file: Path


def phone_key(path: Path, calling: Calling, leaf: bytes = b"") -> PhoneKey:
    """The key that `<id>.phone` describes; beside it its certificates, unless `leaf` (DER) is given."""
    said = read_config(path, _Phone)
    if not said.carrier.startswith(("https://", "http://127.0.0.1:", "http://[::1]:")):
        raise ConfigurationInvalid(f"{path}: carrier: https://…")
    first, *chain = [leaf] if leaf else load_chain(path)
    token = read_secret(said.token_file).decode("utf-8", "replace").strip()
    carrier = HttpCarrier(said.carrier.rstrip("/"), token, calling.session)
    return PhoneKey(path.stem, first, tuple(chain), said.subscriber, carrier, calling.now, calling.callback)
