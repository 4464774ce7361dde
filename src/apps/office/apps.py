"""The office."""

from importlib import import_module

from django.apps import AppConfig

from apps.ui.shape import Frame


class Office(AppConfig):
    """Incoming and outgoing documents of one agency."""

    name = "apps.office"
    label = "office"
    keeps_typing = True
    rounds = (
        "apps.office.rounds.go_round",
        "apps.office.jobs.go_round",
        "apps.office.bringing.rounds.go_round",
        "apps.office.finding.recognising.go_round",
    )
    frame = Frame(
        home="/den/",
        rail="office/rail.html",
        search="search",
        find="Tìm văn bản",
        hint="Tìm số, ký hiệu, trích yếu, cơ quan…",
        bell="office/bell.html",
    )

    def ready(self) -> None:
        """Rules hear of events wherever they happen, in a page as in the worker."""
        import_module("apps.office.rules.occasions")
