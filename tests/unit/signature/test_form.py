"""The form check on facts written by hand: each check finds its one fault and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any

import pytest
from tools.form_table import PAGE, page

from form_made import (
    ANNEX,
    BLUE,
    COPY,
    CORNER,
    EXPECTED,
    EXPECTED_ANNEX,
    EXPECTED_COPY,
    LEADER,
    LEADER_BOX,
    LINES,
    MAIN,
    RED,
    SEAL,
    SEAL_BOX,
    WORDS,
    centred,
    line,
    report,
)
from lienthong.signature.facts.model import Box, Facts, Looks, Picture
from lienthong.signature.form import CHECKS, Expected, Finding, Severity, check
from lienthong.signature.form.tolerances import MM
from lienthong.testing.pki import MOMENT, pki

Bad = tuple[Facts, Expected, str, str]


def _signed(leader: dict[str, Any] | None = None, seal: dict[str, Any] | None = None) -> Facts:
    return replace(MAIN, signatures=(replace(LEADER, **(leader or {})), replace(SEAL, **(seal or {}))))


def _looks(**change: Any) -> Facts:
    assert MAIN.looks is not None
    return replace(MAIN, looks=replace(MAIN.looks, **change))


def _by(certificate: bytes, *, leader: bool) -> Facts:
    changed = {"signer": sha256(certificate).hexdigest()}
    facts = _signed(changed if leader else None, None if leader else changed)
    return replace(facts, certificates={**facts.certificates, changed["signer"]: certificate})


def _sealed_at(box: Box) -> Facts:
    facts = _signed(seal={"box": box})
    assert facts.looks is not None
    return replace(facts, looks=replace(facts.looks, pictures=(BLUE, replace(RED, box=box))))


def _moved(box: Box, dx: float = 0, **change: Any) -> Box:
    return replace(box, left=box.left + dx, right=box.right + dx, **change)


def _annex(box: Box | None = None, pictures: tuple[Picture, ...] = (), **words: Any) -> Facts:
    told = tuple(replace(each, **words) for each in WORDS)
    looks = Looks(pages=((595, 842),), words={CORNER.field: told}, pictures=pictures)
    return replace(ANNEX, looks=looks, signatures=(replace(CORNER, box=box or CORNER.box),))


def _said(*change: tuple[int, str]) -> Facts:
    lines = list(LINES)
    for at, text in change:
        lines[at] = replace(lines[at], text=text)
    return _looks(lines=tuple(lines))


def _main(facts: Facts, chain: str = "trusted", field: str = LEADER.field) -> Callable[[], Bad]:
    return lambda: (facts, EXPECTED, chain, field)


def _other(facts: Facts, expected: Expected) -> Callable[[], Bad]:
    return lambda: (facts, expected, "trusted", "")


def _expects(**change: Any) -> Callable[[], Bad]:
    return _other(MAIN, replace(EXPECTED, **change))


EARLY = MOMENT - timedelta(days=1)
LATER = MOMENT + timedelta(days=9)
SMALL = Box(0, SEAL_BOX.right - 28 * MM, 195, SEAL_BOX.right, 195 + 28 * MM)
STRANGER = pki().document_seal("Sở Tư pháp").certificate
PERSON = pki().leader("Trần Thị Khác").certificate
SECOND = replace(CORNER, revision=3, coverage="file", box=Box(0, 10, 10, 90, 40))
OPAQUE = (BLUE, replace(RED, transparent=0.0))

BAD: dict[str, Callable[[], Bad]] = {
    "picture-only": _main(replace(MAIN, signatures=())),
    "unsigned": _main(replace(_looks(pictures=()), signatures=())),
    "leader-missing": _main(replace(MAIN, signatures=(SEAL,))),
    "seal-missing": _main(replace(MAIN, signatures=(replace(LEADER, coverage="file", modification="none"),))),
    "seal-first": _main(_signed({"revision": 3})),
    "seal-by-person": _main(_by(pki().leader().certificate, leader=False)),
    "leader-by-agency": _main(_by(pki().document_seal().certificate, leader=True)),
    "seal-organisation-differs": _main(_by(STRANGER, leader=False)),
    "leader-organisation-differs": _main(_by(pki().leader(organisation="Sở Tư pháp").certificate, leader=True)),
    "name-differs": _main(_by(PERSON, leader=True)),
    "name-accents": _main(_by(pki().leader("Nguyen Van Mau").certificate, leader=True)),
    "signed-before-date": _main(_signed(None, {"claimed_time": EARLY, "stamps": (replace(SEAL.stamps[0], at=EARLY),)})),
    "signed-late": _other(
        _signed(None, {"claimed_time": LATER, "stamps": (replace(SEAL.stamps[0], at=LATER),)}),
        replace(EXPECTED, seen=LATER),
    ),
    "signed-in-future": _expects(seen=MOMENT - timedelta(minutes=6)),
    "no-zone": _main(_signed({"zoned": False})),
    "clock-differs": _main(_signed({"claimed_time": MOMENT - timedelta(minutes=7)})),
    "no-trusted-time": _main(_signed({"stamps": ()})),
    "certificate-expired": _main(MAIN, "expired"),
    "certificate-early": _main(MAIN, "not-yet-valid"),
    "certificate-revoked": _main(MAIN, "revoked"),
    "chain-unknown": _main(MAIN, "unknown"),
    "weak-algorithm": _main(_signed({"digest": "sha1"})),
    "not-pades": _main(_signed({"profile": "adbe.pkcs7.detached", "binds_certificate": False})),
    "no-revocation-data": _main(replace(MAIN, ocsps={})),
    "broken": _main(_signed({"intact": False})),
    "changed-after": _main(_signed(None, {"modification": "other"})),
    "covers-earlier": _main(_signed(None, {"coverage": "revision"})),
    "byte-range": _main(replace(MAIN, odd=("gap",))),
    "key-usage": _main(_by(pki().roots[0], leader=False)),
    "seal-off-third": _main(_sealed_at(_moved(SEAL_BOX, -10 * MM))),
    "seal-right": _main(_sealed_at(_moved(SEAL_BOX, 55 * MM))),
    "seal-other-page": _main(_sealed_at(replace(SEAL_BOX, page=1))),
    "seal-size": _main(_sealed_at(SMALL)),
    "leader-not-blue": _main(_looks(pictures=(replace(BLUE, saturation=0.0), RED))),
    "seal-not-red": _main(_looks(pictures=(BLUE, replace(RED, hue=120)))),
    "picture-opaque": _main(_looks(pictures=OPAQUE)),
    "leader-off-centre": _main(_looks(lines=(*LINES[:3], *(replace(x, box=_moved(x.box, 60)) for x in LINES[3:])))),
    "corner-missing": _other(_annex(text="Đã ký"), EXPECTED_ANNEX),
    "annex-unsigned": _other(replace(ANNEX, signatures=()), EXPECTED_ANNEX),
    "corner-place": _other(_annex(box=Box(0, 30, 400, 230, 440)), EXPECTED_ANNEX),
    "corner-font": _other(_annex(font="ABCDEF+Arial-Regular"), EXPECTED_ANNEX),
    "corner-size": _other(_annex(size=13.0), EXPECTED_ANNEX),
    "corner-picture": _other(_annex(pictures=(replace(RED, field=CORNER.field),)), EXPECTED_ANNEX),
    "annex-page-signed": _main(replace(MAIN, signatures=(LEADER, SEAL, SECOND))),
    "copy-unsigned": _other(replace(COPY, signatures=()), EXPECTED_COPY),
    "copy-form-missing": _other(ANNEX, EXPECTED_COPY),
    "invisible": _main(_signed({"box": None})),
    "name-not-printed": _main(_said((4, "Nguyễn Văn Khác"))),
    "competence-differs": _expects(competence="TM. ỦY BAN NHÂN DÂN"),
    "prefix-missing": _main(_looks(lines=(*LINES[:3], centred("PHÓ BỘ TRƯỞNG", 290), LINES[4]))),
    "number-differs": _main(_said((0, "Số: 06/QĐ-BNV"))),
    "date-differs": _main(_said((1, "Hà Nội, ngày 01 tháng 02 năm 2025"))),
    "field-twice": _main(replace(MAIN, odd=("duplicate-field: LeaderSignature1",))),
    "encrypted": _main(replace(MAIN, encrypted=True, readable="encrypted")),
    "active-content": _main(replace(MAIN, active=("JavaScript",))),
    "not-archival": _main(replace(MAIN, archival="")),
    "unreadable": _main(replace(MAIN, readable="PdfReadError")),
}
ALSO = {"key-usage": {"seal-organisation-differs"}}
"""What a bad file of one kind cannot help showing as well."""
BOXES = {
    "picture-only": LEADER_BOX,
    "seal-off-third": _moved(SEAL_BOX, -10 * MM),
    "seal-missing": LEADER_BOX,
    "leader-missing": SEAL_BOX,
    "number-differs": LINES[0].box,
    "date-differs": LINES[1].box,
    "seal-size": SMALL,
}


def _check(bad: Bad) -> tuple[Finding, ...]:
    facts, expected, chain, field = bad
    return check(facts, report(facts, chain, field), expected)


@pytest.mark.parametrize(("facts", "expected"), [(MAIN, EXPECTED), (ANNEX, EXPECTED_ANNEX), (COPY, EXPECTED_COPY)])
def test_good_form_has_no_finding(facts: Facts, expected: Expected) -> None:
    assert check(facts, report(facts), expected) == ()


@pytest.mark.parametrize("code", CHECKS)
def test_each_check_finds_its_fault_and_no_other(code: str) -> None:
    codes = {finding.code for finding in _check(BAD[code]())}
    assert code in codes
    assert codes - {code} <= ALSO.get(code, set())


@pytest.mark.parametrize("code", BOXES)
def test_a_finding_says_where(code: str) -> None:
    assert next(each.box for each in _check(BAD[code]()) if each.code == code) == BOXES[code]


def test_sentences_are_filled_in_and_survive_json() -> None:
    for code in CHECKS:
        for finding in _check(BAD[code]()):
            assert not set("{}") & set(finding.vi + finding.en)
            assert Finding.from_dict(finding.as_dict()) == finding


def test_the_gravest_come_first() -> None:
    facts = replace(MAIN, archival="", ocsps={}, active=("JavaScript",))
    assert [each.severity for each in check(facts, report(facts), EXPECTED)] == list(Severity)


def test_a_body_above_may_stand_in_a_persons_certificate_only() -> None:
    expected = replace(EXPECTED, organisation="Vụ Pháp chế", parents=("Bộ Nội vụ",))
    assert {each.code for each in check(MAIN, report(MAIN), expected)} == {"seal-organisation-differs"}


def test_names_are_compared_in_any_case_spacing_and_normal_form() -> None:
    expected = replace(EXPECTED, signer="  NGUYỄN  văn mẫu ", organisation="BỘ NỘI VỤ")
    assert check(MAIN, report(MAIN), expected) == ()


def test_an_empty_expectation_compares_nothing() -> None:
    assert check(MAIN, report(MAIN), Expected()) == ()


def test_a_signature_of_other_software_is_known_by_its_colour() -> None:
    seal = replace(SEAL, field="Signature2")
    facts = replace(MAIN, signatures=(LEADER, seal))
    assert facts.looks is not None
    facts = replace(facts, looks=replace(facts.looks, pictures=(BLUE, replace(RED, field="Signature2"))))
    assert check(facts, report(facts), EXPECTED) == ()


@pytest.mark.parametrize("moved", [-2.0, 0.0, 2.0])
def test_the_seal_may_stray_a_little(moved: float) -> None:
    assert _check((_sealed_at(_moved(SEAL_BOX, moved * MM)), EXPECTED, "trusted", "")) == ()


def test_a_hostile_certificate_is_no_certificate() -> None:
    facts = replace(MAIN, certificates=dict.fromkeys(MAIN.certificates, b"\x30\x03\x02\x01\x00"))
    assert check(facts, report(facts), EXPECTED) == ()


def test_a_date_in_another_zone_is_the_day_in_vietnam() -> None:
    late = MOMENT.replace(hour=17, minute=30).astimezone(UTC)
    facts = _signed(None, {"claimed_time": late, "stamps": (replace(SEAL.stamps[0], at=late),)})
    issued = EXPECTED.issued and EXPECTED.issued + timedelta(days=1)
    lines = (line("Số: 05/QĐ-BNV", 90, 740), *LINES[2:])
    assert facts.looks is not None
    facts = replace(facts, looks=replace(facts.looks, lines=lines))
    found = check(facts, report(facts), replace(EXPECTED, issued=issued, seen=late))
    assert found == ()


def test_the_published_table_is_the_codes() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text


def test_a_date_broken_over_two_lines_is_compared_without_its_year() -> None:
    assert EXPECTED.issued is not None
    words = f"Thành phố Hồ Chí Minh, ngày {EXPECTED.issued.day} tháng {EXPECTED.issued.month} năm"
    assert check(_said((1, words)), report(MAIN), EXPECTED) == ()
    wrong = check(_said((1, words.replace(f"ngày {EXPECTED.issued.day}", "ngày 1"))), report(MAIN), EXPECTED)
    assert {each.code for each in wrong} == {"date-differs"}


def test_capacity_may_stand_on_two_lines() -> None:
    lines = (
        *LINES[:3],
        centred("TM. ỦY BAN NHÂN DÂN", 318),
        centred("KT. CHỦ TỊCH", 304),
        centred("PHÓ CHỦ TỊCH", 290),
    )
    facts = _looks(lines=(*lines, LINES[4]))
    assert check(facts, report(facts), replace(EXPECTED, competence="TM. Ủy ban nhân dân KT. Chủ tịch")) == ()
