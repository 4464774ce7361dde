"""`python -m apps officer USERNAME FILE`: the access token of an officer, from a file instead of the page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.models import User
from apps.authority.door import keep_token


class Command(BaseCommand):
    """Keep an officer's access token."""

    help = "Lưu mã truy cập dịch vụ chứng thư của một người / keep an officer's access token"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Pairs: who, and the file."""
        parser.add_argument("username")
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Keep it, encrypted."""
        user = User.objects.get(username=options["username"])
        keep_token(user, options["file"].read_text("utf-8").strip())
