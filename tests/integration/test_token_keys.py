"""A PKCS#11 token for real: SoftHSM with two tokens, several keys, PINs that are wrong, tokens that go away."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate

from lienthong.adapters.keyring import open_folder
from lienthong.adapters.publishing import TokenSigner
from lienthong.adapters.signers.token import TokenKey, TokenPlace
from lienthong.errors import ConfigurationInvalid, KeyUnavailable, SecretWrong
from lienthong.registry import Snapshot, open_signed, sign
from lienthong.signature import Appearance, Role, Verdict, complete, prepare
from lienthong.signature.cms import check_value
from lienthong.signature.keys import Answer, KeyKind, Order
from unit.signature.authority import LEADER, NOW, Soft, authority, leader
from unit.signature.documents import composed, judged

pytestmark = [pytest.mark.integration]

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "135790"
LEADERS = "Lãnh đạo"


@dataclass(frozen=True)
class Hsm:
    """A SoftHSM of our own; its tokens are folders under `folder`."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    def run(self, *words: str) -> None:
        command = ["softhsm2-util", *words]
        found = {"PATH": "/usr/bin:/usr/sbin:/bin", **self.environment}
        subprocess.run(command, env=found, check=True, capture_output=True, timeout=60)

    def token(self, label: str) -> None:
        self.run("--init-token", "--free", "--label", label, "--so-pin", "111111", "--pin", PIN)

    def put(self, token: str, label: str, number: str, soft: Soft) -> None:
        path = self.folder / f"{label}.pk8"
        path.write_bytes(soft.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self.run("--import", str(path), "--token", token, "--label", label, "--id", number, "--pin", PIN)
        path.unlink()

    def place(self, key: str, label: str = LEADERS) -> TokenPlace:
        return TokenPlace(MODULE, key, label, environment=self.environment)


CURVED = authority().issue(LEADER, ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Hsm:
    made = Hsm(tmp_path_factory.mktemp("hsm"))
    (made.folder / "tokens").mkdir()
    (made.folder / "softhsm2.conf").write_text(f"directories.tokendir = {made.folder / 'tokens'}\n")
    made.token("Con dấu")
    made.token("Lãnh đạo")
    made.put("Lãnh đạo", "rsa", "01", leader())
    made.put("Lãnh đạo", "ec", "02", CURVED)
    return made


def orders(*texts: str) -> list[Order]:
    return [
        Order(text, text.encode(), sha256(text.encode()).digest(), text, "1234", NOW)  # nothing here has a time
        for text in texts
    ]


def key(hsm: Hsm, label: str = "rsa", soft: Soft | None = None) -> TokenKey:
    return TokenKey("leader", (soft or leader()).certificate, leader().chain, hsm.place(label))


@pytest.mark.parametrize(("label", "soft"), [("rsa", leader()), ("ec", CURVED)], ids=["rsa", "ec"])
async def test_many_under_one_login(hsm: Hsm, label: str, soft: Soft) -> None:
    asked = orders("một", "hai", "ba")
    held = key(hsm, label, soft)
    submission = await held.submit(asked, PIN)
    assert [each.order for each in submission.outcomes] == ["một", "hai", "ba"]
    for order, outcome in zip(asked, submission.outcomes, strict=True):
        assert outcome.answer is Answer.SIGNED
        check_value(soft.certificate, outcome.value, order.to_be_signed)
    assert held.kind is KeyKind.TOKEN


async def test_a_document_signed_on_a_token(hsm: Hsm) -> None:
    prepared = prepare(composed().pdf, Role.LEADER, leader().certificate, leader().chain, Appearance(), NOW)
    order = Order("1", prepared.to_be_signed, prepared.digest, "Quyết định", "1234", NOW)
    (outcome,) = (await key(hsm).submit([order], PIN)).outcomes
    assert judged(complete(prepared, outcome.value)).signatures[0].verdict is Verdict.VALID


async def test_a_pin_is_asked_for_or_held(hsm: Hsm) -> None:
    with pytest.raises(SecretWrong):
        await key(hsm).submit(orders("x"))
    held = replace(key(hsm), pin=PIN)
    assert (await held.submit(orders("x"))).outcomes[0].answer is Answer.SIGNED
    assert (await held.outcomes("leader", orders("x")))[0].answer is Answer.SIGNED
    assert (await key(hsm).outcomes("leader", orders("x")))[0].answer is Answer.FAILED
    assert PIN not in repr(held)


async def test_a_wrong_pin_is_told_and_the_right_one_works_after_it(hsm: Hsm) -> None:
    with pytest.raises(SecretWrong):
        await key(hsm).submit(orders("x"), "000000")
    assert (await key(hsm).submit(orders("x"), PIN)).outcomes[0].value


@pytest.mark.parametrize(
    "change",
    [{"token": "Khác"}, {"token": "Con dấu"}, {"key": "khác"}, {"serial": "00"}, {"module": Path("/usr/lib/khong.so")}],
    ids=["no token", "another token", "no key", "another serial", "no library"],
)
async def test_what_is_not_there_is_unavailable(hsm: Hsm, change: dict[str, object]) -> None:
    place = replace(hsm.place("rsa"), **change)  # type: ignore[arg-type]  # a field of its own each time
    with pytest.raises(KeyUnavailable):
        await replace(key(hsm), place=place).submit(orders("x"), PIN)


async def test_a_token_taken_out_and_put_back(hsm: Hsm) -> None:
    tokens, away = hsm.folder / "tokens", hsm.folder / "away"
    shutil.move(tokens, away)
    tokens.mkdir()
    with pytest.raises(KeyUnavailable):
        await key(hsm).submit(orders("x"), PIN)
    tokens.rmdir()
    shutil.move(away, tokens)
    assert (await key(hsm).submit(orders("x"), PIN)).outcomes[0].value


def cut_short(path: Path) -> None:
    """Half a library: what the loader maps is not there, and looking at it ends the process (SIGBUS)."""
    path.write_bytes(MODULE.read_bytes()[: MODULE.stat().st_size // 2])


@pytest.mark.parametrize("lay", [cut_short, os.mkfifo], ids=["crashes", "hangs"])
async def test_a_bad_library_harms_nobody(hsm: Hsm, tmp_path: Path, lay: Callable[[Path], None]) -> None:
    lay(tmp_path / "bad.so")
    bad = replace(key(hsm), place=replace(hsm.place("rsa"), module=tmp_path / "bad.so"), seconds=5.0)
    with pytest.raises(KeyUnavailable):
        await bad.submit(orders("x"), PIN)
    assert (await key(hsm).submit(orders("x"), PIN)).outcomes[0].value


async def test_a_gateways_folder_names_a_token(hsm: Hsm, tmp_path: Path) -> None:
    words = [f'module = "{MODULE}"', 'key = "rsa"', 'token = "Lãnh đạo"', 'pin_file = "leader.pin"', "[environment]"]
    words += [f'{name} = "{value}"' for name, value in hsm.environment.items()]
    (tmp_path / "leader.token").write_text("\n".join(words), "utf-8")
    (tmp_path / "leader.pin").write_text(PIN)
    (tmp_path / "leader.pin").chmod(0o600)
    pem = b"".join(
        load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in (leader().certificate, *leader().chain)
    )
    (tmp_path / "leader.pem").write_bytes(pem)
    found = open_folder(tmp_path)["leader"]
    assert (found.kind, found.certificate) == (KeyKind.TOKEN, leader().certificate)
    assert (await found.submit(orders("x"))).outcomes[0].value
    (tmp_path / "leader.token").write_text('module = "x"')
    with pytest.raises(ConfigurationInvalid):
        open_folder(tmp_path)


def test_the_registry_is_signed_on_a_token(hsm: Hsm) -> None:
    """The press asks the token; what comes is a snapshot that a hop with this certificate pinned takes into force."""
    signer = TokenSigner(replace(key(hsm, "ec", CURVED), pin=PIN))
    signed = sign(Snapshot(1, NOW, NOW + timedelta(days=7)), signer)
    assert open_signed(signed, [CURVED.certificate], NOW).version == 1
    with pytest.raises(SecretWrong):
        TokenSigner(key(hsm, "ec", CURVED)).sign(b"x")
