"""The audit."""

from django.apps import AppConfig


class Audit(AppConfig):
    """Who did what, for whom, from where."""

    name = "apps.audit"
    label = "audit"
