"""What the authority makes is taken by others: pyHanko's path validation with our lists and answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError

from ca_house import CaWorld, agency, ca_world, home, person
from lienthong.ca.ocsp import Record, answer
from lienthong.ca.offices import responders
from lienthong.ca.registers import Held
from lienthong.ca.status.board import Board
from lienthong.ca.status.lists import Lists
from lienthong.testing.clock import START

pytestmark = pytest.mark.integration


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


async def validated(ca: CaWorld, held: Held, **known: list[object]) -> object:
    """pyHanko's verdict on a path, revocation required."""
    issuer = home().issuers[held.issuer].certificate
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(home().root)],
        moment=START + timedelta(minutes=1),
        revocation_mode="require",
        crls=[asn1_crl.CertificateList.load(home().root_list), *known.get("crls", [])],
        ocsps=known.get("ocsps", []),
        allow_fetching=False,
    )
    leaf, above = asn1_x509.Certificate.load(held.certificate), asn1_x509.Certificate.load(issuer)
    validator = CertificateValidator(leaf, intermediate_certs=[above], validation_context=context)
    return await validator.async_validate_usage({"digital_signature", "non_repudiation"})


async def test_pyhanko_takes_certificates_and_partitioned_lists(ca: CaWorld) -> None:
    good, bad = await ca.issued(person()), await ca.issued(person("Trần Thị Ví Dụ"), "c2")
    await ca.revoked(bad)
    lists = Lists(ca.house, ca.registers)
    await lists.round()
    published = await lists.published("persons", 0)
    both: list[object] = [asn1_crl.CertificateList.load(published.der(delta=delta)) for delta in (False, True)]
    assert await validated(ca, good, crls=both)
    with pytest.raises(RevokedError):
        await validated(ca, bad, crls=both)


async def test_pyhanko_takes_answers(ca: CaWorld) -> None:
    held = await ca.issued(agency())
    board, responder = Board(ca.registers, ("agencies",)), responders(home())["agencies"]
    await board.follow()
    certificates = (x509.load_der_x509_certificate(held.certificate), home().issuers["agencies"].own)
    asked = ocsp.OCSPRequestBuilder().add_certificate(*certificates, hashes.SHA256()).build().public_bytes(Encoding.DER)
    record = Record(lambda serial: board.of("agencies", serial), lambda _: True)
    said = asn1_ocsp.OCSPResponse.load(answer(asked, responder, record, START))
    assert await validated(ca, held, ocsps=[said])
