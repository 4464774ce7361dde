"""An officer's work: ask, examine, decide, hand over, find, look."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.text import Text

from lienthong.cli.printing import both, files_here, out, plain, print_json, say, spoken
from lienthong.document.times import VIETNAM
from lienthong.errors import InvalidValue

As = Annotated[Path | None, typer.Option("--as", metavar="FILE", help="officer.toml")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
Id = Annotated[str, typer.Argument(help="Mã hồ sơ / id of the case")]
After = Annotated[int | None, typer.Option(help="Tiếp sau dòng có số này / go on after the row of this number")]
_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
Ends = Annotated[datetime | None, typer.Option(formats=_MOMENTS, help="Ngày, giờ Việt Nam / a day, Vietnam time")]
ALL: Mapping[str, Any] = {}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find(
    text: Annotated[str, typer.Argument(help="Tên, không cần dấu / a name, without accents")] = "",
    uid: str = "",
    serial: str = "",
    organisation: str = "",
    state: str = "",
    profile: str = "",
    ends_after: Ends = None,
    ends_before: Ends = None,
    after: After = None,
    limit: int = 50,
    officer: As = None,
    as_json: AsJson = False,
) -> None:
    """Tìm chứng thư. / Find certificates."""
    wanted = {"text": text, "uid": uid, "serial": serial, "organisation": organisation, "state": state}
    wanted |= {"profile": profile, "ends_after": _moment(ends_after), "ends_before": _moment(ends_before)}
    columns = ("number", "id", "name", "organisation", "state", "ends")
    looked(officer, "/v1/certificates", columns, {**wanted, "after": after, "limit": limit}, as_json=as_json)


def show(
    certificate: Annotated[str, typer.Argument(help="issuer/serial")], officer: As = None, as_json: AsJson = False
) -> None:
    """Một chứng thư và lịch sử. / A certificate and its history."""
    found = asked(officer, f"/v1/certificates/{certificate}", as_json=as_json)
    if as_json:
        print_json(found)
        return
    shown(found["certificate"], ("id", "name", "organisation", "uid", "state", "begins", "ends"), as_json=as_json)
    shown(found["history"], ("at", "who", "act", "case", "text"), as_json=as_json)


def cases(
    state: str = "",
    kind: str = "",
    organisation: str = "",
    authority: str = "",
    batch: str = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Quá hạn / past its target")] = False,
    after: After = None,
    limit: int = 50,
    officer: As = None,
    as_json: AsJson = False,
) -> None:
    """Danh sách hồ sơ. / Cases."""
    wanted = {"state": state, "kind": kind, "organisation": organisation, "authority": authority, "batch": batch}
    columns = ("number", "id", "kind_vi", "name", "organisation", "state_vi", "due")
    more = {"overdue": overdue or "", "after": after, "limit": limit}
    looked(officer, "/v1/cases", columns, {**wanted, **more}, as_json=as_json)


def transfers(offset: int = 0, limit: int = 50, officer: As = None, as_json: AsJson = False) -> None:
    """Người sắp chuyển đi, chờ đồng ý. / Transfers that wait for an agreement here."""
    looked(
        officer,
        "/v1/transfers",
        ("id", "name", "leaves", "organisation", "state_vi", "due"),
        {"offset": offset, "limit": limit},
        as_json=as_json,
    )


_CASE = ("id", "kind_vi", "name", "state_vi", "level", "requester", "examiner", "letter")


def case(id: Id, officer: As = None, as_json: AsJson = False) -> None:
    """Một hồ sơ và lịch sử. / A case and its history."""
    found = asked(officer, f"/v1/cases/{id}", as_json=as_json)
    if as_json:
        print_json(found)
        return
    shown(found["case"], _CASE, as_json=as_json)
    shown(found["history"], ("at", "who", "act", "text"), as_json=as_json)


def ask(
    id: Id,
    form: Annotated[Path, typer.Argument(help="Tệp JSON của mẫu / the form as JSON")],
    letter: Annotated[Path | None, typer.Option(help="Công văn đã ký / the signed letter, PDF")] = None,
    csr: Annotated[Path | None, typer.Option(help="Yêu cầu PKCS#10 / certificate request")] = None,
    officer: As = None,
    as_json: AsJson = False,
) -> None:
    """Lập hoặc lập lại hồ sơ. / Ask for something; a repeat changes nothing."""
    with spoken(as_json=as_json), files_here(), session_of(officer) as here:
        _tell(here.put(f"/v1/cases/{id}", _body(form, letter, csr)), as_json=as_json)


def complete(id: Id, form: Path, csr: Path | None = None, officer: As = None, as_json: AsJson = False) -> None:
    """Bổ sung hồ sơ bị trả lại. / Complete a case that was returned."""
    with spoken(as_json=as_json), files_here(), session_of(officer) as here:
        _tell(here.post(f"/v1/cases/{id}/form", _body(form, None, csr)), as_json=as_json)


def decide(
    id: Id,
    act: Annotated[str, typer.Argument(help="examine, return, refuse, approve, stop, agree")],
    why: str = "",
    pin: Annotated[bool, typer.Option("--pin", help="Hỏi mã PIN / ask for the PIN")] = False,
    officer: As = None,
    as_json: AsJson = False,
) -> None:
    """Quyết định bằng lệnh ký số. / Decide by a signed order."""
    secret = typer.prompt("PIN", hide_input=True) if pin else ""
    with spoken(as_json=as_json), files_here(), session_of(officer) as here:
        seen = here.get(f"/v1/cases/{id}")["case"]
        order = here.order(act, id, seen["digest"], seen["state"], why, secret)
        _tell(here.post(f"/v1/cases/{id}/orders", order), as_json=as_json)


def sign(
    order: Annotated[Path, typer.Argument(help="Lệnh lưu từ bàn vận hành / an order saved from the console")],
    into: Annotated[Path, typer.Argument(help="Tệp lệnh đã ký / file for the signed order")],
    pin: Annotated[bool, typer.Option("--pin", help="Hỏi mã PIN / ask for the PIN")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại / do not ask")] = False,
    officer: As = None,
) -> None:
    """Ký một lệnh đã lưu, sau khi xem. / Sign a saved order, once it was read."""
    with spoken(), files_here(), session_of(officer) as here:
        from lienthong.ca.delegation.orders import Statement  # brings the authority along

        data = order.read_bytes()
        told = Statement.from_bytes(data)
        shown(
            {"act": told.act, "about": told.about, "officer": told.officer, "why": told.why},
            ("act", "about", "officer", "why"),
            as_json=False,
        )
        if not yes and not typer.confirm("Ký lệnh này? / Sign this order?"):
            raise typer.Exit(1)
        secret = typer.prompt("PIN", hide_input=True) if pin else ""
        into.write_bytes(msgspec.json.encode(here.signed(data, told.act, secret)))
        say(str(into), str(into), "green")


def letter(id: Id, into: Path, officer: As = None) -> None:
    """Lấy công văn của hồ sơ. / Fetch the signed letter of a case."""
    with spoken(), files_here(), session_of(officer) as here:
        into.write_bytes(here.fetched(f"/v1/cases/{id}/letter"))
        say(str(into), str(into), "green")


def acme_key(id: Id, officer: As = None, as_json: AsJson = False) -> None:
    """Mã ACME cho máy, với người lập. / What an approved machine asks with, to who asked for it."""
    looked(officer, f"/v1/cases/{id}/acme", ("id", "secret", "hosts"), as_json=as_json)


def acme_stop(id: Id, officer: As = None, as_json: AsJson = False) -> None:
    """Máy không xin thêm được nữa. / The machine gets nothing more."""
    with spoken(as_json=as_json), session_of(officer) as here:
        _tell(here.post(f"/v1/cases/{id}/acme/stop"), as_json=as_json)


def me(officer: As = None, as_json: AsJson = False) -> None:
    """Tôi là ai ở dịch vụ chứng thư. / Who I am at the authority."""
    looked(officer, "/v1/me", ("officer", "name", "authority_name", "duties", "scope"), as_json=as_json)


def deliver(id: Id, receiver: str, officer: As = None, as_json: AsJson = False) -> None:
    """Ghi nhận bàn giao. / Record that it was handed over."""
    with spoken(as_json=as_json), session_of(officer) as here:
        _tell(here.post(f"/v1/cases/{id}/deliver", {"receiver": receiver}), as_json=as_json)


def withdraw(id: Id, officer: As = None, as_json: AsJson = False) -> None:
    """Rút hồ sơ. / Take a case back."""
    with spoken(as_json=as_json), session_of(officer) as here:
        _tell(here.post(f"/v1/cases/{id}/withdraw"), as_json=as_json)


def table(kind: str, into: Path, officer: As = None) -> None:
    """Lấy mẫu Excel. / Fetch an Excel table to fill in."""
    with spoken(), files_here(), session_of(officer) as here:
        into.write_bytes(here.fetched(f"/v1/tables/{kind}"))
        say(str(into), str(into), "green")


def preview(kind: str, file: Path, officer: As = None, as_json: AsJson = False) -> None:
    """Xem trước danh sách Excel. / What each row of a list would become."""
    with spoken(as_json=as_json), files_here(), session_of(officer) as here:
        rows = here.post(f"/v1/tables/{kind}/preview", content=file.read_bytes(), media_type=XLSX)
        shown(rows, ("number", "name", "code", "vi"), as_json=as_json)


def submit(kind: str, file: Path, batch: str, officer: As = None, as_json: AsJson = False) -> None:
    """Lập hồ sơ cho cả danh sách. / Open all rows of a list, or none."""
    with spoken(as_json=as_json), files_here(), session_of(officer) as here:
        rows = here.post(f"/v1/tables/{kind}/{batch}", content=file.read_bytes(), media_type=XLSX)
        shown(rows, ("id", "name", "state_vi"), as_json=as_json)


def renew(batch: str, officer: As = None, as_json: AsJson = False) -> None:
    """Lập hồ sơ gia hạn cho chứng thư sắp hết hạn. / Ask to renew all that ends within 90 days."""
    with spoken(as_json=as_json), session_of(officer) as here:
        shown(here.post(f"/v1/renewals/{batch}"), ("id", "name", "state_vi"), as_json=as_json)


def counts(officer: As = None) -> None:
    """Số liệu. / Counts."""
    with spoken(), files_here(), session_of(officer) as here:
        print_json(here.get("/v1/counts"))


def reminders(officer: As = None, as_json: AsJson = False) -> None:
    """Chứng thư sắp hết hạn. / Certificates that end soon."""
    looked(officer, "/v1/reminders", ("certificate", "name", "days", "ends"), as_json=as_json)


def deeds(limit: int = 100, officer: As = None, as_json: AsJson = False) -> None:
    """Nhật ký mới nhất. / The newest lines of the log."""
    looked(officer, "/v1/deeds", ("at", "who", "act", "case", "text"), {"limit": limit}, as_json=as_json)


COMMANDS = (
    me, find, show, cases, transfers, case, letter, ask, complete, decide, sign, deliver, withdraw, acme_key, acme_stop,
    table, preview, submit, renew, counts, reminders, deeds,
)  # fmt: skip


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    for command in COMMANDS:
        app.command(command.__name__.replace("_", "-"))(command)


def session_of(officer: Path | None) -> Any:
    from lienthong.cli.ca.session import session  # brings a web client along

    return session(officer)


def asked(officer: Path | None, path: str, params: Mapping[str, Any] = ALL, *, as_json: bool) -> Any:
    with spoken(as_json=as_json), files_here(), session_of(officer) as here:
        return here.get(path, **params)


def _moment(told: datetime | None) -> str:
    return told.replace(tzinfo=VIETNAM).isoformat() if told else ""


def _body(form: Path, letter: Path | None, csr: Path | None) -> dict[str, Any]:
    try:
        told: dict[str, Any] = msgspec.json.decode(form.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise InvalidValue(f"{form}: {error}") from error
    if csr is not None:
        told["csr"] = csr.read_text("utf-8")
    data = letter.read_bytes() if letter is not None else b""
    if data:
        told["letter"] = sha256(data).hexdigest()
    return {"form": told, "letter": b64encode(data).decode()}


def _tell(found: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        out().print(both(f"{found['id']}: {found['state_vi']}", found["state_en"], "green"), soft_wrap=True)


def looked(
    officer: Path | None, path: str, columns: Sequence[str], params: Mapping[str, Any] = ALL, *, as_json: bool
) -> None:
    """Ask, and print what comes."""
    shown(asked(officer, path, params, as_json=as_json), columns, as_json=as_json)


def shown(told: Any, columns: Sequence[str], *, as_json: bool) -> None:
    """A line for each thing, or for the one there is; as JSON what came."""
    if as_json:
        print_json(told)
        return
    rows = told if isinstance(told, Sequence) else [told]
    for row in rows:
        words = [plain(str(row.get(name) if row.get(name) is not None else "")) for name in columns]
        out().print(Text("  ".join(word for word in words if word)), soft_wrap=True)
    if not rows:
        say("Không có.", "None.")
