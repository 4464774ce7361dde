"""ACME against a real client (the library of certbot), a real host that answers, and clients that lie."""

import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import josepy as jose
import pytest
from acme import client, messages
from acme.crypto_util import get_names_from_subject_and_extensions
from acme.errors import Error as AcmeError
from acme.messages import Error as AcmeRefusal
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from acme_machine import Machine, Signer, following, kind, place, text
from ca_house import csr
from ca_office import OfficeProcess, office_process
from ca_process import free_port

pytestmark = pytest.mark.acceptance
SHOWN: dict[str, str] = {}


class Host(BaseHTTPRequestHandler):
    """A gateway's web server: shows what its ACME client put there."""

    def do_GET(self) -> None:
        body = SHOWN.get(self.path.rpartition("/")[2], "")
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OfficeProcess, str]]:
    server = HTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    extra = f'[office.acme]\nurl = "{url}"\nport = {port}\nhttp_port = {server.server_port}\n'
    with office_process(tmp_path_factory.mktemp("acme"), extra) as found:
        yield found, url
    server.shutdown()
    server.server_close()


def granted(office: OfficeProcess, case: str, hosts: tuple[str, ...] = ("localhost",)) -> dict[str, Any]:
    form = {
        "kind": "device", "organisation": "H29.12", "profile": "gateway", "name": "gw-mau", "holder": "gateway:gw-mau",
        "hosts": hosts, "acme": True,
    }  # fmt: skip
    assert office.call("lan", "PUT", f"/v1/cases/{case}", {"form": form}).json()["state"] == "received"
    office.order("hoa", case, "examine")
    assert office.call("lan", "GET", f"/v1/cases/{case}/acme").status_code == 404  # not before it is approved
    assert office.order("trung", case, "approve").json()["state"] == "done"
    found: dict[str, Any] = office.call("lan", "GET", f"/v1/cases/{case}/acme").json()
    return found


def machine(url: str) -> tuple[client.ClientV2, jose.JWKRSA]:
    key = jose.JWKRSA(key=rsa.generate_private_key(65537, 2048))
    net = client.ClientNetwork(key, user_agent="test")
    directory = messages.Directory.from_json(net.get(f"{url}/acme/directory").json())
    return client.ClientV2(directory, net=net), key


def registered(url: str, grant: dict[str, Any]) -> client.ClientV2:
    found, key = machine(url)
    binding = messages.ExternalAccountBinding.from_data(key.public_key(), grant["id"], grant["secret"], found.directory)
    found.new_account(messages.NewRegistration.from_data(external_account_binding=binding))
    return found


def shows(machine: client.ClientV2, order: messages.OrderResource) -> None:
    for asked in order.authorizations:
        [challenge] = asked.body.challenges
        response, validation = challenge.response_and_validation(machine.net.key)
        SHOWN[challenge.chall.encode("token")] = validation
        machine.answer_challenge(challenge, response)


def asked(*hosts: str) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, csr(key, hosts[0], hosts).encode()


