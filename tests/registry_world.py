"""Small directories for tests: organisations, snapshots, and a registry that signs."""

from datetime import date, timedelta

from lienthong.document.codes import OrganisationCode
from lienthong.registry import REGISTRY_MARK, Directory, Organisation, Snapshot, levels
from seal_world import NOW, Signer, certificate, ec_key

ROOT = certificate(ec_key("root"), "Gốc mẫu", ca=True)
ISSUING = certificate(ec_key("issuing"), "Cấp phát mẫu", (ec_key("root"), ROOT), ca=True)


def registry_signer(uri: str | None = REGISTRY_MARK, label: str = "registry") -> Signer:
    leaf = certificate(ec_key(label), "Danh bạ mẫu", (ec_key("issuing"), ISSUING), uri=uri)
    return Signer(ec_key(label), leaf, (ISSUING,))


def code(text: str) -> OrganisationCode:
    return OrganisationCode.parse(text)


def organisation(text: str, *, to: str = "", closed: date | None = None, **more: object) -> Organisation:
    """An organisation; `to` are its successors' codes with spaces between, `closed` the last day in force."""
    values = {"name": f"Cơ quan {text}", "level": "province"} | more
    successors = tuple(map(code, to.split()))
    return Organisation(code=code(text), valid_to=closed, successors=successors, **values)  # type: ignore[arg-type]  # tests list what they like


def snapshot(*organisations: Organisation, **more: object) -> Snapshot:
    values = {"version": 1, "issued_at": NOW, "expires_at": NOW + timedelta(days=7), "levels": levels()} | more
    return Snapshot(organisations=organisations, **values)  # type: ignore[arg-type]  # tests list what they like


def directory(*organisations: Organisation, **more: object) -> Directory:
    return Directory(snapshot(*organisations, **more))
