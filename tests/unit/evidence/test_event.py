from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from types import SimpleNamespace

import pytest

from evidence_made import PARTS, event
from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence import Event, EventKind, ManifestPart, listable, manifest_digest

LEAF = event().to_leaf()


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_survives_the_log_and_speaks_two_languages(kind: EventKind):
    told = event(kind, recipient="G09", addressee="G01", code="06", text="Đã hoàn thành")
    assert Event.from_leaf(told.to_leaf()) == told
    assert kind.vi
    assert kind.en
    assert kind.vi != kind.en


def test_the_leaf_is_canonical_json():
    told = replace(event(EventKind.STATUS, code="06"), at=datetime(2026, 11, 22, 1, 12, 0, 500_000, tzinfo=UTC))
    assert (
        told.to_leaf()
        == (
            '{"at":"2026-11-22T01:12:00.500000Z","code":"06","digest":"' + told.digest + '",'
            '"document":"000.00.00.H29,2026/11/22,15/QĐ-UBND","format":"lienthong-event/1","hop":"axis",'
            '"kind":"status-reported","message":"m-1","package":"00000000000000000000000000000000","sender":"H29"}'
        ).encode()
    )


def test_the_moment_is_written_in_utc():
    vietnam = datetime(2026, 11, 22, 8, 12, tzinfo=timezone(timedelta(hours=7)))
    assert event(at=vietnam).to_leaf() == LEAF


def test_names_of_the_standard():
    assert EventKind.SUBMISSION_ACCEPTED.etsi == "SubmissionAcceptance"
    assert EventKind.HANDED_OVER.etsi == "ContentHandover"
    assert EventKind.RECALLED.etsi is None


@pytest.mark.parametrize("changed", [{"at": datetime(2026, 1, 1)}, {"digest": "ABC"}])  # noqa: DTZ001  # naive on purpose
def test_an_event_has_an_aware_moment_and_a_digest(changed: dict[str, object]):
    with pytest.raises(InvalidValue):
        event(**changed)


def test_an_event_holds_only_text():
    with pytest.raises(InvalidValue):
        event(text="\ud800").to_leaf()


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"format":"lienthong-event/1"}',
        LEAF + b" ",
        LEAF.replace(b":", b": ", 1),
        LEAF.replace(b"event/1", b"event/2"),
        LEAF.replace(b"submission-accepted", b"invented"),
        LEAF.replace(b"01:12:00Z", b"01:12:00+00:00"),
        LEAF.replace(b"01:12:00Z", b"25:12:00Z"),
        LEAF.replace(b'"axis"', b"7"),
        LEAF.replace(b'"hop"', b'"hip"'),
        LEAF.replace(b'"sender"', b'"zzz":1,"sender"'),
        LEAF.replace(b'"size":8', b'"size":"8"'),
        LEAF.replace(b'"size":8', b'"size":-8'),
        LEAF.replace(b'"size":8', b'"size":8.0'),
        LEAF.replace(b'"parts":[', b'"parts":[[],'),
    ],
)
def test_nothing_else_is_an_event(leaf: bytes):
    with pytest.raises(EvidenceBroken):
        Event.from_leaf(leaf)


def test_the_manifest_digest_is_of_canonical_json():
    part = ManifestPart("Quyết định.pdf", "application/pdf", 12, "a" * 64)
    text = '[["Quyết định.pdf","application/pdf",12,"' + "a" * 64 + '"]]'
    assert manifest_digest([part]) == sha256(text.encode()).hexdigest()


def test_the_manifest_digest_depends_on_order():
    assert manifest_digest(PARTS) != manifest_digest(PARTS[::-1])


def test_other_rooms_parts_will_do():
    foreign = SimpleNamespace(name="a", media_type="text/plain", size=1, sha256="0" * 64)
    assert manifest_digest([foreign]) == manifest_digest([ManifestPart.of(foreign)])


def test_an_event_fits_an_entry_of_the_log():
    with pytest.raises(InvalidValue, match="entry of the log"):
        event(text="đ" * 33_000).to_leaf()


def test_a_long_list_of_parts_goes_beside_the_event():
    parts = [ManifestPart(f"phụ lục {number}.pdf", "application/pdf", 1, "0" * 64) for number in range(400)]
    assert listable(parts) is None
    fitting = listable(parts[:200])
    assert fitting == tuple(parts[:200])
    assert Event.from_leaf(event(parts=fitting).to_leaf()).parts == fitting
