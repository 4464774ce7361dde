"""The desk behind the routes, at moments of the test's choosing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519

from lienthong.ca import Authority, Issued, Revoked
from lienthong.ca.desk import CertificateDesk, stamper_of
from lienthong.errors import AlgorithmNotAllowed, NotFound

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class World:
    authority: Authority = field(default_factory=lambda: Authority.found(NOW))
    moment: datetime = NOW
    rows: tuple[Revoked, ...] = ()

    def desk(self) -> CertificateDesk:
        return CertificateDesk(self.authority, b"root list", lambda: self.rows, lambda: self.moment)


@pytest.fixture
def world() -> World:
    return World()


def serials(desk: CertificateDesk) -> set[int]:
    return {row.serial_number for row in x509.load_der_x509_crl(desk.revocation_list("issuing"))}


def test_a_revocation_is_on_the_list_within_a_minute(world: World):
    desk = world.desk()
    assert serials(desk) == set()
    world.rows = (Revoked(7, NOW),)
    world.moment += timedelta(seconds=59)
    assert serials(desk) == set()
    world.moment += timedelta(seconds=1)
    assert serials(desk) == {7}


def test_a_clock_set_back_makes_a_new_list(world: World):
    desk = world.desk()
    desk.revocation_list("issuing")
    world.moment -= timedelta(minutes=5)
    assert x509.load_der_x509_crl(desk.revocation_list("issuing")).last_update_utc == world.moment


def test_lists_and_certificates_by_name(world: World):
    desk = world.desk()
    assert desk.revocation_list("root") == b"root list"
    assert desk.certificate("tsa") == world.authority.tsa.certificate
    assert desk.certificate_pem("root") == world.authority.root_pem
    for ask in (desk.revocation_list, desk.certificate, desk.certificate_pem):
        with pytest.raises(NotFound):
            ask("serials")


def test_health_tells_what_runs_out(world: World):
    desk = world.desk()
    assert (desk.health()["ok"], desk.health()["renew"]) == (True, [])
    world.moment = NOW + timedelta(days=5 * 365 - 10)
    assert (desk.health()["ok"], desk.health()["renew"]) == (True, ["tsa"])
    world.moment = NOW + timedelta(days=5 * 365 + 1)
    assert desk.health()["ok"] is False


def test_a_stamping_key_of_another_kind_is_refused_at_once(world: World):
    broken = Authority(world.authority.root, world.authority.issuing, Issued(ed25519.Ed25519PrivateKey.generate(), b""))
    with pytest.raises(AlgorithmNotAllowed):
        stamper_of(broken)
