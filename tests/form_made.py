"""A file in good form, as facts written by hand: each test changes one thing of it."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

from lienthong.signature import LegalValue, Report, Role, SignatureFacts, Verdict
from lienthong.signature.facts.model import Box, Facts, Line, Looks, Picture, SignatureFact, StampFact
from lienthong.signature.form import Expected, Part
from lienthong.signature.form.tolerances import MM
from lienthong.testing.pki import MOMENT, pki

SIGNER, BODY = "Nguyễn Văn Mẫu", "Bộ Nội vụ"
LEADER_BOX = Box(0, 350, 200, 350 + 50 * MM, 200 + 25 * MM)
SEAL_BOX = Box(0, 350 + 50 / 3 * MM - 36 * MM, 185, 350 + 50 / 3 * MM, 185 + 36 * MM)
CORNER_BOX = Box(0, 340, 770, 544, 810)
DAY = MOMENT.date()
_MIDDLE = (LEADER_BOX.left + LEADER_BOX.right) / 2


def line(text: str, left: float, bottom: float, *, size: float = 13, font: str = "ABCDEF+Tinos-Regular") -> Line:
    """A line of text, its width by rule of thumb."""
    return Line(text, Box(0, left, bottom, left + 6.0 * len(text), bottom + size), size, font)


def centred(text: str, bottom: float) -> Line:
    """A line centred under or over the leader's picture."""
    return line(text, _MIDDLE - 3.0 * len(text), bottom, font="ABCDEF+Tinos-Bold")


def stamp() -> StampFact:
    """A good time stamp of the signing moment."""
    return StampFact("signature", MOMENT, True, "00", "sha256", "00")


def signature(field: str, certificate: bytes, box: Box | None, revision: int) -> SignatureFact:
    """A good signature in a field."""
    return SignatureFact(
        field=field,
        profile="ETSI.CAdES.detached",
        intact=True,
        coverage="file" if revision > 1 else "revision",
        modification="none" if revision > 1 else "form-filling",
        permitted=True,
        signer=sha256(certificate).hexdigest(),
        digest="sha256",
        scheme="rsa",
        claimed_time=MOMENT,
        zoned=True,
        binds_certificate=True,
        revision=revision,
        box=box,
        stamps=(stamp(),),
    )


LEADER = signature("LeaderSignature1", pki().leader().certificate, LEADER_BOX, 1)
SEAL = signature("AgencySeal1", pki().document_seal().certificate, SEAL_BOX, 2)
CORNER = signature("AnnexSignature1", pki().document_seal().certificate, CORNER_BOX, 2)
BLUE = Picture(LEADER_BOX, LEADER.field, 225, 0.8, 0.9)
RED = Picture(SEAL_BOX, SEAL.field, 357, 0.9, 0.6)
LINES = (
    line("Số: 05/QĐ-BNV", 90, 740),
    line(f"Hà Nội, ngày {DAY.day} tháng {DAY.month} năm {DAY.year}", 300, 740),
    line("QUYẾT ĐỊNH", 270, 700),
    centred("BỘ TRƯỞNG", 290),
    centred(SIGNER, 180),
)
WORDS = (line("Số: 05/QĐ-BNV", 345, 790, size=10), line("Thời gian ký: 2026-11-22T15:00:00+07:00", 345, 775, size=10))
CERTIFICATES = {sha256(der).hexdigest(): der for der in (pki().leader().certificate, pki().document_seal().certificate)}
MAIN = Facts(
    sha256="0" * 64,
    size=1,
    archival="PDF/A-2u",
    signatures=(LEADER, SEAL),
    certificates=CERTIFICATES,
    ocsps={"00": b""},
    looks=Looks(pages=((595, 842),), lines=LINES, pictures=(BLUE, RED)),
)
ANNEX = replace(
    MAIN,
    signatures=(CORNER,),
    looks=Looks(pages=((595, 842),), lines=(line("PHỤ LỤC", 270, 700),), words={CORNER.field: WORDS}),
)
COPY_WORDS = (line("SAO Y", 345, 795, size=10), line(BODY, 345, 785, size=10), WORDS[1])
COPY = replace(ANNEX, looks=Looks(pages=((595, 842),), lines=LINES, words={CORNER.field: COPY_WORDS}))
EXPECTED = Expected(
    organisation=BODY,
    signer=SIGNER,
    number="5",
    notation="QĐ-BNV",
    issued=date(DAY.year, DAY.month, DAY.day),
    seal_width=36 * MM,
    seen=MOMENT + timedelta(hours=1),
)
EXPECTED_ANNEX, EXPECTED_COPY = replace(EXPECTED, part=Part.ANNEX), replace(EXPECTED, part=Part.COPY, copy_form="SAO Y")


def report(facts: Facts, chain: str = "trusted", field: str = "") -> Report:
    """What judging would say: every chain trusted, but `chain` for one field."""
    told = tuple(_told(each, chain if each.field == field else "trusted") for each in facts.signatures)
    return Report(Verdict.VALID, LegalValue.ORIGINAL, not told, "", "", told)


def _told(fact: SignatureFact, chain: str) -> SignatureFacts:
    return SignatureFacts(
        field=fact.field, role=Role.OTHER, signer="", organisation="", issuer="", serial="", thumbprint="",
        profile=fact.profile, claimed_time=fact.claimed_time, coverage=fact.coverage, modification=fact.modification,
        integrity=fact.intact, chain=chain, verdict=Verdict.VALID, reason="valid", sentence_vi="", sentence_en="",
    )  # fmt: skip
