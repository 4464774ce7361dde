"""Comparing files at hand with the parts a receipt lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from lienthong.errors import InvalidValue
from lienthong.evidence import words
from lienthong.evidence.event import Event
from lienthong.evidence.manifest import ManifestPart, is_digest, manifest_digest
from lienthong.evidence.proof import Finding
from lienthong.evidence.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Listing:
    """The parts a receipt speaks of; `true` when their digest is the event's, None when no parts are listed."""

    parts: tuple[ManifestPart, ...]
    true: bool | None


def listing_of(receipt: Receipt, event: Event) -> Listing:
    """The event's own list, or the one beside it; both must have the event's digest when both are there."""
    lists = [parts for parts in (event.parts, receipt.manifest) if parts is not None]
    if not lists:
        return Listing((), None)
    return Listing(lists[0], all(manifest_digest(parts) == event.digest for parts in lists))


def digest_of(content: str | bytes) -> str:
    """Hex SHA-256 of contents, or the digest itself when that was given. InvalidValue for any other text."""
    if isinstance(content, bytes):
        return sha256(content).hexdigest()
    if not is_digest(content.lower()):
        raise InvalidValue("a file is given as its bytes or as its hex SHA-256")
    return content.lower()


def compare(listing: Listing, digests: Mapping[str, str], *, proven: bool) -> list[Finding]:
    """One finding about the list, one about each file."""
    told = [] if listing.true is None else [words.listed(listing.parts) if listing.true else words.listed_wrongly()]
    return told + [_compare_one(listing, name, digest, proven=proven) for name, digest in digests.items()]


def unseen(listing: Listing, digests: Mapping[str, str]) -> Iterable[str]:
    """Names of parts that no file at hand was compared with."""
    seen = set(digests.values())
    return [part.name for part in listing.parts if part.sha256 not in seen]


def _compare_one(listing: Listing, name: str, digest: str, *, proven: bool) -> Finding:
    if not listing.true:
        return words.file_untold(name)
    own = name.rpartition("/")[2]  # a file in a folder is known by its last name
    names = [part.name for part in listing.parts if part.sha256 == digest]
    if names:
        return words.file_same(name, "" if own in names else names[0], proven=proven)
    return words.file_changed(name) if any(part.name == own for part in listing.parts) else words.file_unknown(name)
