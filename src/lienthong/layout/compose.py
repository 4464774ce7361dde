"""From a draft to a page of Decree 30/2020 Annex I, and from rows to a separate annex."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from lienthong.document import VIETNAM, Urgency, iso_vietnam
from lienthong.errors import InvalidValue
from lienthong.layout.forms import form_of
from lienthong.layout.model import SAMPLE_MARK, STAMP_WIDTHS, Composed, Draft, Signatory
from lienthong.layout.tables import weights
from lienthong.layout.typesetter import typeset
from lienthong.layout.words import (
    address_words,
    body,
    clean,
    listed,
    number_words,
    place_and_date,
    subject_words,
    visible,
)

_LONGEST, _WIDEST_DAY = "00000a", date(2026, 12, 28)
"""What number and date may take on a page that waits for them."""


def compose(draft: Draft, moment: datetime | None = None) -> Composed:
    """The document as PDF/A-2u with embedded fonts, and the anchors for both signature pictures.

    `moment` is written as time of creation; without it the document's own date at midnight in Vietnam. The result is
    a function of the arguments alone. Raises InvalidValue for an empty body or unprintable characters.
    """
    made = moment or datetime.combine(draft.date, time(), VIETNAM)
    return typeset("document", document_data(draft), made)


def compose_annex(
    title: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    sample: bool = True,  # noqa: FBT001, FBT002 - a mark that is on unless one says otherwise
    *,
    moment: datetime,
    landscape: bool = False,
) -> Composed:
    """A table under a title as a separate PDF/A-2u, made at `moment`; its only anchor is the corner of page 1.

    Raises InvalidValue when there is no column or a row has another number of cells than the head.
    """
    _check_table(headers, rows)
    table = [[clean(cell) for cell in row] for row in rows]
    names = [clean(name) for name in headers]
    page = _page_data(clean(title), "", sample=sample)
    data = page | {"heading": clean(title), "landscape": landscape, "headers": names, "rows": table}
    return typeset("annex", data | {"columns": weights([names, *table])}, moment)


def compose_line(words: str, size: tuple[float, float], moment: datetime, *, italic: bool = False) -> bytes:
    """One line of 13 pt in the middle of a PDF page of that width and height in points: what a field shows.

    Raises InvalidValue when it does not fit or cannot be printed.
    """
    data = {"words": visible(words), "width": size[0], "height": size[1], "style": "normal"}
    composed = typeset("line", data | ({"style": "italic"} if italic else {}), moment.replace(microsecond=0))
    if composed.pages > 1:
        raise InvalidValue("the words do not fit their place")
    return composed.pdf


def compose_corner(lines: Sequence[str], moment: datetime) -> bytes:
    """The words of a corner signature as a one-page PDF of 72 x 14 mm, for the anchor `corner`.

    A separate annex carries `annex_words`; a copy carries its form, the copying agency and the time (Annex I, ô 14).
    Raises InvalidValue when the lines do not fit or cannot be printed.
    """
    words = [clean(line) for line in lines]
    composed = typeset("corner", {"title": " ".join(words), "lines": words}, moment)
    if composed.pages > 1:
        raise InvalidValue("the words of the corner do not fit")
    return composed.pdf


def annex_words(number: str, notation: str, moment: datetime) -> tuple[str, str]:
    """What the agency's signature on a separate annex says: number, notation and time with its zone (Annex I, ô 14)."""
    return number_words(number, notation), f"Thời gian ký: {iso_vietnam(moment)}"


def copy_words(form: str, organisation: str, moment: datetime) -> tuple[str, str, str]:
    """What the agency's signature on an electronic copy says: form, agency, time (Decree 30/2020, Annex I, ô 14)."""
    return form, organisation, f"Thời gian ký: {iso_vietnam(moment)}"


def incoming_words(number: str, organisation: str, moment: datetime) -> tuple[str, ...]:
    """What the agency's signature on a scanned incoming paper says: agency, number of arrival if any, time."""
    arrival = (f"Số đến: {clean(number)}",) if number else ()
    return organisation, *arrival, f"Thời gian ký: {iso_vietnam(moment)}"


def document_data(draft: Draft) -> dict[str, Any]:
    """The draft's parts in the words of Decree 30, for templates and word processors. InvalidValue: no body."""
    form = form_of(draft.kind)
    title = f"{number_words(draft.number, draft.notation)} {clean(draft.subject)}"
    return _page_data(title, clean(draft.organisation), sample=draft.sample) | {
        "parent": clean(draft.parent).upper() if draft.parent else None,
        "organisation": clean(draft.organisation).upper(),
        "number": number_words(_LONGEST if draft.pending else draft.number, draft.notation),
        "pending": draft.pending,
        "letter": not form.titled,
        "abstract": form.abstract,
        "kind": clean(draft.kind).upper(),
        "subject": subject_words(draft.kind, draft.subject),
        "urgency": _urgency(draft.urgency),
        "place-and-date": place_and_date(draft.place, _WIDEST_DAY if draft.pending else draft.date),
        "address-words": address_words(draft),
        "recipients": _recipients(draft.recipients),
        "body": body(draft.body),
        "to-places": listed(draft.to_places),
        "authority": [clean(line).upper() for line in draft.authority],
        "position": clean(draft.position).upper(),
        "signer": clean(draft.signer_name),
        "beside": _beside(draft.beside),
    }


def _beside(other: Signatory | None) -> dict[str, str] | None:
    return {"position": clean(other.position).upper(), "name": clean(other.name)} if other else None


def _page_data(title: str, author: str, *, sample: bool) -> dict[str, Any]:
    return {"title": title, "author": author, "sample": sample, "mark": SAMPLE_MARK}


def _urgency(level: Urgency) -> dict[str, Any] | None:
    width = STAMP_WIDTHS.get(level)
    return {"words": level.vi.upper(), "width": width} if width else None


def _recipients(names: tuple[str, ...]) -> list[str]:
    """One recipient stands alone; several end like a list."""
    cleaned = [name for name in map(clean, names) if name]
    return cleaned if len(cleaned) <= 1 else listed(tuple(cleaned))


def _check_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not headers:
        raise InvalidValue("a table needs at least one column")
    if any(len(row) != len(headers) for row in rows):
        raise InvalidValue("every row needs as many cells as the table has columns")
