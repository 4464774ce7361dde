"""Labels for templates: `{% load labels %}`."""

from __future__ import annotations

from typing import Any

from django import template

from apps.office.labels import acts
from apps.office.models import Document
from apps.staff.rights import asking

register = template.Library()


@register.inclusion_tag("office/labels/document.html", takes_context=True)
def labelling(context: dict[str, Any], document: Document) -> dict[str, Any]:
    """The labels of a document, to take off, and a field for another, for whom may do that of those who see it."""
    person, place = asking(context["request"]), context.get("place")
    may = acts.labels(person)
    return {
        "document": document,
        "may": may,
        "offered": acts.offered(person) if may else [],
        "query": place.query if place else "",
        "request": context["request"],
    }


@register.simple_tag(takes_context=True)
def labels_in_use(context: dict[str, Any]) -> list[str]:
    """Labels put lately on what the reader may see."""
    return acts.offered(asking(context["request"]))
