"""Which document a person means: its package id, or its number, document id or message id said in full."""

import re

from lienthong.cli.journeys import number
from lienthong.client import Desk, Entry
from lienthong.document import DocumentNumber, nfc
from lienthong.errors import InvalidValue, NotFound

_PACKAGE = re.compile(r"[0-9a-f]{32}")
_WITHDRAWING = frozenset({1, 2})  # a recall and an update carry the number of the document they speak of


def package_of(desk: Desk, text: str) -> str:
    """The package id. Raises `NotFound`, and `InvalidValue` naming the candidates when several fit."""
    wanted = nfc(text.strip())
    if is_package_id(wanted):
        return wanted.lower()
    found = [entry for entry in desk.search(wanted).entries if _is(entry, wanted)]
    documents = [entry for entry in found if entry.business not in _WITHDRAWING] or found
    if not documents:
        raise NotFound(text)
    if len(documents) > 1:
        told = "; ".join(f"{entry.id} ({entry.sender}, {number(entry)})" for entry in documents)
        raise InvalidValue(f"{text}: nhiều văn bản trùng, xin nêu mã gói tin / several, name the package: {told}")
    return documents[0].id


def is_package_id(text: str) -> bool:
    """Whether it reads as a package id."""
    return bool(_PACKAGE.fullmatch(text.lower()))


def _is(entry: Entry, wanted: str) -> bool:
    own = DocumentNumber(entry.number, entry.notation)
    same_number = bool(own) and DocumentNumber.parse(wanted).normalised() == own.normalised()
    return same_number or wanted in {entry.document_id, entry.message_id}
