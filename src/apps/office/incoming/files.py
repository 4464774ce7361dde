"""The files of a document of the register as tabs of its page."""

from __future__ import annotations

from django.urls import reverse

from apps.office import contents
from apps.office.files import Tab
from apps.office.finding import recognising
from apps.office.models import Document, File, Source


def tabs_of(document: Document, chosen: str) -> list[Tab]:
    """The newest version of each file; the chosen one, or the first, is shown."""
    found = contents.current(document)
    here = next((file.pk for file in found if str(file.pk) == chosen), found[0].pk if found else 0)
    return [_tab(document, file, here) for file in found]


def _tab(document: Document, file: File, here: int) -> Tab:
    at = [document.pk, file.pk]
    report = reverse("incoming-report", args=at) if document.source == Source.AXIS else ""
    address, words = reverse("incoming-file", args=at), recognising.state(getattr(file.content, "recognition", None))
    return Tab(str(file.pk), file.name, file.media_type, file.pk == here, address, report, words)
