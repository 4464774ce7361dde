"""What was typed and not sent: of every form of the apps that say so, kept by the server for its writer."""

from importlib import import_module

from django.apps import AppConfig


class UnsentForms(AppConfig):
    """Forms that were refused, or whose session ran out: kept, and filled in again for the same person."""

    name = "apps.unsent"
    label = "unsent"

    def ready(self) -> None:
        """A session that begins knows whether something waits."""
        import_module("apps.unsent.beginning")
