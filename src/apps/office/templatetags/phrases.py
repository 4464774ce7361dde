"""Phrases for a dialog: `{% load phrases %}{% phrases "return" %}`."""

from __future__ import annotations

from typing import Any

from django import template

from apps.office.phrases.offered import groups_for
from apps.staff.rights import asking

register = template.Library()


@register.inclusion_tag("office/phrases/choose.html", takes_context=True)
def phrases(context: dict[str, Any], act: str) -> dict[str, Any]:
    """A choice of phrases for that act, or nothing."""
    return {"groups": groups_for(asking(context["request"]), act), "act": act}
