"""How much a package may hold. All limits are ours: the national axis publishes none (vn-rules §1.11)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes unless said. Checked before work is done, so that a hostile package costs little."""

    bytes: int = 300 * 2**20
    """A frame on the wire, its inline parts included, or one edXML file."""
    head_bytes: int = 256 * 2**10
    """The head of the wire form: seal and list of parts."""
    group: int = 16
    """Packages of one group on the wire."""
    group_bytes: int = 8 * 2**20
    """A group on the wire: as much of contents as of the longest heads."""
    parts: int = 200
    """Parts of a package, and attachments of an edXML file."""
    attachment_bytes: int = 100 * 2**20
    """One attachment that is inline, unpacked."""
    large_bytes: int = 2 * 2**30
    """One part that travels apart from the frame."""
    total_bytes: int = 4 * 2**30
    """All parts of a package, those that travel apart included."""
    depth: int = 64
    """XML elements inside one another; real packages have 9."""
    elements: int = 50_000
    """XML elements of one message."""
    text_length: int = 64 * 2**10
    """Characters of one text or attribute, attachments' content aside."""
    texts_length: int = 4 * 2**20
    """Characters of all texts and attributes of one message, attachments' content aside."""
    junk_bytes: int = 1024
    """What may stand before the first `<`."""
    zip_ratio: int = 200
    """Unpacked to packed, above `zip_floor`."""
    zip_floor: int = 2**20
    """Unpacked sizes up to this are never a bomb."""


DEFAULT = Limits()
