"""One feed of events, heard by long poll, by stream and by webhook: in order, for its agency alone, nothing lost."""

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desk_http import house, http
from lienthong.delivery import Package
from lienthong.errors import InvalidValue, NotAllowed
from lienthong.gateway import happening, hooking
from lienthong.gateway.desk import Gateway
from lienthong.gateway.happening import Event
from lienthong.gateway.hooking import Hooking, call_all
from lienthong.testing.hooks import Called, MemoryHooks
from lienthong.testing.world import DEDICATED, SHARED, World

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
URL = "https://phanmem.mau/lien-thong"
KEY = b"k" * 32


async def lived() -> tuple[World, Package]:
    """H29 has sent a document to two agencies of the shared gateway, one of which took it."""
    world = World()
    package = await world.send("H29", ["G09", "H34"], subject="Thử sự kiện")
    await world.run()
    await world.hand_over("G09")
    await world.run()
    return world, package


async def heard(gateway: Gateway, tenant: str, after: int = 0) -> list[Event]:
    return list((await happening.page(gateway, tenant, after, 100))[0])


# ---------------------------------------------------------------- the feed


async def test_the_sender_hears_of_every_recipient_and_a_recipient_of_itself() -> None:
    world, package = await lived()
    told = await heard(house(world, DEDICATED), "H29")
    assert {each.document for each in told} == {package.id}
    assert [each.type for each in told][:1] == ["document.submission-accepted"]
    assert {(each.type, each.addressee) for each in told} >= {
        ("document.consigned", "G09"), ("document.consigned", "H34"), ("document.handed-over", "G09"),
    }  # fmt: skip
    shared = house(world, SHARED)
    mine, other = await heard(shared, "G09"), await heard(shared, "H34")
    assert ({each.addressee for each in mine}, {each.addressee for each in other}) == ({"G09"}, {"H34"})
    assert "document.handed-over" in {each.type for each in mine} - {each.type for each in other}
    assert await heard(shared, "G22") == []


async def test_a_page_goes_on_behind_its_cursor_and_without_one_only_the_future_is_told() -> None:
    world, _ = await lived()
    gateway, after, told = house(world, DEDICATED), 0, list[Event]()
    while True:
        found = await happening.listened(gateway, "H29", after, 2, 0)
        told, after = [*told, *found.events], int(found.next)
        if not found.events:
            break
    assert told == await heard(gateway, "H29")
    fresh = await happening.listened(gateway, "H29", -1, 50, 0)
    assert (fresh.events, int(fresh.next)) == ((), after)


async def test_who_waits_is_woken_by_its_own_events_alone() -> None:
    world, _ = await lived()
    gateway = house(world, DEDICATED)
    waiting = asyncio.create_task(happening.listened(gateway, "H29", -1, 50, 30))
    other = asyncio.create_task(happening.listened(gateway, "H29.01", -1, 50, 30))
    await asyncio.sleep(0)
    package = await world.send("H29", ["G09"], subject="Mới")
    found = await asyncio.wait_for(waiting, 10)
    assert [each.document for each in found.events] == [package.id]
    assert not other.done()
    gateway.bell.close()  # the process is about to end: nobody is kept
    assert (await asyncio.wait_for(other, 10)).events == ()


def test_over_http_by_page_and_by_stream() -> None:
    world, package = asyncio.run(lived())
    with http(house(world, DEDICATED), "H29:read") as client:
        told = client.get("/v1/events", params={"after": "0"}).json()
        text = client.get("/v1/events/stream", params={"after": "0", "seconds": 0}).text
        last = told["events"][-2]["id"]
        rest = client.get("/v1/events/stream", params={"seconds": 0}, headers={"Last-Event-ID": last}).text
        for wrong in ("x", "-1", "9" * 20):
            assert client.get("/v1/events", params={"after": wrong}).status_code == 400
        assert client.get("/v1/events/stream", params={"seconds": 601}).status_code == 400
        client.headers["Authorization"] = "Bearer H29:send"
        assert client.get("/v1/events").status_code == 403
        assert client.get("/v1/events/stream").status_code == 403
    messages = [block for block in text.replace("\r\n", "\n").split("\n\n") if "data:" in block]
    data = [json.loads(block.partition("data: ")[2].partition("\n")[0]) for block in messages]
    assert data == told["events"]
    assert {each["document"] for each in data} == {package.id}
    assert "retry: 2000" in text
    assert rest.count("data: {") == 1


# ---------------------------------------------------------------- webhooks


class Site:
    """A gateway that may call, and what it called."""

    def __init__(self, world: World, place: str = DEDICATED, park_after: int = 4) -> None:
        self.called, self.hooks, self.world = Called(), MemoryHooks(), world
        self.service = Hooking(self.hooks, self.called, KEY, park_after)
        self.gateway = replace(house(world, place), hooking=self.service)

    async def register(self, tenant: str = "H29", name: str = "phan-mem", **more: Any) -> hooking.Hook:
        asked = {"url": URL, "events": (), "rotate": False} | more
        return await hooking.register(self.gateway, tenant, name, asked["url"], asked["events"], rotate=asked["rotate"])

    async def stand(self, tenant: str = "H29") -> hooking.Hook:
        return await self.hooks.get(tenant, "phan-mem")

    def told(self) -> list[str]:
        return [json.loads(body)["type"] for _, body, _ in self.called.calls]


