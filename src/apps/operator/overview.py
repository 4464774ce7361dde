"""The console's first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.roles import Right, needs


@require_safe
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """What goes on now."""
    return render(request, "operator/overview.html")


@require_safe
@needs(Right.MESSAGES)
def find(request: HttpRequest) -> HttpResponse:
    """Messages by any id, number, agency or date."""
    return render(request, "operator/overview.html")
