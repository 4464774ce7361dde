"""What a site does by itself: each app names its rounds in its `AppConfig`, and the worker goes through them."""

from __future__ import annotations

import logging

from django.apps import apps
from django.db import close_old_connections
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


def go_round() -> None:
    """Each round of each app once. What fails waits for the next time and holds up no other."""
    for config in apps.get_app_configs():
        for name in getattr(config, "rounds", ()):
            close_old_connections()
            try:
                import_string(name)()
            except Exception:  # the border around one round: each keeps what it did, the others go on
                log.exception("%s", name)
