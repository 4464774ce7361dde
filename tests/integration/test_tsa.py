"""The CA as a real process: its stamps are verified by OpenSSL, by pyHanko, and by our own offline verifier."""

import hashlib
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from asn1crypto import cms, x509
from cryptography import x509 as pyca
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from ca_process import CaProcess, ca_process, real_now
from lienthong.adapters.timestamps import TsaClient
from lienthong.ca import requests
from lienthong.evidence import stamp

pytestmark = pytest.mark.integration
DATA = "Biên nhận số 1\n".encode()
DIGEST = hashlib.sha256(DATA).digest()
QUERY = {"Content-Type": "application/timestamp-query"}


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaProcess]:
    with ca_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def openssl(*arguments: str | Path) -> str:
    program = shutil.which("openssl")
    assert program, "the openssl program is a Debian package"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_openssl_asks_and_verifies(ca: CaProcess, session: aiohttp.ClientSession, tmp_path: Path):
    data, query, reply, root = (tmp_path / name for name in ("data", "q.tsq", "r.tsr", "root.pem"))
    data.write_bytes(DATA)
    openssl("ts", "-query", "-data", data, "-sha512", "-cert", "-out", query)
    async with session.post(f"{ca.url}/tsa", data=query.read_bytes(), headers=QUERY) as answered:
        assert (answered.status, answered.content_type) == (200, "application/timestamp-reply")
        reply.write_bytes(await answered.read())
    async with session.get(f"{ca.url}/ca/root.pem") as answered:
        root.write_bytes(await answered.read())
    assert "Verification: OK" in openssl("ts", "-verify", "-queryfile", query, "-in", reply, "-CAfile", root)
    assert "Verification: OK" in openssl("ts", "-verify", "-data", data, "-in", reply, "-CAfile", root)


async def test_our_client_and_our_verifier(ca: CaProcess, session: aiohttp.ClientSession):
    before = real_now().replace(microsecond=0)
    token = await TsaClient(f"{ca.url}/tsa", session).stamp(DIGEST)
    facts = stamp.check(token, DIGEST, ca.home.authority.roots)
    assert before <= facts.time <= real_now()
    second = stamp.check(await TsaClient(f"{ca.url}/tsa", session).stamp(DIGEST), DIGEST, ca.home.authority.roots)
    assert second.serial != facts.serial


async def test_pyhanko_verifies_with_the_published_lists(ca: CaProcess, session: aiohttp.ClientSession):
    token = cms.ContentInfo.load(await TsaClient(f"{ca.url}/tsa", session).stamp(DIGEST))
    lists = []
    for name in ("issuing", "root"):
        async with session.get(f"{ca.url}/crl/{name}.crl") as answered:
            assert answered.content_type == "application/pkix-crl"
            lists.append(await answered.read())
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(ca.home.authority.root.certificate)],
        crls=lists,
        revocation_mode="require",
        allow_fetching=False,
        moment=real_now() + timedelta(seconds=1),
    )
    found = await validate_tst_signed_data(token["content"], context, lambda _: DIGEST)
    assert (found["valid"], found["intact"], found["trust_problem_indic"]) == (True, True, None)


async def test_certificates_lead_to_a_list_that_openssl_honours(
    ca: CaProcess, session: aiohttp.ClientSession, tmp_path: Path
):
    issued = ca.home.authority.issue(requests.package_seal("G09", "Bộ Nội vụ"), real_now())
    leaf = pyca.load_der_x509_certificate(issued.certificate)
    point = leaf.extensions.get_extension_for_class(pyca.CRLDistributionPoints).value[0].full_name[0].value
    place = leaf.extensions.get_extension_for_class(pyca.AuthorityInformationAccess).value[0].access_location.value
    async with session.get(point) as listed, session.get(place) as issuer:
        crl = pyca.load_der_x509_crl(await listed.read())
        assert issuer.content_type == "application/pkix-cert"
        above = pyca.load_der_x509_certificate(await issuer.read())
    leaf.verify_directly_issued_by(above)
    assert crl.is_signature_valid(above.public_key())
    root, chain = tmp_path / "root.pem", tmp_path / "leaf.pem"
    root.write_bytes(ca.home.authority.root_pem)
    chain.write_bytes(issued.certificate_pem)
    assert "OK" in openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", chain, chain)


