"""The way to the operations face of a process on this machine, and how its answers are shown to operators."""

import os
import ssl
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from rich.table import Column, Table
from rich.text import Text

from lienthong.cli.printing import both, local, out, plain, say
from lienthong.errors import ConfigurationInvalid, LienThongError, TokenInvalid, Unavailable, by_code

TOKEN = "LIENTHONG_OPERATOR_TOKEN"  # noqa: S105  the name of a variable


def _settings(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationInvalid(f"{config}: {error}") from error


def setting(config: Path, name: str) -> Path:
    """A file that the settings of a process name. ConfigurationInvalid."""
    found = _settings(config).get(name)
    if not isinstance(found, str):
        raise ConfigurationInvalid(f"{config}: {name}")
    return config.parent / found


def operators_file(config: Path) -> Path:
    """Where the operators' tokens are kept. ConfigurationInvalid."""
    return setting(config, "operators")


def _token(file: Path | None) -> str:
    token = file.read_text("utf-8").strip() if file else os.environ.get(TOKEN, "")
    if not token:
        raise TokenInvalid(f"--token-file, {TOKEN}")
    return token


def ask(
    config: Path,
    token_file: Path | None,
    method: str,
    path: str,
    *,
    query: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Ask the operations face of the process; its refusals, TokenInvalid, Unavailable."""
    settings = _settings(config)
    face = settings.get("operations", {})
    secure = "certificate" in face
    url = f"http{'s' * secure}://{face.get('host', '127.0.0.1')}:{face.get('port', 0)}{path}"
    verify: ssl.SSLContext | bool = True
    if secure:
        verify = ssl.create_default_context(cafile=str(config.parent / settings["roots"]))
    headers = {"Authorization": f"Bearer {_token(token_file)}"}
    try:
        answer = httpx.request(method, url, params=query, json=body, headers=headers, verify=verify, timeout=300)
    except httpx.HTTPError as error:
        raise Unavailable(f"{url}: {type(error).__name__}") from error
    if answer.status_code >= 400:
        raise _problem(answer)
    told: dict[str, Any] = msgspec.json.decode(answer.content) if answer.content else {}
    return told


def _problem(answer: httpx.Response) -> LienThongError:
    try:
        told = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError:
        return Unavailable(f"HTTP {answer.status_code}")
    return by_code(str(told.get("code")))(str(told.get("detail", "")))


def moment(text: str) -> str:
    """A moment as people here read it."""
    return local(datetime.fromisoformat(text))


def table_of(*names: str) -> Table:
    """A plain table; what does not fit goes on in the next line, as ids must be there to be copied."""
    return Table(*(Column(name, overflow="fold") for name in names), box=None, pad_edge=False)


def cell(value: object) -> Text:
    """Foreign text, without what a terminal would obey."""
    return Text(plain(str(value)))


def letters(entries: list[dict[str, Any]]) -> None:
    """What cannot go on by itself: cause, since when, next try, what can be done."""
    for entry in entries:
        where = " ".join(filter(None, (entry["package"], entry["lane"], entry["addressee"])))
        out().print(Text.assemble((f"● {plain(entry['key'])}", "bold"), f"  {plain(where)}"), soft_wrap=True)
        out().print(both(f"  [{entry['code']}] {entry['vi']}", entry["en"]), soft_wrap=True)
        rests = moment(entry["next_try"]) if entry["next_try"] else "chờ lệnh / waits for an order"
        told = f"  từ {moment(entry['since'])}; đã thử {entry['attempts']} lần; lần tới: {rests}"
        say(told, f"since, attempts, next try; {entry['detail']}" if entry["detail"] else "since, attempts, next try")
        say(f"  làm được: {', '.join(entry['acts']) or '–'}", "can be done")
