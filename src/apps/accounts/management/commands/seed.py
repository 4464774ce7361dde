"""`python -m apps seed`: make the logins of the configuration; doing it again changes nothing but the passwords."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.accounts.models import User
from apps.config import Agency, Login


class Command(BaseCommand):
    """Make the logins of the configuration."""

    help = "Tạo các tài khoản trong tệp cấu hình / make the logins of the configuration"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Every login of every agency."""
        for agency in settings.CONFIG.agency:
            for wanted in agency.login:
                _make(agency, wanted)
                self.stdout.write(f"{wanted.username}  {wanted.name}")


def _make(agency: Agency, wanted: Login) -> None:
    user, _ = User.objects.update_or_create(
        username=wanted.username, defaults={"name": wanted.name, "agency": agency.code, "role": wanted.role}
    )
    user.set_password(wanted.password_file.read_text("utf-8").strip())
    user.save()
