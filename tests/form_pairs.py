"""For each check of the form a good file and a bad one, with what the message says of them.

`spot` names where the finding has to be: a rectangle in points, or None where the check has no place.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import form_files as made
from form_files import BODY, DRAFT, EARLY, LATER, SIGNER, annex_page, corner_signs, leader_signs, page, put, seal_put
from lienthong.layout import Rectangle, compose_corner
from lienthong.signature.form import Expected, Part
from lienthong.signature.form.tolerances import MM
from lienthong.signature.judging.inputs import Revocation, Standing
from lienthong.testing.pki import FOUNDED, MOMENT, pki

EXPECTED = Expected(
    organisation=BODY, signer=SIGNER, number="5", notation="QĐ-BNV", issued=DRAFT.date, seal_width=36 * MM,
    seen=MOMENT + timedelta(hours=1),
)  # fmt: skip
IN_ANNEX = replace(EXPECTED, part=Part.ANNEX)
IN_COPY = replace(EXPECTED, part=Part.COPY, copy_form="SAO Y")


class Revoked:
    """Everything this source knows of is revoked."""

    epoch = "revoked"

    def of(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        del certificate, issuer, moment
        return Revocation(Standing.REVOKED, MOMENT - timedelta(days=1), source="crl", this_update=MOMENT)


@dataclass(frozen=True, slots=True)
class Pair:
    """`expected` is what the message says of the bad file; of the good one it says `fits`."""

    bad: Callable[[], bytes]
    spot: Rectangle | None = None
    expected: Expected = EXPECTED
    good: Callable[[], bytes] = made.main
    fits: Expected | None = None
    revocations: Revoked | None = None


def _annex(bad: Callable[[], bytes], spot: Rectangle | None = None) -> Pair:
    return Pair(bad, spot, IN_ANNEX, corner_signs, IN_ANNEX)


def _sealed(spot: Rectangle | None = None, expected: Expected = EXPECTED, **change: Any) -> Pair:
    return Pair(lambda: seal_put(**change), spot, expected)


def _led(spot: Rectangle | None = None, expected: Expected = EXPECTED, **change: Any) -> Pair:
    return Pair(lambda: seal_put(leader_signs(**change)), spot, expected)


def _places() -> tuple[Rectangle, Rectangle, Rectangle]:
    leader, seal, corner = page().anchors.leader, page().anchors.seal, annex_page().anchors.corner
    assert leader is not None
    assert seal is not None
    assert corner is not None
    return leader, seal, corner


LEADER, SEAL, CORNER = _places()
LEFT, RIGHT, FIRST = made.moved(SEAL, -10), made.moved(SEAL, 50), made.moved(SEAL, to_page=0)
SMALL, ASIDE, LOW = made.moved(SEAL, side=28), made.moved(LEADER, -25), made.moved(CORNER, -30, -120)
STAMPED = {"stamped": MOMENT}


def _both_stamped() -> bytes:
    return seal_put(leader_signs(**STAMPED), **STAMPED)


def _filled_later() -> bytes:
    with_field = made.written(page().pdf, made.note_field)
    return made.written(seal_put(leader_signs(with_field)), made.note_filled)


def _off_centre() -> bytes:
    return seal_put(leader_signs(place=ASIDE), place=made.moved(SEAL, -25))


def _on_another_page() -> bytes:
    long = made.two_pages()
    assert long.anchors.leader is not None
    signed = put(long.pdf, made.LEADER, pki().leader(), made.BLUE_INK, long.anchors.leader)
    return seal_put(signed, place=made.moved(SEAL, to_page=0))


def _printed(**change: Any) -> Pair:
    """The same signatures on a document that says something else."""

    def bad() -> bytes:
        other = page(replace(DRAFT, **change))
        led = leader_signs(other.pdf, place=other.anchors.leader)
        return seal_put(led, place=other.anchors.seal)

    return Pair(bad)


def _copy(words: bytes | None) -> Callable[[], bytes]:
    said = words or compose_corner(("SAO Y", BODY, "2026-11-22T15:00:00+07:00"), MOMENT)
    return lambda: corner_signs(page().pdf, said, page().anchors.corner)


def _with_picture() -> bytes:
    said = compose_corner(made.annex_words("5", "QĐ-BNV", MOMENT), MOMENT)
    place = Rectangle(0, 5, 5, 30, 30)
    return corner_signs(words=made.drawn(said, made.RED_INK, place))


PAIRS: dict[str, Pair] = {
    "picture-only": Pair(lambda: made.drawn(page().pdf, made.BLUE_INK, LEADER), LEADER),
    "unsigned": Pair(lambda: page().pdf),
    "leader-missing": Pair(lambda: seal_put(page().pdf), SEAL),
    "seal-missing": Pair(made.led, LEADER),
    "seal-first": Pair(lambda: leader_signs(seal_put(page().pdf)), SEAL),
    "seal-by-person": _sealed(SEAL, signer=pki().leader()),
    "leader-by-agency": _led(LEADER, signer=pki().document_seal()),
    "seal-organisation-differs": _sealed(SEAL, signer=pki().document_seal("Sở Tư pháp")),
    "leader-organisation-differs": _led(LEADER, signer=pki().leader(organisation="Sở Tư pháp")),
    "name-differs": _led(LEADER, signer=pki().leader("Trần Thị Khác")),
    "name-accents": _led(LEADER, signer=pki().leader("Nguyen Van Mau")),
    "signed-before-date": _sealed(SEAL, now=EARLY),
    "signed-late": _sealed(SEAL, replace(EXPECTED, seen=LATER), now=LATER),
    "signed-in-future": _sealed(SEAL, now=MOMENT + timedelta(hours=2)),
    "no-zone": _led(LEADER, now=MOMENT.replace(tzinfo=None)),
    "clock-differs": _led(LEADER, stamped=MOMENT + timedelta(minutes=9)),
    "no-trusted-time": Pair(made.main, LEADER, good=_both_stamped),
    "certificate-expired": _led(LEADER, signer=pki().expired_leader(SIGNER)),
    "certificate-early": _led(LEADER, replace(EXPECTED, issued=None), now=FOUNDED - timedelta(days=1)),
    "certificate-revoked": Pair(made.main, LEADER, revocations=Revoked()),
    "chain-unknown": _led(LEADER, signer=pki().foreign_leader(SIGNER)),
    "weak-algorithm": _sealed(SEAL, signer=pki().weak("G09")),
    "not-pades": _led(LEADER, profile=b"/adbe.pkcs7.detached"),
    "broken": Pair(lambda: made.altered(made.main()), SEAL),
    "changed-after": Pair(lambda: made.written(made.main(), made.other_words), LEADER),
    "covers-earlier": Pair(_filled_later, SEAL),
    "byte-range": Pair(lambda: made.main() + b"\nmore behind the end"),
    "key-usage": _led(LEADER, signer=made.poor_key()),
    "seal-off-third": _sealed(LEFT, place=LEFT),
    "seal-right": _sealed(RIGHT, place=RIGHT),
    "seal-other-page": Pair(_on_another_page, FIRST),
    "seal-size": _sealed(SMALL, place=SMALL),
    "leader-not-blue": _led(LEADER, picture=made.recoloured(made.BLUE_INK, (10, 10, 10))),
    "seal-not-red": _sealed(SEAL, picture=made.recoloured(made.RED_INK, (20, 60, 200))),
    "picture-opaque": _sealed(SEAL, picture=made.on_paper(made.RED_INK)),
    "leader-off-centre": Pair(_off_centre, ASIDE),
    "corner-missing": _annex(lambda: corner_signs(words=compose_corner(("Đã ký",), MOMENT)), CORNER),
    "annex-unsigned": _annex(lambda: annex_page().pdf),
    "corner-place": _annex(lambda: corner_signs(place=LOW), LOW),
    "corner-font": _annex(lambda: corner_signs(words=made.words_in("DejaVu Sans Mono", 9.9)), CORNER),
    "corner-size": _annex(lambda: corner_signs(words=made.words_in("Tinos", 8)), CORNER),
    "corner-picture": _annex(_with_picture),
    "annex-page-signed": Pair(lambda: corner_signs(made.main(), place=page().anchors.corner), CORNER),
    "copy-unsigned": Pair(lambda: page().pdf, None, IN_COPY, _copy(None), IN_COPY),
    "copy-form-missing": Pair(
        _copy(compose_corner((BODY, "2026-11-22T15:00:00+07:00"), MOMENT)), CORNER, IN_COPY, _copy(None), IN_COPY
    ),
    "invisible": _led(None, place=None, picture=None),
    "name-not-printed": _printed(signer_name="Lê Văn Khác"),
    "competence-differs": Pair(made.main, None, replace(EXPECTED, competence="TM. CHÍNH PHỦ"), fits=EXPECTED),
    "prefix-missing": _printed(position="Phó Bộ trưởng"),
    "number-differs": Pair(made.main, None, replace(EXPECTED, number="6"), fits=EXPECTED),
    "date-differs": Pair(made.main, None, replace(EXPECTED, issued=EXPECTED.issued and EARLY.date()), fits=EXPECTED),
    "field-twice": Pair(lambda: seal_put(leader_signs(made.written(page().pdf, partial(made.note_field, count=2))))),
    "encrypted": Pair(lambda: made.locked(made.main())),
    "active-content": Pair(lambda: seal_put(leader_signs(made.written(page().pdf, made.command)))),
    "not-archival": Pair(lambda: seal_put(leader_signs(made.written(page().pdf, made.no_claim)))),
    "unreadable": Pair(lambda: b"%PDF-1.7\nnothing of a document\n%%EOF"),
}
