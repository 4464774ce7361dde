"""Each signature of a file as a fact: as agencies really send them, from PKCS#1 of the SHA-1 era to PAdES."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from lienthong.signature.facts.changes import Changes, Range, certified, changes, fenced, permissions, range_of
from lienthong.signature.facts.claims import claimed
from lienthong.signature.facts.container import (
    ADOBE_REVOCATION,
    CONTENT_STAMP,
    DATA,
    SIGNATURE_STAMP,
    Container,
    open_container,
)
from lienthong.signature.facts.der import OCTETS, read
from lienthong.signature.facts.guarding import entry, fault_of, guarded
from lienthong.signature.facts.model import Box, SignatureFact, StampFact
from lienthong.signature.facts.stamps import binding, stamp_fact
from lienthong.signature.facts.verifying import DIGESTS, digest_name, fits, holds, key_of, scheme_name

_NAMES = frozenset(DIGESTS.values())
_MOST_STAMPS = 8
_CMS = ("adbe.pkcs7.detached", "ETSI.CAdES.detached", "adbe.pkcs7.sha1")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is embedded, DER by SHA-256 in hex; grows while the file is looked at."""

    certificates: dict[str, bytes] = field(default_factory=dict)
    crls: dict[str, bytes] = field(default_factory=dict)
    ocsps: dict[str, bytes] = field(default_factory=dict)

    @staticmethod
    def put(place: dict[str, bytes], item: bytes) -> str:
        name = hashlib.sha256(item).hexdigest()
        place[name] = item
        return name

    def take(self, container: Container) -> tuple[str, ...]:
        """Keep a container's certificates, CRLs and OCSP responses; the certificates' names."""
        for crl in container.crls:
            self.put(self.crls, crl)
        for values in container.signed.get(ADOBE_REVOCATION, ()):
            self._revocation(values)
        return tuple(self.put(self.certificates, one) for one in container.certificates)

    def _revocation(self, values: Any) -> None:
        """RevocationInfoArchival: [0] CRLs, [1] OCSP responses. (ISO 32000-2 §12.8.3.3.2)"""
        places = {0xA0: self.crls, 0xA1: self.ocsps}
        for part in values.children:
            for item in part.children[0].children if part.tag in places else ():
                self.put(places[part.tag], item.whole)


@dataclass(frozen=True, slots=True)
class Signed:
    """A filled signature field: `value` the signature dictionary, `revision` the one that last wrote it."""

    name: str
    field: Any
    value: Any
    profile: str
    stamp: bool
    revision: int
    box: Box | None


