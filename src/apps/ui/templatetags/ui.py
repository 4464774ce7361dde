"""What every template may say: sentences, icons, moments, assets. Built in, no `load` needed."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.ui import times
from apps.ui.assets import address
from apps.ui.icons import ICONS
from apps.ui.language import t as translate
from apps.ui.mark import STAR

register = template.Library()
PROOF_SIGN = {
    "proved": "M8.6 12.3l2.3 2.3 4.4-4.8",
    "not proved": "M9.4 9.4l5.2 5.2M14.6 9.4l-5.2 5.2",
    "cannot tell": "M12 11.7v.6",
}


@register.simple_tag
def t(sentence: str, **values: object) -> str:
    """A sentence in the reader's language."""
    return translate(sentence, **values)


@register.filter
def words(sentence: str) -> str:
    """A sentence held in a variable, in the reader's language."""
    return translate(sentence) if sentence else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small line drawing beside a word; the word speaks, so readers aloud skip it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>', ICONS[name]
    )


@register.simple_tag
def mark(sign: str = "") -> SafeString:
    """The star, with the sign of one of the proof's states inside, or the drum's centre."""
    inner = (
        f'<path class="sign" d="{PROOF_SIGN[sign]}"/>' if sign in PROOF_SIGN else '<circle cx="12" cy="12" r="2.6"/>'
    )
    return format_html(
        '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><polygon points="{}"/>{}</svg>',
        STAR,
        mark_safe(inner),  # noqa: S308 - one of our own four drawings
    )


@register.simple_tag
def static(name: str) -> str:
    """The address of a static file; it changes with the file."""
    return address(name)


def _time(moment: datetime | None, text: str) -> SafeString | str:
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), text) if moment else ""


@register.filter
def near(moment: datetime | None) -> SafeString | str:
    """'08:12 hôm nay'."""
    return _time(moment, times.near(moment) if moment else "")


@register.filter
def clock(moment: datetime | None) -> SafeString | str:
    """'08:12 22/11/2026'."""
    return _time(moment, times.clock(moment) if moment else "")


@register.filter
def day(text: str) -> str:
    """'22/11/2026' from an ISO date; anything else as it is."""
    found = times.read_day(text)
    return f"{found:%d/%m/%Y}" if found else text
