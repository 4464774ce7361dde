"""Keys on this machine: a PKCS#12 file, or a folder of keys as a gateway has it."""

from collections.abc import Mapping
from pathlib import Path

import typer

from lienthong.adapters.files import read_passphrase
from lienthong.adapters.keyring import FileKey, open_folder
from lienthong.adapters.keys import KeyPair
from lienthong.cli.printing import files_here
from lienthong.errors import NotFound
from lienthong.signature.keys import SigningKey


def from_pkcs12(path: Path, password: bytes | None) -> SigningKey:
    """The key of a PKCS#12 file. SecretWrong, ConfigurationInvalid, FileUnusable."""
    with files_here():
        return FileKey(path.stem, KeyPair.from_pkcs12(path, password).document_signer())


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
