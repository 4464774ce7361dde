"""Words of the office for templates: `{% load office %}`."""

from __future__ import annotations

from django import template

from apps.office import words
from lienthong.client import Entry

register = template.Library()
register.filter("tag", words.tag)
register.filter("marks", words.marks)
register.filter("code_of", words.code_of)
register.filter("at_receiver", words.at_receiver)


@register.filter
def due(entry: Entry) -> words.Tag | None:
    """The deadline of an entry in words."""
    return words.due(entry.due, finished=words.finished(entry))
