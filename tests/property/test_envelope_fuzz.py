"""Whatever arrives, a reader answers or refuses with an error of ours; nothing else ever comes out."""

import contextlib
from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from envelope_made import FULL, PDF, STATUS, zipped
from lienthong.document import OrganisationCode, read_date, read_time, secrecy_of
from lienthong.envelope import (
    Attachment,
    Limits,
    Reading,
    clean_name,
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

ZIP = zipped(("1b4e28ba-2fa1-11d2-883f-0016d3cca427.pdf", PDF))
SEEDS = (write(FULL, {}), write(FULL, None), write(STATUS), write(FULL, {"tep-1": ZIP}))
FRAME = frame("seal", pack(FULL))
PIECES = (b"", b"<", b">", b"&", b"&#0;", b"&#xD800;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?x?>", b"\x00", b"\xff", b"\xed\xa0\x80",
          b"null", b"=", b"PK\x03\x04", b"<!DOCTYPE a>", b"xmlns=''", b"xmlns:edXML='u'", b"<a:b/>", b"</edXML:To>", b"9" * 30, b"\xef\xbb\xbf")  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=8) | st.just(data[start:end] * 2))
        data = data[:start] + piece + data[end:]
    return data


@given(mutated(SEEDS))
@settings(max_examples=400, deadline=None)
def test_a_mutated_envelope_is_read_or_refused(data: bytes) -> None:
    head, whole = outcome(read_head, data), outcome(read, data)
    assert head == whole or len(head) == 64  # only what lies inside a ZIP may tell them apart


def outcome(reader: Callable[[bytes], Reading], data: bytes) -> str:
    """The digest of what was read, or the code of the refusal, which always has its sentences."""
    try:
        return reader(data).original_sha256
    except LienThongError as refusal:
        return refusal.code if refusal.sentence("vi") and refusal.sentence("en") else ""


@given(mutated(SEEDS))
@settings(max_examples=100, deadline=None)
def test_what_was_read_can_be_written_or_is_refused(data: bytes) -> None:
    with contextlib.suppress(LienThongError):
        message = read(data).message
        assert read(write(message, {})).warnings is not None


@given(mutated((FRAME,)))
@settings(max_examples=200, deadline=None)
def test_a_mutated_frame_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(LienThongError):
        _, parts = unframe(data)
        unpack(parts)


@given(st.binary(max_size=300))
@example(b"00000002{}")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for reader in (read, read_head, unframe):
        with contextlib.suppress(LienThongError):
            reader(data)


@given(
    mutated((ZIP, zipped(("a", b"x" * 5000)), zipped(("a", b""), ("b", b"")))),
    st.sampled_from(["a.pdf", "a.docx", "a"]),
    st.sampled_from(["application/zip", ""]),
)
@settings(max_examples=300, deadline=None)
def test_a_mutated_zip_is_opened_kept_or_refused(data: bytes, name: str, declared: str) -> None:
    with contextlib.suppress(LienThongError):
        opened = unzipped(name, declared, data, Limits(attachment_bytes=10_000))
        assert opened is None or len(opened) <= 10_000


@given(st.text(max_size=300))
def test_a_clean_name_is_safe_and_stays_as_it_is(text: str) -> None:
    name = clean_name(text)
    assert not set(name) & set('/\\\0\n\r:*?"<>|')
    assert name not in {".", ".."}
    assert not name.startswith((".", " "))
    assert clean_name(name) == name
    assert Attachment.of("x", name, "text/plain", b"").name == name


@given(st.text(max_size=60))
def test_values_are_read_or_refused(text: str) -> None:
    for reader in (read_time, read_date, secrecy_of):
        reader(text)
    with contextlib.suppress(LienThongError):
        code = OrganisationCode.parse(text)
        assert OrganisationCode.parse(str(code)) == code
