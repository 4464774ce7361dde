"""A signed file that comes back from a program on a person's own machine, such as the state's signing plugin.

Such a program fetches the file, shows, signs and uploads it by itself, so nothing it says is believed. The file is
taken only if it is the old bytes and exactly one more revision that adds one signature of the expected signer, now, and
changes nothing else. Pure; the caller bounds its time and memory, for the bytes may be hostile.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from types import MappingProxyType
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields

from lienthong.errors import AlgorithmNotAllowed, SigningDiffers
from lienthong.signature.cms import check_key
from lienthong.signature.inspection import Found, inspect
from lienthong.signature.model import FIELD_NAMES, OF_PERSONS, Role
from lienthong.signature.roles import kind_of, role_of
from lienthong.signature.session.signer import Signer, require_signer

MOST_ADDED = 8 * 1024 * 1024
"""Bytes a signature with its picture may add."""
MOST_OF_PAGE = 0.15
"""The share of a page a signature's picture may cover: more could hide what was shown (A4: about 96 by 97 mm)."""
SKEW = timedelta(minutes=5)
"""How far the clock of a person's machine may be off."""
_DEEPEST = 32
_FIELDS = generic.pdf_name("/Fields")
_OF_A_NEW_FORM = tuple(map(generic.pdf_name, ("/SigFlags", "/DA")))
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "too-large": ("tệp trả về lớn quá mức", "the file is too large"),
        "not-signed": ("tệp trả về chưa được ký", "the file was not signed"),
        "other-document": ("không nối tiếp đúng văn bản đã trình", "not the shown document and an addition"),
        "unreadable": ("tệp trả về không đọc được", "the file cannot be read"),
        "revisions": ("có nhiều hơn một lần thay đổi", "there is more than one change"),
        "signatures": ("không đúng một chữ ký mới", "there is not exactly one new signature"),
        "broken": ("chữ ký mới không nguyên vẹn", "the new signature is not intact"),
        "earlier": ("chữ ký có trước không còn nguyên vẹn", "an earlier signature is no longer intact"),
        "changed": ("ngoài chữ ký còn nội dung khác bị đổi", "more than a signature was changed"),
        "covers": ("hình chữ ký che quá nhiều trang", "the picture of the signature covers too much of the page"),
        "weak": ("thuật toán hoặc khóa quá yếu", "the algorithm or key is too weak"),
        "signer": ("không phải chứng thư của người ký dự kiến", "not the expected signer's certificate"),
        "role": ("chữ ký đặt sai vai trò", "the signature is of another role"),
        "time": ("thời điểm ký không thuộc phiên này", "the signing time is not within this session"),
    }
)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a session waits for: the file as it was shown, who signs it, and between which moments."""

    original: bytes = field(repr=False)
    signer: Signer
    opened: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that was taken, and its new signature: its field's name (foreign ones too), leaf (DER), claimed time."""

    pdf: bytes = field(repr=False)
    name: str
    certificate: bytes = field(repr=False)
    claimed_time: datetime


def take(pdf: bytes, awaited: Awaited) -> Returned:
    """The returned file, if nothing speaks against it.

    Raises SigningDiffers with the fact `reason`, one of `REASONS`, for every deviation. Trust in the signer's chain
    and revocation are judged afterwards, as for every result.
    """
    _require_addition(pdf, awaited.original)
    new = _new_signature(pdf, awaited.original)
    _require_one_revision(pdf, awaited.original, new)
    certificate = _require_expected(new, awaited.signer)
    return Returned(pdf, new.field, certificate, _claimed(new, awaited))


def differs(reason: str, detail: str = "") -> SigningDiffers:
    """The refusal in words."""
    vi, en = REASONS[reason]
    return SigningDiffers(f"{vi} / {en}" + (f": {detail}" if detail else ""), reason=reason)


def _require_addition(pdf: bytes, original: bytes) -> None:
    if len(pdf) > len(original) + MOST_ADDED:
        raise differs("too-large")
    if pdf == original:
        raise differs("not-signed")
    if not pdf.startswith(original):
        raise differs("other-document")


def _new_signature(pdf: bytes, original: bytes) -> Found:
    before, after = inspect(original), inspect(pdf)
    if after.unreadable:
        raise differs("unreadable")
    earlier = {each.field for each in before.signatures}
    new = [each for each in after.signatures if each.field not in earlier]
    if len(new) != 1 or len(after.signatures) != len(before.signatures) + 1 or after.timestamps != before.timestamps:
        raise differs("signatures", f"{len(before.signatures)} → {len(after.signatures)}")
    if new[0].intact is not True or new[0].coverage != "file":
        raise differs("broken")
    if not all(each.sound for each in after.signatures if each.field in earlier):
        raise differs("earlier")
    return new[0]


