"""Staff: units, posts, delegation, working days."""

from django.apps import AppConfig


class Staff(AppConfig):
    """Who works where, as what, for whom, and on which days."""

    name = "apps.staff"
    label = "staff"
    keeps_typing = True
