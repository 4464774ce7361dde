"""Whose codes a person may change: a level-1 agency gives the codes below its own (Decision 20/2020/QĐ-TTg, Art. 4)."""

from __future__ import annotations

from collections.abc import Iterable

from apps.accounts.models import User
from apps.ui.language import t
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue, NotAllowed


def require(person: User, codes: Iterable[str]) -> None:
    """Pass if every code is the person's to change: all of them for the centre, whose people have no agency.

    Raises NotAllowed naming the first that is not.
    """
    if not person.agency:
        return
    own = OrganisationCode.parse(person.agency).level1
    for code in codes:
        if own is None or _level1(code) != own:
            raise NotAllowed(t("Mã {code} không thuộc {own}.", code=code[:60], own=own or person.agency))


def _level1(code: str) -> str | None:
    try:
        return OrganisationCode.parse(code).level1
    except InvalidValue:
        return None
