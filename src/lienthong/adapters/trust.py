"""Trust anchors from files: a folder of certificates is one version of trust, named by what is in it.

Self-signed certificates are the roots; all others help to build paths. Foreign roots, such as the state's own, are
trusted by laying their file there.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.errors import ConfigurationInvalid
from lienthong.signature.judging import Trust

SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
LARGEST = 1 << 20


def read_trust(places: Sequence[Path]) -> Trust:
    """What the files, and the files of folders, say is trusted. The order of the files does not matter.

    ConfigurationInvalid names a file that holds no certificate, cannot be read, or when there is no root at all.
    """
    found = {each.public_bytes(Encoding.DER): each for place in places for each in _certificates(place)}
    roots = tuple(sorted(der for der, each in found.items() if each.subject == each.issuer))
    if not roots:
        raise ConfigurationInvalid("không có chứng thư gốc nào để tin cậy / no root certificate to trust")
    others = tuple(sorted(found.keys() - set(roots)))
    return Trust(version_of((*roots, *others)), roots, others)


def version_of(certificates: Sequence[bytes]) -> str:
    """The name of a set of anchors (DER): a digest of what is in it."""
    return sha256(b"".join(sha256(der).digest() for der in certificates)).hexdigest()[:16]


def _certificates(place: Path) -> Iterator[x509.Certificate]:
    try:
        if not place.is_dir():
            yield from _read(place)
            return
        for path in sorted(place.iterdir()):
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield from _read(path)
    except OSError as error:
        raise ConfigurationInvalid(f"{error.filename or place}: {error.strerror}") from error


def _read(path: Path) -> Sequence[x509.Certificate]:
    with path.open("rb") as file:
        data = file.read(LARGEST)
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except ValueError as error:  # so ends what was cut off at LARGEST too
        raise ConfigurationInvalid(f"{path}: không phải chứng thư / no certificate") from error
