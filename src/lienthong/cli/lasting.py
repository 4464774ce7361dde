"""`lienthong gateway lasting`: how lasting proofs stand, and what will stop being provable when."""

from datetime import datetime
from typing import Any

import typer

from lienthong.cli.operating import Config, Json, TokenFile
from lienthong.cli.operating_face import ask, cell, moment, table_of
from lienthong.cli.printing import files_here, out, print_json, say, spoken


def lasting(config: Config, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Chứng cứ lâu dài: đã bảo toàn đến đâu, gì sắp mất giá trị. / Lasting proofs: how they stand, what ends when.

    Mã thoát / exit code: 0 không có việc cho người / nothing for a person, 1 có / there is something.
    """
    with spoken(as_json=as_json), files_here():
        found = ask(config, token_file, "GET", "/v1/lasting")
    if as_json:
        print_json(found)
    else:
        _show(found)
    raise typer.Exit(int(any(each["code"] != "lacking" for each in found["concerns"])))


def _show(found: dict[str, Any]) -> None:
    stand = found["standing"]
    secured, open_ = stand["secured"], stand["waiting"] + stand["gathered"] + stand["unstamped"]
    say(f"Đã bảo toàn {secured} văn bản, đang làm {open_}.", f"{secured} documents secured, {open_} on the way", "bold")
    if stand["oldest"]:
        say(f"  Cũ nhất chưa xong: {moment(stand['oldest'])}", "the oldest not secured")
    if stand["ends"]:
        ends = datetime.fromisoformat(stand["ends"])
        say(f"  Dấu thời gian hết hạn sớm nhất: {ends:%d/%m/%Y}", "the first stamp to end; renewed in time by itself")
    if not found["concerns"]:
        say("Không có việc cần người xử lý.", "nothing needs a person", "green")
        return
    table = table_of("Mã", "Của", "Mất giá trị", "Việc")
    for each in found["concerns"]:
        ends_at = moment(each["ends"]) if each["ends"] else "–"
        table.add_row(*map(cell, (each["code"], each["of"], ends_at, f"{each['vi']} / {each['en']} {each['detail']}")))
    out().print(table)
