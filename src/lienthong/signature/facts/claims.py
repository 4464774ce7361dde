"""When the signer says it was: the signed attribute, else /M of the dictionary, and whether a zone is told."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from lienthong.signature.facts.container import SIGNING_TIME, Container
from lienthong.signature.facts.guarding import guarded

# ISO 32000-2 §7.9.4; what follows the year may be missing.
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")


def claimed(value: Any, container: Container | None) -> dict[str, Any]:
    """The fields claimed_time (with a zone; UTC when none is told) and zoned of a SignatureFact."""
    told, _ = guarded(lambda: pdf_moment(str(value["/M"])))
    attribute = container.signed.get(SIGNING_TIME, ()) if container else ()
    moment, _ = guarded(lambda: attribute[0].moment) if attribute else (None, "")
    if moment is None:
        zoned = told is not None and told.tzinfo is not None
        return {"claimed_time": told if zoned or told is None else told.replace(tzinfo=UTC), "zoned": zoned}
    zone = told.tzinfo if told is not None else UTC
    return {"claimed_time": moment.astimezone(zone or UTC), "zoned": zone is not None}


def pdf_moment(text: str) -> datetime:
    """A date of PDF, naive when it names no zone. Raises ValueError."""
    found = _DATE.match(text)
    if found is None:
        raise ValueError("no date")
    numbers = [int(part) if part else least for part, least in zip(found.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)]
    return datetime(*numbers, tzinfo=_zone(found))  # type: ignore[arg-type, misc]  # six numbers, as the pattern has


def _zone(found: re.Match[str]) -> timezone | None:
    if found[7]:
        return UTC
    if not found[8]:
        return None
    away = timedelta(hours=int(found[9]), minutes=int(found[10] or 0))
    return timezone(away if found[8] == "+" else -away)
