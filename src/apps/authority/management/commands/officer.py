"""`python -m apps officer USERNAME=FILE …`: access tokens of officers, from files instead of the page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.models import User
from apps.authority.door import keep_token


class Command(BaseCommand):
    """Keep officers' access tokens."""

    help = "Lưu mã truy cập dịch vụ chứng thư của từng người / keep officers' access tokens"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Pairs: who, and the file."""
        parser.add_argument("pairs", nargs="+", metavar="USERNAME=FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Keep them, encrypted."""
        for username, _, file in (pair.partition("=") for pair in options["pairs"]):
            keep_token(User.objects.get(username=username), Path(file).read_text("utf-8").strip())
