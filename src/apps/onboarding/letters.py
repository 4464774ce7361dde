"""The signed letter: checked by a gateway's confined validation where the site names one, else marked unchecked."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from apps.onboarding.models import Letter
from apps.ui.language import t
from lienthong.client import Desk
from lienthong.document.texts import folded
from lienthong.errors import InvalidValue, LienThongError

MOST = 10 * 2**20
PDF = b"%PDF-"
VERDICTS = {"valid": Letter.VALID, "invalid": Letter.INVALID, "cannot tell": Letter.OPEN}


@dataclass(frozen=True, slots=True)
class Seen:
    """The verdict, in a word and in a sentence, and whose certificates signed."""

    verdict: Letter
    words: str = ""
    signer: str = ""


def look(content: bytes, name: str, also: str = "") -> Seen:
    """What the letter is worth for an organisation of that `name`, or its superior's (`also`).

    Raises `InvalidValue` for what is no PDF, is too large, is signed wrongly, or by somebody else.
    """
    if len(content) > MOST:
        raise InvalidValue(t("Tệp lớn hơn {most} MB.", most=MOST >> 20))
    if not content.startswith(PDF):
        raise InvalidValue(t("Văn bản đề nghị phải là tệp PDF."))
    seen = _validated(content)
    if seen.verdict is Letter.INVALID:
        raise InvalidValue(t("Chữ ký trong văn bản đề nghị không hợp lệ: {words}", words=seen.words))
    if seen.verdict is not Letter.UNCHECKED and not _theirs(seen.signer, (name, also)):
        raise InvalidValue(t("Văn bản do cơ quan khác ký: {signer}.", signer=seen.signer or "?"))
    return seen


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
    if report is None:
        return Seen(Letter.UNCHECKED)
    signers = [str(each["organisation"]) for each in report["signatures"]]
    verdict = Letter.INVALID if report.get("unsigned") else VERDICTS.get(report["conclusion"], Letter.OPEN)
    return Seen(verdict, report["sentence_vi"], ", ".join(dict.fromkeys(filter(None, signers))))


def _theirs(signer: str, names: tuple[str, str]) -> bool:
    wanted = [folded(name) for name in names if name]
    return bool(signer) and any(name in folded(signer) for name in wanted)
