"""What is in a file, as facts, for everything agencies really send."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from lienthong.errors import InvalidValue
from lienthong.signature.facts.encoding import decode, encode
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts, SignatureFact
from unit.signature import signed_files
from unit.signature.authority import NOW, leader
from unit.signature.documents import composed, sealed


def only(facts: Facts) -> SignatureFact:
    (item,) = facts.signatures
    return item


def test_two_signatures_in_order():
    facts = gather(sealed())
    first, second = facts.signatures
    assert (facts.readable, facts.size, facts.odd, facts.active) == ("", len(sealed()), (), ())
    assert (first.field, first.intact, first.coverage, first.modification) == (
        "LeaderSignature1",
        True,
        "revision",
        "form-filling",
    )
    assert (second.field, second.intact, second.coverage, second.modification) == ("AgencySeal1", True, "file", "none")
    assert (first.permitted, first.certified, first.permissions) == (True, True, 2)
    assert facts.certificates[first.signer] == leader().certificate
    assert first.claimed_time == NOW
    assert first.zoned
    assert first.claimed_time.utcoffset() == timedelta(hours=7)
    assert first.binds_certificate
    assert first.box is not None
    assert first.reason == "Phê duyệt"


def test_an_unsigned_file_and_no_file():
    assert gather(composed().pdf).signatures == ()
    assert gather(composed().pdf).archival == "2u"
    assert gather(b"words").readable == "not a PDF"


def test_what_agencies_send_today():
    item = only(gather(signed_files.as_agencies_sign()))
    assert (item.profile, item.intact, item.scheme, item.digest) == ("adbe.pkcs7.detached", True, "rsa", "sha256")
    assert item.embedded == (item.signer,)
    (stamp,) = item.stamps
    assert (stamp.kind, stamp.intact, stamp.at, stamp.purpose) == ("signature", True, signed_files.AT, True)
    assert stamp.signer == hashlib.sha256(signed_files.stamper_certificate()).hexdigest()


def test_the_sha1_era():
    item = only(gather(signed_files.old()))
    assert (item.intact, item.digest) == (True, "sha1")
    item = only(gather(signed_files.bare()))
    assert (item.intact, item.digest, item.coverage, item.signer) == (
        True,
        "sha1",
        "file",
        hashlib.sha256(leader().certificate).hexdigest(),
    )


def test_long_term():
    facts = gather(signed_files.long_term())
    item, (stamp,) = only(facts), facts.document_stamps
    assert (item.intact, item.coverage, item.modification, item.permitted) == (True, "revision", "long-term", True)
    assert (stamp.kind, stamp.intact, stamp.coverage, stamp.modification) == ("document", True, "revision", "long-term")
    assert stamp.at == signed_files.AT
    assert len(facts.certificates) >= 3


@pytest.mark.parametrize("pdf", [sealed, signed_files.long_term, signed_files.as_agencies_sign])
def test_facts_travel_as_json(pdf: Callable[[], bytes]):
    facts = gather(pdf())
    assert decode(encode(facts)) == facts
    assert encode(decode(encode(facts))) == encode(facts)


@pytest.mark.parametrize("data", [b"", b"{}", b'{"sha256":"a","size":1,"version":99}', b"[" * 9999])
def test_other_json_is_refused(data: bytes):
    with pytest.raises(InvalidValue):
        decode(data)
