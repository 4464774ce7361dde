import hashlib
import json
from contextlib import nullcontext
from dataclasses import replace

import pytest

from envelope_made import FULL, PDF, SMALL, STATUS
from lienthong.envelope import (
    DEFAULT,
    MESSAGE_PART,
    Attachment,
    Edoc,
    Limits,
    Part,
    PartRef,
    content_digest,
    frame,
    manifest,
    pack,
    unframe,
    unpack,
    write,
)
from lienthong.errors import PackageMalformed, PackageTooLarge, PartMissing, PartUnexpected

PARTS = pack(FULL)


def test_part_zero_is_the_message_and_siblings_follow() -> None:
    assert [part.name for part in PARTS] == [MESSAGE_PART, "tep-1", "tep-2"]
    assert PARTS[1] == Part("tep-1", "application/pdf", PDF)
    assert len(pack(STATUS)) == 1


def test_packing_and_unpacking_gives_the_message_back() -> None:
    assert unpack(PARTS).message == FULL
    assert unpack(PARTS).warnings == ()
    assert unpack(pack(STATUS)).message == STATUS


def test_an_inline_file_is_a_package_of_one_part() -> None:
    assert unpack((Part(MESSAGE_PART, "application/xml", write(FULL, {})),)).message == FULL


def test_files_may_be_given_beside_the_message() -> None:
    bare = replace(SMALL, attachments=(Attachment("tep-1", "a.pdf", "application/pdf"),))
    assert unpack(pack(bare, {"tep-1": PDF})).message == SMALL
    with pytest.raises(PartMissing):
        pack(bare)
    with pytest.raises(PartUnexpected):
        pack(bare, {"tep-1": PDF, "tep-9": PDF})


def test_missing_stray_and_repeated_parts_are_refused() -> None:
    with pytest.raises(PartMissing, match="tep-2"):
        unpack(PARTS[:2])
    with pytest.raises(PartUnexpected, match="la"):
        unpack((*PARTS, Part("la", "text/plain", b"")))
    with pytest.raises(PackageMalformed):
        unpack((*PARTS, PARTS[2]))
    with pytest.raises(PackageMalformed):
        unpack(())
    with pytest.raises(PackageTooLarge):
        unpack(PARTS, Limits(parts=2))
    with pytest.raises(PackageTooLarge):
        unpack(PARTS, Limits(attachment_bytes=10))


@pytest.mark.parametrize("name", ["", "../a", "a/b", "a\\b", "a\nb", "..", ".", " a", "a\u202eb", "x" * 201])
def test_a_part_name_is_never_a_path(name: str) -> None:
    with pytest.raises(PackageMalformed):
        Part(name, "text/plain", b"")


@pytest.mark.parametrize("media_type", ["", "pdf", "a/b/c", "text/plain\r\nX: y", "văn/bản"])
def test_a_media_type_is_one(media_type: str) -> None:
    with pytest.raises(PackageMalformed):
        Part("a", media_type, b"")


def test_the_digest_is_that_of_the_canonical_list() -> None:
    rows = [[part.name, part.media_type, len(part.content), hashlib.sha256(part.content).hexdigest()] for part in PARTS]
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()
    assert content_digest(manifest(PARTS)) == hashlib.sha256(text).hexdigest()
    assert content_digest(manifest(PARTS)) != content_digest(manifest(PARTS[::-1]))


# ---------------------------------------------------------------- the wire


def test_a_frame_gives_seal_and_parts_back() -> None:
    assert unframe(frame("niêm phong", PARTS)) == ("niêm phong", PARTS)
    empty = (Part("a", "text/plain", b""),)
    assert unframe(frame("", empty)) == ("", empty)


def test_the_frame_is_as_written_in_the_protocol() -> None:
    data = frame("s", (Part("a", "text/plain", b"xyz"),))
    head = b'{"seal":"s","parts":[{"name":"a","type":"text/plain","size":3}]}'
    assert data == b"%08x" % len(head) + head + b"xyz"


def framed(head: object, rest: bytes = b"") -> bytes:
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return b"%08x" % len(text) + text + rest


def part(size: object = 3, name: object = "a", kind: object = "text/plain") -> dict[str, object]:
    return {"name": name, "type": kind, "size": size}


