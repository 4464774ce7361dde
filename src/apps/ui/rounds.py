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
            except Exception as error:  # noqa: BLE001  a worker goes on; every round keeps what it did
                log.warning("%s: %s: %s", name, type(error).__name__, error)
