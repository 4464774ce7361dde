"""What is asked of a page and what comes back: the draft, the finished PDF, the places a signature will take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lienthong.document import Urgency

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs at the left of the page's signer: a secretary, another party."""

    position: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An administrative document before composing, in the terms of Decree 30/2020 Annex I.

    Names are written as people write them; the layout sets capitals where the Decree asks for them. `kind` is a name
    of the Decree's table, in any spelling `document.by_name` knows; other names are printed as titles. An empty
    `number` leaves the gap in which a clerk's system puts one.
    `authority` holds the lines above the position ("TM. ỦY BAN NHÂN DÂN", "KT. GIÁM ĐỐC"), if any. `recipients` are
    printed after the words of the kind's form ("Kính gửi:"), `to_places` under "Nơi nhận:". With `beside` two sign.
    `pending`: number and date come after the signature; their places are anchors and `date` is when the page was made.
    """

    organisation: str
    number: str
    notation: str
    place: str
    date: date
    kind: str
    subject: str
    body: tuple[str, ...]
    position: str
    signer_name: str
    parent: str | None = None
    recipients: tuple[str, ...] = ()
    to_places: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    sample: bool = True
    beside: Signatory | None = None
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A box on a page, in points of 1/72 inch from the lower left corner, as PDF counts. `page` counts from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where pictures go: the leader's between position and name, the seal over its left third, a text in the corner.

    An annex has no signature block, so only the corner (Decree 30, Annex I: separate annexes are signed there, without
    a picture). `number` and `date` are places to be filled later, on a page that leaves them. Initials stand after the
    last words of the body (`initials`: who answers for the content) and of "Nơi nhận" (`form_initials`: for the form).
    """

    corner: Rectangle | None = None
    leader: Rectangle | None = None
    seal: Rectangle | None = None
    number: Rectangle | None = None
    date: Rectangle | None = None
    initials: Rectangle | None = None
    form_initials: Rectangle | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished PDF/A-2u file with its anchors and the number of pages."""

    pdf: bytes
    anchors: Anchors
    pages: int


# Annex I, Part I §III.2: frames of 20 x 8, 40 x 8 and 30 x 8 mm. "Hẹn giờ" needs more room than its 30 mm sibling.
STAMP_WIDTHS: Mapping[Urgency, float] = MappingProxyType(
    {Urgency.URGENT: 20, Urgency.VERY_URGENT: 40, Urgency.FLASH: 30, Urgency.FLASH_TIMED: 48}
)

SAMPLE_MARK = "VĂN BẢN MẪU – KHÔNG CÓ GIÁ TRỊ"
