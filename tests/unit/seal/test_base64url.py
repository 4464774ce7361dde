"""One spelling per value: what is read is what would be written, and nothing else is read."""

import string
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lienthong.errors import SealInvalid
from lienthong.seal import base64url

SIGNS = string.ascii_letters + string.digits + "-_"


@given(st.binary(max_size=100))
def test_what_is_written_is_read(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@given(st.text(SIGNS, max_size=12) | st.text(SIGNS + "+/= \n\0đ\ud800", max_size=8) | st.text(max_size=8))
@example("!!!!")
@example("QQ")
@example("QR")
@example("QQ==")
def test_only_what_would_be_written_is_read(text: str) -> None:
    with suppress(SealInvalid):
        assert base64url.encode(base64url.decode(text)) == text


@pytest.mark.parametrize(
    "text", ["Q", "QQ==", "QR", "QUJ", "QUJD=", "QUI=", "++++", "////", "!!!!", "QU JD", "QUJD\n", "QUJĐ", "\ud800", "A=AA", "====", "="]
)  # fmt: skip
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(SealInvalid):
        base64url.decode(text)
