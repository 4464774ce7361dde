"""Words of files for templates: `{% load files %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Q

from apps.office.archive.periods import words_of
from apps.office.cases import policy
from apps.office.cases.story import address_of
from apps.office.models import CaseFile, CaseState, Document, Lane
from apps.staff.models import Duty
from apps.staff.rights import asking

register = template.Library()
register.filter("kept", words_of)
register.filter("place", address_of)


@register.inclusion_tag("office/filing.html", takes_context=True)
def filing(context: dict[str, Any], document: Document) -> dict[str, Any]:
    """Where a document lies, one's open files it can be put in, and for the clerk the way to a copy."""
    person = asking(context["request"])
    mine = Q(keeper=person.person) | Q(members=person.person)
    files = CaseFile.objects.filter(mine, agency=person.agency, state=CaseState.OPEN).distinct()
    copied = document.lane != Lane.COPY and bool(document.used_numbers)
    return {
        "document": document,
        "inside": policy.visible(person).filter(documents__document=document),
        "files": files.exclude(documents__document=document),
        "copies": copied and person.has(Duty.CLERK),
        "request": context["request"],
    }
