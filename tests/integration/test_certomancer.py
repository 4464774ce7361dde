"""Held against certomancer: what it makes of our keys is what we make, and what it makes of its own we can trust."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos, core, crl, keys, ocsp, x509
from certomancer.services import CRLBuilder, RevocationInfoInterface, SimpleOCSPResponder
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp as pyca_ocsp

from ca_house import AT, CaWorld, ca_world, home, person
from lienthong.adapters.asking import Sources
from lienthong.adapters.bootstrap import read_config
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.keys import KeyPair, SoftDocumentSigner
from lienthong.adapters.revocation import RevocationIndex
from lienthong.ca.ocsp import Record, answer
from lienthong.ca.offices import responders
from lienthong.ca.registers import Held
from lienthong.ca.status.board import Board
from lienthong.ca.status.lists import Lists
from lienthong.gateway.__main__ import judging
from lienthong.gateway.config import Config
from lienthong.signature import Role, sign
from lienthong.signature.facts.gather import gather
from lienthong.signature.judging import Standing
from lienthong.signature.model import Report, Verdict
from lienthong.testing.clock import START
from lienthong.testing.pki import pki
from state_authority import state_authority
from unit.signature.documents import composed, leader_look

pytestmark = pytest.mark.integration
ECDSA = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


def private(pair: Any) -> keys.PrivateKeyInfo:
    data = pair.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return keys.PrivateKeyInfo.load(data)


# ---------------------------------------------------------------- our keys in its hands


def its_list(number: int, life: timedelta, rows: list[Any], *more: crl.TBSCertListExtension) -> crl.CertificateList:
    """A partition's list as certomancer makes it, of the key and name of our authority for persons."""
    place = home().folder / "issuers"
    own = KeyPair.load(place / "persons.key", place / "persons.pem")
    parsed = x509.Certificate.load(own.certificate)
    builder = CRLBuilder(parsed.subject, private(own), ECDSA, parsed.key_identifier_value, list(more))
    where = {"distribution_point": x509.DistributionPointName("full_name", [uri(f"{AT}/crl/persons/0.crl")])}
    told = {**where, "only_contains_user_certs": True}
    return builder.build_crl(number, START, START + life, rows, told)


def uri(text: str) -> x509.GeneralName:
    return x509.GeneralName("uniform_resource_identifier", text)


def extension(name: str, value: Any, *, critical: bool = False) -> crl.TBSCertListExtension:
    return crl.TBSCertListExtension({"extn_id": name, "critical": critical, "extn_value": value})


def content(listed: crl.CertificateList) -> dict[str, Any]:
    """All that a list says, in an order of its own: the signature aside."""
    found = listed["tbs_cert_list"].native
    rows = [
        {**row, "crl_entry_extensions": row["crl_entry_extensions"] or []}
        for row in found["revoked_certificates"] or []
    ]
    extensions = sorted(found["crl_extensions"], key=lambda each: str(each["extn_id"]))
    return {**found, "revoked_certificates": rows, "crl_extensions": extensions}


async def test_our_partitioned_list_says_what_certomancers_says(ca: CaWorld) -> None:
    bad = await ca.revoked(await ca.issued(person()))
    lists = Lists(ca.house, ca.registers)
    await lists.round()
    kept = await lists.published("persons", 0)
    assert bad.changed is not None
    rows = [CRLBuilder.format_revoked_cert(bad.serial, crl.CRLReason("key_compromise"), bad.changed)]
    newest = extension(
        "freshest_crl",
        [{"distribution_point": x509.DistributionPointName("full_name", [uri(f"{AT}/crl/persons/0.delta.crl")])}],
    )
    full = its_list(kept.number, timedelta(hours=24), rows, newest)
    assert content(crl.CertificateList.load(kept.der(delta=False))) == content(full)
    base = extension("delta_crl_indicator", core.Integer(kept.number), critical=True)
    delta = its_list(kept.number, timedelta(hours=3), [], base)
    assert content(crl.CertificateList.load(kept.der(delta=True))) == content(delta)


class _Good(RevocationInfoInterface):
    """What certomancer's responder is told: the certificate is good."""

    def get_issuer_cert(self) -> x509.Certificate:
        return x509.Certificate.load(home().issuers["persons"].certificate)

    def check_revocation_status(self, cid: ocsp.CertId, at_time: datetime) -> tuple[ocsp.CertStatus, list[Any]]:
        return ocsp.CertStatus("good"), []


def question(held: Held) -> bytes:
    named = pyca.load_der_x509_certificate(held.certificate), home().issuers["persons"].own
    return pyca_ocsp.OCSPRequestBuilder().add_certificate(*named, hashes.SHA256()).build().public_bytes(Encoding.DER)


