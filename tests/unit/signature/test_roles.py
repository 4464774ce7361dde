"""Every role signs in its turn, and what its signature is worth."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lienthong.errors import SignatureProblem
from lienthong.layout import compose_corner, copy_words, incoming_words
from lienthong.signature import Appearance, LegalValue, Role, Verdict, sign
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks
from lienthong.signature.form import Expected, Severity, check
from lienthong.signature.form.model import Part
from lienthong.signature.placement import corner
from unit.signature.authority import NOW, agency, leader
from unit.signature.documents import composed, judged, leader_look, seal_look, sealed, signed

MINUTE = timedelta(minutes=1)


def initialled(times: int = 1) -> bytes:
    pdf = composed().pdf
    for turn in range(times):
        pdf = sign(pdf, leader(), Role.INITIALS, Appearance(), NOW + turn * MINUTE)
    return pdf


def test_initials_then_leader_then_seal():
    pdf = sign(initialled(2), leader(), Role.LEADER, leader_look(certified=False), NOW + 5 * MINUTE)
    pdf = sign(pdf, agency(), Role.SEAL, seal_look(), NOW + 6 * MINUTE)
    report = judged(pdf)
    assert [told.role for told in report.signatures] == [Role.INITIALS, Role.INITIALS, Role.LEADER, Role.SEAL]
    assert (report.conclusion, report.legal_value, report.notes) == (Verdict.VALID, LegalValue.ORIGINAL, ())


def test_initials_come_before_the_leader():
    for later in (signed(), sealed()):
        with pytest.raises(SignatureProblem, match="initials come before"):
            sign(later, leader(), Role.INITIALS, Appearance(), NOW + 9 * MINUTE)


def test_initials_alone_are_no_original():
    report = judged(initialled())
    assert report.legal_value is LegalValue.UNSETTLED
    assert {note.code for note in report.notes} == {"no-leader"}


def cornered(role: Role) -> bytes:
    words = {
        Role.COPY: copy_words("SAO Y", "Sở Ví Dụ tỉnh Mẫu", NOW),
        Role.INCOMING: incoming_words("152", "Sở Ví Dụ tỉnh Mẫu", NOW),
    }[role]
    look = Appearance(compose_corner(words, NOW), corner(looks(composed().pdf)))
    return sign(composed().pdf, agency(), role, look, NOW)


@pytest.mark.parametrize("role", [Role.COPY, Role.INCOMING])
def test_the_agency_alone_makes_a_copy_of_a_paper(role: Role):
    report = judged(cornered(role))
    [told] = report.signatures
    assert (told.role, report.conclusion) == (role, Verdict.VALID)
    assert (report.legal_value, report.notes) == (LegalValue.COPY, ())
    assert "role-mismatch" not in {note.code for note in told.notes}


@pytest.mark.parametrize("role", [Role.ANNEX, Role.COPY, Role.INCOMING])
def test_what_others_signed_is_not_copied_by_a_further_signature(role: Role):
    """Decree 30/2020, Art. 25: electronic copies are made of papers."""
    with pytest.raises(SignatureProblem, match="once and by the agency alone"):
        sign(sealed(), agency(), role, Appearance(), NOW + 9 * MINUTE)


def test_a_persons_key_makes_no_copy():
    pdf = sign(composed().pdf, leader(), Role.COPY, Appearance(), NOW)
    assert "role-mismatch" in {note.code for note in judged(pdf).signatures[0].notes}


def test_the_words_stand_in_the_corner_as_prescribed():
    found = looks(cornered(Role.COPY))
    [lines] = found.words.values()
    assert [line.text for line in lines][:2] == ["SAO Y", "Sở Ví Dụ tỉnh Mẫu"]
    assert lines[2].text.endswith("+07:00")
    assert {round(line.size) for line in lines} == {10}
    assert all("Tinos" in line.font for line in lines)  # the metric of Times New Roman
    assert {line.colour for line in lines} == {(0.0, 0.0, 0.0)}
    assert found.pictures == ()
    [arrival] = looks(cornered(Role.INCOMING)).words.values()
    assert [line.text for line in arrival][:2] == ["Sở Ví Dụ tỉnh Mẫu", "Số đến: 152"]


def test_the_form_check_finds_no_error_in_our_copy():
    pdf = cornered(Role.COPY)
    facts = gather(pdf)
    seen = replace(facts, looks=looks(pdf))
    expected = Expected(organisation="Sở Ví Dụ tỉnh Mẫu", part=Part.COPY, copy_form="SAO Y", seen=NOW + MINUTE)
    found = check(seen, judged(pdf), expected)
    assert [each.code for each in found if each.severity is Severity.ERROR] == []
