"""Reading the source a registry is published from."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.errors import InvalidValue
from lienthong.registry import Directory, Purpose, Snapshot, check, level1_organisations, levels, read_source
from registry_world import code
from seal_world import NOW, signer

DER = signer().certificate
PEM = x509.load_der_x509_certificate(DER).public_bytes(Encoding.PEM).decode()


def read(source: object) -> Snapshot:
    data = source if isinstance(source, bytes) else json.dumps(source).encode()
    return read_source(data, 3, NOW, NOW + timedelta(days=7), "ab" * 32)


def test_the_national_table_is_added_and_can_be_overruled():
    own = {"code": "G09", "name": "Bộ Nội vụ (mẫu)", "level": "central"}
    made = read({"level1": True, "organisations": [own]})
    assert len(made.organisations) == len(level1_organisations())
    found = Directory(made).organisation(code("G09"))
    assert found is not None
    assert found.name == "Bộ Nội vụ (mẫu)"
    assert made.levels == levels()
    assert check(made) == ()


def test_nothing_is_added_unasked():
    made = read({})
    assert (made.organisations, made.version, made.previous_digest) == ((), 3, "ab" * 32)


@pytest.mark.parametrize("text", [PEM, base64.b64encode(DER).decode()])
def test_certificates_bring_their_own_dates(text: str):
    row = {"certificate": text, "holder": "org:G09", "purpose": "package-seal"}
    (entry,) = read({"certificates": [row]}).certificates
    assert entry.certificate == DER
    assert entry.purpose is Purpose.PACKAGE_SEAL
    assert entry.valid_from < NOW < entry.valid_to


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (b"{", "."),
        ([], "."),
        ({"organisation": []}, "organisation"),
        ({"organisations": [{"code": "G09", "name": "x", "level": "central", "sucessors": []}]}, "sucessors"),
        ({"organisations": [{"code": "G09"}]}, r"organisations\[0\]"),
        ({"organisations": [{"code": "G09", "name": "x", "level": "central", "valid_to": "30/6/2025"}]}, "valid_to"),
        ({"organisations": [{"code": "G 09", "name": "x", "level": "central"}]}, r"organisations\[0\].*G 09"),
        ({"gateways": [{"id": "x", "name": "x", "operator": ""}]}, r"gateways\[0\]"),
        ({"certificates": [{"certificate": "%", "holder": "org:G09", "purpose": "gateway"}]}, "org:G09"),
        ({"certificates": [{"certificate": "AAAA", "holder": "org:G09", "purpose": "gateway"}]}, "org:G09"),
        ({"certificates": [{"certificate": "-----BEGIN X", "holder": "org:G09", "purpose": "gateway"}]}, "org:G09"),
        ({"certificates": [{"certificate": "AAAA", "holder": "org:G09", "purpose": "seal"}]}, "purpose"),
    ],
)
def test_a_fault_names_its_place(source: object, place: str):
    with pytest.raises(InvalidValue, match=place):
        read(source)
