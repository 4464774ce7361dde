"""`python -m apps seed`: logins of the configuration, their first posts and units, each agency's books.

Again, it changes nothing but the passwords.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand

from apps.accounts import factor
from apps.accounts.models import User
from apps.accounts.roles import CONSOLE
from apps.config import Login
from apps.office.books import books_of
from apps.office.models import Lane
from apps.staff.rights import first_post
from lienthong.errors import ConfigurationInvalid


class Command(BaseCommand):
    """Make the logins of the configuration."""

    help = "Tạo các tài khoản trong tệp cấu hình / make the logins of the configuration"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Every login of every agency and of the console."""
        logins = list(_logins())
        with ThreadPoolExecutor() as pool:  # hashing is slow by intent, and leaves the interpreter to others
            hashed = list(pool.map(lambda each: make_password(_password(each[1])), logins))
        for (agency, wanted), password in zip(logins, hashed, strict=True):
            _make(agency, wanted, password)
            self.stdout.write(f"{wanted.username}  {wanted.name}")
        for known in settings.CONFIG.agency:
            for lane in Lane:
                books_of(known.code, lane)


def _logins() -> Iterator[tuple[str, Login]]:
    for agency in settings.CONFIG.agency:
        yield from ((agency.code, wanted) for wanted in agency.login)
    for wanted in settings.CONFIG.console.login if settings.CONFIG.console else ():
        if wanted.role not in CONSOLE:
            raise ConfigurationInvalid(f"console.login: {wanted.username}: {wanted.role}")
        yield "", wanted


def _password(wanted: Login) -> str:
    return wanted.password_file.read_text("utf-8").strip()


def _make(agency: str, wanted: Login, password: str) -> None:
    user, _ = User.objects.update_or_create(
        username=wanted.username,
        defaults={"name": wanted.name, "agency": agency, "role": wanted.role, "password": password},
    )
    if agency:
        first_post(user, wanted.duty, wanted.unit, wanted.title)
    if wanted.totp_file is not None:
        factor.set_secret(user, wanted.totp_file.read_text("ascii").strip())
