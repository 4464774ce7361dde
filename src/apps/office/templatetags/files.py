"""Words of files for templates: `{% load files %}`."""

from __future__ import annotations

from django import template
from django.urls import reverse

from apps.office.archive.periods import words_of
from apps.office.models import Document

register = template.Library()
register.filter("kept", words_of)


@register.filter
def place(document: Document) -> str:
    """Where the page of a document is; empty for what has none."""
    return reverse("document", args=[document.package]) if document.package else ""
