"""What an operator should know of a gateway, judged from what was seen of it at one moment. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthong.delivery import JourneyState, Lane, Standstill
from lienthong.delivery.quota import Share
from lienthong.diagnosis import DAYS_LEFT, Finding, Words, clock, days, failed, ill, room, unsure, well
from lienthong.document import VIETNAM
from lienthong.errors import LienThongError, by_code

UNTAKEN = timedelta(days=1)
"""So long an agency's software may leave a document untaken."""
SHOWN = 10
NEARLY = 0.8
"""So much of a day's quota is worth a word."""
_UNITS = {"documents": "văn bản", "bytes": "byte"}


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of a gateway at one moment.

    `axis`: the refusal met when the axis was asked, none when it answered; `skew`: seconds this clock is ahead of the
    axis's. `away_since`: since when nothing gets through to the axis. `certificates`: end by name (two languages),
    `seals`: by tenant; `unreadable`: file and reason. `dead`: dead letters by code. `names`: what recipients are
    called. `troubled`: sources of revocation that do not answer, with the reason. `buses`: since when each fails.
    `vxp`: where the VXP face listens, empty without one; `systems`: whether each not shut out has a live secret.
    `quotas`: what tenants with bounds have used today.
    """

    at: datetime
    axis: LienThongError | None = None
    skew: float | None = None
    away_since: datetime | None = None
    certificates: Mapping[Words, datetime] = field(default_factory=dict)
    seals: Mapping[str, datetime] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    registry: int = 0
    registry_ends: datetime | None = None
    still: Sequence[Standstill] = ()
    dead: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    free: int = 0
    whole: int = 0
    troubled: Mapping[str, str] = field(default_factory=dict)
    buses: Mapping[str, datetime | None] = field(default_factory=dict)
    vxp: str = ""
    systems: Mapping[str, bool] = field(default_factory=dict)
    quotas: Mapping[str, Sequence[Share]] = field(default_factory=dict)


def of_gateway(seen: Observed) -> Iterator[Finding]:
    """Everything there is to say of a gateway, what must be done first where people look first."""
    yield from _axis(seen)
    yield from _registry(seen)
    yield from _certificates(seen)
    yield from _queue(seen)
    yield from _unreached(seen)
    yield from _untaken(seen)
    yield from _dead(seen)
    yield from _buses(seen)
    yield from _vxp(seen)
    yield from _quotas(seen)
    yield room("ổ đĩa / disk", seen.free, seen.whole)
    for source, reason in seen.troubled.items():
        advice = "kiểm tra địa chỉ và mạng; kết luận chữ ký còn để ngỏ", "check address and network; verdicts stay open"
        words = f"không hỏi được: {reason}", "does not answer"
        yield unsure(f"thu hồi chứng thư / revocation {source}", words, advice)


def _buses(seen: Observed) -> Iterator[Finding]:
    for name, since in seen.buses.items():
        about = f"trục tỉnh / bus {name}"
        if since is None:
            yield well(about, ("không có lỗi", "no failures"))
            continue
        words = f"có lỗi từ {_clock(since)}", f"calls have failed since {_clock(since)}"
        yield unsure(about, words, ("kiểm tra địa chỉ, mã hệ thống và khóa", "check address, system id and secret"))


def _vxp(seen: Observed) -> Iterator[Finding]:
    """Where software of the national axis's SDK calls, and whether it can; never a secret."""
    if not seen.vxp:
        return
    about, count, command = "VXP", sum(seen.systems.values()), "lienthong gateway system add"
    words = f"{seen.vxp}: {count} phần mềm gọi được", f"{seen.vxp}: {count} systems may call"
    none = f"{seen.vxp}: chưa phần mềm nào được gọi ({command})", f"{seen.vxp}: no software may call yet ({command})"
    yield well(about, words if seen.systems else none)
    for system in sorted(name for name, good in seen.systems.items() if not good):
        command = f"lienthong gateway system rotate {system}"
        words = f"{system} không còn bí mật có hiệu lực", f"{system} has no secret that counts"
        advice = f"nếu còn dùng, cấp bí mật mới: {command}", f"if it is still in use, issue a secret: {command}"
        yield unsure(f"{about} {system}", words, advice)


def _quotas(seen: Observed) -> Iterator[Finding]:
    """A shared gateway has hundreds: those that have used most of their day, and the others in one line."""
    about, bounded = (
        "hạn mức / quotas",
        [(code, one) for code, told in seen.quotas.items() for one in told if one.limit],
    )
    full = [(code, one) for code, one in bounded if one.used >= NEARLY * one.limit]
    for code, one in full[:SHOWN]:
        words = (
            f"đã dùng {one.used:,}/{one.limit:,} {_UNITS[one.name]}",
            f"{one.used:,} of {one.limit:,} {one.name} used",
        )
        advice = f"nếu cần thêm: lienthong gateway tenant bound {code}", "if it needs more, widen its bounds"
        yield unsure(f"{about} {code}", words, advice)
    if bounded and not full:
        count = len({code for code, _ in bounded})
        yield well(about, (f"{count} cơ quan còn hạn mức", f"{count} agencies have quota left"))


def _axis(seen: Observed) -> Iterator[Finding]:
    about = "trục / axis"
    if seen.axis is not None:
        yield failed(about, seen.axis)
    elif seen.away_since is not None:
        words = f"có lỗi khi gửi từ {_clock(seen.away_since)}", f"calls have failed since {_clock(seen.away_since)}"
        yield unsure(about, words, ("tự thử lại; nếu kéo dài xem nhật ký", "tried again; if it lasts see the log"))
    else:
        yield well(about, ("liên lạc được", "it answers"))
    if seen.axis is None:
        yield clock("đồng hồ / clock", seen.skew)


