"""What a fuzzer throws bytes at: readers of strangers' bytes, each with what must hold whatever comes.

An answer or a refusal of ours; anything else is a find. Finds lie as data in conformance/fuzz_finds, one folder a target.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
from lxml import etree

from envelope_made import FULL, PDF, SMALL, STATUS, zipped
from lienthong.document import OrganisationCode
from lienthong.envelope import (
    Edoc,
    Limits,
    Reading,
    StatusMessage,
    frame,
    pack,
    read,
    read_head,
    unframe,
    unpack,
    write,
)
from lienthong.envelope.attachments import unzipped
from lienthong.errors import LienThongError
from lienthong.evidence import ProofResult
from lienthong.gateway import composing
from lienthong.registry import Directory, Organisation, Snapshot
from lienthong.signature.judging import Trust
from lienthong.signature.judging import shipped as policy
from lienthong.signature.lasting import (
    Bundle,
    Grove,
    Measure,
    Record,
    leaf_of,
    make_record,
    read_record,
    verify_lasting,
)
from lienthong.signature.lasting import Path as Path_
from lienthong.signature.lasting import shipped as algorithms
from one_tree import grows_as_streamed

HERE = Path(__file__).parent / "conformance"
FINDS = HERE / "fuzz_finds"
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TIGHT = Limits(
    bytes=2**20, attachment_bytes=2**18, elements=2000, text_length=2**12, texts_length=2**16, zip_floor=2**16
)
"""Small, so that limits are met in small inputs."""


@dataclass(frozen=True, slots=True)
class Target:
    """`check` raises for a find; `seeds` are good inputs to begin with, `words` what the format is made of."""

    check: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    words: tuple[str, ...] = ()


def envelope(data: bytes) -> None:
    """One tree whichever way, one message whichever reading, and it means the same once packed and read again."""
    grows_as_streamed(data, TIGHT, keep=True)
    head, whole = _outcome(read_head, data), _outcome(read, data)
    if isinstance(head, LienThongError):
        assert isinstance(whole, LienThongError), f"only the whole reading reads it: {head!r}"
    elif not isinstance(whole, LienThongError):  # what lies inside a ZIP is seen by the whole reading alone
        assert _bare(head.message) == _bare(whole.message)
        with suppress(LienThongError):  # not all that can be read may be sent
            _means_the_same(whole.message)


def _outcome(reader: Callable[[bytes, Limits], Reading], data: bytes) -> Reading | LienThongError:
    try:
        return reader(data, TIGHT)
    except LienThongError as refusal:
        _spoken(refusal)
        return refusal


def _means_the_same(message: Edoc | StatusMessage) -> None:
    again = unpack(pack(message), TIGHT).message
    if isinstance(message, Edoc) and isinstance(again, Edoc):
        # the strict form repeats the subject as content, and a classification is found wherever it is said
        message = replace(message, content=message.content or message.subject, secrecy=again.secrecy)
    assert again == message, [
        (name, getattr(again, name), getattr(message, name))
        for name in message.__dataclass_fields__
        if getattr(again, name) != getattr(message, name)
    ]


def _bare(message: Edoc | StatusMessage) -> Edoc | StatusMessage:
    return replace(message, attachments=()) if isinstance(message, Edoc) else message


def _spoken(refusal: LienThongError) -> None:
    assert refusal.sentence("vi")
    assert refusal.sentence("en")


def structure(data: bytes) -> None:
    """The same for well-formed messages: four bytes an act (which, where, whither, what) on the tree of a full one."""
    root = etree.fromstring(WHOLE)
    for act, where, whither, what in batched(data[:400]):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        _act(act, nodes[where % len(nodes)], nodes[whither % len(nodes)], VALUES[what % len(VALUES)])
    envelope(etree.tostring(root))


def batched(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Four by four; a rest is nothing."""
    quads = iter(data)
    return zip(quads, quads, quads, quads, strict=False)


