"""Words of the office for templates: `{% load office %}`."""

from __future__ import annotations

from django import template

from apps.office import words
from apps.office.books import books_of
from apps.office.models import Book, Document, Lane
from apps.ui.language import english
from lienthong.client import Entry, Repair

register = template.Library()
register.filter("tag", words.tag)
register.filter("marks", words.marks)
register.filter("code_of", words.code_of)
register.filter("stands", words.kept)
register.filter("urgency", words.urgency_of)
register.filter("signature", words.signature_of)
register.filter("at_receiver", words.at_receiver)


@register.filter
def spoken(repair: Repair) -> str:
    """What was repaired, in the reader's language."""
    return repair.en if english() else repair.vi


@register.filter
def books(document: Document) -> list[Book]:
    """The books it may be registered in."""
    return books_of(document.agency, Lane.INCOMING)


@register.filter
def due(entry: Entry) -> words.Tag | None:
    """The deadline of an entry in words."""
    return words.due(entry.due, finished=words.finished(entry))
