"""Webhooks: one suite for where they are kept; whom a gateway calls, and whom never, over a real line."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from lienthong.adapters.hooks import Careful, HookCaller, calling
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.hooks import SqlHooks
from lienthong.delivery import JourneyState, Lane
from lienthong.delivery.ports import Transaction, View
from lienthong.errors import ConfigurationInvalid, InvalidValue, NotAllowed, NotFound, Unavailable
from lienthong.gateway.hooking import Hook, Hooks
from lienthong.gateway.hooking_config import HookSettings
from lienthong.testing.hooks import MemoryHooks
from store_world import NOW, Shelf, inbound, leg, memory_shelf, package, server_shelf, sql_shelf

pytestmark = pytest.mark.integration
A = Hook("H29", "a", "https://mau.example/", ("document.consigned",), "salt", 7, NOW, NOW)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def hooks(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hooks]:
    if request.param == "memory":
        yield MemoryHooks()
        return
    server = request.param == "postgresql"
    shelf = server_shelf(request.getfixturevalue("database")) if server else sql_shelf(tmp_path)
    async with shelf.open() as store:
        assert isinstance(store, SqlStore)
        yield SqlHooks(store)


async def test_a_webhook_comes_back_whole_and_is_its_agencys(hooks: Hooks) -> None:
    full = replace(A, attempts=3, code="unavailable", detail="HTTP 500", heard_at=NOW + timedelta(microseconds=7))
    await hooks.put(full, 10)
    await hooks.put(replace(A, tenant="G09"), 10)
    assert await hooks.get("H29", "a") == full
    assert [each.tenant for each in await hooks.of("G09")] == ["G09"]
    for tenant, name in (("H29", "b"), ("H34", "a")):
        with pytest.raises(NotFound):
            await hooks.get(tenant, name)
    await hooks.drop("H29", "a")
    await hooks.drop("H29", "a")
    assert list(await hooks.of("H29")) == []


async def test_so_many_and_no_more_but_a_known_one_may_change(hooks: Hooks) -> None:
    for name in "ab":
        await hooks.put(replace(A, name=name), 2)
    with pytest.raises(InvalidValue):
        await hooks.put(replace(A, name="c"), 2)
    await hooks.put(replace(A, name="b", url="https://khac.example/"), 2)
    assert [each.url for each in await hooks.of("H29")] == [A.url, "https://khac.example/"]


async def test_those_whose_time_has_come(hooks: Hooks) -> None:
    later, earlier = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)
    for name, due, parked in (("a", NOW, False), ("b", later, False), ("c", earlier, False), ("d", earlier, True)):
        await hooks.put(replace(A, name=name, due=due, parked=parked), 10)
    assert [each.name for each in await hooks.due(NOW, 9)] == ["c", "a"]
    assert [each.name for each in await hooks.due(NOW, 1)] == ["c"]
    await hooks.change("H29", "c", lambda each: replace(each, parked=True))
    await hooks.change("H29", "nobody", lambda each: replace(each, parked=True))
    assert [each.name for each in await hooks.due(NOW, 9)] == ["a"]
    assert (await hooks.get("H29", "c")).parked


# ---------------------------------------------------------------- the feed beneath


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
async def test_an_agency_is_told_of_its_own_steps_alone(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    shelves: dict[str, Callable[[], Shelf]] = {
        "memory": lambda: memory_shelf(tmp_path),
        "sqlite": lambda: sql_shelf(tmp_path),
        "postgresql": lambda: server_shelf(request.getfixturevalue("database")),
    }
    sent, got = package("sent", sender="H26"), package("got", sender="G09")
    out = leg(sent, "G09", Lane.OUT, state=JourneyState.ACCEPTED)
    held, other, coming = inbound(got, "H26"), inbound(got, "H29"), inbound(got, "H34", state=JourneyState.ARRIVED)

    def work(tx: Transaction) -> None:
        for each in (sent, got):
            tx.add_package(each, {})
        for each in (out, held, other, coming):
            tx.put_leg(each)
        for each, what in ((out, "one"), (held, "two"), (other, "three"), (coming, "four"), (out, "five")):
            tx.add_step(each.step(NOW, "gw", what))

    async with shelves[kind]().open() as store:
        await store.write(work)

        async def told(party: str, after: int = 0, limit: int = 9) -> tuple[list[str], int]:
            def look(view: View) -> tuple[list[str], int]:
                found, up_to = view.happenings(party, after, limit)
                return [step.kind for step, _ in found], up_to

            return await store.read(look)

        assert await told("H26") == (["one", "two", "five"], 5)
        assert await told("H26", 1, 1) == (["two"], 2)
        assert await told("H26", 2) == (["five"], 5)
        assert await told("H26", 5) == ([], 5)
        assert await told("H26", -1) == ([], 5)
        assert await told("H29") == (["three"], 5)
        assert await told("H34") == ([], 5)  # not held yet
        assert await told("nobody") == ([], 5)


# ---------------------------------------------------------------- whom a gateway calls


@asynccontextmanager
async def answering(*statuses: int) -> AsyncIterator[tuple[int, list[web.Request]]]:
    """Somebody's software on a port of this machine."""
    asked, told = list[web.Request](), list(statuses)

    async def answer(request: web.Request) -> web.Response:
        asked.append(request)
        await request.read()
        status = told.pop(0)
        return web.Response(status=status, headers={"Location": "http://169.254.169.254/"} if status == 302 else {})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1], asked
    finally:
        await runner.cleanup()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "webhooks.key"
    path.write_text("k" * 64)
    path.chmod(0o600)
    return path


