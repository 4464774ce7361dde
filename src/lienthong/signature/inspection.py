"""The signatures of a file as signing and judging ask for them: facts, with what follows from facts alone."""

from dataclasses import dataclass

from asn1crypto import x509

from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.guarding import guarded
from lienthong.signature.facts.model import Facts, SignatureFact


@dataclass(frozen=True, slots=True)
class Found:
    """One signature in a field with its signer's certificate; `embedded` are the certificates it brings, DER."""

    fact: SignatureFact
    certificate: x509.Certificate | None = None
    embedded: tuple[bytes, ...] = ()

    @property
    def field(self) -> str:
        return self.fact.field

    @property
    def profile(self) -> str:
        return self.fact.profile

    @property
    def intact(self) -> bool | None:
        return self.fact.intact

    @property
    def coverage(self) -> str:
        return self.fact.coverage

    @property
    def modification(self) -> str:
        return self.fact.modification

    @property
    def fault(self) -> str:
        return self.fact.fault

    @property
    def unchanged(self) -> bool:
        """The document is as signed, but for lawful additions."""
        return self.coverage != "unclear" and self.modification != "other" and self.fact.permitted

    @property
    def sound(self) -> bool:
        """The signature verifies and the document is as signed; says nothing about who signed."""
        return self.intact is True and not self.fault and self.unchanged


@dataclass(frozen=True, slots=True)
class Inspection:
    """All signatures of a file in the order of their revisions; `unreadable` says why there are none."""

    signatures: tuple[Found, ...] = ()
    timestamps: int = 0
    unreadable: str = ""


def inspect(pdf: bytes) -> Inspection:
    """Look at every signature of `pdf`. Never raises."""
    return viewed(gather(pdf))


def viewed(facts: Facts) -> Inspection:
    """The same from facts at hand."""
    if facts.readable:
        return Inspection(unreadable=facts.readable)
    return Inspection(tuple(_found(facts, one) for one in facts.signatures), len(facts.document_stamps))


def _found(facts: Facts, fact: SignatureFact) -> Found:
    embedded = tuple(facts.certificates[name] for name in fact.embedded if name in facts.certificates)
    signer = facts.certificates.get(fact.signer)
    certificate, _ = guarded(lambda: _parsed(signer)) if signer else (None, "")
    return Found(fact, certificate, embedded)


def _parsed(certificate: bytes) -> x509.Certificate:
    """Names and dates are read at once: asn1crypto finds faults only then."""
    parsed = x509.Certificate.load(certificate, strict=True)
    _ = parsed.subject.native, parsed.issuer.native, parsed.not_valid_before, parsed.not_valid_after
    return parsed
