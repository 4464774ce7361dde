"""The directory."""

from django.apps import AppConfig

from apps.accounts.roles import Right
from apps.ui.shape import Line

SECTION = "Danh bạ"


class Directory(AppConfig):
    """Organisations through time, their reorganisation, and what is published of them."""

    name = "apps.directory"
    label = "directory"
    rounds = ("apps.directory.background.go_round",)
    lines = (
        Line("Cơ quan", "office", "organisations", Right.LOOK, SECTION),
        Line("Nhập từ Excel", "download", "imports", Right.CHANGE_DIRECTORY, SECTION),
        Line("Kế hoạch sắp xếp", "redirect", "plans", Right.LOOK, SECTION),
        Line("Phát hành", "seal", "publications", Right.LOOK, SECTION),
    )
