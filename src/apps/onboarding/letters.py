"""The signed letter: checked by a gateway's confined validation where the site names one, else marked unchecked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from apps.onboarding.models import Letter
from apps.ui.language import t
from lienthong.client import Desk
from lienthong.errors import InvalidValue, LienThongError
from lienthong.signature.form.names import plain, same

MOST = 10 * 2**20
"""Bytes of a letter."""
PDF = b"%PDF-"
VERDICTS = {"valid": Letter.VALID, "invalid": Letter.INVALID, "cannot tell": Letter.OPEN}


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed: the name in the certificate, and the bodies above it there, the highest first."""

    name: str
    bodies: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys(filter(None, (self.name, *reversed(self.bodies)))))


@dataclass(frozen=True, slots=True)
class Seen:
    """The verdict, in a word and in a sentence, and whose certificates signed."""

    verdict: Letter
    words: str = ""
    signed: tuple[Signed, ...] = ()

    @property
    def signer(self) -> str:
        """All of them, for people."""
        return "; ".join(map(str, self.signed))


def look(content: bytes, name: str, above: Sequence[str] = ()) -> Seen:
    """What the letter is worth for an organisation of that `name`; `above` are its superiors' names, nearest first.

    Raises `InvalidValue` for what is no PDF, is signed wrongly, or by somebody else.
    """
    if not content.startswith(PDF):
        raise InvalidValue(t("Văn bản đề nghị phải là tệp PDF."))
    seen = _validated(content)
    if seen.verdict is Letter.INVALID:
        raise InvalidValue(t("Chữ ký trong văn bản đề nghị không hợp lệ: {words}", words=seen.words))
    if seen.verdict is Letter.UNCHECKED or any(_for(each, name, above) for each in seen.signed):
        return seen
    if any(_cut_short(each.name, name) for each in seen.signed):
        words = t("Tên trong chứng thư bị cắt ngắn; cán bộ thẩm tra phải đối chiếu.")
        return replace(seen, verdict=Letter.OPEN, words=words)
    raise InvalidValue(t("Văn bản do cơ quan khác ký: {signer}.", signer=seen.signer or "?"))


def _validated(content: bytes) -> Seen:
    console = settings.CONFIG.console
    door = console.letters if console else None
    if door is None:
        return Seen(Letter.UNCHECKED)
    try:
        with Desk(door.url, door.token_file.read_text("utf-8").strip(), ca=door.ca_file) as desk:
            report = desk.check_file(content).report
    except LienThongError as error:
        return Seen(Letter.UNCHECKED, error.sentence())
    return _told(report) if report is not None else Seen(Letter.UNCHECKED)


def _told(report: Mapping[str, Any]) -> Seen:
    verdict = Letter.INVALID if report.get("unsigned") else VERDICTS.get(report["conclusion"], Letter.OPEN)
    signed = [Signed(each["signer"], (each["organisation"], *each["units"])) for each in report["signatures"]]
    return Seen(verdict, report["sentence_vi"], tuple(signed))


def _for(signed: Signed, name: str, above: Sequence[str]) -> bool:
    """Whether this is the seal of the applicant or of its nearest superior.

    A document is sealed by its agency (Decree 30/2020 Art. 17); a leader's own certificate names bodies above that may
    be anybody's. Communes of one name are in many provinces: what a seal names above must be above in the directory.
    """
    sealed = any(same(signed.name, each) for each in (name, *above[:1]))
    return sealed and all(any(same(body, each) for each in (name, *above)) for body in signed.bodies if body)


def _cut_short(told: str, name: str) -> bool:
    """Authorities shorten long names to the 64 bytes or characters of X.520, and end them in an ellipsis."""
    return told.endswith("…") and plain(name).startswith(plain(told[:-1]))