def _registry(seen: Observed) -> Iterator[Finding]:
    about = "danh bạ / registry"
    if not seen.registry or seen.registry_ends is None:
        advice = "kiểm tra trục; chưa có danh bạ thì chưa gửi nhận được", "check the axis; nothing goes without"
        yield ill(about, ("chưa có", "there is none"), advice)
        return
    ends = _clock(seen.registry_ends)
    words = f"phiên bản {seen.registry}, dùng được đến {ends}", f"version {seen.registry}, good until {ends}"
    if seen.registry_ends <= seen.at:
        yield ill(about, words, ("đã quá hạn: kiểm tra trục", "it has run out: check the axis"))
    elif seen.registry_ends - seen.at < timedelta(days=1):
        yield unsure(about, words, ("sắp hết hạn: kiểm tra trục", "it runs out soon: check the axis"))
    else:
        yield well(about, words)


def _certificates(seen: Observed) -> Iterator[Finding]:
    about = "chứng thư / certificates"
    for (vi, en), ends in sorted(seen.certificates.items(), key=lambda row: row[1]):
        yield days(about, (ends - seen.at).days, (vi, en), _day(ends))
    yield from _seals(seen)
    for name, reason in seen.unreadable.items():
        words = f"{name}: không đọc được: {reason}", f"{name}: cannot be read"
        yield ill(about, words, ("sửa đường dẫn hoặc quyền tệp", "mend path or mode"))


def _seals(seen: Observed) -> Iterator[Finding]:
    """A shared gateway has hundreds: those that end soon, and the others in one line."""
    about = "niêm phong / seals"
    ending = {code: ends for code, ends in seen.seals.items() if (ends - seen.at).days < DAYS_LEFT}
    for code, ends in sorted(ending.items(), key=lambda row: row[1]):
        yield days(about, (ends - seen.at).days, (f"niêm phong {code}", f"{code}'s sealing"), _day(ends))
    if rest := [ends for code, ends in seen.seals.items() if code not in ending]:
        first = _day(min(rest))
        words = f"{len(rest)} chứng thư còn hạn, sớm nhất đến {first}", f"{len(rest)} hold, the first until {first}"
        yield well(about, words)


def _queue(seen: Observed) -> Iterator[Finding]:
    """Recorded here and not confirmed by the axis."""
    about = "hàng đợi / queue"
    stuck = [each for each in seen.still if (each.lane, each.state) == (Lane.OUT, JourneyState.RECORDED)]
    if not stuck:
        yield well(about, ("mọi văn bản gửi đi đều đã lên trục", "all that was sent has reached the axis"))
        return
    count, since = sum(each.legs for each in stuck), _clock(min(each.since for each in stuck))
    words = f"{count} chưa lên trục, lâu nhất từ {since}", f"{count} have not left, the oldest since {since}"
    yield ill(about, words, ("xem trục; lienthong gateway messages search", "look at the axis, and search messages"))


def _unreached(seen: Observed) -> Iterator[Finding]:
    """Accepted by the axis, not delivered to the recipient's gateway."""
    about = "nơi nhận / recipients"
    away = [each for each in seen.still if each.lane is Lane.OUT and each.state is not JourneyState.RECORDED]
    if not away:
        yield well(about, ("nơi nào cũng giao được", "everybody can be reached"))
    for each in away[:SHOWN]:
        name = seen.names.get(each.recipient, each.recipient)
        words = (
            f"chưa giao được {each.legs} văn bản cho {name}, từ {_clock(each.since)}",
            f"{each.legs} not delivered to {name} since {_clock(each.since)}",
        )
        advice = "trục giữ và tự giao; báo nơi nhận kiểm tra máy chủ", "the axis keeps them; tell the recipient"
        yield unsure(f"{about} {each.recipient}", words, advice)
    if len(away) > SHOWN:
        words = f"và {len(away) - SHOWN} nơi nhận khác", f"and {len(away) - SHOWN} others"
        yield unsure(about, words, ("xem /metrics", "see /metrics"))


def _untaken(seen: Observed) -> Iterator[Finding]:
    """Delivered here, not taken by the agency's own software."""
    waiting = [each for each in seen.still if each.lane is Lane.IN and seen.at - each.since >= UNTAKEN]
    for each in waiting[:SHOWN]:
        name = seen.names.get(each.recipient, each.recipient)
        words = (
            f"{each.legs} văn bản đến chưa được phần mềm lấy, từ {_clock(each.since)}",
            f"{each.legs} documents wait for the software since {_clock(each.since)}",
        )
        advice = f"kiểm tra phần mềm của {name}", f"look at the software of {name}"
        yield ill(f"hộp đến / inbox {each.recipient}", words, advice)


def _dead(seen: Observed) -> Iterator[Finding]:
    about = "văn bản mắc kẹt / dead letters"
    if not seen.dead:
        yield well(about, ("không có", "none"))
    for code, count in sorted(seen.dead.items()):
        kind = by_code(code)
        words = f"{count} × {code}: {kind.vi}", f"{count} × {code}: {kind.en}"
        command = "lienthong gateway messages dead"
        yield ill(about, words, (f"xem và xử lý: {command}", f"look and act: {command}"))


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}"
