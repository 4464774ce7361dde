"""What keeps an authority: its first officers, orders of administrators, tokens, answers signed beforehand, keys."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from lienthong.cli.ca.working import As, AsJson, looked, session_of, shown
from lienthong.cli.printing import err, files_here, print_json, say, spoken

Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="Tệp cấu hình TOML / settings")]


def first(config: Config, people: Annotated[Path, typer.Argument(help="JSON: authorities, officers")]) -> None:
    """Ghi những cán bộ đầu tiên, một lần duy nhất. / Write the first officers down, once."""
    with spoken(), files_here():
        from lienthong.ca.config import Config as CaConfig  # brings the authority along
        from lienthong.ca.delegation.model import Officer, RegistrationAuthority  # as above
        from lienthong.ca.founding import write_first  # as above

        told = msgspec.json.decode(people.read_bytes(), type=dict[str, Any])
        authorities = msgspec.convert(told.get("authorities", []), list[RegistrationAuthority])
        officers = msgspec.convert(told.get("officers", []), list[Officer])
        write_first(CaConfig.load(config), authorities, officers)
        say(f"Đã ghi {len(officers)} cán bộ.", f"{len(officers)} officers are on record.", "green")


def order(
    file: Annotated[Path, typer.Argument(help="JSON của cơ quan đăng ký hoặc cán bộ / of an authority or officer")],
    into: Annotated[Path, typer.Argument(help="Tệp lệnh, người thứ hai ký thêm / file of orders")],
    officer: As = None,
) -> None:
    """Người quản trị ký lệnh thay đổi; hai người cùng một tệp. / An administrator signs a change; two share a file."""
    with spoken(), files_here(), session_of(officer) as here:
        from lienthong.ca.people import PUT, digest_of  # as above

        thing = _thing(file)
        orders = msgspec.json.decode(into.read_bytes(), type=list[dict[str, str]]) if into.exists() else []
        orders.append(here.order(PUT, thing.id, digest_of(thing), "", ""))
        into.write_bytes(msgspec.json.encode(orders))
        say(f"{into}: {len(orders)}/2", f"{into}: {len(orders)}/2", "green")


def apply(file: Path, orders: Path, officer: As = None) -> None:
    """Gửi thay đổi đã đủ hai lệnh. / Send a change that two administrators have ordered."""
    with spoken(), files_here(), session_of(officer) as here:
        thing = _thing(file)
        signed = msgspec.json.decode(orders.read_bytes(), type=list[dict[str, str]])
        word, place = ("officer", "officers") if hasattr(thing, "duties") else ("authority", "authorities")
        print_json(here.put(f"/v1/{place}/{thing.id}", {word: thing, "orders": signed}))


def authorities(officer: As = None, as_json: AsJson = False) -> None:
    """Cơ quan đăng ký. / Registration authorities."""
    looked(officer, "/v1/authorities", ("id", "name", "roots", "daily", "active"), as_json=as_json)


def officers(officer: As = None, as_json: AsJson = False) -> None:
    """Cán bộ. / Officers."""
    looked(officer, "/v1/officers", ("id", "name", "authority", "duties", "active"), as_json=as_json)


def tokens(
    state: str = "",
    path: str = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Quá hạn thu lại / not given back in time")] = False,
    offset: int = 0,
    limit: int = 1000,
    officer: As = None,
    as_json: AsJson = False,
) -> None:
    """Kho thiết bị lưu khóa. / The inventory of tokens."""
    wanted = {"state": state, "path": path, "overdue": overdue or "", "offset": offset, "limit": limit}
    looked(officer, "/v1/tokens", ("serial", "state", "holder", "path", "certificate", "due"), wanted, as_json=as_json)


def stock(serial: str, organisation: str, model: str = "", officer: As = None, as_json: AsJson = False) -> None:
    """Nhập kho một thiết bị. / Take a token into stock."""
    with spoken(as_json=as_json), session_of(officer) as here:
        told = here.put(f"/v1/tokens/{serial}", {"organisation": organisation, "model": model})
        shown(told, ("serial", "state", "path"), as_json=as_json)


def presign(config: Config) -> None:
    """Ký sẵn câu trả lời cho mọi chứng thư. / Sign answers about all certificates beforehand."""
    with spoken(), files_here():
        from lienthong.ca.config import Config as CaConfig  # as above
        from lienthong.ca.presigning import presign_all  # as above

        done = presign_all(CaConfig.load(config), lambda name, made: err().print(f"{name}: {made:,}", end="\r"))
        say(f"Đã ký {done:,} câu trả lời.", f"{done:,} answers are signed.", "green")


def token_key(
    place: Annotated[Path, typer.Argument(help="<id>.token")],
    into: Annotated[Path, typer.Argument(help="Tệp PKCS#10 / file for the request")],
    family: Annotated[str, typer.Option(help="rsa-2048, p-256")] = "rsa-2048",
    pin: Annotated[bool, typer.Option("--pin", help="Hỏi mã PIN / ask for the PIN")] = False,
) -> None:
    """Tạo khóa trong thiết bị và yêu cầu chứng thư. / Make a key in a token, and its certificate request."""
    secret = typer.prompt("PIN", hide_input=True) if pin else ""
    with spoken(), files_here():
        from lienthong.ca.folders import request_on_token  # as above

        into.write_bytes(request_on_token(place, family, secret))
        say(f"Yêu cầu: {into}", f"The request: {into}", "green")


def key_request(
    place: Annotated[Path, typer.Argument(help="<id>.remote, <id>.phone")],
    public: Annotated[Path, typer.Argument(help="Khóa công khai, do nhà cung cấp / its public key")],
    name: Annotated[str, typer.Argument(help="Tên chủ khóa / whose key it is")],
    into: Annotated[Path, typer.Argument(help="Tệp PKCS#10 / file for the request")],
    pin: Annotated[bool, typer.Option("--pin", help="Hỏi mã PIN / ask for the PIN")] = False,
) -> None:
    """Yêu cầu chứng thư cho khóa trên SIM hoặc ở dịch vụ ký từ xa. / The request of a key in a telephone or service."""
    secret = typer.prompt("PIN", hide_input=True) if pin else ""
    with spoken(), files_here():
        import asyncio  # as above

        from lienthong.adapters.clock import SystemClock  # as above
        from lienthong.ca.elsewhere import request_at  # as above

        into.write_bytes(asyncio.run(request_at(place, public, name, SystemClock(), secret)))
        say(f"Yêu cầu: {into}", f"The request: {into}", "green")


COMMANDS = (first, order, apply, authorities, officers, tokens, stock, presign)


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    for command in COMMANDS:
        app.command()(command)
    app.command("token-key")(token_key)
    app.command("key-request")(key_request)


def _thing(file: Path) -> Any:
    from lienthong.ca.delegation.model import Officer, RegistrationAuthority  # as above

    told = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    return msgspec.convert(told, Officer if "duties" in told else RegistrationAuthority)
