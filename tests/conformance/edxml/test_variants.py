"""Every dirty variant seen in the wild, and every refusal, as data: cases/*.edxml and expected.json beside them.

The key `why` says what each case is about. Names start with the row of the variant (v01…v15), `a` for the forms of
attachments, `t` for other repairs, `r` for refusals.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.document import iso_vietnam
from lienthong.envelope import Edoc, Reading, StatusMessage, pack, read, read_head, unpack
from lienthong.errors import LienThongError

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
READABLE = [name for name, case in EXPECTED.items() if "refused" not in case]
REFUSED = [name for name, case in EXPECTED.items() if "refused" in case]
NEED_CONTENT = {"r-zip-two-entries", "r-zip-path", "r-zip-broken"}  # a head reading never looks inside a ZIP


def load(name: str) -> bytes:
    return (HERE / "cases" / f"{name}.edxml").read_bytes()


def facts(reading: Reading) -> dict[str, object]:
    """What the expectations speak of, in their words."""
    message = reading.message
    return status_facts(message) if isinstance(message, StatusMessage) else edoc_facts(message, reading)


def status_facts(message: StatusMessage) -> dict[str, object]:
    return {
        "sender": str(message.sender.code),
        "about": str(message.response.organisation),
        "document_id": str(message.response.document_id),
        "number": str(message.response.number),
        "status": str(message.code),
        "at": iso_vietnam(message.at) if message.at else "",
    }


def edoc_facts(message: Edoc, reading: Reading) -> dict[str, object]:
    signature = reading.signature
    return {
        "sender": str(message.sender.code),
        "recipients": [str(party.code) for party in message.recipients],
        "document_id": str(message.document_id),
        "number": str(message.number),
        "issued": str(message.issued or ""),
        "subject": message.subject,
        "kind": message.kind_name,
        "signer": message.signer.full_name,
        "due": str(message.due or ""),
        "urgency": int(message.other.urgency),
        "business": int(message.business.type),
        "reason": message.business.reason,
        "affects": str(message.business.document_id or ""),
        "receivers": [f"{'+' if each.added else '-'}{each.code}" for each in message.business.receivers],
        "replaces": [str(each.document_id) for each in message.business.replaces],
        "secrecy": message.secrecy,
        "unknown": [element.decode() for element in message.unknown],
        "signature": [signature.algorithm, signature.subject, signature.standard_namespace] if signature else None,
    }


def test_every_case_has_its_file_and_every_file_its_case() -> None:
    assert {path.stem for path in (HERE / "cases").iterdir()} == set(EXPECTED)


def test_every_row_of_the_variants_has_cases_and_the_page_lists_them_all() -> None:
    """Rows V1 to V15 of what was seen in the wild; the page for integrators names each case."""
    assert {f"v{row:02}" for row in range(1, 16)} <= {name[:3] for name in EXPECTED}
    page = HERE.parents[2] / "docs" / "protocol" / "edxml.md"
    assert set(re.findall(r"`([vatr]\d*-[a-z0-9-]+)`", page.read_text("utf-8"))) == set(EXPECTED)


@pytest.mark.parametrize("name", [name for name in READABLE if "attachment-elsewhere" not in str(EXPECTED[name])])
def test_a_variant_means_the_same_when_sent_on(name: str) -> None:
    reading = read(load(name))
    message = reading.message
    if isinstance(message, Edoc):
        if any(each.content.part for each in message.attachments):
            return  # its contents are in parts that this file does not hold
        message = replace(message, content=message.content or message.subject)
    assert unpack(pack(message)).message == message


@pytest.mark.parametrize("name", READABLE)
def test_a_variant_says_what_it_means(name: str) -> None:
    found = facts(read(load(name)))
    expected = EXPECTED[name]["says"]
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("name", READABLE)
def test_every_repair_is_a_warning_and_nothing_else_is(name: str) -> None:
    found = [[warning.code, warning.where] for warning in read(load(name)).warnings]
    assert sorted(found) == sorted(EXPECTED[name]["warnings"])


@pytest.mark.parametrize("name", [name for name in READABLE if "attachments" in EXPECTED[name]])
def test_the_files_come_out_as_they_are(name: str) -> None:
    message = read(load(name)).message
    assert isinstance(message, Edoc)
    found = [{"name": each.name, "media_type": each.media_type, "size": each.size} for each in message.attachments]
    assert found == EXPECTED[name]["attachments"]
    pdfs = [each for each in message.attachments if each.name.endswith(".pdf") and each.size]
    assert all(each.content.data.startswith(b"%PDF-1.7") for each in pdfs)
    assert len({each.content_id for each in message.attachments}) == len(message.attachments)


@pytest.mark.parametrize("name", READABLE)
def test_a_head_reading_says_the_same_and_holds_nothing(name: str) -> None:
    head, whole = read_head(load(name)), read(load(name))
    assert facts(head) == facts(whole)
    assert head.original_sha256 == whole.original_sha256
    if isinstance(head.message, Edoc):
        assert all(each.content.held is None for each in head.message.attachments)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_tells_its_reason(name: str) -> None:
    with pytest.raises(LienThongError) as refusal:
        read(load(name))
    assert refusal.value.code == EXPECTED[name]["refused"]
    assert EXPECTED[name]["reason"] in refusal.value.detail
    assert refusal.value.detail


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in NEED_CONTENT])
def test_a_head_reading_refuses_the_same(name: str) -> None:
    with pytest.raises(LienThongError) as refusal:
        read_head(load(name))
    assert refusal.value.code == EXPECTED[name]["refused"]
