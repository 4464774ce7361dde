"""A document and its journey as a terminal shows them: dots for each recipient, refusals in words, the timeline."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lienthong.cli.printing import both, local, plain
from lienthong.client import Document, Entry, Recipient, StatusReport, Step
from lienthong.document import StatusCode, Urgency
from lienthong.errors import InvalidValue, LienThongError, by_code

STATES = {
    "recorded": ("đã ghi nhận, đang gửi lên trục", "recorded, on its way to the axis"),
    "accepted": ("trục đã nhận, chưa đến nơi", "accepted by the axis"),
    "arrived": ("đã đến, đang kiểm tra", "arrived, being checked"),
    "delivered": ("đã đến máy chủ nơi nhận", "delivered to the recipient's gateway"),
    "handed-over": ("đã bàn giao", "handed over"),
    "refused": ("bị từ chối", "refused"),
    "expired": ("quá thời hạn gửi, không giao", "expired, not delivered"),
    "cancelled": ("đã dừng gửi", "cancelled"),
}
STANDINGS = {
    "frozen": ("đang chờ trả lời thu hồi, cập nhật", "a recall or update is waiting for an answer"),
    "recalled": ("đã thu hồi", "recalled"),
    "replaced": ("đã bị thay thế", "replaced"),
}
BUSINESS = {1: ("Thu hồi", "recall"), 2: ("Cập nhật", "update"), 3: ("Thay thế", "replacement")}
FAILED = frozenset({"refused", "expired", "cancelled"})
SETTLED = FAILED | {"handed-over"}
_STAGES = {"recorded": 1, "accepted": 2, "arrived": 3, "delivered": 3, "handed-over": 4}


def settled(entry: Entry) -> bool:
    """Whether every recipient has it handed over, or never will."""
    return all(recipient.state in SETTLED for recipient in entry.recipients)


def page(document: Document) -> RenderableType:
    """Everything about one document."""
    return Group(
        head(document.entry),
        Text(),
        recipients(document.entry.recipients),
        *_pending(document),
        *_files(document),
        *_statuses(document.statuses),
        *_timeline(document.steps),
        *_after(document),
    )


def brief(document: Document) -> RenderableType:
    """What `--wait` redraws."""
    return Group(recipients(document.entry.recipients), *_pending(document))


def _pending(document: Document) -> Iterator[RenderableType]:
    """What waits for the axis, and since when it cannot be reached."""
    if (found := document.pending) is None:
        return
    away = found.axis_away_since
    since = f"Từ {local(away or found.since)}: "
    yield both(plain(f"{since}{found.text_vi}"), plain(found.text_en), "yellow" if away else "dim")


def head(entry: Entry) -> RenderableType:
    """What document it is."""
    rows = _grid()
    for vi, en, value in _facts(entry):
        if value:
            rows.add_row(both(vi, en, "bold"), Text(plain(value)))
    return rows


def _facts(entry: Entry) -> Iterator[tuple[str, str, str]]:
    yield "Văn bản", "document", title(entry)
    yield "Nghiệp vụ", "business", " / ".join(BUSINESS.get(entry.business, ()))
    yield "Lý do", "reason", entry.reason
    yield "Cơ quan gửi", "sender", sender(entry)
    yield "Độ khẩn", "urgency", urgency(entry.urgency)
    yield "Hạn trả lời", "answer due", entry.due
    yield "Mã văn bản", "document id", entry.document_id
    yield "Gói tin", "package", entry.id
    yield "Ghi nhận lúc", "recorded", local(entry.recorded_at)
    yield "Hạn giao", "to be delivered by", local(entry.expires_at)


def title(entry: Entry) -> str:
    """`15/QĐ-BNV, Quyết định: subject`."""
    return ": ".join(filter(None, (", ".join(filter(None, (number(entry), entry.kind))), entry.subject)))


def number(entry: Entry) -> str:
    """`15/QĐ-BNV`."""
    return "/".join(filter(None, (entry.number, entry.notation)))


def sender(entry: Entry) -> str:
    """`G09 Bộ Nội vụ`."""
    return f"{entry.sender} {entry.sender_name}".strip()


def urgency(level: int) -> str:
    """`Khẩn`; nothing for the normal level."""
    known = level in set(Urgency)
    return Urgency(level).vi if level and known else ""


def recipients(rows: Sequence[Recipient]) -> RenderableType:
    """One line a recipient: how far, who, what they reported, since when; refusals below in words."""
    return Group(*(line for row in rows for line in _recipient(row)))


def _recipient(row: Recipient) -> Iterator[Text]:
    since = (f"  {local(row.since)}", "dim")
    yield Text.assemble(dots(row), f"  {plain(_who(row))}  ", _state(row), since)
    for remark in _remarks(row):
        yield Text("      ").append_text(remark)


def dots(row: Recipient) -> Text:
    """Four dots from recorded to handed over, or a cross."""
    if row.state in FAILED:
        return Text("✗   ", style="red")
    done = _STAGES.get(row.state, 0)
    return Text.assemble(("●" * done, "green"), ("○" * (4 - done), "dim"))


def _who(row: Recipient) -> str:
    changed = f"{row.addressee} → {row.recipient}" if row.redirected else row.recipient
    return f"{changed} {row.name}"


def _state(row: Recipient) -> Text:
    if row.status:
        return both(f"{row.status} {status_words(row.status)[0]}", status_words(row.status)[1])
    vi, en = STATES.get(row.state, (row.state, row.state))
    return both(vi, en, "red" if row.state in FAILED else "")


def status_words(code: str) -> tuple[str, str]:
    """A business status in words; reserved codes as they are."""
    try:
        status = StatusCode.read(code)
    except InvalidValue:
        return code, code
    return (status.vi, status.en) if isinstance(status, StatusCode) else (f"trạng thái {code}", f"status {code}")


def _remarks(row: Recipient) -> Iterator[Text]:
    if row.redirected:
        yield both(
            f"mã {row.addressee} đã đóng, chuyển đến cơ quan kế thừa", "closed code, redirected to its successor"
        )
    if row.refusal:
        known = by_code(row.refusal)
        en = known.en if known is not LienThongError else row.refusal
        yield both(f"{row.refusal_text or row.refusal} [{row.refusal}]", en, "red")
    if row.standing in STANDINGS:
        yield both(*STANDINGS[row.standing], "yellow")


def _files(document: Document) -> Iterator[RenderableType]:
    if not document.parts:
        return
    yield _heading("Tệp", "files")
    for part in document.parts:
        yield Text(f"  {plain(part.name)} ({part.media_type}, {size(part.size)})")


def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count} B" if count < 1000 else f"{count / 1000:.0f} kB" if count < 10**6 else f"{count / 10**6:.1f} MB"


def _statuses(reports: Sequence[StatusReport]) -> Iterator[RenderableType]:
    if not reports:
        return
    yield _heading("Trạng thái đã báo", "statuses reported")
    table = _grid()
    for report in reports:
        vi, en = status_words(report.code)
        words = both(f"{report.code} {vi}", en)
        said = " – ".join(filter(None, (report.description, report.staff)))
        table.add_row("  " + local(report.at), Text(plain(report.name)), words, Text(plain(said)))
    yield table


def _timeline(steps: Sequence[Step]) -> Iterator[RenderableType]:
    if not steps:
        return
    yield _heading("Hành trình", "journey")
    table = _grid()
    for step in sorted(steps, key=lambda step: step.at):
        table.add_row("  " + local(step.at), _mark(step), step_line(step))
    yield table


def step_line(step: Step) -> Text:
    """A step in both languages, each on its own line."""
    return Text.assemble(plain(step.text_vi), (f"\n{plain(step.text_en)}", "dim"))


def _mark(step: Step) -> Text:
    return Text("◆", style="green") if step.evidence is not None else Text("◇", style="dim")


def _after(document: Document) -> Iterator[RenderableType]:
    for warning in document.warnings:
        yield both(f"! {warning}", "a repair of the reader", "yellow")
    for entry in document.related:
        vi, en = BUSINESS.get(entry.business, ("Văn bản", "document"))
        yield both(f"Liên quan: {vi.lower()} {number(entry)}, gói tin {entry.id}", f"related: {en}", "")
    if document.next_statuses:
        codes = ", ".join(f"{code} {status_words(code)[0]}" for code in document.next_statuses)
        yield both(f"Có thể báo tiếp: {codes}", "may be reported next", "")


def _heading(vi: str, en: str) -> Text:
    return Text("\n").append_text(both(vi, en, "bold"))


def _grid() -> Table:
    return Table.grid(padding=(0, 2))
