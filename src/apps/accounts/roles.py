"""Roles and what each may do: one table, asked by pages to show a button and by the server before it acts.

A person has one role, so that no one holds two that check each other. (Registration officer, security officer,
operator and auditor as in X-Road's separation of duties; a clerk works at an agency and has no place here.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])


class Role(models.TextChoices):
    """What a person does."""

    CLERK = "clerk", "Văn thư"
    REGISTRATION = "registration", "Cán bộ đăng ký"
    SECURITY = "security", "Cán bộ an ninh"
    OPERATOR = "operator", "Người vận hành"
    AUDITOR = "auditor", "Kiểm tra viên"
    AUTHORITY = "authority", "Cán bộ chứng thư số"


class Right(Enum):
    """One thing a page lets a person do."""

    OFFICE = "office"
    LOOK = "look"  # overview, gateways, directory, representation
    MESSAGES = "messages"  # where messages are, never what they say
    FREE_MESSAGES = "free-messages"  # requeue, cancel, expire, close
    RUN_GATEWAYS = "run-gateways"  # pause, drain, resume
    APPLICATIONS = "applications"
    DECIDE_APPLICATIONS = "decide-applications"
    DECIDE_CERTIFICATES = "decide-certificates"
    CHANGE_DIRECTORY = "change-directory"  # imports, plans, representation; approval by another registration officer
    PUBLISH = "publish"
    USERS = "users"
    SETTINGS = "settings"
    CHANGE_SETTINGS = "change-settings"
    AUDIT = "audit"
    CERTIFICATES = "certificates"  # the certificate authority; what one does there its officers' record says


_EVERYBODY = frozenset({Right.LOOK, Right.SETTINGS})
MAY: Mapping[Role, frozenset[Right]] = {
    Role.CLERK: frozenset({Right.OFFICE}),
    Role.REGISTRATION: _EVERYBODY | {Right.APPLICATIONS, Right.DECIDE_APPLICATIONS, Right.CHANGE_DIRECTORY},
    Role.SECURITY: _EVERYBODY
    | {
        Right.APPLICATIONS,
        Right.DECIDE_CERTIFICATES,
        Right.PUBLISH,
        Right.USERS,
        Right.CHANGE_SETTINGS,
        Right.AUDIT,
    },
    Role.OPERATOR: _EVERYBODY | {Right.MESSAGES, Right.FREE_MESSAGES, Right.RUN_GATEWAYS},
    Role.AUDITOR: _EVERYBODY | {Right.MESSAGES, Right.APPLICATIONS, Right.AUDIT},
    Role.AUTHORITY: frozenset({Right.CERTIFICATES}),
}
CONSOLE = tuple(role for role in Role if role is not Role.CLERK)
"""Roles that work in the operator's console, and sign in with a second factor."""


def may(role: str, right: Right) -> bool:
    """Whether that role holds that right; an unknown role holds none."""
    return role in MAY and right in MAY[Role(role)]


def needs(right: Right) -> Callable[[View], View]:
    """The view opens only to roles with this right (`accounts.middleware.Gate`)."""

    def marked(view: View) -> View:
        vars(view)["right"] = right
        return view

    return marked


def asks(guard: Callable[[HttpRequest], object]) -> Callable[[View], View]:
    """Name what the view itself asks first, for pages that lead to it (`middleware.opens`): raises PermissionDenied."""

    def marked(view: View) -> View:
        vars(view)["asks"] = guard
        return view

    return marked


def shows_no_document(view: View) -> View:
    """Mark a page of the office that an agency's administrator may open, too, who reads no documents."""
    vars(view)["shows_no_document"] = True
    return view
