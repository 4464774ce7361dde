"""`[[bus]]`: one province's bus."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Shape(StrEnum):
    """Whose manner the bus has (docs/guides/provincial-bus.md)."""

    QUANG_NAM = "quang-nam"
    LANG_SON = "lang-son"
    BKAV = "bkav"


@dataclass(frozen=True, slots=True)
class BusSettings:
    """`agencies` are the tenants of this gateway that are reached by the bus; they use no other software here.

    `system` and the content of `secret` are our credentials there, `ca` the root of its TLS (none: the machine's).
    `seconds` between two rounds; `largest` bytes of a file it takes.
    """

    name: str
    shape: Shape
    url: str
    system: str
    secret: Path
    agencies: tuple[str, ...]
    ca: Path | None = None
    seconds: float = 30.0
    largest: int = 64 * 2**20
