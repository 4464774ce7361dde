"""Proofs through time: a chain that holds for decades, and every way in which one does not."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from lasting_made import NOW, YEAR, Made, contents, first, measure, token, trust, tsa, without_end
from lienthong.errors import ConfigurationInvalid, EvidenceBroken, InvalidValue
from lienthong.evidence import Proof, ProofResult
from lienthong.signature.judging import Trust
from lienthong.signature.lasting import Bundle, Path, digests_of, make_record, read_algorithms, read_record, shipped
from lienthong.signature.lasting import verify_lasting as verify
from lienthong.signature.lasting.agility import FOREVER, NEVER
from lienthong.signature.lasting.bundle import path_name, record_name, stamp_name

SOON, MUCH_LATER = NOW + timedelta(hours=1), NOW + 7 * YEAR


def renewed() -> Made:
    """The first stamp was named in a record that another authority stamped three years later."""
    return first().linked(first().stamps(), NOW + 3 * YEAR, tsa(2, 6))


def told(proof: Proof) -> set[str]:
    return {finding.code for finding in proof.findings if finding.ok is not True}


# ---------------------------------------------------------------- what holds


def test_a_fresh_proof_holds():
    proof = verify(first().bundle, measure(SOON))
    assert proof.result is ProofResult.PROVED, proof.findings
    assert {finding.code for finding in proof.findings} == {"content", "path", "stamp", "signature"}


def test_a_renewed_proof_holds_when_the_certificates_of_signers_and_of_the_first_authority_are_over():
    proof = verify(renewed().bundle, measure(MUCH_LATER))
    assert proof.result is ProofResult.PROVED, proof.findings
    assert proof.found("renewal") is True
    assert "22/11/2026" in next(finding.vi for finding in proof.findings if finding.code == "signature")


def test_without_renewal_it_can_no_longer_be_told():
    proof = verify(first().bundle, measure(MUCH_LATER))
    assert proof.result is ProofResult.CANNOT_TELL
    assert told(proof) == {"stamp", "signature"}  # without a time that is proved they are judged now


def test_a_renewal_that_came_too_late_does_not_mend_it():
    late = first().linked(first().stamps(), NOW + 5 * YEAR, tsa(4, 6))
    proof = verify(late.bundle, measure(MUCH_LATER))
    assert proof.found("stamp") is None
    assert proof.result is ProofResult.CANNOT_TELL


def test_one_of_several_authorities_is_enough():
    both = Made({}).linked(contents(), NOW, tsa(), tsa(0, 8))
    assert verify(both.bundle, measure(MUCH_LATER)).result is ProofResult.PROVED
    half = {name: data for name, data in both.files.items() if not name.startswith("stamps/")}
    for kept in both.stamps():
        assert verify(Bundle(half | {kept: both.files[kept]}), measure(SOON)).result is ProofResult.PROVED


def test_the_signatures_are_judged_as_of_a_stamp_that_counted():
    """An authority whose certificate ended before the next link proves no earlier moment: its key may be anybody's."""
    both = Made({}).linked(contents(), NOW, tsa(0, 1)).files
    path = Path.from_json(both[path_name(1)])
    later = token(path.root, NOW + timedelta(days=2), tsa())
    bundle = Bundle({**both, stamp_name(path.root, later): later})
    proof = verify(bundle, measure(NOW + 2 * YEAR))
    said = next(finding.vi for finding in proof.findings if finding.code == "signature")
    assert "24/11/2026" in said
    assert proof.found("stamp") is True


def test_a_hash_that_ends_is_outlived_by_hashing_everything_anew():
    table = without_end(sha256=date(2030, 1, 1))
    anew = first().linked(dict(first().files), NOW + 2 * YEAR, tsa(1, 9), algorithm="sha512")
    assert verify(anew.bundle, measure(MUCH_LATER, replace(table, digests={**table.digests, "sha512": None}))).findings
    proof = verify(anew.bundle, measure(NOW + 3 * YEAR, table))
    assert proof.result is ProofResult.PROVED, [f for f in proof.findings if f.ok is not True]
    only_stamps = first().linked(first().stamps(), NOW + 2 * YEAR, tsa(1, 9), algorithm="sha512")
    assert told(verify(only_stamps.bundle, measure(NOW + 4 * YEAR, table))) >= {"algorithm"}


def test_without_the_contents_it_says_which_file_it_is_about():
    files = {name: data for name, data in first().files.items() if not name.startswith("files/")}
    proof = verify(Bundle(files), measure(SOON))
    digest = hashlib.sha256(contents()["files/15-QD.pdf"]).hexdigest()
    assert (proof.result, told(proof)) == (ProofResult.CANNOT_TELL, {"content"})
    assert digest in next(finding.en for finding in proof.findings if finding.ok is None)
    assert verify(Bundle(files), measure(SOON), {"cv.pdf": digest}).result is ProofResult.PROVED
    assert verify(first().bundle, measure(SOON), {"other.pdf": "0" * 64}).found("file") is False


def test_without_roots_nothing_is_proved():
    proof = verify(first().bundle, replace(measure(SOON), trust=Trust("", ())))
    assert proof.found("stamp") is None
    assert proof.result is not ProofResult.PROVED


# ---------------------------------------------------------------- what does not


@pytest.mark.parametrize("name", ["files/15-QD.pdf", "facts/15-QD.pdf.json", "reports/15-QD.pdf.json"])
def test_a_changed_file_is_found(name: str):
    proof = verify(Bundle({**first().files, name: first().files[name] + b" "}), measure(SOON))
    assert proof.result is ProofResult.NOT_PROVED
    assert proof.found("content") is False


