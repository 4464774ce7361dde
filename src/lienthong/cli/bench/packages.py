"""Sealed packages to measure with: sample documents of a wanted size, each with content of its own."""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.keys import SoftSigner
from lienthong.cli.demo.build import Place
from lienthong.document import DocumentId, DocumentNumber, OrganisationCode
from lienthong.envelope import Business, Signer, attach, frame, manifest, pack
from lienthong.envelope.model import Edoc, OtherInfo, Party, TraceHop
from lienthong.errors import InvalidValue
from lienthong.registry import Book, Directory
from lienthong.seal import seal

SIZES = {"2k": 2_000, "10k": 10_000, "100k": 100_000, "1M": 1_000_000, "2M": 2_000_000, "10M": 10_000_000}
MIX = {"2k": 300, "10k": 600, "100k": 90, "2M": 9, "10M": 1}
"""Packages in a thousand of the mix a working day brings."""
SENDER, RECIPIENT, SENDER_GATEWAY, RECIPIENT_GATEWAY = "H29", "G09", "gw-h29", "gw-g22"
_ENVELOPE = 1_900
"""Bytes of the sample message itself; the attachment takes the rest."""


def sizes_of(name: str, count: int, seed: int) -> list[int]:
    """The sizes of `count` packages: all alike, or a shuffled mix with at least one of each. InvalidValue."""
    if name in SIZES:
        return [SIZES[name]] * count
    if name != "mix":
        raise InvalidValue(f"--size {'|'.join([*SIZES, 'mix'])}")
    lots = random.Random(seed)
    drawn = [SIZES[each] for each in MIX]
    drawn += lots.choices([SIZES[each] for each in MIX], weights=list(MIX.values()), k=max(count - len(drawn), 0))
    lots.shuffle(drawn)
    return drawn


@dataclass
class Sealer:
    """Makes the frames of one sender of a built country."""

    directory: Directory
    signer: SoftSigner
    sender: str = SENDER

    @classmethod
    def of(cls, place: Place) -> "Sealer":
        """With the sample sender's own key, as its gateway holds it."""
        book = Book(root_certificates(place.root))
        book.offer(place.snapshot.read_bytes(), datetime.now(UTC))
        folder = place.folder / SENDER_GATEWAY / "tenants" / SENDER
        return cls(book.directory(), SoftSigner.load(folder / "seal.key", folder / "seal.pem"))

    def frames(self, sizes: Sequence[int], name: str, recipients: Sequence[str] = (RECIPIENT,)) -> Iterator[bytes]:
        """One frame a size; `name` keeps this run's message ids apart from another's."""
        lots = random.Random(name)
        for place, size in enumerate(sizes):
            yield self._frame(f"{name}-{place}", lots.randbytes(max(size - _ENVELOPE, 100)), recipients)

    def _frame(self, message_id: str, content: bytes, recipients: Sequence[str]) -> bytes:
        now = datetime.now(UTC)
        sender = OrganisationCode(self.sender)
        parts = pack(_edoc(message_id, content, now, recipients, sender))
        until = now + timedelta(days=1)
        return frame(seal(manifest(parts), self.signer, now, sender, message_id, expires_at=until), parts)


def _edoc(message_id: str, content: bytes, now: datetime, recipients: Sequence[str], sender: OrganisationCode) -> Edoc:
    return Edoc(
        sender=Party(sender, "Ủy ban nhân dân Thành phố Hồ Chí Minh"),
        recipients=tuple(Party(OrganisationCode(code), "Cơ quan nhận mẫu") for code in recipients),
        document_id=DocumentId(message_id),
        number=DocumentNumber("15", "UBND-MẪU"),
        place="Thành phố Hồ Chí Minh",
        issued=now.date(),
        kind_name="Công văn",
        subject="V/v đo tốc độ (văn bản mẫu)",
        content="V/v đo tốc độ (văn bản mẫu)",
        signer=Signer("", "CHỦ TỊCH", "Phạm Văn Mẫu"),
        other=OtherInfo(),
        trace=(TraceHop(sender, now),),
        business=Business(),
        attachments=attach([("mau.pdf", "application/pdf", content)]),
    )


def write_frames(path: Path, frames: Sequence[bytes]) -> None:
    """For another process; on the disk when this returns, so that no barrier measured later pays for it."""
    with path.open("wb") as file:
        for each in frames:
            file.write(len(each).to_bytes(8, "big") + each)
        file.flush()
        os.fsync(file.fileno())


def read_frames(path: Path) -> list[bytes]:
    """Back from the file."""
    found = []
    with path.open("rb") as file:
        while head := file.read(8):
            found.append(file.read(int.from_bytes(head, "big")))
    return found