GOOD = frame("s", (Part("a", "text/plain", b"xyz"),))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"0000",
        b"zzzzzzzz",
        b"0000000A{}",
        b"-0000001{",
        GOOD[:-1],
        GOOD + b"!",
        GOOD[:20],
        framed({"seal": "s", "parts": []}),
        framed({"seal": "s"}),
        framed({"parts": [part()]}, b"xyz"),
        framed({"seal": 1, "parts": [part()]}, b"xyz"),
        framed({"seal": "s", "parts": [part(-1), part(4, "b")]}, b"xyz"),
        framed({"seal": "s", "parts": [part(True)]}, b"x"),
        framed({"seal": "s", "parts": [part(3.5)]}, b"xyz"),
        framed({"seal": "s", "parts": [part(2**70)]}, b"xyz"),
        framed({"seal": "s", "parts": [part(1), part(2)]}, b"xyz"),
        framed({"seal": "s", "parts": [part(name="../a")]}, b"xyz"),
        framed({"seal": "s", "parts": [part(kind="x")]}, b"xyz"),
        framed({"seal": "s", "parts": [part()], "more": 1}, b"xyz"),
        framed(b"[" * 5000),
        framed(b'{"seal":"\xff","parts":[]}'),
        framed(b'{"seal":"\\ud800","parts":[]}'),
    ],
)
def test_a_frame_that_lies_is_malformed(data: bytes) -> None:
    with pytest.raises(PackageMalformed):
        unframe(data)


def test_a_frame_over_a_limit_is_too_large() -> None:
    for limits in (Limits(bytes=20), Limits(head_bytes=20), Limits(parts=0)):
        with pytest.raises(PackageTooLarge):
            unframe(GOOD, limits)


def test_repeated_names_are_not_framed() -> None:
    with pytest.raises(PackageMalformed):
        frame("s", (PARTS[0], PARTS[0]))


def test_attachments_open_as_streams() -> None:
    message = unpack(PARTS).message
    assert isinstance(message, Edoc)
    with message.attachments[0].content.open() as stream:
        assert stream.read(4) == b"%PDF"


# ---------------------------------------------------------------- parts that travel apart


def apart(part: Part) -> PartRef:
    return PartRef(part.name, part.media_type, part.size, part.sha256)


MIXED = (PARTS[0], PARTS[1], apart(PARTS[2]))


def test_a_frame_names_a_part_that_travels_apart_without_its_bytes() -> None:
    framed = frame("a.b.c", MIXED)
    assert unframe(framed) == ("a.b.c", MIXED)
    assert len(framed) < len(frame("a.b.c", PARTS)) + 100
    assert b'"version":2' in framed
    assert b'"version":' not in frame("a.b.c", PARTS)
    assert manifest(MIXED) == manifest(PARTS)


def test_a_sibling_without_its_bytes_is_read_by_size_and_digest() -> None:
    held, elsewhere = unpack(PARTS).message, unpack(MIXED).message
    assert isinstance(held, Edoc)
    assert isinstance(elsewhere, Edoc)
    assert [(a.name, a.size, a.sha256) for a in elsewhere.attachments] == [
        (a.name, a.size, a.sha256) for a in held.attachments
    ]
    assert elsewhere.attachments[1].content.held is None
    assert pack(elsewhere) == MIXED


def test_the_envelope_never_travels_apart_and_what_does_is_limited() -> None:
    with pytest.raises(PackageMalformed):
        unpack((apart(PARTS[0]), *PARTS[1:]))
    with pytest.raises(PackageTooLarge):
        unpack(MIXED, Limits(large_bytes=1))
    with pytest.raises(PackageTooLarge):
        unpack(PARTS, Limits(total_bytes=10))


HEAD = {"name": "a", "type": "text/plain", "size": 3}
LYING_HEADS = {
    "a digest in version 1": {"seal": "s", "parts": [HEAD | {"sha256": "0" * 64}]},
    "version 2 without a digest": {"seal": "s", "parts": [HEAD], "version": 2},
    "a version nobody knows": {"seal": "s", "parts": [HEAD | {"sha256": "0" * 64}], "version": 3},
    "a digest that is none": {"seal": "s", "parts": [HEAD | {"sha256": "../../etc/passwd"}], "version": 2},
    "a size below nothing": {"seal": "s", "parts": [HEAD | {"sha256": "0" * 64, "size": -1}], "version": 2},
}


@pytest.mark.parametrize("case", LYING_HEADS)
def test_lying_heads_of_parts_that_travel_apart_are_malformed(case: str) -> None:
    head = json.dumps(LYING_HEADS[case]).encode()
    with pytest.raises(PackageMalformed):
        unframe(f"{len(head):08x}".encode() + head + (b"abc" if "without" in case else b""))


@pytest.mark.parametrize("size", [DEFAULT.large_bytes, DEFAULT.large_bytes + 1, 2**70])
def test_a_part_that_travels_apart_is_limited_by_its_head_already(size: int) -> None:
    head = json.dumps({"seal": "s", "parts": [HEAD | {"sha256": "0" * 64, "size": size}], "version": 2}).encode()
    with nullcontext() if size == DEFAULT.large_bytes else pytest.raises(PackageTooLarge):
        unframe(f"{len(head):08x}".encode() + head)
