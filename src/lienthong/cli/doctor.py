"""`lienthong doctor`: does everything stand that this machine needs, and if not, what is to be done."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli import desks, probes
from lienthong.cli.desks import AsJson, DesksFile, Place
from lienthong.cli.diagnosis import show
from lienthong.cli.inbox import MANY
from lienthong.cli.journeys import number
from lienthong.cli.printing import PERMANENT, now, print_json, spoken
from lienthong.client import Desk, Entry
from lienthong.diagnosis import Finding, clock, days, failed, ill, room, unsure, well
from lienthong.errors import LienThongError

WAITS_LONG = {True: 3600.0, False: 86400.0}
"""Seconds a document may wait in the inbox: urgent ones, others."""
SENT_LONG = 900.0
"""Seconds a sent document may stay at its own gateway."""


def doctor(
    *,
    as_code: Annotated[
        str, typer.Option("--as", metavar="CODE", help="Chỉ cơ quan này / this agency alone", show_default=False)
    ] = "",
    operations: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Cổng vận hành của trục, máy chủ / operations face of axis or gateway"),
    ] = None,
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Khám: nối được không, giờ đúng không, chứng thư còn hạn không. / Check connection, clock, certificates, room.

    Mã thoát / exit code: 0 ổn (all well), 1 có việc phải làm (something must be done).
    """
    with spoken(as_json=as_json):
        findings = list(_examine(as_code, desks_file, operations or []))
    sound = all(finding.ok is not False for finding in findings)
    if as_json:
        print_json({"ok": sound, "findings": [asdict(finding) for finding in findings]})
    else:
        show(findings)
    raise typer.Exit(0 if sound else PERMANENT)


def _examine(code: str, desks_file: Path | None, operations: Sequence[str]) -> Iterator[Finding]:
    places: list[Place] = []
    try:
        places += [desks.place_of(code, desks_file)] if code else desks.read_desks(desks_file)[1].values()
    except LienThongError as error:
        yield failed("desks.json", error, ("tạo desks.json hoặc nêu --desks", "make desks.json, or name it by --desks"))
    for place in places:
        yield from of_desk(place)
    for url in operations:
        yield from of_process(url, places)
    if not operations:
        advice = "nêu --operations URL", "name --operations URL"
        yield unsure("danh bạ / registry", ("chưa hỏi phiên bản", "version not asked"), advice)
    yield room(f"ổ đĩa / disk {Path.cwd()}", *probes.room(Path.cwd()))


# ---------------------------------------------------------------- one agency's desk


def of_desk(place: Place) -> Iterator[Finding]:
    """Files, TLS, token, clock and what waits too long, for one agency; stops where nothing further can be known."""
    try:
        place.token()
        yield from _roots(place)
    except LienThongError as error:
        yield failed(place.code, error, ("sửa quyền hoặc đường dẫn tệp", "mend the file's mode or path"))
        return
    try:
        yield from _connection(place)
        with desks.connect(place) as desk:
            yield _token(place, desk)
            yield from _waiting(place.code, desk)
    except LienThongError as error:
        yield failed(place.code, error)


def _roots(place: Place) -> Iterator[Finding]:
    for root in place.roots():
        yield days(f"{place.code} {place.ca}", (root.not_valid_after_utc - now()).days, ("gốc", "root"))


def _connection(place: Place) -> Iterator[Finding]:
    """TLS, the certificate's days and the clock. Raises `Unavailable`, `ConfigurationInvalid`."""
    if place.url.startswith("https:"):
        leaf = probes.leaf(place.url, place.ca)
        yield well(place.code, (f"{place.url}: TLS tốt", "TLS is good"))
        yield days(f"{place.code} {place.url}", (leaf.not_valid_after_utc - now()).days, ("máy chủ", "server"))
    yield clock(f"{place.code} đồng hồ / clock", probes.skew(place.url, place.ca))


def _token(place: Place, desk: Desk) -> Finding:
    me = desk.me()
    if me.code != place.code:
        words = f"mã truy cập là của {me.code}", f"the token is {me.code}'s"
        return ill(place.code, words, ("thay tệp mã truy cập", "replace the token file"))
    return well(place.code, (f"mã truy cập đúng: {me.name}, {me.gateway}", "the token is right"))


def _waiting(code: str, desk: Desk) -> Iterator[Finding]:
    """What the agency has not taken, and what has not left its gateway, for too long."""
    if late := [entry for entry in desk.inbox(limit=MANY) if _age(entry) > WAITS_LONG[entry.urgency > 0]]:
        take = f"lienthong inbox --as {code} --take DIR"
        yield ill(code, (f"chờ lấy quá lâu: {_named(late)}", "waiting too long to be taken"), (take, take))
    else:
        yield well(code, ("hộp đến không có gì chờ quá lâu", "nothing waits too long"))
    if stuck := [entry for entry in desk.outgoing(limit=MANY).entries if _age(entry) > SENT_LONG and _at_home(entry)]:
        advice = "xem máy chủ và trục (--operations)", "look at gateway and axis (--operations)"
        yield ill(code, (f"chưa lên được trục: {_named(stuck)}", "have not reached the axis"), advice)
    else:
        yield well(code, ("văn bản đi đều đã lên trục", "all that was sent reached the axis"))


def _named(entries: Sequence[Entry]) -> str:
    few = ", ".join(number(entry) or entry.id for entry in entries[:5])
    return f"{few} (+{len(entries) - 5})" if len(entries) > 5 else few


def _age(entry: Entry) -> float:
    return (now() - entry.recorded_at).total_seconds()


def _at_home(entry: Entry) -> bool:
    return any(recipient.state == "recorded" for recipient in entry.recipients)


# ---------------------------------------------------------------- processes and this machine


def of_process(url: str, places: Sequence[Place]) -> Iterator[Finding]:
    """An operations face: ready, with which registry, with what in hand; of a gateway all that its own doctor finds."""
    ca = next((place.ca for place in places if place.ca), None)
    try:
        told = probes.ready(url, ca)
        version = told.pop("registry", "?")
        counts = f" {json.dumps(told, ensure_ascii=False)}" if told else ""
        yield well(url, (f"sẵn sàng, danh bạ phiên bản {version}{counts}", f"ready, registry version {version}"))
    except LienThongError as error:
        yield failed(url, error)
    with suppress(LienThongError):  # what keeps it from answering was said above; an axis has no doctor
        yield from (replace(found, about=f"{url} {found.about}") for found in probes.diagnosis(url, ca))
