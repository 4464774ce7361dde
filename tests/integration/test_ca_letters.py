"""A request with its letter, signed as the law wants it: by a leader and the agency's seal, in the signature room."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from ca_house import CaWorld, agency, ca_world, csr, home, person, rsa_key
from lienthong.adapters.confined import Examiner, Limits
from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.adapters.letters import ConfinedLetters
from lienthong.adapters.revocation import RevocationIndex
from lienthong.ca.casework import Casework
from lienthong.ca.life.forms import PersonForm
from lienthong.ca.life.states import CaseState
from lienthong.ca.registers import Held, Wanted
from lienthong.ca.status.board import Board, OwnKnowledge
from lienthong.errors import InvalidValue, LetterRefused
from lienthong.signature import Appearance, Role, sign
from lienthong.signature.judging import Trust, shipped
from lienthong.testing.clock import START
from lienthong.testing.pki import pki
from unit.signature.documents import composed

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with Examiner(Limits(children=1)) as found:
        yield found


@dataclass
class Desk:
    """The authority with whoever judges letters, and the keys of an agency it certified before."""

    ca: CaWorld
    board: Board
    leader: SoftDocumentSigner
    seals: dict[str, SoftDocumentSigner]

    def letter(self, *signers: tuple[SoftDocumentSigner, Role]) -> bytes:
        pdf = composed().pdf
        for signer, role in signers:
            look = Appearance(seal_place=composed().anchors.seal) if role is Role.LEADER else Appearance()
            pdf = sign(pdf, signer, role, look, START)
        return pdf

    def sealed(self, code: str) -> bytes:
        return self.letter((self.leader, Role.LEADER), (self.seals[code], Role.SEAL))

    async def refused(self, form: PersonForm, letter: bytes, words: str) -> None:
        """In words, with a line in the history, and nothing more."""
        with pytest.raises(LetterRefused, match=words):
            await self.ca.opened(with_letter(form, letter), "asked", letter=letter)
        told = await self.ca.registers.read(lambda view: view.deeds(case="asked"))
        assert (told[-1].act, told[-1].text.partition(":")[0]) == ("refused:open", LetterRefused.code)
        assert await self.ca.registers.read(lambda view: view.case("asked")) is None


def with_letter(form: PersonForm, letter: bytes) -> PersonForm:
    return PersonForm(
        organisation=form.organisation, full_name=form.full_name, locality=form.locality, csr=form.csr,
        letter=sha256(letter).hexdigest(),
    )  # fmt: skip


@pytest.fixture
async def desk(tmp_path: Path, examiner: Examiner) -> AsyncIterator[Desk]:
    async with ca_world(tmp_path / "ca") as ca:
        held = home()
        board = Board(ca.registers, tuple(held.issuers))
        others = {name: each.certificate for name, each in held.issuers.items()}
        above = RevocationIndex([held.root, *others.values()])
        above.take(held.root_list, ca.clock.now())
        known = OwnKnowledge(board, others, ca.clock.now, above)
        trust = Trust("t", (held.root,), tuple(others.values()))
        ca.house = replace(ca.house, letters=ConfinedLetters(examiner, shipped("vn"), trust, known, ca.clock.now))
        ca.casework = Casework(ca.house, ca.registers)
        led = await ca.issued(person(csr=csr(rsa_key())), "leader")
        seals = {}
        for code in ("H29", "H29.12", "H29.13"):
            key = rsa_key(2048 + len(seals) * 256)  # a key each
            held_seal = await ca.issued(agency(code, csr=csr(key)), f"seal-{code}")
            seals[code] = SoftDocumentSigner(key, held_seal.certificate, (others["agencies"],))
        await board.follow()
        leader = SoftDocumentSigner(rsa_key(), led.certificate, (others["persons"],))
        yield Desk(ca, board, leader, seals)


@pytest.mark.parametrize("by", ["H29.12", "H29"])
async def test_a_letter_of_the_agency_or_of_one_above_it(desk: Desk, by: str) -> None:
    letter = desk.sealed(by)
    form = with_letter(person("Trần Thị Ví Dụ"), letter)
    case = await desk.ca.opened(form, letter=letter)
    assert case.letter.startswith("valid: ")
    assert await desk.ca.registers.read(lambda view: view.paper(form.letter)) == letter
    examined = await desk.ca.decided(case, "examine", "hoa")
    await desk.ca.decided(examined, "approve", "trung")
    [issued] = await desk.ca.carrying.carry_out([case.id])
    assert issued.state is CaseState.ISSUED
    found: Held = await desk.ca.held(issued.about)
    assert found.name == "Trần Thị Ví Dụ"


async def test_a_letter_of_another_agency(desk: Desk) -> None:
    await desk.refused(person(), desk.sealed("H29.13"), "Sở Y tế mẫu; cần / wanted: Sở Nội vụ mẫu")


async def test_letters_nobody_of_the_agency_stands_for(desk: Desk) -> None:
    await desk.refused(person(), composed().pdf, "chữ ký")
    await desk.refused(person(), desk.letter((desk.leader, Role.LEADER)), "không có / none")
    stranger = desk.letter((desk.leader, Role.LEADER), (pki().document_seal("Sở Nội vụ mẫu"), Role.SEAL))
    await desk.refused(person(), stranger, "Sở Nội vụ mẫu")
    whole = desk.sealed("H29.12")
    await desk.refused(person(), whole.replace(b"/Contents <30", b"/Contents <31", 1), "không")


async def test_a_seal_that_was_revoked(desk: Desk) -> None:
    letter = desk.sealed("H29.12")
    [held] = await desk.ca.registers.read(
        lambda view: view.certificates(Wanted(profile="document-seal", organisation="H29.12"))
    )
    await desk.ca.revoked(held)
    await desk.board.follow()
    await desk.refused(person(), letter, "thu hồi")


async def test_a_completed_form_may_bring_another_letter(desk: Desk) -> None:
    case = await desk.ca.opened(person())
    await desk.ca.decided(case, "return", "hoa")
    letter = desk.sealed("H29.12")
    form, asker = with_letter(person(), letter), desk.ca.asker("lan")
    with pytest.raises(InvalidValue):
        await desk.ca.casework.resubmit(asker, case.id, form)
    again = await desk.ca.casework.resubmit(asker, case.id, form, letter)
    assert (again.state, again.letter.partition(":")[0]) == (CaseState.RECEIVED, "valid")
