"""What the frame of every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.ui.language import english


def page(request: HttpRequest) -> dict[str, Any]:
    """The reader's language and agency."""
    user = getattr(request, "user", None)
    agency = settings.CONFIG.of(user.agency) if user is not None and user.is_authenticated else None
    return {"language": "en" if english() else "vi", "agency": agency}
