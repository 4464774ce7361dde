"""All that somebody left unsent, wherever its page has gone, and the button that lets it go."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.person import person
from apps.unsent import keeping


@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """Newest first, each with its words and the way to its page."""
    return render(request, "unsent/unsent.html", {"kept": keeping.opened(keeping.of(person(request)))})


@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Let one go; back to the page it was on, as that page is without it."""
    return redirect(keeping.forget(person(request), request.POST) or "unsent")
