"""Whatever can be said is written, read back the same, and travels the same in parts and in one file."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envelope_drawn import edocs, statuses, words
from lienthong.document import secrecy_of
from lienthong.envelope import (
    Edoc,
    Part,
    StatusMessage,
    frame,
    group,
    manifest,
    pack,
    read,
    read_head,
    unframe,
    ungroup,
    unpack,
    write,
)
from lienthong.errors import PackageMalformed, PackageTooLarge


def meaning(message: Edoc) -> Edoc:
    """What must come back: an empty content repeats the subject, and a classification is found wherever it is said."""
    found = read(write(message, {})).message
    assert isinstance(found, Edoc)
    return replace(message, content=message.content or message.subject, secrecy=found.secrecy)


@given(edocs)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_document_means_the_same_after_writing_and_reading(message: Edoc) -> None:
    expected = meaning(message)
    assert read(write(message, {})).message == expected
    assert unpack(pack(message)).message == expected


@given(words)
@settings(max_examples=30, deadline=None)
def test_a_classification_in_the_subject_is_always_found(subject: str) -> None:
    level = secrecy_of(f"{subject} (Tối mật)")
    assert level is not None


@given(statuses)
@settings(max_examples=60, deadline=None)
def test_a_status_means_the_same_after_writing_and_reading(message: StatusMessage) -> None:
    assert read(write(message)).message == message


@given(edocs)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_head_reading_differs_only_in_the_attachments(message: Edoc) -> None:
    data = write(message, {})
    head, whole = read_head(data).message, read(data).message
    assert isinstance(head, Edoc)
    assert isinstance(whole, Edoc)
    assert [(a.name, a.size) for a in head.attachments] == [(a.name, a.size) for a in whole.attachments]
    assert all(attachment.content.held is None for attachment in head.attachments)


part_names = st.from_regex(r"[a-z0-9][a-z0-9. -]{0,20}", fullmatch=True)
part_lists = st.lists(
    st.builds(Part, part_names, st.sampled_from(["text/plain", "application/pdf"]), st.binary(max_size=200)),
    min_size=1,
    max_size=5,
    unique_by=lambda part: part.name,
)


@given(st.text(st.characters(codec="utf-8"), max_size=50), part_lists)
def test_a_frame_gives_back_what_was_framed(seal: str, parts: list[Part]) -> None:
    found_seal, found = unframe(frame(seal, parts))
    assert (found_seal, found) == (seal, tuple(parts))
    assert manifest(found) == manifest(parts)


frame_lists = st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=16)


@given(frame_lists)
def test_a_group_comes_apart_as_it_was_put_together(frames: list[bytes]) -> None:
    assert ungroup(group(frames)) == tuple(frames)


@given(frame_lists, st.data())
def test_a_group_that_was_cut_or_added_to_is_refused(frames: list[bytes], data: st.DataObject) -> None:
    whole = group(frames)
    cut = data.draw(st.integers(0, len(whole) - 1))
    for wrong in (whole[:cut], whole + b"x"):
        with pytest.raises((PackageMalformed, PackageTooLarge)):
            ungroup(wrong)


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_no_bytes_make_a_group_reader_fail_otherwise(head: bytes, rest: bytes) -> None:
    for data in (head, f"{len(head):08x}".encode() + head + rest):
        with suppress(PackageMalformed, PackageTooLarge):
            assert b"".join(ungroup(data)) == data[8 + int(data[:8], 16) :]
