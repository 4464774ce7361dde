"""What every page shares."""

from django.apps import AppConfig


class Ui(AppConfig):
    """Frame, words, errors, assets."""

    name = "apps.ui"
    label = "ui"
