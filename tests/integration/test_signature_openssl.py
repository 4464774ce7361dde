"""OpenSSL, a second implementation, agrees with what we write: CMS and the reference to the certificate (CAdES)."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from unit.signature.authority import NOW, authority
from unit.signature.documents import sealed

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not on this machine"),
]


def verified(folder: Path, container: bytes, content: bytes) -> bool:
    (folder / "signature.der").write_bytes(container)
    (folder / "content").write_bytes(content)
    (folder / "root.pem").write_bytes(load_der_x509_certificate(authority().root).public_bytes(Encoding.PEM))
    words = "openssl cms -verify -cades -binary -inform DER -in signature.der -content content -CAfile root.pem"
    command = [*words.split(), "-purpose", "any", "-attime", str(int(NOW.timestamp())), "-out", "out"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("at", [0, 1], ids=["leader", "seal"])
def test_openssl_verifies_our_signatures(tmp_path: Path, at: int):
    embedded = PdfFileReader(BytesIO(sealed())).embedded_signatures[at]
    _, first, second, last = map(int, embedded.byte_range)
    content = sealed()[:first] + sealed()[second : second + last]
    container = cms.ContentInfo.load(embedded.pkcs7_content).dump()
    assert verified(tmp_path, container, content)
    assert not verified(tmp_path, container, content.replace(b"Tinos", b"Tinot", 1))
