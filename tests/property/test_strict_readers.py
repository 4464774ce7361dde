"""What we write is accepted by every strict reader we know of; and those twins do refuse."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings

from envelope_drawn import edocs, statuses
from envelope_made import FULL, SMALL, STATUS
from lienthong.envelope import Edoc, StatusMessage, write
from strict_readers import READERS, Refused, checker, sequence, serializer

Reader = Callable[[bytes], None]


@given(edocs)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_document_passes_every_strict_reader(message: Edoc) -> None:
    for data in (write(message, {}), write(message, None)):
        for reader in READERS:
            reader(data)


@given(statuses)
@settings(max_examples=40, deadline=None)
def test_a_status_passes_every_strict_reader(message: StatusMessage) -> None:
    for reader in READERS:
        reader(write(message))


@pytest.mark.parametrize(
    ("reader", "old", "new"),
    [
        (serializer, b"<edXML:Subject>", b'<Subject xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">'),
        (serializer, b"QCVN_102_2016", b"QCVN_102"),
        (checker, b"<edXML:Fax></edXML:Fax>", b""),
        (checker, b"<edXML:ErrorList></edXML:ErrorList>", b""),
        (checker, b"2026/03/20", b"20/03/2026"),
        (checker, b"<edXML:Priority>3", b"<edXML:Priority>"),
        (sequence, b"<edXML:DocumentId>H51", b"<edXML:ToPlaces/><edXML:DocumentId>H51"),
        (sequence, b"<?xml ", b" <?xml "),
    ],
)
def test_a_strict_reader_refuses(reader: Reader, old: bytes, new: bytes) -> None:
    good = write(FULL, {})
    assert old in good
    bad = good.replace(old, new)
    if b"<Subject" in new:
        bad = bad.replace(b"</edXML:Subject>", b"</Subject>")
    with pytest.raises(Refused):
        reader(bad)


@pytest.mark.parametrize("message", [FULL, SMALL, STATUS], ids=["full", "small", "status"])
def test_the_plainest_messages_pass(message: Edoc | StatusMessage) -> None:
    for reader in READERS:
        reader(write(message, {}))