def _act(act: int, node: etree._Element, other: etree._Element, value: str) -> None:
    """One change of the tree that leaves it a tree."""
    parent = node.getparent()
    if act % 5 == 0:
        node.text = value
    elif act % 5 == 1 and parent is not None:
        parent.remove(node)
    elif act % 5 == 2 and parent is not None:
        parent.append(deepcopy(node))
    elif act % 5 == 3 and other not in {node, *node.iterancestors()} and node not in set(other.iterancestors()):
        other.append(deepcopy(node))
    elif act % 5 == 4:
        node.tag = other.tag


WHOLE = write(FULL, {})
VALUES = (
    "", "null", " NULL ", "0", "1", "4", "9" * 12, "-1", "true", "H29", "000.00.00.G22", "Đ", "e\u0302\u0323", "x" * 300, "a\nb", "a\tb",
    "2026/02/30", "30/02/2026", "2026-03-02T08:00:00+07:00", "9999/12/31 23:59:59", "0001/01/01", "13", "07", "cid:1", "cid:tep-1",
    "tep-1", "../../a", "a.docx", "a.pdf", "application/zip", "Tối mật", "UEsDBA==", "JVBERi0=", "=", "\u202epdf.exe", "CON", "\ufffd",
)  # fmt: skip


def archive(data: bytes) -> None:
    """Opened within its limit, left as it is, or refused. The first byte says under which name and type it came."""
    kinds = ("a.pdf", ""), ("a.pdf", "application/zip"), ("a.docx", ""), ("a.docx", "application/zip"), ("a", "")
    name, declared = kinds[data[0] % len(kinds)] if data else kinds[0]
    with suppress(LienThongError):
        opened = unzipped(name, declared, data[1:], TIGHT)
        assert opened is None or len(opened) <= TIGHT.attachment_bytes


def frames(data: bytes) -> None:
    """The wire form: taken apart or refused."""
    with suppress(LienThongError):
        seal, parts = unframe(data, TIGHT)
        assert frame(seal, parts)
        unpack(parts, TIGHT)


def form(data: bytes) -> None:
    """The JSON form of a document, as desks hand it in: a message that reads back the same, or a refusal."""
    try:
        metadata = msgspec.json.decode(data, type=composing.Metadata)
        sender = directory().organisation(OrganisationCode("H29"))
        assert sender is not None
        made = composing.edoc(metadata, [composing.File("a.pdf", "application/pdf", PDF)], sender, directory(), NOW)
        parts = pack(made)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LienThongError):  # all that the desk expects
        return
    try:
        found = unpack(parts).message
    except LienThongError as refusal:  # a time of writing is also a time to hold to the limits of reading
        _spoken(refusal)
        return
    assert isinstance(found, Edoc)
    assert [party.code for party in found.recipients] == [party.code for party in made.recipients]
    assert found.attachments == made.attachments


@cache
def directory() -> Directory:
    """Two organisations."""
    rows = tuple(Organisation(OrganisationCode(code), f"Cơ quan Mẫu {code}", "province") for code in ("H29", "G22"))
    return Directory(Snapshot(1, NOW, NOW.replace(year=2030), organisations=rows))


def _envelopes() -> list[bytes]:
    made = [write(FULL, {}), write(FULL, None), write(STATUS), write(SMALL, {"tep-1": zipped(("a.pdf", PDF))})]
    return made + [path.read_bytes() for path in sorted((HERE / "edxml" / "cases").iterdir())]


def _archives() -> list[bytes]:
    entry = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
    kinds = (
        [(f"{entry}.pdf", PDF)],
        [(f"{entry}.docx", PDF)],
        [("a", b"0" * 70_000)],
        [("a", b""), ("b", b"")],
        [("../a", PDF)],
    )
    return [bytes([order]) + zipped(*entries) for entries in kinds for order in range(5)]


