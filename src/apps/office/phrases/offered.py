"""Which phrases a dialog offers, and a chosen one put into what was typed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from django.db.models import Q, QuerySet
from django.http import QueryDict

from apps.office.models import Phrase, PhraseUse
from apps.staff.rights import Standing
from apps.ui.language import t

USES: Mapping[str, PhraseUse] = MappingProxyType({
    "direct": PhraseUse.REMARK, "propose": PhraseUse.REMARK, "forward": PhraseUse.REMARK,
    "refuse": PhraseUse.REASON, "return": PhraseUse.REASON, "decline": PhraseUse.REASON,
    "ask": PhraseUse.OPINION, "answer": PhraseUse.OPINION, "complete": PhraseUse.OPINION,
    "approve": PhraseUse.OPINION, "comment": PhraseUse.OPINION,
})  # fmt: skip
"""What one writes in which act, on the way in and on the way out."""
Group = tuple[str, Sequence[str]]


def groups_for(person: Standing, act: str) -> list[Group]:
    """The person's own, then the agency's; who has neither gets a few to begin with. Nothing for other acts."""
    use = USES.get(act)
    if use is None:
        return []
    known = list(phrases_of(person).filter(use=use))
    own = [one.text for one in known if one.owner_id]
    common = [one.text for one in known if not one.owner_id]
    found = [(t("Của tôi"), own), (t("Của cơ quan"), common)]
    return [group for group in found if group[1]] or [(t("Thường dùng"), starters()[use])]


def phrases_of(person: Standing) -> QuerySet[Phrase]:
    """The person's own and the agency's."""
    return Phrase.objects.filter(Q(owner=None) | Q(owner=person.person), agency=person.agency)


@cache
def starters() -> Mapping[str, Sequence[str]]:
    """By use."""
    return tomllib.loads(files("apps.office.phrases").joinpath("starters.toml").read_text("utf-8"))


def inserted(typed: QueryDict, field: str) -> QueryDict:
    """What was typed with the chosen phrase at the end of that field, and the act it was chosen for."""
    told = typed.copy()
    before, phrase = told.get(field, "").rstrip(), told.get("phrase", "").strip()
    told[field] = f"{before} {phrase}".strip()
    told["act"] = told.get("insert", "")
    return told
