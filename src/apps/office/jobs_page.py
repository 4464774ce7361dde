"""The page of a job: how far the worker is, what it could not do and why, and the button that stops it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.office import jobs
from apps.office.models import ItemState, Job
from apps.staff.rights import asking


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, number: UUID) -> HttpResponse:
    """For who ordered it; a POST stops it."""
    job = get_object_or_404(Job, pk=number, person=asking(request).person)
    if request.method == "POST":
        jobs.stop(job)
        return redirect("job", job.pk)
    kind = jobs.kind_of(job)
    states = dict(job.items.order_by().values_list("state").annotate(Count("pk")))
    told = {
        "job": job,
        "title": kind.title(job),
        "back": kind.back(job),
        "done": states.get(ItemState.DONE, 0),
        "stopped": states.get(ItemState.STOPPED, 0),
        "over": job.asked - states.get(ItemState.WAITING, 0) - states.get(ItemState.STOPPED, 0),
        "refused": list(job.items.filter(state=ItemState.REFUSED).select_related("document")),
    }
    return render(request, "office/job.html", told)
