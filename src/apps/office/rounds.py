"""One round of the office's worker: each agency takes in what came and hands its reports on."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from apps.config import Agency
from apps.office import answering, reporting
from apps.office.desk import desk_for, receive
from apps.office.finding import index, reading
from apps.office.incoming import intake
from apps.office.outgoing import sending, watching, withdrawing
from apps.office.overview import mailing
from apps.office.rules import occasions, working

log = logging.getLogger(__name__)


def go_round(agencies: Iterable[Agency] | None = None) -> None:
    """Serve each agency of the site once. What fails for one waits for the next round and holds up nobody else."""
    for agency in settings.CONFIG.agency if agencies is None else agencies:
        close_old_connections()
        try:
            _serve(agency)
        except Exception:  # the border around one agency: what is acknowledged is kept, the others go on
            log.warning("%s", agency.code, exc_info=True)


def _serve(agency: Agency) -> None:
    working.go(agency.code, timezone.now())
    desk = desk_for(agency)
    receive(desk, agency.code)
    intake.hear_verdicts(desk, agency.code, timezone.now())
    reporting.send(desk, agency.code)
    sending.send(desk, agency.code)
    withdrawing.settle(desk, agency.code)
    answering.follow_all(agency.code)
    watching.tell_late(agency.code, timezone.now())
    mailing.send(agency.code, timezone.now())
    index.catch_up(agency.code)
    reading.read_some(agency.code)
    occasions.look_at_refusals(desk, agency.code)
