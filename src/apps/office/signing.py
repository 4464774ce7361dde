"""Where and how signatures are drawn, what a file's are worth, and signing with a key at the agency's gateway."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.utils import timezone
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from apps.office.desk import desk_at
from apps.office.models import Draft
from apps.office.proof import roots
from lienthong.client import Paper, SignaturePlace, SigningKeyView
from lienthong.errors import LienThongError, SignatureProblem
from lienthong.signature import Appearance, Report, Role, leader_picture, seal_picture, validate

MINUTE, MOMENT = 60, 10
"""Seconds for which the gateway's keys are remembered, and for which it is not asked again after it had none."""
MM = 72 / 25.4
HEIGHTS = {"high": 180.0, "middle": 115.0, "low": 50.0}  # mm from the bottom of the last page to the signature
DRAGGED = re.compile(r"at:(\d{1,4}):(\d{1,4}):(\d{1,4})\Z", re.ASCII)
PLACES = {
    "high": "Phần trên trang cuối, bên phải",
    "middle": "Giữa trang cuối, bên phải",
    "low": "Phần dưới trang cuối, bên phải",
    "none": "Không hiện hình ký",
}


@dataclass(frozen=True, slots=True)
class AgencyKey:
    """A key at the agency's gateway that signs without a word of the person's; `level` is the best it may make."""

    id: str
    name: str
    level: str


def signer_of(agency: str, role: Role) -> AgencyKey | None:
    """The agency's key for a role, if its gateway has one and answers."""
    simple = {_role(key): key for key in keys_of(agency) if key.kind == "file"}
    key = simple.get(role.value)
    return AgencyKey(key.id, key.name, best_level(key)) if key else None


def keys_of(agency: str) -> tuple[SigningKeyView, ...]:
    """All keys at the agency's gateway, none while it does not answer; asked once a minute."""
    kept = f"signing-keys:{agency}"
    known: tuple[SigningKeyView, ...] | None = cache.get(kept)
    if known is None:
        known = _asked(agency)
        cache.set(kept, known, MINUTE if known else MOMENT)
    return known


def best_level(key: SigningKeyView) -> str:
    """With a time stamp where the gateway can have one made."""
    return "B-T" if "B-T" in key.levels else "B-B"


def _asked(agency: str) -> tuple[SigningKeyView, ...]:
    try:
        return tuple(desk_at(agency).signing_keys())
    except LienThongError:
        return ()


def _role(key: SigningKeyView) -> str:
    """By the certificate; where that does not say, by the key's name."""
    return key.id if key.role == Role.OTHER.value else key.role


def signed(pdf: bytes, role: Role, key: AgencyKey, draft: Draft, person: str) -> bytes:
    """The PDF with one more signature by a key of the gateway, drawn where the clerk chose.

    Raises what the gateway refuses with.
    """
    signer = key.name if role is Role.LEADER else person
    return desk_at(draft.agency).sign(paper_of(pdf, role, draft), role.value, signer[:200], key.id, level=key.level)


def paper_of(pdf: bytes, role: Role, draft: Draft) -> Paper:
    """What the gateway is to have signed: the file, what the signer is shown of it, where the signature is drawn."""
    fields = draft.fields
    number = f"{fields.get('number', '')}/{fields.get('notation', '')}"
    paper = Paper(pdf, str(fields.get("subject", ""))[:500], number[:500], placing="none")
    if (place := fields.get("sign_place", "middle")) == "none":
        return paper
    own_box, seal = boxes(pdf, place)
    return replace(paper, place=own_box, seal_place=seal) if role is Role.LEADER else replace(paper, place=seal)


def appearance(pdf: bytes, role: Role, name: str, organisation: str, place: str) -> Appearance:
    """How a signature looks at a place: one of `PLACES`, or "at:page:left:bottom" (points) as dragged."""
    return Appearance() if place == "none" else _drawn(pdf, role, name, organisation, place)


def facts(pdf: bytes) -> Report:
    """What the signatures of a draft's file are worth now."""
    return validate(pdf, roots(), timezone.now())


def spot(pdf: bytes, place: str) -> tuple[int, float, float]:
    """Page from 0, left and bottom of the leader's picture in points; always on a page of the file."""
    last = _last_page(pdf)
    if found := DRAGGED.match(place):
        page, left, bottom = map(int, found.groups())
        return min(page, last), float(min(left, 2000)), float(min(bottom, 2000))
    return last, 115 * MM, HEIGHTS.get(place, HEIGHTS["middle"]) * MM


def boxes(pdf: bytes, place: str) -> tuple[SignaturePlace, SignaturePlace]:
    """Decree 30/2020, Annex I: the leader's picture in cell 7c, the seal over its left third."""
    page, left, bottom = spot(pdf, place)
    start, low = left + 50 / 3 * MM - 36 * MM, bottom - 8 * MM
    return (
        SignaturePlace(page, left, bottom, left + 50 * MM, bottom + 20 * MM),
        SignaturePlace(page, max(start, 0.0), max(low, 0.0), max(start, 0.0) + 36 * MM, max(low, 0.0) + 36 * MM),
    )


def _drawn(pdf: bytes, role: Role, name: str, organisation: str, place: str) -> Appearance:
    own, seal = boxes(pdf, place)
    if role is Role.INITIALS:
        return Appearance(leader_picture(name), _small(own, len(facts(pdf).signatures)))
    if role is Role.LEADER:
        return Appearance(leader_picture(name), own, seal_place=seal)
    return Appearance(seal_picture(organisation), seal)


def _small(place: SignaturePlace, before: int) -> SignaturePlace:
    """16 x 8 mm for initials, beside those that are there."""
    left = place.left + before * 16 * MM
    return SignaturePlace(place.page, left, place.bottom, left + 16 * MM, place.bottom + 8 * MM)


def _last_page(pdf: bytes) -> int:
    try:
        return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"]) - 1
    except (PdfError, KeyError, ValueError) as error:
        raise SignatureProblem(str(error)) from error
