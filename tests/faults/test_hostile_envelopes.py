"""Envelopes meant to harm: entities, bombs, paths, giants, and secrets. Each is refused early and cheaply."""

import base64
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from envelope_made import FULL, PDF, SMALL, zipped
from lienthong.envelope import DEFAULT, Edoc, Limits, Reading, read, read_head, write
from lienthong.envelope.attachments import unzipped
from lienthong.errors import EnvelopeUnreadable, EnvelopeUnsafe, PackageTooLarge

pytestmark = pytest.mark.faults
GOOD = write(SMALL, {})
READERS = [read, read_head]


def with_doctype(doctype: str, inside: str = "") -> bytes:
    head, rest = GOOD.split(b"\n", 1)
    return head + doctype.encode() + rest.replace(b"ID-1", b"ID-1" + inside.encode())


def with_content(data: bytes) -> bytes:
    return GOOD.replace(base64.b64encode(PDF), base64.b64encode(data))


# ---------------------------------------------------------------- XML


def test_external_entities_are_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("BÍ MẬT NHÀ NƯỚC")
    for doctype in (
        f'<!DOCTYPE edXML [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE edXML SYSTEM "{secret.as_uri()}">',
        '<!DOCTYPE edXML [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
    ):
        with pytest.raises(EnvelopeUnsafe):
            read(with_doctype(doctype, "&x;"))


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = with_doctype(f'<!DOCTYPE edXML [<!ENTITY l0 "ha">{entities}]>', "&l9;")
    for reader in READERS:
        with pytest.raises(EnvelopeUnsafe, match="DOCTYPE"):
            reader(bomb)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_doctype_cannot_hide_in_another_encoding(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
    with pytest.raises(EnvelopeUnsafe):
        read(mark + with_doctype('<!DOCTYPE edXML [<!ENTITY x "y">]>', "&x;").decode().encode(encoding))


def test_an_undeclared_entity_is_refused() -> None:
    with pytest.raises(EnvelopeUnreadable, match="Entity"):
        read(GOOD.replace(b"ID-1", b"&x;"))


@pytest.mark.parametrize("depth", [DEFAULT.depth, 300, 100_000])
def test_a_depth_bomb_is_refused(depth: int) -> None:
    bomb = GOOD.replace(b"<edXML:ErrorList>", b"<edXML:ErrorList>" + b"<a>" * depth + b"</a>" * depth)
    for reader in READERS:
        with pytest.raises(EnvelopeUnsafe):
            reader(bomb)


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(PackageTooLarge):
        read(GOOD.replace(b"<edXML:ErrorList>", b"<edXML:ErrorList>" + b"<a/>" * DEFAULT.elements))


@pytest.mark.parametrize("place", ["text", "attribute", "pieces"])
def test_a_giant_value_is_refused(place: str) -> None:
    giant = b"x" * (DEFAULT.text_length + 1)
    bomb = {
        "text": GOOD.replace(b"ID-1", giant),
        "attribute": GOOD.replace(b'version="1.0">', b'version="' + giant + b'">'),
        "pieces": GOOD.replace(b"ID-1", b"<!-- -->".join([giant[:1000]] * 70)),
    }[place]
    for reader in READERS:
        with pytest.raises(PackageTooLarge):
            reader(bomb)


def test_many_large_values_are_refused_together() -> None:
    value = b"<a>" + b"x" * (DEFAULT.text_length - 1) + b"</a>"
    bomb = GOOD.replace(b"<edXML:ErrorList>", b"<edXML:ErrorList>" + value * 70)
    for reader in READERS:
        with pytest.raises(PackageTooLarge):
            reader(bomb)


def test_a_file_over_the_limit_is_not_even_looked_at() -> None:
    with pytest.raises(PackageTooLarge):
        read(b"\x00" * 101, Limits(bytes=100))


def test_too_many_attachments_are_refused() -> None:
    with pytest.raises(PackageTooLarge):
        read(write(FULL, {}), Limits(parts=1))


# ---------------------------------------------------------------- attachments


def test_giant_base64_is_refused_while_it_streams() -> None:
    limits = Limits(attachment_bytes=1000)
    for reader in READERS:
        with pytest.raises(PackageTooLarge):
            reader(with_content(b"x" * 1001), limits)
        assert reader(with_content(b"x" * 1000), limits).message


def test_a_head_reading_never_holds_the_attachment() -> None:
    data = with_content(bytes(16 * 2**20))
    tracemalloc.start()
    reading = read_head(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(reading.message, Edoc)
    assert reading.message.attachments[0].size == 16 * 2**20
    assert peak < 4 * 2**20


def test_a_zip_bomb_by_ratio() -> None:
    bomb = zipped(("a.pdf", bytes(30 * 2**20)))
    with pytest.raises(EnvelopeUnsafe, match="bomb"):
        read(with_content(bomb))


def test_a_zip_bomb_by_size() -> None:
    with pytest.raises(PackageTooLarge):
        unzipped("a.pdf", "application/zip", zipped(("a.pdf", bytes(range(256)) * 8)), Limits(attachment_bytes=1000))


def test_a_zip_bomb_by_the_sum_of_many() -> None:
    one = zipped(("a.pdf", bytes(600_000)))
    data = write(FULL, {"tep-1": one, "tep-2": one})
    assert len(data) < 20_000
    assert read(data, Limits(bytes=1_300_000)).message
    with pytest.raises(PackageTooLarge):
        read(data, Limits(bytes=1_000_000))


def test_a_zip_bomb_by_count() -> None:
    with pytest.raises(EnvelopeUnsafe, match="300"):
        read(with_content(zipped(*((f"{n}.pdf", b"") for n in range(300)))))


def test_a_zip_that_lies_about_its_size() -> None:
    honest = zipped(("a.pdf", bytes(5 * 2**20)))
    size = struct.pack("<I", 5 * 2**20)
    assert honest.count(size) == 2
    with pytest.raises((EnvelopeUnsafe, EnvelopeUnreadable)):
        read(with_content(honest.replace(size, struct.pack("<I", 10))))


@pytest.mark.parametrize("entry", ["../a.pdf", "/a.pdf", "b/a.pdf", "C:\\a.pdf", "..", "b/", "a\x00.pdf"])
def test_a_path_inside_a_zip_is_refused(entry: str) -> None:
    data = zipped((entry.replace("\x00", "!"), PDF)).replace(b"a!.pdf", b"a\x00.pdf")
    with pytest.raises(EnvelopeUnsafe):
        read(with_content(data))


def test_an_encrypted_zip_and_odd_methods_are_refused() -> None:
    encrypted = bytearray(zipped(("a.pdf", PDF)))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    odd = bytearray(zipped(("a.pdf", PDF)))
    odd[odd.index(b"PK\x01\x02") + 10] = zipfile.ZIP_LZMA
    for data in (encrypted, odd):
        with pytest.raises(EnvelopeUnreadable, match="ZIP"):
            read(with_content(bytes(data)))


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "..\\..\\x", "/root/x", "C:\\Windows\\x", "~/x"])
def test_a_path_as_attachment_name_is_cut_and_told(name: str) -> None:
    reading = read(GOOD.replace(b"a.pdf", name.encode()))
    assert isinstance(reading.message, Edoc)
    assert reading.message.attachments[0].name == "x"
    assert "name-cleaned" in codes(reading)


