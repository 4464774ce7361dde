"""A file from a person's machine is taken only as the old bytes and one signature; every deviation has its reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.errors import SigningDiffers
from lienthong.layout import Rectangle
from lienthong.signature import Appearance, Role, leader_picture
from lienthong.signature.session import returned
from lienthong.signature.session.returned import REASONS, Awaited, take
from lienthong.signature.session.signer import Signer
from lienthong.testing.pki import pki
from unit.signature.authority import NOW, agency, leader
from unit.signature.documents import composed, sealed, signed
from unit.signature.returned_made import (
    AGENCY,
    PERSON,
    Together,
    annotated,
    awaited,
    by_both,
    by_leader,
    foreign,
    opened,
    painted,
    scripted,
    written,
)

PICTURE = leader_picture("Nguyễn Văn Mẫu")


def changed_then_signed(change: Callable) -> bytes:
    writer = opened(composed().pdf)
    change(writer)
    return foreign(written(writer))


def signed_then_changed(change: Callable) -> bytes:
    writer = opened(by_leader())
    change(writer)
    return written(writer)


def look(width: float, height: float) -> Appearance:
    return Appearance(PICTURE, Rectangle(0, 50, 50, 50 + width, 50 + height))


def test_the_expected_persons_signature_is_taken_whatever_its_field_is_called():
    for name in ("Signature1", "VGCA_Chữ ký_1", "LeaderSignature1"):
        taken = take(foreign(composed().pdf, name=name), awaited())
        assert (taken.name, taken.certificate, taken.claimed_time) == (name, leader().certificate, NOW)


def test_then_the_agencys():
    assert take(by_both(), awaited(by_leader(), AGENCY)).name == "Signature2"
    assert take(sealed(), awaited(signed(), AGENCY)).name == "AgencySeal1"


def test_a_visible_signature():
    pdf = foreign(composed().pdf, look=look(140, 60))
    assert take(pdf, awaited()).pdf == pdf


CASES: dict[str, tuple[str, Callable[[], bytes], Callable[[], Awaited]]] = {
    "as it was": ("not-signed", lambda: composed().pdf, awaited),
    "empty": ("other-document", lambda: b"", awaited),
    "another document": ("other-document", by_both, lambda: awaited(composed().pdf + b"x")),
    "prefix changed": ("other-document", lambda: by_leader().replace(b"%PDF-1.", b"%PDF-2.", 1), awaited),
    "nonsense after": ("signatures", lambda: composed().pdf + b"x" * 5000, awaited),
    "huge": ("too-large", lambda: composed().pdf + bytes(returned.MOST_ADDED + 1), awaited),
    "two signatures": ("signatures", by_both, awaited),
    "changed, then signed": ("revisions", lambda: changed_then_signed(painted), awaited),
    "signed, then changed": ("broken", lambda: signed_then_changed(painted), awaited),
    "signed, then annotated": ("broken", lambda: signed_then_changed(annotated), awaited),
    "painted in the same revision": ("changed", lambda: Together(painted)(composed().pdf), awaited),
    "annotated in the same revision": ("changed", lambda: Together(annotated)(composed().pdf), awaited),
    "scripted in the same revision": ("changed", lambda: Together(scripted)(composed().pdf), awaited),
    "painted under an earlier signature": (
        "earlier",
        lambda: Together(painted)(by_leader(), agency(), "Signature2"),
        lambda: awaited(by_leader(), AGENCY),
    ),
    "a picture over half the page": ("covers", lambda: foreign(composed().pdf, look=look(480, 600)), awaited),
    "another person": ("signer", lambda: foreign(composed().pdf, pki().leader("Lê Văn Khác")), awaited),
    "a namesake with another certificate": (
        "signer",
        by_leader,
        lambda: awaited(signer=Signer(Role.LEADER, PERSON.name, frozenset({"00" * 32}))),
    ),
    "the agency for the person": ("signer", lambda: foreign(composed().pdf, agency()), awaited),
    "another agency's seal": (
        "signer",
        lambda: foreign(by_leader(), pki().document_seal("Bộ Tài chính"), "Signature2"),
        lambda: awaited(by_leader(), AGENCY),
    ),
    "our name of another role": ("role", lambda: foreign(composed().pdf, name="AgencySeal1"), awaited),
    "an older signature": ("time", lambda: foreign(composed().pdf, at=NOW - timedelta(hours=1)), awaited),
    "a signature of tomorrow": ("time", lambda: foreign(composed().pdf, at=NOW + timedelta(days=1)), awaited),
}


@pytest.mark.parametrize("case", CASES)
def test_every_deviation_has_its_reason(case: str):
    reason, pdf, waits = CASES[case]
    with pytest.raises(SigningDiffers) as caught:
        take(pdf(), waits())
    assert caught.value.facts["reason"] == reason
    assert REASONS[reason][0] in caught.value.sentence()


@settings(max_examples=60, deadline=None)
@given(data=st.data(), mask=st.integers(1, 255))
def test_any_changed_byte_but_in_the_unused_room_is_refused_or_leaves_the_same_signature(
    data: st.DataObject, mask: int
):
    """A changed byte outside the CMS is never taken; inside, only bytes that no verifier reads could be."""
    pdf = by_leader()
    gap = pdf.rindex(b"/Contents <"), pdf.rindex(b"0>") + 2
    at = data.draw(st.integers(0, len(pdf) - 1).filter(lambda at: not gap[0] <= at < gap[1]))
    changed = bytearray(pdf)
    changed[at] ^= mask
    with pytest.raises(SigningDiffers):
        take(bytes(changed), awaited())


@settings(max_examples=40, deadline=None)
@given(tail=st.binary(max_size=600), cut=st.integers(1, 9000))
def test_cut_and_lengthened_files_are_refused(tail: bytes, cut: int):
    with pytest.raises(SigningDiffers):
        take(by_leader()[:-cut] + tail, awaited())
