"""One sample document through its life: composed, signed by the leader, sealed by the agency."""

from datetime import timedelta
from functools import cache

from lienthong.layout import Composed, compose
from lienthong.signature import Appearance, Report, Role, leader_picture, seal_picture, sign, validate
from unit.layout.drafts import DECISION
from unit.signature.authority import NOW, agency, authority, leader

LATER = NOW + timedelta(hours=1)


@cache
def composed() -> Composed:
    return compose(DECISION)


def leader_look(*, certified: bool = True) -> Appearance:
    anchors = composed().anchors
    picture = leader_picture("Nguyễn Văn Mẫu")
    return Appearance(picture, anchors.leader, "Phê duyệt", "Tỉnh Mẫu", anchors.seal if certified else None)


def seal_look() -> Appearance:
    return Appearance(seal_picture("Sở Ví Dụ tỉnh Mẫu"), composed().anchors.seal, "Phát hành")


@cache
def signed() -> bytes:
    return sign(composed().pdf, leader(), Role.LEADER, leader_look(), NOW)


@cache
def sealed() -> bytes:
    return sign(signed(), agency(), Role.SEAL, seal_look(), NOW + timedelta(minutes=3))


def judged(pdf: bytes) -> Report:
    return validate(pdf, [authority().root], LATER)