async def test_every_event_is_called_once_in_order_and_signed() -> None:
    world, _ = await lived()
    site = Site(world)
    hook = await site.register()
    assert await call_all(site.gateway) == 0  # what was before is not told
    package = await world.send("H29", ["G09"], subject="Mới")
    await world.run()
    while await call_all(site.gateway):
        pass
    told = await heard(site.gateway, "H29", hook.cursor)
    assert site.told() == [each.type for each in told]
    assert len({headers["webhook-id"] for _, _, headers in site.called.calls}) == len(told)
    url, body, headers = site.called.calls[0]
    assert (url, json.loads(body)["data"]["document"]) == (URL, package.id)
    secret = base64.b64decode(hooking.written_secret(site.service.secret(hook)).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert abs(int(headers["webhook-timestamp"]) - world.clock.now().timestamp()) < 2


async def test_a_miss_is_tried_again_later_from_the_same_event_until_it_is_parked_and_resumed() -> None:
    world, _ = await lived()
    site = Site(world)
    await site.register()
    await world.send("H29", ["G09"], subject="Mới")
    site.called.statuses = [500, 302, 0]
    for attempt in range(1, 4):
        await call_all(site.gateway)
        assert (await site.stand()).attempts == attempt
        await call_all(site.gateway)  # not due yet
        assert len(site.called.calls) == attempt
        world.clock.advance(timedelta(hours=1))
    site.called.statuses = [503]
    await call_all(site.gateway)
    parked = await site.stand()
    assert (parked.parked, parked.code, parked.detail) == (True, "unavailable", "HTTP 503")
    world.clock.advance(timedelta(days=9))
    await call_all(site.gateway)
    assert len({body for _, body, _ in site.called.calls}) == 1  # always the same event
    assert len(site.called.calls) == 4
    await hooking.resume(site.gateway, "H29", "phan-mem")
    assert await call_all(site.gateway) >= 1
    stand = await site.stand()
    assert (stand.parked, stand.attempts, stand.heard_at) == (False, 0, world.clock.now())


async def test_a_gone_webhook_is_parked_at_once() -> None:
    world, _ = await lived()
    site = Site(world)
    await site.register()
    await world.send("H29", ["G09"], subject="Mới")
    site.called.statuses = [410]
    await call_all(site.gateway)
    assert (await site.stand()).parked


async def test_only_the_asked_types_and_only_the_own_agency() -> None:
    world, _ = await lived()
    site = Site(world, SHARED)
    await site.register("G09", events=("document.handed-over",))
    await site.register("G22")
    await world.send("H29", ["G09", "H34"], subject="Mới")
    await world.run()
    await world.hand_over("G09")
    while await call_all(site.gateway):
        pass
    assert site.told() == ["document.handed-over"]


async def test_a_crash_repeats_an_event_at_most_and_loses_none() -> None:
    """The call was heard, and the process died before it was written down."""
    world, _ = await lived()
    site = Site(world)
    hook = await site.register()
    await world.send("H29", ["G09"], subject="Mới")
    await call_all(site.gateway)
    await site.hooks.put(hook, 10)  # as it was before the call
    await call_all(site.gateway)
    ids = [headers["webhook-id"] for _, _, headers in site.called.calls]
    assert len(set(ids)) * 2 == len(ids)  # by its id the software knows it


async def test_registering_again_keeps_place_and_secret_unless_a_new_one_is_asked_for() -> None:
    world, _ = await lived()
    site = Site(world)
    first = await site.register()
    await world.send("H29", ["G09"], subject="Mới")
    assert await site.register() == first
    moved = await site.register(url=f"{URL}/2", events=("document.refused",))
    assert (moved.cursor, site.service.secret(moved)) == (first.cursor, site.service.secret(first))
    rotated = await site.register(rotate=True)
    assert site.service.secret(rotated) != site.service.secret(first)


async def test_what_is_no_webhook() -> None:
    world, _ = await lived()
    site = Site(world)
    with pytest.raises(NotAllowed):
        await site.register(url="https://169.254.169.254/latest")
    with pytest.raises(InvalidValue):
        await site.register(events=("document.everything",))
    for n in range(hooking.MOST):
        await site.register(name=f"h{n}")
    with pytest.raises(InvalidValue):
        await site.register(name="one-more")
    assert len(await site.hooks.of("H29")) == hooking.MOST


def test_over_http() -> None:
    world, _ = asyncio.run(lived())
    site = Site(world, SHARED)
    with http(site.gateway, "G09:hooks") as client:
        made = client.put("/v1/webhooks/a", json={"url": URL, "events": ["document.consigned"]})
        assert made.json()["secret"].startswith("whsec_")
        assert "secret" not in str(client.get("/v1/webhooks").json()[0]["secret"])
        assert client.get("/v1/webhooks/a").json()["secret"] == ""
        refused = {
            "url": client.put("/v1/webhooks/b", json={"url": "http://localhost/"}).status_code,
            "long": client.put("/v1/webhooks/b", json={"url": URL + "x" * 2000}).status_code,
            "name": client.put("/v1/webhooks/a%2Fb", json={"url": URL}).status_code,
            "unknown": client.post("/v1/webhooks/b/resume").status_code,
        }
        assert refused == {"url": 403, "long": 400, "name": 404, "unknown": 404}
        client.headers["Authorization"] = "Bearer G22:hooks"
        assert client.get("/v1/webhooks").json() == []
        assert client.get("/v1/webhooks/a").status_code == 404  # another agency's
        assert client.post("/v1/webhooks/a/resume").status_code == 404
        assert client.delete("/v1/webhooks/a").status_code == 204
        client.headers["Authorization"] = "Bearer G09:read"
        assert client.put("/v1/webhooks/a", json={"url": URL}).status_code == 403
        client.headers["Authorization"] = "Bearer G09:hooks"
        assert client.post("/v1/webhooks/a/resume").json()["parked"] is False
        assert client.delete("/v1/webhooks/a").status_code == 204
        assert client.get("/v1/webhooks/a").status_code == 404
    with http(house(world, SHARED), "G09") as client:
        assert client.get("/v1/webhooks").status_code == 404  # this gateway calls nobody
