"""The keys a gateway signs documents with: `<folder>/<CODE>/<id>.key` and `<id>.pem` (leaf first, then its chain)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lienthong.adapters.keys import KeyPair, SoftDocumentSigner
from lienthong.adapters.signers.token import token_key
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


class KeyRing:
    """Opened when first asked for, so that a new tenant needs no restart."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, dict[str, SigningKey]] = {}

    def of(self, tenant: str) -> Mapping[str, SigningKey]:
        """One tenant's keys. ConfigurationInvalid names a broken one."""
        if tenant not in self._open:
            self._open[tenant] = open_folder(self._folder / tenant) if self._folder else {}
        return self._open[tenant]


def open_folder(folder: Path) -> dict[str, SigningKey]:
    """The keys of a folder by their names; none where there is no folder. ConfigurationInvalid names a broken one."""
    found: dict[str, SigningKey] = {}
    for path in sorted(folder.glob("*.key")):
        found[path.stem] = FileKey(path.stem, KeyPair.load(path, path.with_suffix(".pem")).document_signer())
    for path in sorted(folder.glob("*.token")):
        found[path.stem] = token_key(path)
    return found
