"""The directory."""

from django.apps import AppConfig


class Directory(AppConfig):
    """Organisations through time, their reorganisation, and what is published of them."""

    name = "apps.directory"
    label = "directory"