async def test_our_answer_says_what_certomancers_says(ca: CaWorld) -> None:
    held = await ca.issued(person())
    board, responder = Board(ca.registers, ("persons",)), responders(home())["persons"]
    await board.follow()
    asked = question(held)
    ours = answer(asked, responder, Record(lambda serial: board.of("persons", serial), lambda _: True), START)
    pair = home().service("answers-persons")
    own = x509.Certificate.load(pair.certificate)
    theirs = SimpleOCSPResponder(own, private(pair), ECDSA, START, _Good()).build_ocsp_response(
        ocsp.OCSPRequest.load(asked)
    )
    said = [ocsp.OCSPResponse.load(each).basic_ocsp_response for each in (ours, theirs.dump())]
    [mine, its] = [each["tbs_response_data"] for each in said]
    assert mine["responder_id"].native == its["responder_id"].native
    one, other = mine["responses"][0], its["responses"][0]
    assert [one[name].native for name in ("cert_id", "cert_status", "this_update")] == [
        other[name].native for name in ("cert_id", "cert_status", "this_update")
    ]
    assert [each["certs"][0].dump() for each in said] == [own.dump()] * 2
    index = RevocationIndex([home().issuers["persons"].certificate])
    for each in (theirs.dump(), ours):  # either is enough for a gateway
        index.answered(each, held.certificate, home().issuers["persons"].certificate, START)
        assert index.of(held.certificate, home().issuers["persons"].certificate, START).standing is Standing.GOOD


async def test_our_certificates_name_keys_as_certomancer_does(ca: CaWorld) -> None:
    leaf = x509.Certificate.load((await ca.issued(person())).certificate)
    above, root = x509.Certificate.load(home().issuers["persons"].certificate), x509.Certificate.load(home().root)
    assert leaf.key_identifier == leaf.public_key.sha1
    assert (leaf.authority_key_identifier, above.authority_key_identifier) == (
        above.key_identifier,
        root.key_identifier,
    )
    assert (leaf.issuer, above.issuer) == (above.subject, root.subject)


# ---------------------------------------------------------------- a foreign root


def test_its_lists_and_answers_are_taken() -> None:
    state = state_authority()
    issuing = state.certificate("issuing")
    index = RevocationIndex([state.certificate("root"), issuing])
    for name in ("all", "top"):
        index.take(state.crl(name), START)
    standings = {name: index.of(state.certificate(name), issuing, START).standing for name in ("leader", "lost")}
    assert standings == {"leader": Standing.GOOD, "lost": Standing.REVOKED}
    fresh = RevocationIndex([issuing])
    leaf, above = (pyca.load_der_x509_certificate(state.certificate(name)) for name in ("lost", "issuing"))
    asked = pyca_ocsp.OCSPRequestBuilder().add_certificate(leaf, above, hashes.SHA256()).build()
    said = state.answer(ocsp.OCSPRequest.load(asked.public_bytes(Encoding.DER)))
    fresh.answered(said, state.certificate("lost"), issuing, START)
    assert fresh.of(state.certificate("lost"), issuing, START).standing is Standing.REVOKED


SETTINGS = """
name = "gw-h29"
data = "data"
roots = "root.pem"
tenants = "tenants"
tokens = "tokens.json"
log = {origin = "o", key = "log.key", certificate = "log.pem"}
axis = {url = "https://axis.example", key = "hop.key", certificate = "hop.pem"}
desk = {port = 1}
operations = {port = 2}
"""


@pytest.fixture
def verdicts(tmp_path: Path) -> Any:
    """What a gateway with these settings makes of a leader's signature."""
    anchors = tmp_path / "state"
    anchors.mkdir()
    (anchors / "root.crt").write_bytes(state_authority().certificate("root"))

    async def verdict(settings: str, signer: SoftDocumentSigner) -> Report:
        (tmp_path / "gateway.toml").write_text(settings)
        config = read_config(tmp_path / "gateway.toml", Config)
        court = judging(config, pki().roots, SystemClock(), Sources(None, frozenset()))  # type: ignore[arg-type]  # asks nobody
        signed = sign(composed().pdf, signer, Role.LEADER, leader_look(), START)
        return await court.judged(gather(signed))

    return verdict


async def test_foreign_roots_take_the_place_of_ours_by_a_setting(verdicts: Any) -> None:
    foreign = SETTINGS + '[trust]\nanchors = ["state"]\n'
    theirs, ours = state_authority().signer("leader"), pki().leader()
    trusted = [
        (await verdicts(settings, signer)).conclusion is Verdict.VALID
        for settings in (SETTINGS, foreign)
        for signer in (ours, theirs)
    ]
    assert trusted == [True, False, False, True]
    [refused] = (await verdicts(foreign, ours)).signatures
    assert (refused.verdict, refused.reason) == (Verdict.CANNOT_TELL, "unknown")