def _forms() -> list[bytes]:
    told = composing.Metadata(
        "15", "QĐ-MẪU", "V/v thử", ("H29", "000.00.00.G22"), due="2026-12-01", urgency=3, replaces=("a",)
    )
    return [msgspec.json.encode(each) for each in (told, replace(told, answers=("b",), business=3, secrecy="Mật"))]


_TAGS = """
    edXML edXMLEnvelope EdXMLEnvelope edXMLHeader MessageHeader From To OrganId OrganName DocumentId Code CodeNumber
    CodeNotation PromulgationInfo PromulgationDate DocumentType TypeName Subject SignerInfo FullName DueDate OtherInfo
    Priority ResponseFor SteeringType ToPlaces Place TraceHeaderList TraceHeader Timestamp Bussiness BussinessDocType
    BussinessDocumentInfo ReceiverList Receiver ReceiverType ReplacementInfoList ReplacementInfo OrganIdList StaffInfo
    StatusCode Description edXMLBody edXMLManifest Reference ContentId ContentType AttachmentName AttachmentEncoded
    Attachment ContentTransferEncoded Signature ErrorList soap-env:Envelope Manifest AVReport
"""
_WORDS = (
    *(f"{mark}edXML:{tag}>" for tag in _TAGS.split() for mark in ("<", "</")),
    "<![CDATA[", "]]>", "<!--", "-->", "&#0;", "&amp;", "null", "cid:1", "xlink:href=", "PK\\x03\\x04", "\\xef\\xbb\\xbf",
    "\\xff\\xfe", "application/zip", "application/pdf", "000.00.15.H51", "H51.15", "2026/03/02", "02/03/2026", "<!DOCTYPE",
)  # fmt: skip


def _answer(reader: Callable[[bytes], object], data: bytes) -> object:
    try:
        return reader(data)
    except LienThongError as refusal:
        _spoken(refusal)
        return refusal


def record(data: bytes) -> None:
    """What is read as a record is written as it was read; so is a path."""
    found, path = _answer(read_record, data), _answer(Path_.from_json, data)
    if isinstance(found, Record):
        assert found.text == data
        assert make_record(found.algorithm, found.digests) == found
    if isinstance(path, Path_):
        path.leads_from(data)
        assert Path_.from_json(path.to_json()) == path


def bundle(data: bytes) -> None:
    """A bundle of strange bytes is refused, or checked without a fault, and proves nothing that nobody stamped."""
    found = _answer(Bundle.from_zip, data)
    if isinstance(found, Bundle):
        measure = Measure(Trust("", ()), policy(), algorithms(), NOW)
        assert verify_lasting(found, measure).result is not ProofResult.PROVED


def _records() -> list[bytes]:
    made = make_record("sha256", {"files/a.pdf": "0" * 64, "reports/a.pdf.jws": "1" * 64})
    return [made.text, Grove("sha256", [leaf_of(made), bytes(32)]).path(0).to_json()]


def _bundles() -> list[bytes]:
    text, path = _records()
    return [Bundle({"proof/1/record.txt": text, "proof/1/path.json": path, "files/a.pdf": PDF}).to_zip()]


TARGETS = {
    "envelope": Target(envelope, _envelopes, _WORDS),
    "structure": Target(structure, lambda: [bytes(range(start, start + 40)) for start in range(0, 200, 20)]),
    "archive": Target(archive, _archives, ("PK\\x03\\x04", "PK\\x01\\x02", "PK\\x05\\x06", "../", "a.pdf")),
    "frame": Target(frames, lambda: [frame("seal", pack(FULL)), frame("", pack(SMALL))]),
    "form": Target(form, _forms, tuple(f'"{name}":' for name in composing.Metadata.__dataclass_fields__)),
    "record": Target(record, _records, ("files/", "  ", '"path":', '"size":', '"root":')),
    "bundle": Target(bundle, _bundles, ("PK\\x03\\x04", "proof/1/", "stamps/", "record.txt", "path.json")),
}
