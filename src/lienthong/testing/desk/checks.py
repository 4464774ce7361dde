"""The form check of the sample desk: the real one for drafts, a few findings at fixed places for received documents."""

from datetime import date, datetime

import msgspec

from lienthong.client.model import Box, Entry, File, Finding, Metadata
from lienthong.signature import validate
from lienthong.signature.facts.gather import gather
from lienthong.signature.form import CHECKS, Expected, check

_SEAL, _NUMBER = Box(0, 320, 368, 422, 470), Box(0, 128, 738, 242, 754)


def checked(metadata: Metadata, file: File, organisation: str, now: datetime) -> tuple[Finding, ...]:
    """What the form check finds in a file of a draft; files that are no PDF have no form."""
    pdf = file.whole()
    if not pdf.startswith(b"%PDF"):
        return ()
    expected = Expected(
        organisation=organisation,
        signer=metadata.signer_name,
        number=metadata.number,
        notation=metadata.notation,
        issued=date.fromisoformat(metadata.issued) if metadata.issued else None,
        seen=now,
    )
    found = check(gather(pdf), validate(pdf, (), now), expected)
    return msgspec.convert([each.as_dict() for each in found], tuple[Finding, ...])


def samples(entry: Entry) -> tuple[Finding, ...]:
    """Every third document has something to look at."""
    if not entry.number.isdecimal() or int(entry.number) % 3:
        return ()
    who = {"who": entry.signer, "percent": 12, "found": f"{entry.number}/ABC", "expected": entry.number}
    rows = (("number-differs", _NUMBER), ("seal-off-third", _SEAL), ("not-archival", None))
    return tuple(
        Finding(code, CHECKS[code].severity.value, CHECKS[code].vi.format(**who), CHECKS[code].en.format(**who), box)
        for code, box in rows
    )
