"""An authority by other hands, as the state's own is to us: certomancer makes its certificates, lists and answers."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from certomancer import CertomancerConfig, PKIArchitecture
from certomancer.registry import ArchLabel, CertLabel, ServiceLabel
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.testing.clock import START

NAMES = ("root", "issuing", "responder", "leader", "lost")
_FROM, _TO = "2020-01-01T00:00:00+0000", "2040-01-01T00:00:00+0000"
_LOST_SINCE = START - timedelta(days=5)


def _certificate(name: str, issuer: str, usages: list[str], *more: dict[str, Any], ca: bool = False) -> dict[str, Any]:
    usage = {"schema": "key-usage", "params": usages}
    extensions: list[dict[str, Any]] = [{"id": "key_usage", "critical": True, "smart-value": usage}]
    if ca:
        extensions.append({"id": "basic_constraints", "critical": True, "value": {"ca": True}})
    term = {"valid-from": _FROM, "valid-to": _TO}
    return {"subject": name, "issuer": issuer, "validity": term, "extensions": [*extensions, *more]}


_PLACES = (
    {"id": "crl_distribution_points", "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": ["all"]}}},
    {
        "id": "authority_information_access",
        "smart-value": {"schema": "aia-urls", "params": {"ocsp-responder-names": ["all"]}},
    },
)
_SIGNS = ["digital_signature", "non_repudiation"]
_LOST = {"revoked-since": _LOST_SINCE.strftime("%Y-%m-%dT%H:%M:%S+0000"), "reason": "key_compromise"}
_ARCHITECTURE = {
    "keyset": "state",
    "entity-defaults": {"country-name": "VN", "organization-name": "Cơ quan chứng thực mẫu của Nhà nước"},
    "entities": {name: {"common-name": f"{name} mẫu của Nhà nước"} for name in NAMES},
    "certs": {
        "root": _certificate("root", "root", ["key_cert_sign", "crl_sign"], ca=True),
        "issuing": _certificate("issuing", "root", ["key_cert_sign", "crl_sign"], ca=True),
        "responder": _certificate(
            "responder",
            "issuing",
            ["digital_signature"],
            {"id": "extended_key_usage", "critical": True, "value": ["ocsp_signing"]},
            {"id": "ocsp_no_check"},
        ),
        "leader": _certificate("leader", "issuing", _SIGNS, *_PLACES),
        "lost": _certificate("lost", "issuing", _SIGNS, *_PLACES) | {"revocation": _LOST},
    },
    "services": {
        "ocsp": {"all": {"for-issuer": "issuing", "responder-cert": "responder", "signing-key": "responder"}},
        "crl-repo": {
            "all": {"for-issuer": "issuing", "signing-key": "issuing", "simulated-update-schedule": "P1D"},
            "top": {"for-issuer": "root", "signing-key": "root", "simulated-update-schedule": "P365D"},
        },
    },
}


@dataclass(frozen=True)
class StateAuthority:
    """What it gives out, DER."""

    pki: PKIArchitecture
    keys: dict[str, rsa.RSAPrivateKey]

    def certificate(self, name: str) -> bytes:
        return bytes(self.pki.get_cert(CertLabel(name)).dump())

    def signer(self, name: str) -> SoftDocumentSigner:
        return SoftDocumentSigner(self.keys[name], self.certificate(name), (self.certificate("issuing"),))

    def crl(self, name: str = "all") -> bytes:
        return bytes(self.pki.service_registry.get_crl(ServiceLabel(name), at_time=START).dump())

    def answer(self, question: Any) -> bytes:
        responder = self.pki.service_registry.summon_responder(ServiceLabel("all"), at_time=START)
        return bytes(responder.build_ocsp_response(question).dump())


@cache
def state_authority() -> StateAuthority:
    """Once a test run: five RSA keys."""
    keys = {name: rsa.generate_private_key(65537, 2048) for name in NAMES}
    with TemporaryDirectory(prefix="lienthong-state-") as place:
        for name, key in keys.items():
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (Path(place) / f"{name}.pem").write_bytes(pem)
        told = {
            "external-url-prefix": "http://ca.nha-nuoc.example",
            "keysets": {"state": {"path-prefix": ".", "keys": {name: {"path": f"{name}.pem"} for name in NAMES}}},
            "pki-architectures": {"state": _ARCHITECTURE},
        }
        found = CertomancerConfig(told, key_search_dir=place).get_pki_arch(ArchLabel("state"))
    return StateAuthority(found, keys)
