"""Keys on PKCS#11 tokens and HSMs, each question answered by a child process of its own (`token_child`)."""

import asyncio
import base64
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from lienthong.adapters.bootstrap import read_config
from lienthong.adapters.files import read_secret
from lienthong.adapters.keys import load_chain
from lienthong.errors import ConfigurationInvalid, InvalidValue, KeyUnavailable, SecretWrong
from lienthong.signature.keys import Answer, KeyKind, Order, Outcome, Submission

_START = "import sys; sys.path[:] = sys.argv[1:]; from lienthong.adapters.signers.token_child import main; main()"
MADE = ("rsa-2048", "rsa-3072", "p-256")
SECONDS = 60.0
"""A token may take seconds a signature; beyond this it is not answering."""


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a key lies: the vendor's library, the token by label or serial number, the key by label.

    `environment` is all the library finds in its environment: SoftHSM, say, wants SOFTHSM2_CONF.
    """

    module: Path
    key: str
    token: str = ""
    serial: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a token behind the `SigningKey` port. Without a `pin` of its own it wants one with each submission.

    A wrong PIN is told and never tried again by itself: after a few wrong ones the token locks.
    """

    id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    place: TokenPlace
    pin: str = field(default="", repr=False)
    seconds: float = SECONDS

    @property
    def kind(self) -> KeyKind:
        return KeyKind.TOKEN

    async def submit(self, orders: Sequence[Order], secret: str = "") -> Submission:
        """All orders under one login. KeyUnavailable, SecretWrong."""
        values = await self._asked(orders, secret or self.pin)
        outcomes = [Outcome(order.id, Answer.SIGNED, value) for order, value in zip(orders, values, strict=True)]
        return Submission(self.id, tuple(outcomes))

    async def outcomes(self, _handle: str, orders: Sequence[Order]) -> Sequence[Outcome]:
        """A token answers at once or not at all; what was lost on the way is signed again, if we hold the PIN."""
        if not self.pin:
            return [
                Outcome(order.id, Answer.FAILED, detail="the answer was lost; ask for the PIN again")
                for order in orders
            ]
        return (await self.submit(orders)).outcomes

    async def cancel(self, handle: str) -> None:
        """Nothing waits."""

    async def make(self, kind: str, secret: str = "") -> bytes:
        """A fresh key pair ("rsa-2048", "rsa-3072", "p-256") under this key's label, never to leave the token.

        Its public half (SubjectPublicKeyInfo). KeyUnavailable, also where the label is taken; SecretWrong.
        """
        if kind not in MADE:
            raise InvalidValue(f"{kind[:20]}: {', '.join(MADE)}")
        asked = self._question(secret or self.pin) | {"make": kind}
        return _values(await self._child(json.dumps(asked).encode()), 1)[0]

    async def _asked(self, orders: Sequence[Order], pin: str) -> list[bytes]:
        if not pin:
            raise SecretWrong("cần mã PIN / a PIN is needed")
        asked = self._question(pin) | {
            "data": [_text(order.to_be_signed) for order in orders],
            "digests": [_text(order.digest) for order in orders],
        }
        return _values(await self._child(json.dumps(asked).encode()), len(orders))

    def _question(self, pin: str) -> dict[str, object]:
        place = self.place
        named = {"token": place.token, "serial": place.serial, "key": place.key}
        return {"module": str(place.module), **named, "pin": pin}

    async def _child(self, question: bytes) -> bytes:
        """The PIN goes by the pipe: arguments and environment can be seen by others."""
        environment = {"LC_ALL": "C.UTF-8", **self.place.environment}
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", _START, *sys.path,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True,
        )  # fmt: skip
        try:
            told, _ = await asyncio.wait_for(child.communicate(question), self.seconds)
        except TimeoutError:
            raise KeyUnavailable("thiết bị không trả lời / the token does not answer") from None
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        return told


@dataclass(frozen=True, slots=True)
class _Said:
    module: Path
    key: str
    token: str = ""
    serial: str = ""
    pin_file: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)


def token_key(path: Path) -> TokenKey:
    """The key that `<id>.token` describes: TOML with module, key, token or serial, pin_file, [environment].

    Beside it lies `<id>.pem`: the leaf, then its chain. ConfigurationInvalid says what is wrong.
    """
    leaf, *chain = load_chain(path)
    return replace(uncertified_token(path), certificate=leaf, chain=tuple(chain))


def uncertified_token(path: Path) -> TokenKey:
    """The same before its key has a certificate. ConfigurationInvalid."""
    said = read_config(path, _Said)
    if not (said.token or said.serial):
        raise ConfigurationInvalid(f"{path}: token | serial")
    pin = read_secret(said.pin_file).decode("utf-8", "replace").strip() if said.pin_file else ""
    place = TokenPlace(said.module, said.key, said.token, said.serial, said.environment)
    return TokenKey(path.stem, b"", (), place, pin)


def _values(told: bytes, wanted: int) -> list[bytes]:
    try:
        answer = json.loads(told)
    except ValueError:  # it died before it could answer
        raise KeyUnavailable("thư viện của thiết bị bị lỗi / the token's library failed") from None
    if values := [base64.b64decode(each) for each in answer.get("values", ())]:
        if len(values) == wanted:
            return values
        raise KeyUnavailable("thiết bị trả lời thiếu / the token answered in part")
    return _refused(str(answer.get("error")), str(answer.get("detail", "")))


def _refused(error: str, detail: str) -> list[bytes]:
    if error == "wrong":
        raise SecretWrong
    if error == "shut":
        raise SecretWrong(f"thiết bị đã khóa mã PIN / the token has locked its PIN ({detail})")
    raise KeyUnavailable(detail)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
