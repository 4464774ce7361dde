"""A tenant of a shared gateway: what it may use in a day, and what its own administrator may do."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from desk_http import house, http
from lienthong.adapters.guard import Admission
from lienthong.adapters.problems import EXCEPTION_HANDLERS
from lienthong.delivery import Order, Search
from lienthong.gateway.desk import Gateway
from lienthong.gateway.ports import Allotted, Bounds, Caller, Scope
from lienthong.gateway.tenancy import operations
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import SHARED, World
from vxp_made import house_of, settle

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
TENANT, OTHER = "G09", "G22"
ADMIN = f"{TENANT}:{Scope.ADMIN}"


def shared(world: World, **host: Any) -> tuple[Gateway, MemoryTenants]:
    gateway = house(world, SHARED)
    tenants = gateway.tenants
    assert isinstance(tenants, MemoryTenants)
    tenants.bounds[TENANT] = Allotted(Bounds(**host))
    return gateway, tenants


def sent(client: TestClient[Any], number: int, size: int = 10) -> Any:
    said = {"number": str(number), "notation": "CV-MẪU", "subject": "Văn bản mẫu", "recipients": ["H29"]}
    file = ("files", ("a.pdf", b"%PDF-" + b"x" * size, "application/pdf"))
    return client.put(f"/v1/outgoing/vb-{number}", data={"metadata": json.dumps(said)}, files=[file])


def as_token(client: TestClient[Any], token: str) -> TestClient[Any]:
    client.headers["Authorization"] = f"Bearer {token}"
    return client


# ---------------------------------------------------------------- quotas


def test_a_day_has_so_many_documents_and_says_what_is_left() -> None:
    world = World()
    gateway, _ = shared(world, documents=2)
    with http(gateway, TENANT) as client:
        first, second, third = (sent(client, number) for number in range(3))
        assert (first.status_code, second.status_code) == (201, 201)
        assert '"documents";r=1;t=' in first.headers["ratelimit"]
        assert first.headers["ratelimit-policy"] == '"documents";q=2;w=86400'
        assert (third.status_code, third.json()["code"], third.json()["retryable"]) == (429, "quota-reached", True)
        assert third.headers["ratelimit"].startswith('"documents";r=0;t=')
        assert "2/2 văn bản" in third.json()["detail"]
        assert third.json()["facts"]["left"] == "0"
        share = client.get("/v1/me").json()["allowance"]["shares"][0]
        assert share == {"name": "documents", "limit": 2, "used": 2, "left": 0}
        assert sent(client, 1).status_code == 201, "a repeat of what was taken is no further document"
        recall = client.post(f"/v1/documents/{first.json()['entry']['id']}/recall", json={"reason": "sai số"})
        assert recall.status_code == 201, "what went out can be taken back"
        assert sent(as_token(client, OTHER), 1).status_code == 201, "another agency has its own"
        world.clock.advance(timedelta(days=1))
        assert sent(as_token(client, TENANT), 4).status_code == 201


def test_bytes_of_a_day_and_of_one_package_are_bounded() -> None:
    gateway, _ = shared(World(), bytes=200_000, largest=150_000)
    with http(gateway, TENANT) as client:
        large = sent(client, 1, 160_000)
        assert (large.status_code, large.json()["code"]) == (413, "package-too-large")
        assert sent(client, 2, 120_000).status_code == 201
        over = sent(client, 3, 120_000)
        assert (over.status_code, over.headers["ratelimit"].partition(";r=")[0]) == (429, '"bytes"')
        assert client.get("/v1/me").json()["allowance"]["shares"][0]["used"] == 1, "what was refused does not count"


def test_a_rate_of_its_own_only_narrows() -> None:
    gateway, tenants = shared(World(), rate=0.001)
    for settings, wanted in (
        (Admission(), 1),
        (Admission(rate=0.5, burst=5.0), 1),
        (Admission(rate=0.0005, burst=1), 1),
    ):
        with http(gateway, TENANT, settings) as client:
            answers = [client.get("/v1/me").status_code for _ in range(3)]
            assert answers.count(200) == wanted
    tenants.bounds.clear()
    with http(gateway, TENANT) as client:
        assert [client.get("/v1/me").status_code for _ in range(3)] == [200] * 3


# ---------------------------------------------------------------- administrators


def test_an_administrator_keeps_the_tokens_of_its_agency_and_nobody_elses() -> None:
    gateway, tenants = shared(World(), tokens=9)
    strangers = Caller(OTHER, "phần mềm của người khác", id="cafecafecafe")
    tenants.callers["stranger"] = strangers
    with http(gateway, ADMIN) as client:
        before = client.get("/v1/administration/tokens").json()
        assert strangers.name not in str(before)
        made = client.post("/v1/administration/tokens", json={"name": "văn thư", "scopes": ["read"], "days": 30})
        assert made.status_code == 201
        token, row = made.json()["token"], made.json()["row"]
        assert (row["name"], row["scopes"], row["live"]) == ("văn thư", ["read"], True)
        assert as_token(client, token).get("/v1/me").json()["code"] == TENANT
        assert client.get("/v1/administration/tokens").status_code == 403, "administration is given by name alone"
        as_token(client, ADMIN)
        turned = client.post(f"/v1/administration/tokens/{row['id']}/rotate", json={"hours": 1})
        assert turned.status_code == 201
        assert client.post(f"/v1/administration/tokens/{row['id']}/revoke").json()["live"] is False
        assert as_token(client, token).get("/v1/me").status_code == 401
        assert as_token(client, turned.json()["token"]).get("/v1/me").status_code == 200
        as_token(client, ADMIN)
        for act in ("rotate", "revoke"):
            foreign = client.post(f"/v1/administration/tokens/{strangers.id}/{act}", json={})
            assert (foreign.status_code, foreign.json()["code"]) == (404, "not-found"), "as if it were not there"
        assert tenants.callers["stranger"] == strangers
        acts = [each["act"] for each in client.get("/v1/administration/acts").json()]
        assert acts == ["token-revoked", "token-rotated", "token-issued"]
        as_token(client, f"{OTHER}:{Scope.ADMIN}")
        assert client.get("/v1/administration/acts").json() == []


def test_no_more_tokens_than_the_host_allows() -> None:
    gateway, tenants = shared(World())
    had, now = tenants.tokens(TENANT), gateway.now()
    tenants.bounds[TENANT] = Allotted(Bounds(tokens=sum(not each.ended(now) for each in had)))
    with http(gateway, ADMIN) as client:
        refused = client.post("/v1/administration/tokens", json={"name": "thừa", "scopes": ["read"]})
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert tenants.tokens(TENANT) == had


def test_own_bounds_count_within_the_hosts() -> None:
    gateway, tenants = shared(World(), documents=5, rate=50.0)
    with http(gateway, ADMIN) as client:
        wide = client.put("/v1/administration/bounds", json={"documents": 6})
        assert (wide.status_code, wide.json()["code"]) == (400, "invalid-value")
        assert "documents" in wide.json()["detail"]
        told = client.put("/v1/administration/bounds", json={"documents": 1, "largest": 100_000}).json()
        assert told["counts"] == {"documents": 1, "bytes": 0, "largest": 100_000, "rate": 50.0, "tokens": 0}
        assert client.put("/v1/administration/bounds", json={"documents": -1}).status_code == 400
        assert sent(as_token(client, TENANT), 1).status_code == 201
        assert sent(client, 2).json()["code"] == "quota-reached"
    tenants.bounds[TENANT] = replace(tenants.bounds[TENANT], host=Bounds())
    assert tenants.allotted(TENANT).counts == Bounds(documents=1, largest=100_000)


def test_only_administrators_administer() -> None:
    gateway, _ = shared(World())
    with http(gateway, TENANT) as client:  # every other scope
        for path in ("", "/tokens", "/acts"):
            assert client.get(f"/v1/administration{path}").status_code == 403
        assert client.put("/v1/administration/bounds", json={}).status_code == 403


async def test_software_of_one_agency_alone_is_in_its_administrators_hands() -> None:
    world = World()
    gateway, house = shared(world)[0], house_of(world, SHARED)
    await settle(house, SHARED)
    with http(gateway, ADMIN, vxp=house) as client:
        listed = client.get("/v1/administration/systems").json()
        assert [(each["id"], each["shared"]) for each in listed] == [("phan-mem-g09", False)]
        made = client.post("/v1/administration/systems/phan-mem-g09/rotate", json={"keep_hours": 1})
        assert (made.status_code, len(made.json()["secret"])) == (201, 64)
        assert client.post("/v1/administration/systems/phan-mem-g09/revoke", json={"secret": "s1"}).status_code == 204
        secrets = client.get("/v1/administration/systems").json()[0]["secrets"]
        assert [each["live"] for each in secrets] == [False, True]
        for act in ("rotate", "revoke"):
            foreign = client.post(f"/v1/administration/systems/phan-mem-g22/{act}", json={})
            assert (foreign.status_code, foreign.json()["code"]) == (404, "not-found")
        as_token(client, f"{OTHER}:{Scope.ADMIN}")
        [both] = client.get("/v1/administration/systems").json()
        assert (both["id"], both["shared"], both["secrets"]) == ("phan-mem-g22", True, [])
        assert "H34" not in str(both), "whom else it serves is not told"
        assert client.post("/v1/administration/systems/phan-mem-g22/rotate", json={}).json()["code"] == "not-allowed"
    with http(gateway, ADMIN) as client:
        assert client.get("/v1/administration/systems").json() == []
        assert client.post("/v1/administration/systems/phan-mem-g09/revoke", json={}).status_code == 404


# ---------------------------------------------------------------- the host


def test_the_host_sees_use_and_sets_bounds_with_a_reason() -> None:
    gateway, _ = shared(World())
    reasons: list[str] = []

    def order(_: object, reason: str) -> Order:
        reasons.append(reason)
        return Order("vận hành (mẫu)", reason)

    app = Litestar(operations(gateway, lambda _: None, order), exception_handlers=dict(EXCEPTION_HANDLERS))
    with http(gateway, TENANT) as desk:
        assert sent(desk, 1).status_code == 201
    with TestClient(app) as client:
        codes = {each["code"]: each for each in client.get("/v1/tenants").json()}
        assert codes[TENANT]["allowance"]["shares"][0]["used"] == 1
        assert codes[OTHER]["allowance"]["shares"][0]["used"] == 0
        assert codes[TENANT]["administrators"] == 1
        told = client.post(f"/v1/tenants/{TENANT}/bounds", json={"reason": "hợp đồng", "bounds": {"documents": 1}})
        assert told.json()["host"]["documents"] == 1
        assert reasons == ["hợp đồng (documents 1)"]
        assert client.post(f"/v1/tenants/{TENANT}/bounds", json={"reason": " ", "bounds": {}}).status_code == 400
        elsewhere = client.post("/v1/tenants/H29/bounds", json={"reason": "thử", "bounds": {}})
        assert elsewhere.json()["code"] == "sender-not-represented"
    with http(gateway, TENANT) as desk:
        assert sent(desk, 2).json()["code"] == "quota-reached"
    with http(gateway, ADMIN) as desk:
        [act] = desk.get("/v1/administration/acts").json()
        assert (act["act"], act["text"]) == ("bounds", "vận hành (mẫu): hợp đồng (documents 1)")


async def test_acts_are_no_documents_of_anybody() -> None:
    gateway, _ = shared(World())
    with http(gateway, ADMIN) as client:
        client.put("/v1/administration/bounds", json={"documents": 1})
    assert (await gateway.hop.store.read(lambda view: view.listing(Search()))).entries == ()


# ---------------------------------------------------------------- a neighbour's


def test_a_neighbours_document_on_its_way_is_not_told_of_by_a_refusal_to_replace_it() -> None:
    world = World()
    with http(shared(world)[0], TENANT) as neighbour, http(shared(world)[0], OTHER) as desk:
        said = {"number": "7", "notation": "CV-MẪU", "subject": "Văn bản mẫu", "recipients": [OTHER]}
        file = ("files", ("a.pdf", b"%PDF-x", "application/pdf"))
        told = neighbour.put("/v1/outgoing/theirs", data={"metadata": json.dumps(said)}, files=[file]).json()
        named = {**said, "recipients": ["H29"], "replaces": [told["entry"]["document_id"]]}

        def replacing(id: str) -> int:
            return desk.put(f"/v1/outgoing/{id}", data={"metadata": json.dumps(named)}, files=[file]).status_code

        assert replacing("before") == 201  # as of a document nobody has heard of: the axis decides
        asyncio.run(world.run())
        assert replacing("after") == 422