def _require_one_revision(pdf: bytes, original: bytes, new: Found) -> None:
    """The same comparison a later signature would get, although here none covers the old bytes yet."""
    try:
        old, reader = _reader(original), _reader(pdf)
        count = reader.xrefs.total_revisions - old.xrefs.total_revisions
        found = _compared(reader) if count == 1 else None
        share = _share_of_page(reader, new)
    except Exception as problem:  # hostile bytes provoke anything; whatever it is, the file is not taken
        raise differs("unreadable", type(problem).__name__) from problem
    if count != 1:
        raise differs("revisions", str(count))
    if not (isinstance(found, DiffResult) and _lawful(found, new.field)):
        raise differs("changed")
    if share > MOST_OF_PAGE:
        raise differs("covers", f"{share:.0%}")


def _compared(reader: PdfFileReader) -> Any:
    """The last revision against the one before it; a form that is new is compared with an empty one."""
    before = reader.get_historical_resolver(reader.xrefs.total_revisions - 2)
    now: Any = reader.root["/AcroForm"]
    if "/AcroForm" not in before.root:
        empty = {_FIELDS: generic.ArrayObject()} | {key: now[key] for key in _OF_A_NEW_FORM if key in now}
        form = generic.DictionaryObject(empty)  # type: ignore[no-untyped-call]  # pyHanko leaves this one without types
        before.root[generic.pdf_name("/AcroForm")] = form
    return DEFAULT_DIFF_POLICY.review_file(reader, before)


def _lawful(found: DiffResult, name: str) -> bool:
    """Filling forms is lawful for later signatures, but this revision may fill nothing but its own signature."""
    return found.modification_level <= ModificationLevel.FORM_FILLING and set(found.changed_form_fields) == {name}


def _reader(pdf: bytes) -> PdfFileReader:
    return PdfFileReader(BytesIO(pdf), strict=False)


def _share_of_page(reader: PdfFileReader, new: Found) -> float:
    """The share of the smallest page that the signature's rectangle covers; 0 for an invisible one."""
    found = enumerate_sig_fields(reader, with_name=new.field)
    widget: Any = next((field.get_object() for _, _, field in found), {})
    smallest = min(_area(box) for box in _pages(reader.root["/Pages"], None))
    return _area(widget["/Rect"]) / smallest if "/Rect" in widget else 0.0


def _pages(node: Any, box: Any, depth: int = 0) -> Iterator[Any]:
    """The media box of every page; boxes are inherited from above (ISO 32000-2 §7.7.3.4)."""
    if depth > _DEEPEST:
        raise ValueError("a page tree without end")
    own = node["/MediaBox"] if "/MediaBox" in node else box  # noqa: SIM401 - `get` would not follow a reference
    if "/Kids" not in node:
        yield own
        return
    for kid in node["/Kids"]:
        yield from _pages(kid.get_object(), own, depth + 1)


def _area(box: Any) -> float:
    left, bottom, right, top = (float(each) for each in box)
    return abs(right - left) * abs(top - bottom)


def _require_expected(new: Found, signer: Signer) -> bytes:
    if new.certificate is None:
        raise differs("signer")
    certificate = bytes(new.certificate.dump())
    try:
        check_key(certificate)
        require_signer(certificate, signer)
    except SigningDiffers as problem:
        raise differs("signer", problem.detail) from problem
    except (AlgorithmNotAllowed, ValueError) as problem:
        raise differs("weak") from problem
    if new.fact.digest not in _DIGESTS:
        raise differs("weak", new.fact.digest)
    if not fits(new.field, new.certificate, signer.role):
        raise differs("role", new.field)
    return certificate


def fits(name: str, certificate: x509.Certificate, role: Role) -> bool:
    """Whether a field may carry a role: a foreign name says nothing, one of ours must be of this very role."""
    ours = role_of(name, None)
    if ours is not Role.OTHER:
        return ours is role
    kind = kind_of(certificate)
    return kind in {Role.LEADER, Role.OTHER} if role in OF_PERSONS else kind in {Role.SEAL, Role.OTHER}


def _claimed(new: Found, awaited: Awaited) -> datetime:
    claimed = new.fact.claimed_time
    if claimed is None or not new.fact.zoned:
        raise differs("time")
    if not awaited.opened - SKEW <= claimed <= awaited.closes + SKEW:
        raise differs("time", claimed.isoformat())
    return claimed


OPERATIONS: Mapping[Role, str] = MappingProxyType(
    {
        Role.INITIALS: "SignApproved",
        Role.LEADER: "SignApproved",
        Role.SEAL: "SignIssued",
        Role.ANNEX: "SignAppendix",
        Role.COPY: "SignCopy",
        Role.INCOMING: "SignIncome",
    }
)
"""What the state's plugin calls the signing of each role; of a person it knows one act alone."""
assert set(OPERATIONS) == set(FIELD_NAMES), "every role that signs has an operation"  # noqa: S101 - at import, once