# ---------------------------------------------------------------- meaning


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (b"<edXML:SphereOfPromulgation>", "Tuyệt mật"),
        (b"<edXML:TyperNotation>", "MẬT"),
        (b"<edXML:Subject>", "(Tối mật) "),
        (b"<edXML:OtherInfo>", "<DoMat>Mật</DoMat>"),
        (b"<edXML:MessageHeader>", "<a><b><c>TỐI MẬT</c></b></a>"),
        (b"<edXML:edXMLHeader>", "<SecurityLevel>Mật</SecurityLevel>"),
        (b"<edXML:TraceHeaderList>", "<Secret>Mật</Secret>"),
    ],
)
def test_a_secret_is_found_wherever_it_is_said(place: bytes, said: str) -> None:
    data = GOOD.replace(place, place + said.encode())
    for reader in READERS:
        message = reader(data).message
        assert isinstance(message, Edoc)
        assert message.secrecy
    clean = read(GOOD).message
    assert isinstance(clean, Edoc)
    assert clean.secrecy is None


@pytest.mark.parametrize("comment", [b"<!-- x -->", b"<?x y?>"])
def test_comments_change_nothing(comment: bytes) -> None:
    middle = base64.b64encode(PDF)[:9]
    assert read(GOOD.replace(b"ID-1", b"ID" + comment + b"-1").replace(middle, middle + comment)).message == SMALL


def test_a_prefix_bound_to_something_else_gives_no_second_meaning() -> None:
    twice = GOOD.replace(b"<edXML:DocumentId>", b'<x:DocumentId xmlns:x="urn:x">ID-2</x:DocumentId><edXML:DocumentId>')
    with pytest.raises(EnvelopeUnreadable, match="documentid"):
        read(twice)


def codes(reading: Reading) -> set[str]:
    return {warning.code for warning in reading.warnings}
