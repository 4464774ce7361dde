"""What each of the 29 kinds has of its own on the page (Decree 30/2020, Annexes I and III), and its first text."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lienthong.document import by_name

CAPACITIES = ("TM.", "Q.", "KT.", "TL.", "TUQ.")  # Annex I, §II.7
_COLLECTIVE = "TM."


@dataclass(frozen=True, slots=True)
class Form:
    """One kind's form.

    `titled`: the kind is printed as title (not on official letters); `abstract`: and what it is about under it;
    `address`: the words before those it is addressed to, empty where they stand under "Nơi nhận" alone;
    `beside`: the position of whoever signs at the left as well, empty where one signs; `outline`: its first paragraphs.
    """

    titled: bool = True
    abstract: bool = True
    address: str = ""
    beside: str = ""
    outline: tuple[str, ...] = ()

    def starting(self, organisation: str, authority: str) -> tuple[str, ...]:
        """The paragraphs to start from, "…" where a person writes."""
        return tuple(line.format(organisation=organisation, authority=authority) for line in self.outline)


PLAIN = Form(address="Kính gửi:")
"""A title the Decree does not know."""


def form_of(kind: str) -> Form:
    """The form of a kind in any spelling `document.by_name` knows; a plain one for other titles."""
    known = by_name(kind)
    return _forms().get(known.name_vi, PLAIN) if known else PLAIN


def notation_of(kind: str, agency: str, unit: str = "") -> str:
    """`QĐ-SKHCN` for a named kind; `SKHCN-VP`, agency and drafting unit, where a kind has no sign (Annex I, §II.3)."""
    known = by_name(kind)
    parts = (known.abbreviation, agency) if known and known.abbreviation else (agency, unit)
    return "-".join(part for part in parts if part)


def authority_of(organisation: str, capacity: tuple[str, ...], position: str) -> str:
    """Who issues, as it stands above the bases of a decision: the collective, or the head of the organisation.

    `("KT. Giám đốc",)` signed by a deputy is the head's decision: "GIÁM ĐỐC SỞ …" (samples 1.1 to 1.3).
    """
    if any(line.startswith(_COLLECTIVE) for line in capacity):
        return organisation.upper()
    head = capacity[-1].partition(".")[2].strip() if capacity else position
    return f"{head} {organisation}".upper()


def capacity_lines(text: str) -> tuple[str, ...]:
    """`TM. Ủy ban nhân dân; KT. Chủ tịch` as the lines above a position."""
    return tuple(line.strip() for line in text.split(";") if line.strip())


@cache
def _forms() -> dict[str, Form]:
    told = json.loads((files("lienthong.layout") / "forms.json").read_text("utf-8"))
    return {kind: Form(**fields | {"outline": tuple(fields["outline"])}) for kind, fields in told.items()}
