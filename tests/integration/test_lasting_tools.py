"""A document secured with real parts, then checked by tools that are not ours: sha256sum, openssl, pyHanko, and the
few lines of our own documentation. Stores and objects of both kinds, a real time-stamping and certificate authority."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import aiohttp
import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from typer.testing import CliRunner

from ca_process import CaProcess, ca_process, real_now
from lienthong.adapters.asking import Sources
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.confined import Examiner, Limits
from lienthong.adapters.keys import KeyPair
from lienthong.adapters.object_settings import open_objects
from lienthong.adapters.retention import Keeper
from lienthong.adapters.retention_settings import Retention
from lienthong.adapters.revocation import RevocationIndex
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.lasting import SqlLedger
from lienthong.adapters.sql.proofs import SqlProofs
from lienthong.adapters.timestamps import TsaClient
from lienthong.ca import requests
from lienthong.cli.main import app
from lienthong.delivery import Lane
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import PartRef
from lienthong.gateway.basis import Court
from lienthong.gateway.lasting import Lasting, LastingSettings, exported, gathered, secure, signed_report, standing
from lienthong.ranges import Source
from lienthong.signature import Appearance, Role, sign
from lienthong.signature.judging import Trust, shipped
from lienthong.signature.lasting import shipped as algorithms
from lienthong.testing.pki import pki
from lienthong.testing.world import World
from store_world import leg, package
from stored_hops import Place, outgrown
from unit.signature.documents import composed

pytestmark = pytest.mark.integration
MAIN = "15-QĐ.pdf"
DOCS = Path(__file__).parents[2] / "docs/protocol/lasting.md"


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaProcess]:
    with ca_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def signed(ca: CaProcess) -> bytes:
    """By a leader and an agency of this authority."""
    home, now = ca.home, real_now()
    leader = home.issue(requests.person("Nguyễn Văn Mẫu", organisation="Sở Ví Dụ", locality="Hà Nội"), now, "leader")
    agency = home.issue(requests.document_seal("Sở Ví Dụ", locality="Hà Nội"), now, "agency")
    keys = [KeyPair(each.key, each.certificate, each.chain).document_signer() for each in (leader, agency)]
    first = sign(composed().pdf, keys[0], Role.LEADER, Appearance(seal_place=composed().anchors.seal), now)
    return sign(first, keys[1], Role.SEAL, Appearance(), now)


@dataclass(frozen=True)
class Secured:
    service: Lasting
    store: SqlStore
    package: str


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with Examiner(Limits(children=1)) as found:
        yield found


OUTGROWN = pytest.mark.parametrize("secured", ["embedded", "outgrown"], indirect=True)


@pytest.fixture
async def secured(
    request: pytest.FixtureRequest, ca: CaProcess, signed: bytes, examiner: Examiner, tmp_path: Path
) -> AsyncIterator[Secured]:
    large = getattr(request, "param", "embedded") == "outgrown"
    place = outgrown(request, tmp_path / "hop") if large else Place(tmp_path / "hop")
    objects, clock, authority = open_objects(place.objects, place.data), SystemClock(), ca.home.authority
    digest = hashlib.sha256(signed).hexdigest()
    trust = Trust("1", authority.roots, (authority.issuing.certificate,))
    async with (
        aiohttp.ClientSession() as session,
        SqlStore.open(place.where, pki().log(), clock) as store,
    ):
        sources = Sources(session, frozenset({urlsplit(ca.url).netloc}))
        index = RevocationIndex((*trust.roots, *trust.others))
        lists = [f"{ca.url}/crl/root.crl"]
        court = Court(shipped(), trust, index, clock.now, SqlProofs(store, objects), sources, lists)
        await court.refresh()
        issued = authority.issue(requests.gateway("gw"), real_now())
        key = KeyPair(issued.key, issued.certificate, issued.chain).seal_signer()
        hop = replace(next(iter(World().stations.values())).hop, store=store, objects=objects, clock=clock)
        source = Source("application/pdf", len(signed), digest, signed)

        async def files(_: object) -> list[tuple[str, Source]]:
            return [(MAIN, source)]

        made = package("a", at=real_now())
        whole = replace(made, parts=(*made.parts, PartRef(MAIN, "application/pdf", len(signed), digest)))
        small = {whole.parts[0].sha256: b"a", digest: signed}

        def work(tx: object) -> None:
            tx.add_package(whole, small)  # type: ignore[attr-defined]  # a Transaction
            tx.put_leg(leg(whole, "H29", Lane.OUT, state=JourneyState.DELIVERED))  # type: ignore[attr-defined]  # as above

        await store.write(work)
        stated = partial(signed_report, "gw", key, clock.now)
        tsa = {"ca": TsaClient(f"{ca.url}/tsa", session)}
        settings, look = LastingSettings(("ca",)), examiner.examining
        service = Lasting(hop, SqlLedger(store), court, tsa, settings, algorithms(), look, files, stated)
        await secure(service, gathered)
        yield Secured(service, store, whole.id)


def run(*words: str | Path, within: Path) -> str:
    program = shutil.which(str(words[0])) or str(words[0])
    done = subprocess.run([program, *words[1:]], cwd=within, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@OUTGROWN
async def test_other_tools_agree(secured: Secured, ca: CaProcess, signed: bytes, tmp_path: Path):
    entry = (await secured.service.ledger.entries("document", secured.package))[0]  # type: ignore[arg-type]  # a text by its value
    assert (entry.lacks, entry.code, entry.detail) == ("", "", "")
    folder = tmp_path / "bundle"
    data = (await exported(secured.service, secured.package)).to_zip()
    ZipFile(BytesIO(data)).extractall(folder)
    root = tmp_path / "root.pem"
    root.write_bytes(ca.home.authority.root_pem)

    # the files are those of the record, and the received one is as it was
    assert (folder / "files" / MAIN).read_bytes() == signed
    assert f"files/{MAIN}: OK" in run("sha256sum", "--check", "--strict", "proof/1/record.txt", within=folder)

    # the record leads to the root, by the program in our documentation
    [walk] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    (tmp_path / "walk.py").write_text(walk, "utf-8")
    words = [sys.executable, tmp_path / "walk.py", folder / "proof/1/record.txt", folder / "proof/1/path.json"]
    run(*words, within=folder)
    path = json.loads((folder / "proof/1/path.json").read_text())
    (folder / "bad.json").write_text(json.dumps(path | {"root": "00" * 32}))
    with pytest.raises(AssertionError):
        run(*words[:3], folder / "bad.json", within=folder)

    # the root was stamped
    [token] = (folder / "stamps" / path["root"]).iterdir()
    asked = ["-verify", "-digest", path["root"], "-token_in", "-in", token, "-CAfile", root]
    assert "Verification: OK" in run("openssl", "ts", *asked, within=folder)
    assert "Time stamp:" in run(
        "openssl", "ts", "-reply", "-token_in", "-token_out", "-in", token, "-text", within=folder
    )

    # and pyHanko finds both files whole, the raised one with everything inside
    await pyhanko_agrees((folder / "files" / MAIN).read_bytes(), ca, stamps=0)
    raised = (folder / "long-term/1" / MAIN).read_bytes()
    assert raised.startswith(signed)
    await pyhanko_agrees(raised, ca, stamps=1)


async def pyhanko_agrees(pdf: bytes, ca: CaProcess, stamps: int) -> None:
    reader = PdfFileReader(BytesIO(pdf))
    roots = [x509.Certificate.load(each) for each in ca.home.authority.roots]
    others = [x509.Certificate.load(ca.home.authority.issuing.certificate)]
    for embedded in reader.embedded_regular_signatures:
        context = ValidationContext(trust_roots=roots, other_certs=others, allow_fetching=False)
        status = await async_validate_pdf_signature(embedded, signer_validation_context=context)
        assert (status.intact, status.valid, status.trusted) == (True, True, True)
        assert status.docmdp_ok
    assert len(reader.embedded_timestamp_signatures) == stamps
    for embedded in reader.embedded_timestamp_signatures:
        context = ValidationContext(trust_roots=roots, other_certs=others, allow_fetching=False)
        stamp = await async_validate_pdf_timestamp(embedded, validation_context=context)
        assert (stamp.intact, stamp.valid, stamp.trusted) == (True, True, True)


async def test_the_command_says_the_same_offline_and_finds_what_was_changed(
    secured: Secured, ca: CaProcess, tmp_path: Path
):
    bundle = await exported(secured.service, secured.package)
    kept, root, changed = (tmp_path / name for name in ("15.zip", "trusted/root.pem", "changed.zip"))
    root.parent.mkdir()
    kept.write_bytes(bundle.to_zip())
    root.write_bytes(ca.home.authority.root_pem)
    said = verified(kept, root)
    assert (said["result"], {each["code"] for each in said["findings"]}) == (
        "proved",
        {"content", "path", "stamp", "signature", "long-term", "report"},
    )
    bad = replace(bundle, files={**bundle.files, f"files/{MAIN}": bundle.files[f"files/{MAIN}"] + b"\n"})
    changed.write_bytes(bad.to_zip())
    assert verified(changed, root)["result"] == "not-proved"
    assert verified(kept)["result"] == "cannot-tell"
    kept.write_bytes(b"PK\x03\x04 nothing")
    assert verified(kept, root)["result"] == "not-proved"


def verified(bundle: Path, root: Path | None = None) -> dict:
    words = ["verify", str(bundle), "--json", *(["--root", str(root)] if root else [])]
    done = CliRunner().invoke(app, words, env={"LIENTHONG_ROOT": ""})
    found = json.loads(done.stdout)
    assert done.exit_code == {"proved": 0, "not-proved": 1, "cannot-tell": 2}[found["result"]]
    return found


@OUTGROWN
async def test_retention_takes_contents_and_leaves_the_proof(secured: Secured, ca: CaProcess, signed: bytes):
    assert (await standing(secured.service)).secured == 1
    keeper = Keeper(secured.store, secured.service.hop.objects, Retention(days=1, grace=0))  # type: ignore[arg-type]  # of either kind
    later = real_now() + timedelta(days=3)
    first = await keeper.round(later)
    second = await keeper.round(later)
    assert first.archived == 1
    assert first.rows + second.rows >= 1

    async def gone(_: object) -> list:
        return []

    service = replace(secured.service, files=gone)
    bundle = await exported(service, secured.package)
    assert f"files/{MAIN}" not in bundle.files
    assert {f"reports/{MAIN}.jws", f"long-term/1/{MAIN}", "proof/1/record.txt"} <= bundle.files.keys()
    assert any(name.startswith("revocation/") for name in bundle.files)
    assert hashlib.sha256(signed).hexdigest().encode() in bundle.files["proof/1/record.txt"]
