"""One round of the office's worker: each agency acts by its rules, exchanges with its gateway, and keeps house."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from apps.config import Agency
from apps.office import answering, reporting
from apps.office.desk import desk_for, receive
from apps.office.finding import index, reading
from apps.office.incoming import intake
from apps.office.outgoing import lapsed, sending, watching, withdrawing
from apps.office.overview import mailing
from apps.office.rules import occasions, working
from lienthong.errors import LienThongError

log = logging.getLogger(__name__)


def go_round(agencies: Iterable[Agency] | None = None) -> None:
    """Serve each agency of the site once. What fails waits for the next round and holds up nothing else: a gateway may
    be away for a day, and notices, deadlines and reading go on."""
    for agency in settings.CONFIG.agency if agencies is None else agencies:
        for part in (_act_by_rules, _exchange, _keep_house):
            _do(part, agency)


def _do(part: Callable[[Agency], object], agency: Agency) -> None:
    close_old_connections()
    try:
        part(agency)
    except LienThongError as error:  # a gateway that is away: a line each round says it
        log.warning("%s: %s: %s", agency.code, type(error).__name__, error)
    except Exception:  # the border around one part: what it acknowledged is kept, the others go on
        log.exception("%s", agency.code)


def _act_by_rules(agency: Agency) -> None:
    working.go(agency.code, timezone.now())


def _exchange(agency: Agency) -> None:
    desk = desk_for(agency)
    receive(desk, agency.code)
    intake.hear_verdicts(desk, agency.code, timezone.now())
    reporting.send(desk, agency.code)
    sending.send(desk, agency.code)
    withdrawing.settle(desk, agency.code)
    answering.follow_all(agency.code)
    occasions.look_at_refusals(desk, agency.code)


def _keep_house(agency: Agency) -> None:
    lapsed.give_back(agency.code, timezone.now())
    watching.tell_late(agency.code, timezone.now())
    mailing.send(agency.code, timezone.now())
    index.catch_up(agency.code)
    reading.read_some(agency.code)