def test_a_machine_gets_renews_and_revokes_its_certificate(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    grant = granted(desk, "gw")
    found = registered(url, grant)
    key, request = asked("localhost")
    order = found.new_order(request)
    shows(found, order)
    done = found.poll_and_finalize(order)
    leaf, issuer = x509.load_pem_x509_certificates(done.fullchain_pem.encode())
    leaf.verify_directly_issued_by(issuer)
    assert leaf.public_key() == key.public_key()
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == ["urn:lienthong:gateway:gw-mau"]
    again = get_names_from_subject_and_extensions(leaf.subject, leaf.extensions)  # what certbot renews it for
    second = found.new_order(asked(*again)[1])
    shows(found, second)
    assert found.poll_and_finalize(second).fullchain_pem != done.fullchain_pem
    found.revoke(leaf, 4)
    with pytest.raises(AcmeRefusal, match="alreadyRevoked"):
        found.revoke(leaf, 4)
    page = desk.call("lan", "GET", f"/v1/certificates/devices/{leaf.serial_number:x}").json()
    assert page["certificate"]["state"] == "revoked"
    assert page["history"][0]["who"] == f"acme:{grant['id']}"
    desk.call("lan", "POST", "/v1/cases/gw/acme/stop")
    with pytest.raises(AcmeRefusal, match="unauthorized"):
        found.new_order(asked("localhost")[1])


def test_machines_that_lie(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    grant = granted(desk, "liar", ("localhost", "other.example"))
    for wrong in ({**grant, "secret": urlsafe_b64encode(b"x" * 32).decode()}, {**grant, "id": "nobody"}):
        with pytest.raises(AcmeRefusal, match="unauthorized"):
            registered(url, wrong)
    stranger, _ = machine(url)
    with pytest.raises(AcmeRefusal, match="externalAccountRequired"):
        stranger.new_account(messages.NewRegistration())
    found = registered(url, grant)
    with pytest.raises(AcmeRefusal, match="unauthorized"):  # the same secret for a second key
        registered(url, grant)
    with pytest.raises(AcmeRefusal, match="rejectedIdentifier"):
        found.new_order(asked("bank.example")[1])
    order = found.new_order(asked("localhost")[1])
    with pytest.raises(AcmeRefusal, match="orderNotReady"):
        found.begin_finalization(order)
    [challenge] = order.authorizations[0].body.challenges
    response, validation = challenge.response_and_validation(found.net.key)
    SHOWN[challenge.chall.encode("token")] = validation[:-3] + "AAA"
    told = found.answer_challenge(challenge, response)
    assert told.body.status.name == "invalid"
    order = found.new_order(asked("localhost")[1])
    shows(found, order)
    for lie in (
        asked("other.example")[1],
        asked("localhost", "other.example")[1],
        b"-----BEGIN CERTIFICATE REQUEST-----",
    ):
        with pytest.raises((AcmeRefusal, AcmeError, ValueError)):
            found.begin_finalization(order.update(csr_pem=lie))
    small = rsa.generate_private_key(65537, 2048)  # a gateway's key is P-256
    with pytest.raises(AcmeRefusal, match="badCSR"):
        found.begin_finalization(order.update(csr_pem=csr(small, "localhost", ("localhost",)).encode()))
    assert desk.call("lan", "GET", "/v1/certificates?organisation=H29.12&profile=gateway&text=liar").json() == []
    acts = [each["act"] for each in desk.call("lan", "GET", "/v1/cases/liar").json()["history"]]
    assert (acts.count("refused:acme-order"), acts.count("refused:acme-finalize")) == (1, 4)
    # a wrong secret, a second key; a host that answered something else
    assert (acts.count("refused:acme-account"), acts.count("refused:acme-challenge")) == (2, 1)


def test_requests_that_are_none(office: tuple[OfficeProcess, str]) -> None:
    _, url = office
    stranger, path = Machine(url), "/acme/new-account"

    def refused(**changes: Any) -> str:
        return kind(stranger.ask(path, {}, **changes))

    good = stranger.body(path, {})
    assert kind(stranger.send(path, {**good, "signature": text(bytes(64))})) == "malformed"
    assert kind(stranger.send(path, good)) == "externalAccountRequired"
    assert kind(stranger.send(path, good)) == "badNonce"  # now it was used
    assert refused(nonce="AAAA") == "badNonce"
    assert refused(nonce=None) == "badNonce"
    assert refused(url=f"{url}/acme/new-order") == "unauthorized"
    assert refused(url=f"{url}{path}?cursor=1") == "unauthorized"
    assert refused(alg="none") == "badSignatureAlgorithm"
    assert refused(alg="HS256") == "badSignatureAlgorithm"
    assert refused(kid="x") == "malformed"
    assert refused(jwk={"kty": "oct", "k": "AAAA"}) == "badPublicKey"
    assert refused(jwk=padded(stranger.signer)) == "badPublicKey"
    assert kind(stranger.send(path, b"{}")) == "malformed"
    assert kind(stranger.send(path, b"\xff" * 100_000)) == "malformed"


def padded(of: Signer) -> dict[str, str]:
    """The same key in a spelling of its own (a zero before its number), so that it would look like another."""
    return of.jwk | {"x": text(b"\0" + of.key.public_key().public_numbers().x.to_bytes(32))}


def test_a_request_sent_again_makes_nothing(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    machine = Machine(url).register(granted(desk, "again"))
    once = machine.body("/acme/new-order", {"identifiers": [{"type": "dns", "value": "localhost"}]})
    made = machine.send("/acme/new-order", once)
    assert made.status_code == 201
    before = desk.call("lan", "GET", "/v1/cases/again").json()["history"]
    for _ in range(2):
        again = machine.send("/acme/new-order", once)
        assert (again.status_code, kind(again)) == (400, "badNonce")
    assert orders(machine) == [made.headers["location"]]
    assert desk.call("lan", "GET", "/v1/cases/again").json()["history"] == before


# ---------------------------------------------------------------- orders of an account


def orders(machine: Machine) -> list[str]:
    """All an account is told of, page by page."""
    found: list[str] = []
    path = own_orders(machine)
    while path:
        reply = machine.ask(path)
        assert reply.status_code == 200, reply.text
        assert len(reply.json()["orders"]) <= 20
        found, path = found + reply.json()["orders"], following(reply, machine.url)
    return found


def own_orders(machine: Machine) -> str:
    assert machine.kid is not None
    return str(machine.ask(machine.kid.removeprefix(machine.url)).json()["orders"]).removeprefix(machine.url)


def test_an_account_finds_its_orders_and_nobody_elses(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    mine, other = (Machine(url).register(granted(desk, name)) for name in ("mine", "other"))
    made = {mine.order().headers["location"] for _ in range(22)}
    failed = mine.order()
    number = failed.headers["location"].rpartition("/")[2]
    assert mine.ask(f"/acme/chall/{number}/0", {}).json()["status"] == "invalid"  # the host shows nothing
    assert set(orders(mine)) == made
    assert len(orders(mine)) == 22
    assert orders(other) == []
    stolen = other.ask(own_orders(mine))
    assert (stolen.status_code, kind(stolen)) == (403, "unauthorized")
    assert other.ask(f"{own_orders(mine)}?cursor=0").status_code == 403
    assert kind(mine.ask(f"{own_orders(mine)}?cursor=0", url=f"{url}{own_orders(mine)}")) == "unauthorized"
    assert mine.ask(f"{own_orders(mine)}?cursor=-1").status_code == 400


# ---------------------------------------------------------------- another key for an account


def test_an_account_goes_on_with_another_key(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    grant = granted(desk, "roll")
    machine, fresh = Machine(url).register(grant), Signer()
    order = place(machine.order(), url)
    before = Machine(url, machine.signer, machine.kid)
    change = machine.body("/acme/key-change", machine.wish(fresh))
    done = machine.send("/acme/key-change", change)
    assert (done.status_code, done.json()["status"], done.headers["location"]) == (200, "valid", machine.kid)
    machine.signer = fresh
    assert kind(machine.send("/acme/key-change", change)) == "malformed"  # the old key signs nothing any more
    assert kind(before.ask("/acme/key-change", before.wish(Signer()))) == "malformed"
    assert kind(before.order()) == "malformed"
    old = Machine(url, before.signer)
    assert kind(old.ask("/acme/new-account", {"onlyReturnExisting": True})) == "accountDoesNotExist"
    with pytest.raises(AssertionError, match="unauthorized"):  # the agency's secret is spent
        old.register(grant)
    assert orders(machine) == [f"{url}{order}"]
    chain = certified(machine, order)
    assert chain.startswith("-----BEGIN CERTIFICATE-----")
    deeds = [(each["who"], each["act"]) for each in desk.call("lan", "GET", "/v1/cases/roll").json()["history"]]
    assert (f"acme:{grant['id']}", "acme-key") in deeds


def ready(machine: Machine, order: str = "") -> str:
    """An order whose host has answered, by the key the account has now."""
    order = order or place(machine.order(), machine.url)
    [asks] = machine.ask(order).json()["authorizations"]
    [challenge] = machine.ask(asks.removeprefix(machine.url)).json()["challenges"]
    SHOWN[challenge["token"]] = f"{challenge['token']}.{machine.signer.thumbprint}"
    assert machine.ask(challenge["url"].removeprefix(machine.url), {}).json()["status"] == "valid"
    return order


def request_of(key: ec.EllipticCurvePrivateKey) -> str:
    return text(x509.load_pem_x509_csr(csr(key, "localhost", ("localhost",)).encode()).public_bytes(Encoding.DER))


def certified(machine: Machine, order: str) -> str:
    """The certificate of an order."""
    request = request_of(ec.generate_private_key(ec.SECP256R1()))
    assert machine.ask(f"{ready(machine, order)}/finalize", {"csr": request}).json()["status"] == "valid"
    return machine.ask(order.replace("/order/", "/cert/")).text


def test_a_key_asks_or_is_certified_never_both(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    grant = granted(desk, "one-use")
    machine, other = Machine(url).register(grant), Machine(url).register(granted(desk, "one-use-too"))
    order = ready(machine)
    for own in (machine.signer, other.signer):
        refused = machine.ask(f"{order}/finalize", {"csr": request_of(own.key)})
        assert (refused.status_code, kind(refused)) == (403, "badCSR")
        assert "ACME" in refused.json()["detail"]
    form = {"organisation": "H29.12", "profile": "gateway", "name": "gw-mau", "holder": "gateway:gw-mau",
            "kind": "device", "hosts": ["localhost"], "csr": csr(machine.signer.key, "localhost", ("localhost",))}  # fmt: skip
    told = desk.call("lan", "PUT", "/v1/cases/by-hand", {"form": form})
    assert (told.status_code, told.json()["code"]) == (409, "key-reused")
    certified_key = Signer()
    assert machine.ask(f"{order}/finalize", {"csr": request_of(certified_key.key)}).json()["status"] == "valid"
    assert kind(machine.ask("/acme/key-change", machine.wish(certified_key))) == "badPublicKey"
    with pytest.raises(AssertionError, match="badPublicKey"):
        Machine(url, certified_key).register(granted(desk, "one-use-late"))
    pending = Signer()
    opened = {**form, "csr": csr(pending.key, "localhost", ("localhost",))}
    assert desk.call("lan", "PUT", "/v1/cases/not-yet", {"form": opened}).status_code == 200
    assert kind(machine.ask("/acme/key-change", machine.wish(pending))) == "badPublicKey"
    with pytest.raises(AssertionError, match="badPublicKey"):
        Machine(url, pending).register(granted(desk, "one-use-later"))
    log = [(each["who"], each["act"]) for each in desk.call("kiem", "GET", "/v1/deeds").json()]
    assert log.count((f"acme:{grant['id']}", "refused:open")) == 2
    assert log.count((f"acme:{grant['id']}", "refused:acme-key")) == 2
    revoked_by_its_own_key(desk, machine, other, order, certified_key)


def revoked_by_its_own_key(desk: OfficeProcess, machine: Machine, other: Machine, order: str, own: Signer) -> None:
    """By nobody else's (RFC 8555 §7.6), and also when its machine asks for nothing more."""
    leaf, *_ = x509.load_pem_x509_certificates(machine.ask(order.replace("/order/", "/cert/")).text.encode())
    told = {"certificate": text(leaf.public_bytes(Encoding.DER)), "reason": 1}
    for stranger in (Machine(machine.url), other):
        refused = stranger.ask("/acme/revoke-cert", told)
        assert (refused.status_code, kind(refused)) == (403, "unauthorized")
    desk.call("lan", "POST", "/v1/cases/one-use/acme/stop")
    assert Machine(machine.url, own).ask("/acme/revoke-cert", told).status_code == 200
    assert kind(Machine(machine.url, own).ask("/acme/revoke-cert", told)) == "alreadyRevoked"
    page = desk.call("lan", "GET", f"/v1/certificates/devices/{leaf.serial_number:x}").json()
    assert (page["certificate"]["state"], page["certificate"]["reason"]) == ("revoked", "keyCompromise")
    acts = [each["act"] for each in desk.call("lan", "GET", "/v1/cases/one-use").json()["history"]]
    assert acts.count("refused:revoke") == 3


def test_an_account_that_leaves_asks_for_nothing_more(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    grant = granted(desk, "leaves")
    machine = Machine(url).register(grant)
    own = str(machine.kid).removeprefix(url)
    assert machine.ask(own, {"status": "valid", "contact": []}).json()["status"] == "valid"
    assert machine.ask(own, {"status": "deactivated"}).json()["status"] == "deactivated"
    assert kind(machine.order()) == "unauthorized"
    assert kind(machine.ask(own)) == "unauthorized"
    with pytest.raises(AssertionError, match="unauthorized"):  # the agency's secret is spent
        Machine(url).register(grant)


def test_a_real_client_goes_on_with_the_new_key(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    machine, fresh = Machine(url).register(granted(desk, "real")), Signer()
    assert machine.ask("/acme/key-change", machine.wish(fresh)).status_code == 200
    net = client.ClientNetwork(jose.JWKEC(key=fresh.key), alg=jose.ES256, user_agent="test")
    directory = messages.Directory.from_json(net.get(f"{url}/acme/directory").json())
    real = client.ClientV2(directory, net=net)
    known = messages.RegistrationResource(uri=machine.kid, body=messages.Registration())
    assert real.query_registration(known).uri == machine.kid
    order = real.new_order(asked("localhost")[1])
    shows(real, order)
    assert real.poll_and_finalize(order).fullchain_pem


def test_key_changes_that_lie(office: tuple[OfficeProcess, str]) -> None:
    desk, url = office
    machine, other = (Machine(url).register(granted(desk, name)) for name in ("keys", "stranger"))
    fresh, own = Signer(), machine.signer
    wrong_signature = machine.wish(fresh) | {"signature": text(bytes(64))}
    lies: list[tuple[Any, int, str]] = [
        (machine.wish(own), 409, "malformed"),
        (machine.wish(other.signer), 409, "malformed"),
        (machine.wish(fresh, {"url": f"{url}/acme/new-order"}), 400, "malformed"),
        (machine.wish(fresh, {"url": None}), 400, "malformed"),
        (machine.wish(fresh, {"nonce": "AAAA"}), 400, "malformed"),
        (machine.wish(fresh, {"jwk": None, "kid": machine.kid}), 400, "malformed"),
        (machine.wish(fresh, {"jwk": Signer().jwk}), 400, "malformed"),
        (machine.wish(fresh, {"alg": "none"}), 400, "badSignatureAlgorithm"),
        (machine.wish(fresh, {"jwk": {"kty": "oct", "k": "AAAA"}}), 400, "badPublicKey"),
        (machine.wish(fresh, {"jwk": padded(fresh)}), 400, "badPublicKey"),
        (machine.wish(fresh, account=other.kid), 400, "malformed"),
        (machine.wish(fresh, account=None), 400, "malformed"),
        (machine.wish(fresh, oldKey=other.signer.jwk), 400, "malformed"),
        (machine.wish(fresh, oldKey="x"), 400, "malformed"),
        (wrong_signature, 400, "malformed"),
        ({}, 400, "malformed"),
        (None, 400, "malformed"),
    ]
    for wish, status, word in lies:
        reply = machine.ask("/acme/key-change", wish)
        assert (reply.status_code, kind(reply)) == (status, word), wish
    assert machine.ask("/acme/key-change", machine.wish(own)).headers["location"] == machine.kid
    assert machine.ask("/acme/key-change", machine.wish(other.signer)).headers["location"] == other.kid
    bare = Machine(url, machine.signer)
    assert kind(bare.ask("/acme/key-change", machine.wish(fresh))) == "malformed"
    history = desk.call("lan", "GET", "/v1/cases/keys").json()["history"]
    assert [each["act"] for each in history].count("refused:acme-key") == len(lies) + 2
    assert machine.order().status_code == other.order().status_code == 201  # both keys are what they were
    desk.call("lan", "POST", "/v1/cases/keys/acme/stop")
    assert kind(machine.ask("/acme/key-change", machine.wish(fresh))) == "unauthorized"
