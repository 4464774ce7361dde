"""Onboarding."""

from django.apps import AppConfig

from apps.accounts.roles import Right
from apps.onboarding.waiting import waiting
from apps.ui.shape import Line


class Onboarding(AppConfig):
    """An agency or a host joins the exchange: from the form to the first document."""

    name = "apps.onboarding"
    label = "onboarding"
    rounds = ("apps.onboarding.authority.go_round",)
    lines = (
        Line("Hồ sơ đăng ký", "inbox", "applications", Right.APPLICATIONS, "Danh bạ", waiting),
        Line("Đại diện", "person", "representation", Right.LOOK, "Danh bạ"),
    )
