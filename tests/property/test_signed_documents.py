"""Whatever happens to a signed file, it is never called valid again, and nothing is raised."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.signature import Verdict
from unit.signature.documents import judged, sealed

GAP = (sealed().rindex(b"/Contents <"), sealed().rindex(b"0>") + 2)
OUTSIDE = st.integers(0, len(sealed()) - 1).filter(lambda at: not GAP[0] <= at < GAP[1])


@settings(max_examples=60, deadline=None)
@given(at=OUTSIDE, mask=st.integers(1, 255))
def test_any_changed_byte_outside_the_last_signature(at: int, mask: int):
    changed = bytearray(sealed())
    changed[at] ^= mask
    assert judged(bytes(changed)).conclusion is not Verdict.VALID


@settings(max_examples=40, deadline=None)
@given(tail=st.binary(min_size=1, max_size=400))
def test_bytes_appended_never_raise(tail: bytes):
    assert judged(sealed() + tail).sentence_vi


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=600))
def test_any_bytes_after_a_header_are_reported(data: bytes):
    assert judged(b"%PDF-1.7\n" + data).conclusion is Verdict.CANNOT_TELL
