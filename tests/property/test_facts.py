"""The facts of a bent file: never an intact signature over other bytes; and small parts against their models."""

from datetime import UTC
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError

from lienthong.signature.facts import reading
from lienthong.signature.facts.container import open_container
from lienthong.signature.facts.encoding import decode, encode
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts, StampFact
from unit.signature import signed_files
from unit.signature.documents import composed, sealed

GOOD = [sealed(), signed_files.as_agencies_sign(), signed_files.long_term()]
SPOTS = st.sampled_from(range(len(GOOD))).flatmap(
    lambda which: st.tuples(st.just(which), st.integers(0, len(composed().pdf) - 1), st.integers(1, 255))
)


@settings(max_examples=40, deadline=None)
@given(SPOTS)
def test_a_changed_byte_of_what_is_signed_is_never_intact(spot: tuple[int, int, int]):
    which, at, mask = spot
    bent = bytearray(GOOD[which])
    bent[at] ^= mask
    facts = gather(bytes(bent))
    assert not any(item.intact for item in facts.signatures)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_container_or_a_plain_error(data: bytes):
    try:
        open_container(data)
    except (ValueError, IndexError):
        return


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b" ", b"\n", b"0", b"g", b"<"]), st.integers(0, 200))
def test_hexadecimal_strings_are_read_as_before(data: bytes, junk: bytes, at: int):
    digits = data.hex().encode("ascii")
    text = b"<" + digits[:at] + junk + digits[at:] + b"> tail"
    quick, slow = BytesIO(text), BytesIO(text)
    try:
        expected = reading.SLOW(slow)
    except (ValueError, PdfError) as problem:
        with pytest.raises(type(problem)):
            reading.quick_hexadecimal(quick)
        return
    found = reading.quick_hexadecimal(quick)
    assert (type(found), found, quick.tell()) == (type(expected), expected, slow.tell())
    assert isinstance(found, generic.PdfObject)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=12) | st.from_regex(rb"[A-Za-z0-9#+]{0,9}", fullmatch=True))
def test_names_are_read_as_before(name: bytes):
    try:
        expected = reading.SLOW_NAME(name)
    except (ValueError, PdfError) as problem:
        with pytest.raises(type(problem)):
            reading.quick_name(name)
        return
    assert (type(reading.quick_name(name)), reading.quick_name(name)) == (type(expected), expected)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Facts,
        sha256=st.text(max_size=9),
        size=st.integers(0, 2**40),
        readable=st.text(max_size=9),
        odd=st.lists(st.text(max_size=9), max_size=3).map(tuple),
        certificates=st.dictionaries(st.text(max_size=9), st.binary(max_size=30), max_size=2),
        document_stamps=st.lists(
            st.builds(
                StampFact,
                kind=st.sampled_from(["signature", "document"]),
                at=st.none() | st.datetimes(timezones=st.just(UTC)),
                intact=st.none() | st.booleans(),
                signer=st.text(max_size=9),
                digest=st.text(max_size=9),
                sha256=st.text(max_size=9),
            ),
            max_size=2,
        ).map(tuple),
    )
)
def test_facts_come_back_from_json(facts: Facts):
    assert decode(encode(facts)) == facts
