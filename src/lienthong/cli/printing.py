"""How the everyday commands speak: Vietnamese, then English; errors in one sentence each; JSON on request."""

import errno
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from lienthong.document import VIETNAM
from lienthong.errors import FileUnusable, LienThongError, StorageFull

PERMANENT, TRY_AGAIN, INTERRUPTED = 1, 75, 130
"""Exit codes: refused for good; EX_TEMPFAIL, the same command may work later; Ctrl-C."""
TRACE_VARIABLE = "LIENTHONG_TRACEBACK"


def out() -> Console:
    """What people read."""
    return Console(highlight=False)


def err() -> Console:
    """Progress and errors, apart from the answer."""
    return Console(stderr=True, highlight=False)


def plain(text: str) -> str:
    """Without control and direction characters: words from outside must not steer the terminal."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign)[0] == "C" else sign for sign in text)


def local(moment: datetime) -> str:
    """Day and time in Vietnam."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def both(vi: str, en: str, style: str = "") -> Text:
    """A line in both languages."""
    return Text.assemble((plain(vi), style), (f" / {plain(en)}", "dim"))


def say(vi: str, en: str, style: str = "") -> None:
    """Print a line in both languages."""
    out().print(both(vi, en, style), soft_wrap=True)


def print_json(value: object) -> None:
    """One JSON object; names from a broken file system may hold what UTF-8 cannot carry."""
    told = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=1)
    typer.echo(told.encode("utf-8", "replace").decode())


@contextmanager
def spoken(*, as_json: bool = False, vi: str = "", en: str = "") -> Iterator[None]:
    """Every refusal becomes two sentences, a code and an exit status; `vi` and `en` say what Ctrl-C leaves behind."""
    try:
        yield
    except LienThongError as error:
        tell(error, as_json=as_json)
        raise typer.Exit(PERMANENT if error.permanent else TRY_AGAIN) from None
    except KeyboardInterrupt:
        err().print(both(f"Đã dừng. {vi}".strip(), f"Stopped. {en}".strip(), "yellow"))
        raise typer.Exit(INTERRUPTED) from None


def tell(error: LienThongError, *, as_json: bool = False) -> None:
    """Print an error."""
    vi, en = error.sentence("vi"), error.sentence("en")
    if as_json:
        print_json({"error": {"code": error.code, "vi": vi, "en": en, "retryable": not error.permanent}})
        return
    err().print(Text(f"✗ {plain(vi)}", style="red"), soft_wrap=True)
    err().print(Text(f"  {plain(en)}", style="dim"), soft_wrap=True)
    err().print(Text(f"  [{error.code}]", style="dim"), soft_wrap=True)


def tell_fault(fault: Exception) -> int:
    """The last resort for what nobody foresaw: no traceback unless `LIENTHONG_TRACEBACK` asks for it."""
    if os.environ.get(TRACE_VARIABLE):
        raise fault
    tell(LienThongError(f"{type(fault).__name__}: {fault}"))
    return PERMANENT


@contextmanager
def files_here() -> Iterator[None]:
    """Faults of this machine's files, in words. Raises `StorageFull`, `FileUnusable`."""
    try:
        yield
    except OSError as error:
        place = str(error.filename or "")
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(place) from error
        raise FileUnusable(f"{place}: {error.strerror or error}") from error
    except LienThongError:  # some of ours are ValueErrors too
        raise
    except ValueError as error:  # a path with a zero byte
        raise FileUnusable(str(error)) from error


def lively() -> bool:
    """Whether somebody watches: moving pictures are for a terminal only."""
    return sys.stdout.isatty()
