"""How far a draft's file is, by the signatures in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from apps.office.models import Draft, DraftFile
from apps.office.signing import facts, signer_of
from apps.ui.language import english, t
from lienthong.signature import Report, Role, SignatureFacts

NUMBERED = "Chữ ký của {who} nguyên vẹn; phần ghi thêm sau đó (số, ngày) chờ dấu của cơ quan xác nhận."
"""Number and date are written after the leader's signature, as it allows, and the seal covers them (Decree 30/2020)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a draft is: which step comes next, and what the signatures of its file say."""

    next: str  # file, leader, seal, send
    keys: bool
    lines: tuple[str, ...] = ()


def stage_of(draft: Draft) -> Stage:
    """The next lawful step: the seal goes only on what the leader has signed (Decree 30/2020, Art. 32)."""
    main = main_of(draft)
    keys = signer_of(draft.agency, Role.LEADER) is not None and signer_of(draft.agency, Role.SEAL) is not None
    if main is None:
        return Stage("file", keys)
    report = report_of(main)
    roles = {_role(draft, one) for one in report.signatures}
    step = "send" if {Role.LEADER, Role.SEAL} <= roles else "seal" if Role.LEADER in roles else "leader"
    return Stage(step, keys, tuple(_said(one, step) for one in report.signatures))


def _said(one: SignatureFacts, step: str) -> str:
    """What a signature is worth; of one that only waits for the seal to cover the number, that it waits."""
    if step == "seal" and one.reason == "filled-after":
        return t(NUMBERED, who=one.signer)
    return one.sentence_en if english() else one.sentence_vi


def _role(draft: Draft, one: SignatureFacts) -> Role:
    """A foreign program's field name says nothing; then the session that took this signer's signature knows."""
    known = draft.fields.get("signers", {}).get(one.thumbprint)
    return Role(known) if one.role is Role.OTHER and known else one.role


def report_of(main: DraftFile) -> Report:
    """The check of the file as it is, kept for the minutes in which a form is shown again and again."""
    key = f"draft-report:{main.pk}:{main.size}"
    known: Report | None = cache.get(key)
    if known is None:
        known = facts(bytes(main.content))
        cache.set(key, known, 60)
    return known


def main_of(draft: Draft) -> DraftFile | None:
    """The file that carries the signatures, once there is one."""
    return draft.files.filter(main=True).first() if draft.created else None
