"""ACME against a real client (the library of certbot), a real host that answers, and clients that lie."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import josepy as jose
import pytest
from acme import client, messages
from acme.errors import Error as AcmeError
from acme.messages import Error as AcmeRefusal
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

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
    second = found.new_order(asked("localhost")[1])
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


def post(url: str, path: str, body: dict[str, Any] | bytes) -> httpx.Response:
    return httpx.post(f"{url}{path}", **({"content": body} if isinstance(body, bytes) else {"json": body}))


def test_requests_that_are_none(office: tuple[OfficeProcess, str]) -> None:
    _, url = office
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()

    def text(raw: bytes) -> str:
        return urlsafe_b64encode(raw).rstrip(b"=").decode()

    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": text(numbers.x.to_bytes(32, "big")),
        "y": text(numbers.y.to_bytes(32, "big")),
    }

    def signed(**changes: Any) -> dict[str, str]:
        nonce = httpx.head(f"{url}/acme/new-nonce").headers["replay-nonce"]
        header = {"alg": "ES256", "nonce": nonce, "url": f"{url}/acme/new-account", "jwk": jwk} | changes
        protected, payload = text(json.dumps(header).encode()), text(b"{}")
        r, s = decode_dss_signature(private.sign(f"{protected}.{payload}".encode(), ec.ECDSA(SHA256())))
        return {
            "protected": protected,
            "payload": payload,
            "signature": text(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
        }

    def kind(body: Any) -> str:
        return str(post(url, "/acme/new-account", body).json()["type"]).rpartition(":")[2]

    good = signed()
    assert kind(good) == "externalAccountRequired"
    assert kind(good) in {"badNonce", "externalAccountRequired"}
    assert kind(signed(nonce="AAAA")) == "badNonce"
    assert kind(signed(url=f"{url}/acme/new-order")) == "unauthorized"
    assert kind(signed(alg="none")) == "badSignatureAlgorithm"
    assert kind(signed(alg="HS256")) == "badSignatureAlgorithm"
    assert kind(signed(kid="x")) == "malformed"
    assert kind(signed(jwk={"kty": "oct", "k": "AAAA"})) == "badPublicKey"
    assert kind({**good, "signature": text(bytes(64))}) == "malformed"
    assert kind(b"{}") == "malformed"
    assert kind(b"\xff" * 100_000) == "malformed"
