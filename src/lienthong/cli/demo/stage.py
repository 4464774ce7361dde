"""The demo on stage: an empty folder, the processes, the story with its picture, and then the doors stay open."""

import json
import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import typer
from rich.console import Console
from rich.live import Live

from lienthong.cli.demo import issuing, view
from lienthong.cli.demo.build import Place, build
from lienthong.cli.demo.offices import OpenPlay
from lienthong.cli.demo.play import Play, check
from lienthong.cli.demo.processes import Processes
from lienthong.client import Document
from lienthong.errors import LienThongError


def play_headless(folder: Path, kill: str, seed: int) -> bool:
    """The story without a picture; prints one JSON object and says whether all is as it should be."""
    numbers, good = check(_fresh(folder, 0), kill, seed)
    typer.echo(json.dumps(numbers))
    return good


def play_in_the_open(folder: Path, port: int) -> None:
    """The story with its picture; afterwards everything keeps running until Ctrl-C."""
    _show(_fresh(folder, port))


def _fresh(folder: Path, port: int) -> Place:
    """An empty folder each time: only what `build` made there before is removed."""
    if folder.exists():
        if not (folder / "ports.json").exists() and any(folder.iterdir()):
            raise typer.BadParameter(f"{folder}: có dữ liệu không phải của bản trình diễn / not a demo folder")
        shutil.rmtree(folder)
    return build(folder.absolute(), {"web": port} if port else None)


def _show(place: Place) -> None:
    console = Console()
    for number in (signal.SIGTERM, signal.SIGHUP):  # a polite kill or a closed window ends like Ctrl-C: all is stopped
        signal.signal(number, signal.default_int_handler)
    issuing.found(place)
    processes = Processes(place, web=True)
    play = OpenPlay(place, processes=processes)
    try:
        with console.status("Khởi động trục, máy chủ bảo mật, văn phòng điện tử…"):
            processes.start()
            issuing.open_doors(place, processes.run_web)
        view.addresses(place, console)
        _perform(play, console)
        view.addresses(place, console)
        console.print("[dim]Hệ thống vẫn chạy. Ctrl-C để dừng. / Everything keeps running; Ctrl-C stops it.[/]")
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("\nĐang dừng… / Stopping…")
    except LienThongError as error:
        console.print(f"[red]{error.sentence('vi')}[/]\n{error.sentence('en')}\n[dim]{error.code}[/]")
        raise typer.Exit(1) from error
    finally:
        play.end()
        processes.stop()


def _perform(play: Play, console: Console) -> None:
    """The story and the looking in threads, the picture of what was seen here."""
    bar, task = view.progress(play.total)
    story = _Story(play, lambda: bar.advance(task))
    story.start()
    looking = _Looking(play)
    looking.start()
    with Live(console=console, refresh_per_second=4) as live:
        while story.is_alive():
            bar.update(task, description=play.phase)
            live.update(view.journeys(looking.documents, bar, looking.verified))
            time.sleep(0.3)
        looking.stop()
        story.end()
        counted = play.reckoning()
        bar.update(task, description="Xong", completed=play.total)
        live.update(view.journeys(looking.documents, bar, counted.receipts_verified))
    view.summary(counted, console)


class _Story(threading.Thread):
    """The performance; what ends it before its time is told at its end."""

    def __init__(self, play: Play, on_step: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._play, self._on_step = play, on_step
        self._error: LienThongError | None = None

    def run(self) -> None:
        """Until nothing more is to come."""
        try:
            self._play.perform(self._on_step)
        except LienThongError as error:
            self._error = error

    def end(self) -> None:
        """Raises what broke it off."""
        self.join()
        if self._error is not None:
            raise self._error


class _Looking(threading.Thread):
    """Asks the senders what they see and verifies receipts offline while the story goes on."""

    def __init__(self, play: Play) -> None:
        super().__init__(daemon=True)
        self.documents: list[Document] = []
        self.verified = 0
        self._play, self._over = play, threading.Event()

    def run(self) -> None:
        """Round after round until told to stop."""
        while not self._over.wait(1.0):
            self._look()

    def _look(self) -> None:
        """What cannot be fetched now is fetched in the next round."""
        with suppress(LienThongError):
            self.documents = self._play.documents()
            self.verified = self._play.verified(self.documents)

    def stop(self) -> None:
        """A last round, for what came meanwhile."""
        self._over.set()
        self.join()
        self._look()
