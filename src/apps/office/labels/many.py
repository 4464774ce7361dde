"""A label put on or taken off many documents: what a job does to one of them, and where it was ordered."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from apps.office.deed import Deed, tried
from apps.office.incoming.inboxes import box_of
from apps.office.labels import acts
from apps.office.models import Document, Job
from apps.office.outgoing.inboxes import box_of as step_box
from apps.ui.language import t

PUT, TAKE_OFF = "label", "unlabel"


def does(deed: Deed, act: str, number: UUID, text: str) -> str:
    """Put it on or take it off one document; why not, in words, or nothing."""

    def do(document: Document) -> str:
        if act == PUT:
            acts.put(deed, document, text)
            return ""
        return "" if acts.take_off(deed, document, text) else t("Không có nhãn này.")

    return tried(deed, number, do)


def carry_out(job: Job, deed: Deed, number: UUID) -> str:
    """One document of a job."""
    return does(deed, job.act, number, job.typed["text"])


def title(job: Job) -> str:
    """What is done."""
    return said(job.act, job.typed["text"])


def said(act: str, text: str) -> str:
    """What is done, with its label."""
    return t("Gắn nhãn “{label}”", label=text) if act == PUT else t("Bỏ nhãn “{label}”", label=text)


def back(job: Job) -> tuple[str, str]:
    """The list it was ordered in."""
    return place(job.box, job.typed.get("q", ""))


def place(key: str, query: str) -> tuple[str, str]:
    """Address and name of a list: of a box of either lane, else of a search."""
    if box := box_of(key):
        return f"/den/{key}/", t(box.label)
    if step := step_box(key):
        return reverse("outgoing-box", args=[key]), t(step.label)
    return "/tim/?" + urlencode({"q": query}), t("Tìm văn bản")
