"""Identifier codes of organisations [mã định danh], both generations (Decision 28/2018 Art. 10, Decision 20/2020)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Self

from lienthong.errors import InvalidValue

MAX_LENGTH = 35  # Decision 20/2020/QĐ-TTg, Art. 4

_FIRST = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}", re.ASCII)
_SECOND = re.compile(r"[A-Y]\d{2}(\.[A-Z0-9]+)*", re.ASCII)
_SCHEME = re.compile(r"Z\d{2}[A-Z0-9.]+", re.ASCII)  # Art. 6: other organisations, the scheme's own code behind Zxy
_ENTERPRISE = re.compile(r"\d{10}(-?\d{3})?", re.ASCII)  # Art. 5: business or tax number
_SIGNS = re.compile(r"[\w.:@-]+")  # letters and digits of any script, and five signs


class Generation(Enum):
    """Which rule a code follows. OTHER is legal: test systems, short forms, old exceptions."""

    FIRST = 1
    SECOND = 2
    OTHER = 0


@dataclass(frozen=True, slots=True, order=True)
class OrganisationCode:
    """A code in its one spelling: trimmed, NFC, upper case. Compares, sorts and hashes by it.

    Raises `InvalidValue` when empty, over 35 characters, or holding spaces, control characters or separators.
    """

    value: str

    def __post_init__(self) -> None:
        canonical = unicodedata.normalize("NFC", self.value.strip().upper())
        if not 0 < len(canonical) <= MAX_LENGTH:
            raise InvalidValue(f"mã định danh / organisation code: {canonical[:60]!r}")
        if not _SIGNS.fullmatch(canonical):
            raise InvalidValue(f"mã định danh / organisation code: {canonical!r}")
        object.__setattr__(self, "value", canonical)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The code a text means; tolerant of case, surrounding space and Unicode form. Raises `InvalidValue`."""
        if cls is OrganisationCode and len(text) <= MAX_LENGTH:
            return _parsed(text)  # type: ignore[return-value]  # this very class, as just asked
        return cls(text)

    def __str__(self) -> str:
        return self.value

    @property
    def generation(self) -> Generation:
        """FIRST for `000.00.15.H51`, SECOND for `H51.15`, scheme codes and business numbers, else OTHER."""
        if _FIRST.fullmatch(self.value):
            return Generation.FIRST
        if any(rule.fullmatch(self.value) for rule in (_SECOND, _SCHEME, _ENTERPRISE)):
            return Generation.SECOND
        return Generation.OTHER

    @property
    def level1(self) -> str | None:
        """The level-1 code (`H51`, `G22`, `Z01`), where the code's form tells it."""
        if self.generation is Generation.FIRST:
            return self.value.rpartition(".")[2]
        if self.generation is Generation.SECOND and self.value[0].isalpha():
            return self.value[:3]
        return None

    def suggested_second(self) -> "OrganisationCode | None":
        """The likely second-generation code of a first-generation one: groups reversed, zero groups dropped.

        Usual practice but no rule: the directory is the truth, this is a hint for a person.
        """
        if self.generation is not Generation.FIRST:
            return None
        head, *tail = reversed(self.value.split("."))
        return OrganisationCode(".".join([head, *(group for group in tail if group.strip("0"))]))


@lru_cache(8192)
def _parsed(text: str) -> OrganisationCode:
    """The same few thousand codes are read again and again, several times a package."""
    return OrganisationCode(text)
