"""Keys on this machine: a PKCS#12 file, or a folder of keys as a gateway has it."""

from collections.abc import Mapping
from pathlib import Path

import typer
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from lienthong.adapters.files import read_passphrase
from lienthong.adapters.keyring import FileKey, open_folder
from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.cli.printing import files_here
from lienthong.errors import ConfigurationInvalid, NotFound, SecretWrong
from lienthong.signature.keys import SigningKey

LARGEST = 1 << 20


def from_pkcs12(path: Path, password: bytes | None) -> SigningKey:
    """The key of a PKCS#12 file. SecretWrong, ConfigurationInvalid, FileUnusable."""
    with files_here(), path.open("rb") as file:
        data = file.read(LARGEST)
    try:
        found = load_pkcs12(data, password)
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise SecretWrong(path.name) from error
        raise ConfigurationInvalid(f"{path}: không phải PKCS#12 / not PKCS#12") from error
    key, leaf = found.key, found.cert
    if leaf is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ConfigurationInvalid(f"{path}: thiếu khóa hoặc chứng thư / no key with its certificate")
    chain = tuple(each.certificate.public_bytes(Encoding.DER) for each in found.additional_certs)
    signer = SoftDocumentSigner(key, leaf.certificate.public_bytes(Encoding.DER), chain)
    return FileKey(path.stem, signer)


def from_folder(folder: Path, name: str) -> SigningKey:
    """A key of a folder by its name; the only one without. NotFound, ConfigurationInvalid."""
    keys: Mapping[str, SigningKey] = open_folder(folder)
    if not name and len(keys) == 1:
        return next(iter(keys.values()))
    if name not in keys:
        raise NotFound(f"--key: {', '.join(keys) or folder}")
    return keys[name]


def password_of(file: Path | None) -> bytes | None:
    """From a file, or asked at the terminal; never an argument that other users of the machine could read."""
    if file is not None:
        return read_passphrase(file)
    asked: str = typer.prompt("Mật khẩu tệp khóa / password of the key file", hide_input=True, default="")
    return asked.encode() or None