async def test_a_named_host_is_called_and_a_redirect_is_an_answer(key: Path) -> None:
    async with answering(204, 302, 500) as (port, asked), calling(HookSettings(key, (f"127.0.0.1:{port}",))) as made:
        assert made is not None
        caller, secret = made
        url = f"http://127.0.0.1:{port}/hop/den"
        assert [await caller.post(url, b"{}", {"webhook-id": "1"}) for _ in range(3)] == [204, 302, 500]
    assert secret == b"k" * 64
    assert [(each.method, each.path, each.headers["webhook-id"]) for each in asked] == [("POST", "/hop/den", "1")] * 3


async def test_nobody_there_is_worth_another_try(key: Path) -> None:
    async with answering() as (port, _):
        pass
    async with calling(HookSettings(key, (f"127.0.0.1:{port}",))) as made:
        assert made is not None
        with pytest.raises(Unavailable):
            await made[0].post(f"http://127.0.0.1:{port}/", b"", {})


HOSTS = ("phanmem.mau", "phanmem.mau:8443", "169.254.169.254", "[::ffff:169.254.169.254]", "127.0.0.1:80", "0.0.0.0:80")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://phanmem.mau/a?b=c", None),
        ("https://phanmem.mau:8443/", None),
        ("https://phanmem.mau:443/", None),
        ("http://127.0.0.1/", None),
        ("https://phanmem.mau:9443/", NotAllowed),
        ("http://phanmem.mau/", NotAllowed),
        ("http://phanmem.mau:8443/", NotAllowed),
        ("https://khac.mau/", NotAllowed),
        ("https://phanmem.mau.khac.vn/", NotAllowed),
        ("https://phanmem.mau@khac.vn/", InvalidValue),
        ("https://u:p@phanmem.mau/", InvalidValue),
        ("https://169.254.169.254/latest/meta-data", NotAllowed),
        ("https://[::ffff:169.254.169.254]/", NotAllowed),
        ("http://0.0.0.0/", NotAllowed),
        ("http://2130706433/", NotAllowed),
        ("http://localhost/", NotAllowed),
        ("file:///etc/passwd", InvalidValue),
        ("gopher://phanmem.mau/", InvalidValue),
        ("//phanmem.mau/", InvalidValue),
        ("https://", InvalidValue),
        ("https://phanmem.mau:99999/", InvalidValue),
        ("https://phanmem.mau\r\nHost: khac.vn/", InvalidValue),
        ("https://[::1", InvalidValue),
        ("", InvalidValue),
    ],
)
async def test_whom_it_may_call(key: Path, url: str, error: type[Exception] | None) -> None:
    async with calling(HookSettings(key, HOSTS)) as made:
        assert made is not None
        if error is None:
            made[0].require(url)
            return
        with pytest.raises(error):
            made[0].require(url)
        with pytest.raises(error):
            await made[0].post(url, b"", {})


class Lying(AbstractResolver):
    """A name server that sends a named host elsewhere."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: object = None) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=2, proto=0, flags=0) for each in self.addresses
        ]

    async def close(self) -> None:
        return


async def test_a_name_that_leads_to_the_link_leads_nowhere() -> None:
    found = await Careful(Lying("169.254.169.254", "10.1.2.3")).resolve("phanmem.mau", 443)
    assert [each["host"] for each in found] == ["10.1.2.3"]  # an agency's own network is where its software is
    with pytest.raises(OSError, match="no address"):
        await Careful(Lying("169.254.169.254", "224.0.0.1", "0.0.0.0")).resolve("phanmem.mau", 443)  # noqa: S104  what a liar says


async def test_without_a_key_nobody_is_called() -> None:
    async with calling(HookSettings()) as made:
        assert made is None


@pytest.fixture
def short(key: Path) -> Path:
    key.write_text("short")
    return key


async def test_a_short_key_is_refused(short: Path) -> None:
    with pytest.raises(ConfigurationInvalid, match="32"):
        async with calling(HookSettings(short)):
            pass


async def test_an_answer_that_never_comes_is_given_up(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lienthong.adapters.hooks.SECONDS", 0.2)
    hung_up = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        hung_up.set()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        async with calling(HookSettings(key, (f"127.0.0.1:{port}",))) as made:
            assert made is not None
            assert isinstance(made[0], HookCaller)
            with pytest.raises(Unavailable):
                await made[0].post(f"http://127.0.0.1:{port}/", b"", {})
        await hung_up.wait()
