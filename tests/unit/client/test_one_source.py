"""The blocking client is made of the asynchronous one, and both behave alike against the same wire."""

import asyncio
import base64
import hashlib
import importlib.util
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_type_hints

import httpx
import msgspec
import pytest

from lienthong.client import LARGE, Desk, File, Metadata, Part, aio, take_in
from lienthong.client.aio import AsyncDesk
from lienthong.errors import Busy, DuplicateDiffers, PartChanged, TokenInvalid, Unavailable
from lienthong.testing.desk.samples import entries
from lienthong.testing.pki import MOMENT

ROOT = Path(__file__).parents[3]
Handler = Callable[[httpx.Request], httpx.Response]

# ---------------------------------------------------------------- one source


def test_the_blocking_client_is_what_the_tool_makes() -> None:
    spec = importlib.util.spec_from_file_location("blocking_client", ROOT / "tools" / "blocking_client.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for path, text in tool.made().items():
        assert path.read_text("utf-8") == text, f"{path.name}: make client"


def test_both_have_the_same_calls_and_say_the_same_of_them() -> None:
    calls = {name for name in dir(Desk) if not name.startswith("_")} - {"close"}
    assert calls == {name for name in dir(AsyncDesk) if not name.startswith("_")} - {"aclose"}
    for name in calls:
        one, other = getattr(Desk, name), getattr(AsyncDesk, name)
        assert inspect.signature(one).parameters.keys() == inspect.signature(other).parameters.keys()
        assert str(get_type_hints(one)) == str(get_type_hints(other)).replace("AsyncIterator", "Iterator")
        assert one.__doc__ == other.__doc__


def test_the_types_are_published() -> None:
    assert (ROOT / "src" / "lienthong" / "py.typed").is_file()


# ---------------------------------------------------------------- both behave alike


@dataclass
class Wire:
    """What answers, and what it was asked; pauses are only noted."""

    answer: Handler
    asked: list[httpx.Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        return self.answer(request)

    async def later(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.append(request)
        return self.answer(request)

    async def rest(self, seconds: float) -> None:
        self.pauses.append(seconds)


Make = Callable[..., Any]


def blocking(wire: Wire, url: str | list[str] = "https://cong.mau", **more: Any) -> Desk:
    desk = Desk(url, "ma", sleep=wire.pauses.append, **more)
    hooks = desk._http.event_hooks
    desk._http = httpx.Client(transport=httpx.MockTransport(wire), headers=desk._http.headers, event_hooks=hooks)
    return desk


def looping(wire: Wire, url: str | list[str] = "https://cong.mau", **more: Any) -> AsyncDesk:
    desk = AsyncDesk(url, "ma", sleep=wire.rest, **more)
    hooks = desk._http.event_hooks
    transport = httpx.MockTransport(wire.later)
    desk._http = httpx.AsyncClient(transport=transport, headers=desk._http.headers, event_hooks=hooks)
    return desk


both = pytest.mark.parametrize("make", [blocking, looping])


async def told(answer: Any) -> Any:
    """What a call of either gives."""
    return await answer if isinstance(answer, Awaitable) else answer


def problem(status: int, code: str, **facts: str) -> httpx.Response:
    body = {"code": code, "detail": "", "facts": facts}
    return httpx.Response(status, json=body, headers={"content-type": "application/problem+json"})


ENTRY = next(iter(entries("in", MOMENT)))
ME = {"code": "H29", "name": "UBND", "gateway": "gw"}


@both
async def test_a_busy_gateway_is_asked_again_while_patience_lasts(make: Make) -> None:
    answers = [
        problem(429, "busy", retry_after="2"),
        problem(429, "busy", retry_after="1"),
        httpx.Response(200, json=ME),
    ]
    wire = Wire(lambda _: answers.pop(0))
    assert (await told(make(wire).me())).code == "H29"
    assert [2 <= wire.pauses[0] <= 2.5, 1 <= wire.pauses[1] <= 1.25, len(wire.asked)] == [True, True, 3]
    endless = Wire(lambda _: problem(429, "busy", retry_after="60"))
    with pytest.raises(Busy):
        await told(make(endless).me())
    assert (endless.pauses, len(endless.asked)) == ([], 1)


@both
async def test_the_next_address_is_asked_and_kept(make: Make) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "mot.mau":
            raise httpx.ConnectError("away")
        return httpx.Response(200, json=ME)

    wire = Wire(answer)
    desk = make(wire, ["https://mot.mau", "https://hai.mau/"])
    for _ in range(2):
        await told(desk.me())
    assert [each.url.host for each in wire.asked] == ["mot.mau", "hai.mau", "hai.mau"]


@both
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((409, {"code": "duplicate-differs"}), DuplicateDiffers),
        ((401, {"code": "token-invalid"}), TokenInvalid),
        ((500, {"code": "of-a-newer-gateway"}), Unavailable),
        ((502, "<html>"), Unavailable),
        ((429, "<html>"), Busy),
        ((200, "<html>"), Unavailable),
    ],
)
async def test_what_is_refused_is_an_error_of_ours(make: Make, answer: tuple[int, Any], error: type[Exception]) -> None:
    status, body = answer
    desk = make(Wire(lambda _: httpx.Response(status, json=body, headers={"Retry-After": "99"})))
    with pytest.raises(error):
        await told(desk.me())


class Tus:
    """A tus server that loses every second piece on the way."""

    def __init__(self, document: bytes) -> None:
        self.data, self.tries, self.document = b"", 0, document

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v1/outgoing/"):
            return httpx.Response(201, content=self.document)
        if request.method == "PATCH":
            self.tries += 1
            if self.tries % 2:
                raise httpx.ReadError("cut")
            assert int(request.headers["upload-offset"]) == len(self.data)
            self.data += request.content
        return httpx.Response(201, headers={"location": "/v1/uploads/u1", "upload-offset": str(len(self.data))})


@both
async def test_a_large_file_goes_up_in_pieces_over_a_line_that_breaks(make: Make, tmp_path: Path) -> None:
    data = bytes(range(256)) * (LARGE // 256 + 10)
    (tmp_path / "ban-do.tif").write_bytes(data)
    far: list[tuple[int, int]] = []
    server = Tus(msgspec.json.encode({"entry": ENTRY, "parts": (), "steps": ()}))
    wire = Wire(server)
    desk = make(wire, watch=lambda sent, total: far.append((sent, total)))
    file = File("ban-do.tif", "image/tiff", tmp_path / "ban-do.tif")
    await told(desk.send(Metadata("1", "CV", "Thử", ("H29",)), [file], "vb-1"))
    assert server.data == data
    said = wire.asked[-1].content.decode("utf-8", "replace")
    assert '"upload":"u1"' in said
    assert hashlib.sha256(data).hexdigest() in said
    assert (len(data), len(data)) in far
    first = wire.asked[0].headers["upload-metadata"].split(" ")[1]
    assert base64.b64decode(first).decode() == hashlib.sha256(data).hexdigest()


@both
async def test_a_file_comes_down_behind_what_is_there_and_is_checked(make: Make, tmp_path: Path) -> None:
    data, target = b"0123456789" * 10, tmp_path / "tep"
    target.write_bytes(data[:40])
    tag = {"etag": f'"{hashlib.sha256(data).hexdigest()}"'}
    wire = Wire(
        lambda request: httpx.Response(
            206, content=data[int(request.headers["range"][6:].split("-")[0]) :], headers=tag
        )
    )
    part = Part("tep", "text/plain", len(data), "")
    assert await told(make(wire).save("1" * 32, part, target)) == hashlib.sha256(data).hexdigest()
    assert target.read_bytes() == data
    target.write_bytes(b"x" * 40)
    with pytest.raises(PartChanged):
        await told(make(wire).save("1" * 32, part, target))
    assert not target.exists()


@both
async def test_taking_in_stores_before_it_acknowledges(make: Make) -> None:
    order: list[str] = []
    entry = msgspec.to_builtins(ENTRY)

    def answer(request: httpx.Request) -> httpx.Response:
        order.append(request.url.path.rpartition("/")[2])
        taken = {"lock": "k", "until": "2026-11-22T00:00:00Z", "entry": entry}
        document = {"entry": entry, "parts": [], "steps": []}
        answers = {"inbox": [entry], "lock": taken, "acknowledge": None, "statuses": document}
        return httpx.Response(200, json=answers[order[-1]])

    def store(_: Any) -> None:
        order.append("stored")

    async def store_later(_: Any) -> None:
        order.append("stored")

    desk = make(Wire(answer))
    came = await aio.take_in(desk, store_later) if isinstance(desk, AsyncDesk) else take_in(desk, store)
    assert (came, order) == (1, ["inbox", "lock", "stored", "acknowledge", "statuses"])


@both
async def test_a_document_whose_lock_went_to_other_software_is_left_to_it_and_the_next_taken(make: Make) -> None:
    """Storing took longer than the lock; nothing is reported of what another of the agency's programs now holds."""
    entries = [msgspec.to_builtins(replace(ENTRY, id=each * 32)) for each in ("1", "2")]
    told: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        act, package = request.url.path.rpartition("/")[2], (*request.url.path.split("/"), "")[3]
        if act == "inbox":
            return httpx.Response(200, json=entries)
        if act == "acknowledge" and package[0] == "1":
            return httpx.Response(409, json={"code": "lock-lost"})
        told.append(f"{act} {package[0]}")
        taken = {"lock": "k", "until": "2026-11-22T00:00:00Z", "entry": entries[0]}
        return httpx.Response(200, json=taken if act == "lock" else {"entry": entries[0], "parts": [], "steps": []})

    def store(_: Any) -> None:
        """Kept."""

    async def store_later(_: Any) -> None:
        """Kept."""

    desk = make(Wire(answer))
    came = await aio.take_in(desk, store_later) if isinstance(desk, AsyncDesk) else take_in(desk, store)
    assert (came, told) == (1, ["lock 1", "lock 2", "acknowledge 2", "statuses 2"])


async def test_asynchronous_calls_run_beside_one_another() -> None:
    """The second is asked before the first is answered."""
    meeting = asyncio.Barrier(2)

    async def answer(_: httpx.Request) -> httpx.Response:
        await asyncio.wait_for(meeting.wait(), 5)
        return httpx.Response(200, json=ME)

    desk = AsyncDesk("https://cong.mau", "ma")
    desk._http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    assert len(await asyncio.gather(desk.me(), desk.me())) == 2
