"""`lienthong registry …` against the service in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from typer.testing import CliRunner, Result

from apps.accounts.models import User
from apps.directory import keys
from lienthong.cli import directory
from lienthong.cli.registry import app
from lienthong.client.directory import Directory

ROLES = {"an-ninh": "security", "kiem-tra": "auditor"}
"""Everybody else is a registration officer."""


class Here(Directory):
    """The service in this process."""

    def __init__(self, url: str, token: str, ca: Path | None = None) -> None:
        super().__init__(url, token, ca)
        transport = httpx.WSGITransport(app=get_wsgi_application(), raise_app_exceptions=True)
        self._http = httpx.Client(transport=transport, headers=self._http.headers)


@contextmanager
def service_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands reach it; what they change is undone."""
    monkeypatch.setattr(directory, "Directory", Here)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _kept_open() -> Iterator[None]:
    """Requests here leave the test's own transaction open; Django's test client connects this anew with each call."""
    ends = (request_started, request_finished)
    for each in ends:
        each.disconnect(close_old_connections)
    yield
    for each in ends:
        each.connect(close_old_connections)


def commands(folder: Path) -> Callable[..., Result]:
    """`called(who, *words, agency="")`: the command line with that person's access key."""

    def called(who: str, *words: object, agency: str = "") -> Result:
        file = folder / f"{who}.key"
        if not file.exists():
            role = ROLES.get(who, "registration")
            person = User.objects.create(username=f"mau.{who}", name=who, role=role, agency=agency)
            file.touch(0o600)
            file.write_text(keys.make(person, "máy", 1))
        env = {"COLUMNS": "200", "LIENTHONG_DIRECTORY": "http://testserver", "LIENTHONG_DIRECTORY_KEY": str(file)}
        with _kept_open():
            return CliRunner().invoke(app, list(map(str, words)), env=env)

    return called


def done(result: Result) -> str:
    """What it printed; it must have gone well."""
    assert result.exit_code == 0, result.output
    return result.output
