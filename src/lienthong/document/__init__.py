"""What is exchanged: kinds, urgency, numbers and notations, organisation codes, ids. Pure values."""

from lienthong.document.codes import Generation, OrganisationCode
from lienthong.document.ids import DocumentId, package_id
from lienthong.document.kinds import KINDS, DocumentKind, by_abbreviation, by_name
from lienthong.document.numbers import DocumentNumber
from lienthong.document.status import StatusCode
from lienthong.document.texts import folded, is_absent, nfc
from lienthong.document.times import VIETNAM, edxml_date, edxml_time, iso_vietnam, read_date, read_time
from lienthong.document.urgency import Urgency, may_be_secret, secrecy_of

__all__ = [
    "KINDS",
    "VIETNAM",
    "DocumentId",
    "DocumentKind",
    "DocumentNumber",
    "Generation",
    "OrganisationCode",
    "StatusCode",
    "Urgency",
    "by_abbreviation",
    "by_name",
    "edxml_date",
    "edxml_time",
    "folded",
    "is_absent",
    "iso_vietnam",
    "may_be_secret",
    "nfc",
    "package_id",
    "read_date",
    "read_time",
    "secrecy_of",
]
