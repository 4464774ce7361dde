"""What the frame of every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from apps.accounts.middleware import opens
from apps.ui.language import english
from apps.ui.shape import frame_of


def page(request: HttpRequest) -> dict[str, Any]:
    """The reader's language, agency and workplace, and whether its search is the reader's to use."""
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    frame = frame_of(known.workplace) if known else None
    return {
        "language": "en" if english() else "vi",
        "agency": settings.CONFIG.of(known.agency) if known else None,
        "frame": frame,
        "searches": SimpleLazyObject(lambda: frame is not None and opens(request, reverse(frame.search))),
    }
