"""What may be done with an application, by whom and when; done and kept in the audit alike from page and script."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from apps.accounts.person import person
from apps.accounts.roles import Right
from apps.audit.record import record
from apps.directory import scope
from apps.onboarding import acts, authority, axis_side
from apps.onboarding.models import Application
from apps.ui.language import t
from lienthong.errors import IllegalMove, LienThongError

ACTS = {
    "examine": Right.DECIDE_APPLICATIONS,
    "approve": Right.DECIDE_APPLICATIONS,
    "refuse": Right.DECIDE_APPLICATIONS,
    "code": Right.DECIDE_APPLICATIONS,
    "enter": Right.CHANGE_DIRECTORY,
    "certificates": Right.DECIDE_CERTIFICATES,
    "organisation": Right.CHANGE_DIRECTORY,
    "authority": Right.DECIDE_CERTIFICATES,
    "test": Right.DECIDE_APPLICATIONS,
}
SAID = {"refuse": "reason", "certificates": "pem"}
"""What an act wants said with it."""
MOST_SAID = 200_000


def lawful(of: Application) -> set[str]:
    """What can be done now."""
    if of.refused_at:
        return set()
    conditions = {
        "examine": of.examined_at is None,
        "approve": of.examined_at is not None and of.approved_at is None,
        "refuse": of.listed_at is None,
        "code": of.approved_at is not None and of.joined_at is None,
        "certificates": of.joined_at is not None and of.listed_at is None,
        "organisation": of.approved_at is not None and not acts.known(of),
        "authority": authority.configured() and of.joined_at is not None and bool(acts.missing_certificates(of)),
        "test": of.listed_at is not None and of.seen_at is None,
        "enter": of.joined_at is not None and of.listed_at is None and not acts.missing_certificates(of),
    }
    return {act for act, fits in conditions.items() if fits}


def carry_out(request: HttpRequest, of: Application, act: str, said: str = "") -> object:
    """Do one of `ACTS`, whose right the door has asked; a one-time code for `code`. The audit keeps refusals as well.

    Raises NotAllowed for another province's application and for who examined and would approve, IllegalMove,
    InvalidValue, and what the authority refuses.
    """
    try:
        scope.require(person(request), [of.code])
        told = _do(request, of, said)[act]()
    except LienThongError as error:
        record(request, f"application-{act}", of.code, outcome="refused", code=error.code)
        raise
    record(request, f"application-{act}", of.code, gateway=of.gateway)
    return told


def _do(request: HttpRequest, of: Application, said: str) -> dict[str, Callable[[], object]]:
    who = person(request)
    return {
        "examine": lambda: acts.examine(of, who),
        "approve": lambda: acts.approve(of, who),
        "refuse": lambda: acts.refuse(of, said),
        "code": lambda: acts.give_code(of),
        "enter": lambda: acts.enter(of, who),
        "organisation": lambda: acts.enter_organisation(of, who),
        "authority": lambda: authority.ask(of),
        "test": lambda: _tested(of),
        "certificates": lambda: acts.take_certificates(of, said),
    }


def _tested(of: Application) -> None:
    """Raises `IllegalMove` with the reason in words when the axis does not see the gateway."""
    if of.listed_at is None:
        raise IllegalMove(t("Máy chủ chưa vào danh bạ."))
    if problem := axis_side.test(of):
        raise IllegalMove(t(axis_side.WORDS[problem]))