@pytest.mark.parametrize("name", ["root", "issuing", "tsa"])
async def test_certificates_are_served(ca: CaProcess, session: aiohttp.ClientSession, name: str):
    held = getattr(ca.home.authority, name).certificate
    async with session.get(f"{ca.url}/ca/{name}.pem") as text, session.get(f"{ca.url}/ca/{name}.crt") as binary:
        assert pyca.load_pem_x509_certificate(await text.read()).fingerprint(
            pyca.load_der_x509_certificate(held).signature_hash_algorithm
        )
        assert await binary.read() == held


@pytest.mark.parametrize(
    "path", ["ca/root.key", "ca/issuing.key", "ca/../ca/tsa.key", "ca/%2e%2e/tsa.key", "crl/tsa.crl"]
)
async def test_nothing_else_is_served(ca: CaProcess, session: aiohttp.ClientSession, path: str):
    async with session.get(f"{ca.url}/{path}") as answered:
        assert answered.status == 404
        assert b"PRIVATE" not in await answered.read()


async def test_the_interface_is_published(ca: CaProcess, session: aiohttp.ClientSession):
    async with session.get(f"{ca.url}/schema/openapi.json") as answered:
        schema = await answered.json(content_type=None)
    assert schema["openapi"].startswith("3.1")
    assert {"/tsa", "/crl/issuing.crl", "/crl/root.crl", "/ca/root.pem", "/ca/tsa.crt", "/health"} <= set(
        schema["paths"]
    )
    assert list(schema["paths"]["/tsa"]["post"]["requestBody"]["content"]) == ["application/timestamp-query"]


async def test_health(ca: CaProcess, session: aiohttp.ClientSession):
    async with session.get(f"{ca.url}/health") as answered:
        assert (answered.status, (await answered.json())["ok"]) == (200, True)


async def test_a_revocation_reaches_the_list(tmp_path: Path, session: aiohttp.ClientSession):
    with ca_process(tmp_path) as own:
        issued = own.home.authority.issue(requests.gateway("bnv"), real_now())
        own.home.revoke(issued.certificate, real_now(), pyca.ReasonFlags.key_compromise)
        async with session.get(f"{own.url}/crl/issuing.crl") as answered:
            crl = pyca.load_der_x509_crl(await answered.read())
        assert crl.get_revoked_certificate_by_serial_number(issued.serial) is not None
        assert own.stop() == (0, "")


async def test_over_tls(tmp_path: Path):
    with ca_process(tmp_path, tls=True) as own:
        trust = ssl.create_default_context(cadata=own.home.authority.root_pem.decode())
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:
            token = await TsaClient(f"{own.url}/tsa", session).stamp(DIGEST)
        assert stamp.check(token, DIGEST, own.home.authority.roots)


def test_it_says_why_it_does_not_start(tmp_path: Path):
    (tmp_path / "ca.toml").write_text('folder = "nowhere"\n')
    from lienthong.ca.__main__ import main  # noqa: PLC0415  # the entry, called as a program would

    assert main(["--config", str(tmp_path / "ca.toml")]) == 1


def test_it_founds_an_authority(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from lienthong.ca.__main__ import main  # noqa: PLC0415  # the entry, called as a program would

    assert main(["--found", str(tmp_path / "ca")]) == 0
    assert main(["--found", str(tmp_path / "ca")]) == 1
    said = capsys.readouterr().err
    assert "Cấu hình" in said
    assert "already holds an authority" in said
    assert "Traceback" not in said
