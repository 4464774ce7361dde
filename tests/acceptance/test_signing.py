"""Signing through a real gateway: its own keys, a key in a person's hands, a stamp of the real authority, a kill."""

import hashlib
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

import pytest

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.keys import KeyPair
from lienthong.client import Desk, Paper
from lienthong.errors import DuplicateDiffers, NotFound, SignatureProblem, SigningDiffers, SigningEnded
from lienthong.signature import Role, Verdict, validate
from running_country import Country, now
from unit.signature.documents import composed

pytestmark = pytest.mark.acceptance


@pytest.fixture
def desk(country: Country) -> Desk:
    return country.desk("H29")


def paper(pdf: bytes | None = None) -> Paper:
    return Paper(pdf or composed().pdf, "V/v thử nghiệm", "15/QĐ-M")


def test_leader_and_seal_with_the_gateways_keys(country: Country, desk: Desk) -> None:
    assert [(key.id, key.kind) for key in desk.signing_keys()] == [("leader", "file"), ("seal", "file")]
    first = desk.sign(paper(), "leader", "Nguyễn Văn Mẫu", "leader", level="B-T")
    whole = desk.sign(paper(first), "seal", "Văn thư Mẫu", "seal", level="B-T")
    report = validate(whole, root_certificates(country.place.root), now())
    assert [each.role for each in report.signatures] == [Role.LEADER, Role.SEAL]
    assert report.conclusion is Verdict.VALID
    with pytest.raises(SignatureProblem):
        desk.sign(paper(), "seal", "Văn thư Mẫu", "seal")


def test_a_key_in_a_browser(country: Country, desk: Desk) -> None:
    folder = country.place.folder / "keys" / "H29"
    pair = KeyPair.load(folder / "leader.key", folder / "leader.pem")
    name = uuid4().hex
    asked = {"role": "leader", "person": "Mẫu", "certificate": pair.certificate, "chain": pair.chain, "id": name}
    (session,) = desk.prepare_signature([paper()], **asked)  # type: ignore[arg-type]  # by name
    assert hashlib.sha256(session.to_be_signed).hexdigest() == session.digest
    assert desk.prepare_signature([paper()], **asked) == (session,)  # type: ignore[arg-type]  # by name
    with pytest.raises(DuplicateDiffers):
        desk.prepare_signature([paper(composed().pdf + b"\n")], **asked)  # type: ignore[arg-type]  # by name
    with pytest.raises(SigningDiffers):
        desk.complete_signature(name, cms=b"garbage")
    with pytest.raises(NotFound):
        country.desk("H29.03").signing_session(name)
    value = pair.document_signer().sign(session.to_be_signed)
    assert desk.complete_signature(name, value=value).state == "signed"
    assert desk.await_signature(name).result == hashlib.sha256(desk.signed_document(name)).hexdigest()
    with pytest.raises(SigningEnded):
        desk.complete_signature(name, value=value[::-1])


def test_a_bulk(desk: Desk) -> None:
    sessions = desk.prepare_signature([paper()] * 3, "leader", "Mẫu", key="leader")
    desk.cancel_signature(sessions[1].id)
    done = desk.complete_signatures(sessions[0].batch)
    assert [session.state for session in done] == ["signed", "rejected", "signed"]
    assert desk.signing_batch(sessions[0].batch) == done
