"""The office."""

from django.apps import AppConfig


class Office(AppConfig):
    """Incoming and outgoing documents of one agency."""

    name = "apps.office"
    label = "office"
