"""One file on the desk: its facts, its report and what the message says, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from lienthong.signature.facts.model import Box, Facts, Line, Looks, Picture, SignatureFact
from lienthong.signature.form.model import Expected, Finding
from lienthong.signature.form.table import CHECKS
from lienthong.signature.form.tolerances import COLOURED, RED_ABOVE, RED_BELOW
from lienthong.signature.model import FIELD_NAMES, Report, Role, SignatureFacts
from lienthong.signature.roles import kind_of

CORNER = frozenset({"annex", "copy"})
"""Roles that sign with words in the upper right corner (Decree 30/2020, Annex I, ô 14)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature with everything known of it."""

    fact: SignatureFact
    told: SignatureFacts | None
    role: Role
    certificate: x509.Certificate | None
    pictures: tuple[Picture, ...]
    words: tuple[Line, ...]

    @property
    def field(self) -> str:
        """The name of its field."""
        return self.fact.field

    @property
    def box(self) -> Box | None:
        """What people see of it: its picture, else its frame; None when nothing shows."""
        frame = self.fact.box
        if frame is None or frame.right - frame.left < 1 or frame.top - frame.bottom < 1:
            return None
        return self.pictures[0].box if len(self.pictures) == 1 else frame

    @property
    def corner(self) -> bool:
        """Whether it signs by words in the corner."""
        return self.role.value in CORNER

    @property
    def who(self) -> str:
        """The name in its certificate, else its field."""
        return subject_words(self.certificate, "common_name") or self.field

    @property
    def stamped(self) -> datetime | None:
        """The earliest trusted time in it."""
        times = [stamp.at for stamp in self.fact.stamps if stamp.at is not None and stamp.intact]
        return min(times, default=None)

    @property
    def at(self) -> datetime | None:
        """The best time of signing there is."""
        return self.stamped or self.fact.claimed_time


@dataclass(frozen=True, slots=True)
class Case:
    """What the checks look at."""

    facts: Facts
    report: Report
    expected: Expected
    signed: tuple[Signed, ...]

    @property
    def looks(self) -> Looks:
        """What a person sees; empty when it could not be worked out."""
        return self.facts.looks or Looks()

    def by(self, role: Role) -> Signed | None:
        """The first signature of a role."""
        return next((each for each in self.signed if each.role is role), None)

    def lines(self, page: int) -> Sequence[Line]:
        """The lines of a page, top first."""
        return sorted((line for line in self.looks.lines if line.box.page == page), key=lambda line: -line.box.top)


def case_of(facts: Facts, report: Report, expected: Expected) -> Case:
    """Bring together what belongs together."""
    told = {each.field: each for each in report.signatures}
    looks = facts.looks or Looks()
    return Case(facts, report, expected, tuple(_signed(facts, looks, each, told) for each in facts.signatures))


def found(code: str, box: Box | None = None, field: str = "", **words: object) -> Finding:
    """A finding of a check, its sentences filled in."""
    check = CHECKS[code]
    return Finding(code, check.severity, check.vi.format(**words), check.en.format(**words), box, field)


def subject_words(certificate: x509.Certificate | None, part: str) -> str:
    """One part of a certificate's subject, or empty."""
    return next(iter(subject_parts(certificate, part)), "")


def subject_parts(certificate: x509.Certificate | None, part: str) -> tuple[str, ...]:
    """All values of one part of a certificate's subject."""
    if certificate is None:
        return ()
    value = certificate.subject.native.get(part, ())
    return (value,) if isinstance(value, str) else tuple(map(str, value))


def _signed(facts: Facts, looks: Looks, fact: SignatureFact, told: dict[str, SignatureFacts]) -> Signed:
    certificate = _parsed(facts.certificates.get(fact.signer))
    pictures = tuple(picture for picture in looks.pictures if picture.field == fact.field)
    words = tuple(looks.words.get(fact.field, ()))
    role = _role(fact, told.get(fact.field), certificate, pictures)
    return Signed(fact, told.get(fact.field), role, certificate, pictures, words)


def _parsed(der: bytes | None) -> x509.Certificate | None:
    """A certificate that can be read, or None."""
    if der is None:
        return None
    try:
        certificate = x509.Certificate.load(der)
        _ = certificate.subject.native, certificate.public_key.bit_size, certificate.key_usage_value
    except Exception:  # noqa: BLE001 - hostile DER provokes anything; then there is no certificate to compare
        return None
    return certificate


def _role(
    fact: SignatureFact,
    told: SignatureFacts | None,
    certificate: x509.Certificate | None,
    pictures: Sequence[Picture],
) -> Role:
    """By the name of the field; else by what people see (a red picture is a seal); else by the certificate."""
    named = next((role for role, name in FIELD_NAMES.items() if fact.field.startswith(name.rstrip("1"))), None)
    if named is not None:
        return named
    for picture in pictures:
        if picture.saturation >= COLOURED:
            return Role.SEAL if picture.hue <= RED_BELOW or picture.hue >= RED_ABOVE else Role.LEADER
    return told.role if told and told.role is not Role.OTHER else kind_of(certificate)