class File:
    """The file while it is looked at: bytes, reader, where widgets are, digests of ranges worked out once."""

    def __init__(self, pdf: bytes, reader: PdfFileReader, boxes: Mapping[Any, Box]) -> None:
        self.pdf, self.reader, self.kept = pdf, reader, Kept()
        self._boxes = boxes
        self._digests: dict[tuple[Range, str], bytes] = {}

    def fields(self) -> list[Signed]:
        """Filled signature fields in the order of their revisions. May raise anything."""
        filled = enumerate_sig_fields(self.reader, filled_status=True)
        found = [self._signed(name, value, held) for name, value, held in filled]
        return sorted(found, key=lambda item: item.revision)

    def _signed(self, name: str, value: Any, held: Any) -> Signed:
        reference = getattr(held, "reference", None)
        dictionary, raw = held.get_object(), held.get_object().raw_get("/V")
        content = value.get_object()
        profile = str(entry(content, "/SubFilter", "")).lstrip("/")
        stamp = entry(content, "/Type", "") == "/DocTimeStamp" or profile == "ETSI.RFC3161"
        written = getattr(raw, "reference", None) or reference
        revision = self.reader.xrefs.get_last_change(written) if written else 0
        box = self._boxes.get(reference) or self._kid(dictionary)
        return Signed(str(name), dictionary, content, profile, stamp, revision, box)

    def _kid(self, dictionary: Any) -> Box | None:
        kids = entry(dictionary, "/Kids", ())
        return self._boxes.get(getattr(kids.raw_get(0), "reference", None)) if kids else None

    def digest(self, covered: Range, algorithm: str) -> bytes:
        if algorithm not in _NAMES:
            raise ValueError(f"unknown digest {algorithm}")
        found = self._digests.get((covered, algorithm))
        if found is None:
            worked = hashlib.new(algorithm)
            for part in covered.parts(self.pdf):
                worked.update(part)
            found = self._digests[covered, algorithm] = worked.digest()
        return found

    def signature(self, item: Signed) -> SignatureFact:
        """Never raises."""
        fact = _blank(item)
        try:
            fact = _said(fact, item)
            covered, contents = range_of(item.value, len(self.pdf)), _contents(item.value)
            fact = self._worked_out(replace(fact, covered=covered.end), item, covered, contents)
        except Exception as problem:  # noqa: BLE001 - hostile signatures provoke anything; it means "cannot tell"
            return replace(fact, intact=None, fault=fault_of(problem))
        return self._with_changes(fact, item, covered, contents) if fact.intact else fact

    def stamp(self, item: Signed) -> StampFact:
        """A stamp over the document. Never raises."""
        found, fault = guarded(lambda: self._document_stamp(item))
        return found or StampFact("document", None, None, "", "", "", fault=fault, field=item.name)

    def _document_stamp(self, item: Signed) -> StampFact:
        covered, contents = range_of(item.value, len(self.pdf)), _contents(item.value)
        token = read(contents, tail=True).whole
        others = tuple(self.kept.certificates.values())
        fact = stamp_fact(token, "document", lambda name: self.digest(covered, name), others)
        self._keep(token)
        fact = replace(fact, field=item.name, revision=item.revision)
        return self._with_changes(fact, item, covered, contents) if fact.intact else fact

    def _keep(self, token: bytes) -> None:
        container, _ = guarded(lambda: open_container(token))
        if container is not None:
            guarded(lambda: self.kept.take(container))

    def _with_changes(self, fact: Any, item: Signed, covered: Range, contents: bytes) -> Any:
        found = Changes()
        if fenced(self.pdf, covered, contents):
            found = changes(self.reader, self.pdf, covered, item.revision, item.value, item.field)
        return replace(
            fact,
            coverage=found.coverage,
            modification=found.modification,
            permitted=found.permitted,
            fault=fact.fault or found.fault,
        )

    def _worked_out(self, fact: SignatureFact, item: Signed, covered: Range, contents: bytes) -> SignatureFact:
        if item.profile == "adbe.x509.rsa_sha1":
            return self._bare(fact, item, covered, contents)
        if item.profile not in _CMS:
            raise ValueError(f"unknown kind of signature {item.profile!r}")
        container = open_container(contents, padded=True)
        fact = replace(
            fact, embedded=self.kept.take(container), digest=_digest(container), scheme=scheme_name(container)
        )
        fact = replace(fact, **claimed(item.value, container))
        fact = replace(fact, stamps=self._stamps(container, covered))
        if container.signer is None:
            raise ValueError("the signer's certificate is not enclosed")
        bound = binding(container, container.signer)
        fact = replace(
            fact,
            signer=hashlib.sha256(container.signer).hexdigest(),
            binds_certificate=bool(bound),
            binds_other=bound is False,
        )
        return replace(fact, intact=bound is not False and self._holds(item, container, covered))

    def _holds(self, item: Signed, container: Container, covered: Range) -> bool:
        signer = container.signer or b""
        name = digest_name(container.digest)
        if item.profile != "adbe.pkcs7.sha1":
            if container.content is not None:
                raise ValueError("a detached signature with content inside")
            return holds(container, self.digest(covered, name), signer, DATA)
        # ISO 32000-1 §12.8.3.3.1: the content is the SHA-1 of the byte range.
        inside = container.content or b""
        return inside == self.digest(covered, "sha1") and holds(
            container, hashlib.new(name, inside).digest(), signer, DATA
        )

    def _bare(self, fact: SignatureFact, item: Signed, covered: Range, contents: bytes) -> SignatureFact:
        """PKCS#1 with the certificates beside it in the dictionary. (ISO 32000-1 §12.8.3.2)"""
        given = item.value["/Cert"]
        first, *rest = [
            _bytes(one)
            for one in ([one.get_object() for one in given] if isinstance(given, generic.ArrayObject) else [given])
        ]
        embedded = tuple(self.kept.put(self.kept.certificates, one) for one in (first, *rest))
        fact = replace(
            fact, digest="sha1", scheme="rsa", signer=embedded[0], embedded=embedded, **claimed(item.value, None)
        )
        value, key = read(contents, tail=True).expect(OCTETS).content, key_of(first)
        return replace(fact, intact=fits(key, value, self.digest(covered, "sha1"), "sha1", None, "rsa"))  # type: ignore[arg-type]  # another kind of key raises ValueError inside

    def _stamps(self, container: Container, covered: Range) -> tuple[StampFact, ...]:
        values = [("signature", item) for item in container.unsigned.get(SIGNATURE_STAMP, ())]
        values += [("content", item) for item in container.signed.get(CONTENT_STAMP, ())]
        return tuple(self._stamp(kind, item.whole, container, covered) for kind, item in values[:_MOST_STAMPS])

    def _stamp(self, kind: str, token: bytes, container: Container, covered: Range) -> StampFact:
        def over(name: str) -> bytes:
            if kind == "content":
                return self.digest(covered, name)
            if name not in _NAMES:
                raise ValueError(f"unknown digest {name}")
            return hashlib.new(name, container.value).digest()

        self._keep(token)
        return stamp_fact(token, kind, over, container.certificates)


def _blank(item: Signed) -> SignatureFact:
    return SignatureFact(
        field=item.name,
        profile=item.profile,
        intact=None,
        coverage="unclear",
        modification="other",
        permitted=False,
        signer="",
        digest="",
        scheme="",
        claimed_time=None,
        zoned=False,
        binds_certificate=False,
        revision=item.revision,
        box=item.box,
    )


def _said(fact: SignatureFact, item: Signed) -> SignatureFact:
    return replace(
        fact,
        certified=certified(item.value),
        permissions=permissions(item.value, item.field),
        reason=str(entry(item.value, "/Reason", ""))[:500],
        place=str(entry(item.value, "/Location", ""))[:500],
    )


def _digest(container: Container) -> str:
    name, _ = guarded(lambda: digest_name(container.digest))
    return name or ""


def _contents(value: Any) -> bytes:
    """Only a string that stands in the dictionary itself: one elsewhere would not be what the gap holds."""
    return _bytes(value.raw_get("/Contents"))


def _bytes(value: Any) -> bytes:
    if isinstance(value, generic.IndirectObject):
        raise TypeError("the contents of a signature stand elsewhere")
    return bytes(value.original_bytes)
