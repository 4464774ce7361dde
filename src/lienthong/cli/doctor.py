"""`lienthong doctor`: does everything stand that this machine needs, and if not, what is to be done."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli import desks, probes
from lienthong.cli.desks import AsJson, DesksFile, Place
from lienthong.cli.diagnosis import Finding, Words, failed, ill, show, unsure, well
from lienthong.cli.inbox import MANY
from lienthong.cli.journeys import number
from lienthong.cli.printing import PERMANENT, now, print_json, spoken
from lienthong.client import Desk, Entry
from lienthong.errors import LienThongError

SKEW, SKEW_FELT = 60.0, 5.0
"""Seconds this machine's clock may differ; from the second on we speak of it."""
DAYS_LEFT = 30
FREE_BYTES = 2 * 10**9
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
        yield of_process(url, places)
    if not operations:
        advice = "nêu --operations URL", "name --operations URL"
        yield unsure("danh bạ / registry", ("chưa hỏi phiên bản", "version not asked"), advice)
    yield of_room(Path.cwd())


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
        yield _days(f"{place.code} {place.ca}", (root.not_valid_after_utc - now()).days, ("gốc", "root"))


def _connection(place: Place) -> Iterator[Finding]:
    """TLS, the certificate's days and the clock. Raises `Unavailable`, `ConfigurationInvalid`."""
    if place.url.startswith("https:"):
        leaf = probes.leaf(place.url, place.ca)
        yield well(place.code, (f"{place.url}: TLS tốt", "TLS is good"))
        yield _days(f"{place.code} {place.url}", (leaf.not_valid_after_utc - now()).days, ("máy chủ", "server"))
    yield _clock(place)


def _days(about: str, days: int, whose: Words) -> Finding:
    if days < 0:
        words = f"chứng thư {whose[0]} đã hết hạn", f"{whose[1]} certificate expired"
        return ill(about, words, ("thay chứng thư", "replace the certificate"))
    words = f"chứng thư {whose[0]} còn {days} ngày", f"{whose[1]} certificate runs {days} days more"
    if days < DAYS_LEFT:
        return unsure(about, words, ("xin cấp chứng thư mới", "ask for a new certificate"))
    return well(about, words)


def _clock(place: Place) -> Finding:
    skew = probes.skew(place.url, place.ca)
    about, advice = f"{place.code} đồng hồ / clock", ("đồng bộ giờ (NTP)", "synchronise the time (NTP)")
    if skew is None:
        return unsure(about, ("máy chủ không báo giờ", "the server tells no time"), advice)
    words = f"lệch {round(skew)} giây so với máy chủ", f"{round(skew)} s from the server's"
    if abs(skew) <= SKEW_FELT:
        return well(about, words)
    return (unsure if abs(skew) < SKEW else ill)(about, words, advice)


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


def of_process(url: str, places: Sequence[Place]) -> Finding:
    """An operations face: ready, with which registry, with what in hand."""
    try:
        told = probes.ready(url, next((place.ca for place in places if place.ca), None))
    except LienThongError as error:
        return failed(url, error)
    version = told.pop("registry", "?")
    counts = f" {json.dumps(told, ensure_ascii=False)}" if told else ""
    return well(url, (f"sẵn sàng, danh bạ phiên bản {version}{counts}", f"ready, registry version {version}"))


def of_room(folder: Path) -> Finding:
    """Free space where documents would be taken to."""
    free, whole = probes.room(folder)
    words = f"còn {free / 10**9:.1f} GB", f"{free / 10**9:.1f} GB free"
    if free < FREE_BYTES or free < whole / 50:
        return ill(f"ổ đĩa / disk {folder}", words, ("giải phóng chỗ", "make room"))
    return well(f"ổ đĩa / disk {folder}", words)