def test_a_file_put_in_is_found():
    proof = verify(Bundle({**first().files, "files/more.pdf": b"%PDF"}), measure(SOON))
    assert proof.found("content") is False


def test_every_byte_of_a_path_counts():
    path = Path.from_json(first().files[path_name(1)])
    for bad in (
        replace(path, index=2),
        replace(path, size=4),
        replace(path, siblings=path.siblings[1:]),
        replace(path, siblings=(bytes(32), *path.siblings[1:])),
        replace(path, root=bytes(32)),
        replace(path, algorithm="sha512"),
    ):
        proof = verify(Bundle({**first().files, path_name(1): bad.to_json()}), measure(SOON))
        assert proof.result is ProofResult.NOT_PROVED, bad


def test_a_stamp_changed_in_any_byte_proves_nothing():
    (name,) = first().stamps()
    whole = first().files[name]
    for at in range(0, len(whole), 97):
        bad = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert verify(Bundle({**first().files, name: bad}), measure(SOON)).result is not ProofResult.PROVED, at


def test_a_renewal_of_something_else_is_none():
    other = Made({}).linked({"files/a.pdf": b"a"}, NOW, tsa())
    bad = first().linked(other.stamps(), NOW + 3 * YEAR, tsa(2, 6))
    assert verify(bad.bundle, measure(MUCH_LATER)).found("renewal") is False


def test_a_stamp_from_the_future_is_not_believed():
    assert verify(first().bundle, measure(NOW - timedelta(days=2))).found("stamp") is False


def test_a_strange_authority_is_not_believed():
    proof = verify(first().bundle, replace(measure(SOON), trust=replace(trust(), roots=trust().roots[:1])))
    assert proof.found("stamp") is False


def test_a_key_that_no_longer_counts_ends_a_stamp():
    table = replace(without_end(), keys={"rsa": {"2048": None}, "ec": {"256": date(2028, 1, 1)}})
    assert verify(first().bundle, measure(NOW + YEAR, table)).result is ProofResult.PROVED
    assert verify(first().bundle, measure(NOW + 2 * YEAR, table)).found("stamp") is None


# ---------------------------------------------------------------- records, paths, bundles as bytes


def test_a_record_is_what_sha256sum_reads():
    record = make_record("sha256", digests_of("sha256", {"files/b": b"b", "files/a": b"a"}))
    assert record.text.decode() == (
        f"{hashlib.sha256(b'a').hexdigest()}  files/a\n{hashlib.sha256(b'b').hexdigest()}  files/b\n"
    )
    assert read_record(record.text) == record


LINE = b"0" * 64 + b"  files/a\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        LINE[:-1],
        LINE + LINE,
        LINE.replace(b"0", b"G"),
        LINE.replace(b"a", b"../a"),
        LINE.replace(b"files", b"/files"),
        LINE.replace(b"files/a", b"\xff"),
        LINE.replace(b"  ", b" *"),
        LINE.replace(b"a\n", b"b\n") + LINE,
        LINE + b"0" * 128 + b"  files/b\n",
        LINE * 60_000,
    ],
)
def test_what_is_no_record_is_refused(data: bytes):
    with pytest.raises(EvidenceBroken):
        read_record(data)


@pytest.mark.parametrize("name", ["", "../x", "a\nb", "a\\b", "a//b", "/a"])
def test_names_that_lead_elsewhere_are_not_recorded(name: str):
    with pytest.raises(InvalidValue):
        make_record("sha256", {name: "0" * 64})


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"format":"lienthong-path/1"}', b'{"format":"lienthong-path/2","x":1}']
)
def test_what_is_no_path_is_refused(data: bytes):
    proof = verify(Bundle({**first().files, path_name(1): data}), measure(SOON))
    assert proof.found("bundle") is False


def zipped(write: Callable[[ZipFile], None]) -> bytes:
    output = BytesIO()
    with ZipFile(output, "w") as archive:
        write(archive)
    return output.getvalue()


def test_a_bundle_is_a_zip_and_always_the_same():
    data = first().bundle.to_zip()
    assert data == Bundle(dict(reversed(first().files.items()))).to_zip()
    assert Bundle.from_zip(data).files == dict(first().files)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        zipped(lambda archive: archive.writestr("../etc", b"x")),
        zipped(lambda archive: archive.writestr("/etc", b"x")),
    ],
)
def test_a_hostile_zip_is_refused(data: bytes):
    with pytest.raises(EvidenceBroken):
        Bundle.from_zip(data)


def test_a_zip_that_swells_is_refused_before_it_is_unpacked():
    data = bytearray(zipped(lambda archive: archive.writestr("a", b"x")))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (0xFFFFFF00).to_bytes(4, "little")
    with pytest.raises(EvidenceBroken):
        Bundle.from_zip(bytes(data))


def test_a_bundle_without_a_proof_proves_nothing():
    proof = verify(Bundle({"files/a": b"a"}), measure(SOON))
    assert proof.result is ProofResult.NOT_PROVED
    assert record_name(1) not in proof.findings[0].vi


# ---------------------------------------------------------------- dates of algorithms


def test_the_shipped_dates():
    table = shipped()
    assert table.digest_ends("sha256") == FOREVER
    assert table.digest_ends("md5") == NEVER
    assert (table.key_ends("rsa", 2048).year, table.key_ends("rsa", 4096).year) == (2031, 2036)
    assert table.key_ends("rsa", 1024) == NEVER
    assert table.key_ends("dsa", 4096) == NEVER


@pytest.mark.parametrize("data", [b"", b"{}", b'{"version":"1","source":"","tree":"md5","digests":{},"keys":{}}'])
def test_a_table_that_says_nothing_is_refused(data: bytes):
    with pytest.raises(ConfigurationInvalid):
        read_algorithms(data)
