"""Keys made inside a token: a person's request, and a root whose key never was anywhere else (SoftHSM)."""

import asyncio
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from typer.testing import CliRunner

from ca_house import ca_world, person
from ca_process import real_now
from lienthong.ca.folders import RootFolder, certify, found_root_in_token, prepare_issuers, request_on_token
from lienthong.ca.life.states import CaseState
from lienthong.cli.main import app
from lienthong.errors import ConfigurationInvalid, InvalidValue, KeyUnavailable, SecretWrong

pytestmark = pytest.mark.integration
MODULE, PIN = "/usr/lib/softhsm/libsofthsm2.so", "135790"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty token; `describe` names keys in it."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    command = ["softhsm2-util", "--init-token", "--free", "--label", "CA", "--so-pin", "1111", "--pin", PIN]
    environment = {"PATH": "/usr/bin:/bin", "SOFTHSM2_CONF": str(folder / "softhsm2.conf")}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    (folder / "pin").write_text(PIN)
    (folder / "pin").chmod(0o600)
    return folder


def describe(token: Path, folder: Path, name: str, pin: str = "") -> Path:
    text = f'module = "{MODULE}"\ntoken = "CA"\nkey = "{name}"\n{pin}[environment]\n'
    (folder / f"{name}.token").write_text(f'{text}SOFTHSM2_CONF = "{token / "softhsm2.conf"}"\n')
    return folder / f"{name}.token"


@pytest.mark.parametrize(("kind", "shape"), [("rsa-2048", rsa.RSAPublicKey), ("p-256", ec.EllipticCurvePublicKey)])
async def test_a_persons_key_is_made_in_the_token(token: Path, tmp_path: Path, kind: str, shape: type) -> None:
    place = describe(token, tmp_path, f"own-{kind}")
    text = await asyncio.to_thread(request_on_token, place, kind, PIN)
    found = x509.load_pem_x509_csr(text)
    assert found.is_signature_valid
    assert isinstance(found.public_key(), shape)
    async with ca_world(tmp_path / "ca") as world:
        done = await world.done(person(csr=text.decode(), token="T9"))
        assert done.state is CaseState.ISSUED
    with pytest.raises(KeyUnavailable):  # nothing is ever overwritten
        await asyncio.to_thread(request_on_token, place, kind, PIN)


def test_what_a_token_does_not_make(token: Path, tmp_path: Path) -> None:
    place = describe(token, tmp_path, "no")
    with pytest.raises(InvalidValue):
        request_on_token(place, "rsa-512", PIN)
    with pytest.raises(SecretWrong):
        request_on_token(place, "p-256", "000000")


def test_a_root_in_a_token(token: Path, tmp_path: Path) -> None:
    folder = tmp_path / "root"
    folder.mkdir()
    describe(token, folder, "root", f'pin_file = "{token / "pin"}"\n')
    told = CliRunner().invoke(app, ["ca", "ceremony", "root", str(folder), "--name", "Nhà mẫu"])
    assert told.exit_code == 0, told.output
    prepare_issuers(tmp_path / "ca", "Nhà mẫu", "http://ca.example", ["persons"])
    made = certify(RootFolder(folder, "Nhà mẫu"), (), tmp_path / "ca" / "issuers", "http://ca.example", real_now())
    root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
    root.verify_directly_issued_by(root)
    x509.load_der_x509_certificate(made["persons"]).verify_directly_issued_by(root)
    assert not (folder / "root.key").exists()
    with pytest.raises(ConfigurationInvalid):  # nor is a root ever founded twice
        found_root_in_token(folder, "Nhà mẫu", real_now())
