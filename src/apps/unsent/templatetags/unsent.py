"""`csrf_token` in a form of the office also says who writes it: none that can be sent can be without."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.unsent import note

register = template.Library()
SIGNED = "unsent_note"


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Django's own field, and the note. KeyError in a part of a page that was given no `request`."""
    token = SafeString(CsrfTokenNode().render(context))
    told = _note(context["request"]) if token else ""
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, note.NAME, told) if told else token


def _note(request: HttpRequest) -> str:
    """Signed once for all the forms of a page."""
    known = vars(request)
    if SIGNED not in known:
        known[SIGNED] = note.written(request)
    return str(known[SIGNED])
