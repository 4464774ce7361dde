"""Who may call what at the desk, how often, and what is said before sending."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from desk_http import GONE, LATE, NOBODY, house, http
from lienthong.adapters.guard import Admission, Guard
from lienthong.document import OrganisationCode
from lienthong.gateway.ports import Scope
from lienthong.gateway.routes import DESK, Callers
from lienthong.registry import Status
from lienthong.testing.world import DEDICATED, SHARED, World

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
ANY_TOKEN = {"/v1/me", "/v1/organisations", "/v1/capabilities", "/v1/uploads"}
CALLS = {
    Scope.READ: ("GET", "/v1/search?text=x"),
    Scope.SEND: ("POST", "/v1/documents/x/recall"),
    Scope.RECEIVE: ("GET", "/v1/inbox"),
    Scope.SIGN: ("GET", "/v1/signatures/keys"),
}

# ---------------------------------------------------------------- scopes


def test_every_address_names_its_scope() -> None:
    """Closed when unsure: an address without a scope is one of the few that any token may ask."""
    open_to_all = {path for each in DESK if not _scopes(each) for path in each.paths}
    assert open_to_all == ANY_TOKEN


def _scopes(handler: Any) -> set[str]:
    return {name for each in handler.security or () for names in each.values() for name in names}


@pytest.mark.parametrize("asked", CALLS)
@pytest.mark.parametrize("had", Scope)
def test_a_token_opens_what_its_scope_names_and_nothing_else(asked: Scope, had: Scope) -> None:
    method, path = CALLS[asked]
    with http(house(World(), DEDICATED), f"H29:{had}") as client:
        answer = client.request(method, path, json={"reason": "thử"} if method == "POST" else None)
        assert client.get("/v1/me").json()["code"] == "H29"
    if had is asked:
        assert answer.status_code in {200, 404}
        return
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert answer.json()["facts"] == {"scope": str(asked)}
    assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{asked}"'


@pytest.mark.parametrize("token", [NOBODY, f"H29:{LATE}", f"H29:{GONE}", ""])
def test_a_token_that_is_unknown_late_or_revoked_opens_nothing(token: str) -> None:
    with http(house(World(), DEDICATED), token) as client:
        for path in ("/v1/me", "/v1/capabilities?code=H29", "/v1/search?text=x"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "token-invalid")
            assert answer.headers["www-authenticate"].startswith("Bearer ")


# ---------------------------------------------------------------- how often


def test_what_is_left_is_said_with_every_answer_and_when_to_come_again() -> None:
    with http(house(World(), SHARED), "G09", Admission(rate=0.001, burst=2)) as client:
        first, second, third = (client.get("/v1/me") for _ in range(3))
        client.headers["Authorization"] = "Bearer G22"
        other = client.get("/v1/me")
    assert first.headers["ratelimit-policy"] == '"rate";q=2;w=2000'
    assert [each.headers["ratelimit"].partition(";t")[0] for each in (first, second)] == ['"rate";r=1', '"rate";r=0']
    assert (third.status_code, third.json()["code"], third.json()["retryable"]) == (429, "busy", True)
    assert third.headers["ratelimit"] == f'"rate";r=0;t={third.headers["retry-after"]}'
    assert other.headers["ratelimit"].startswith('"rate";r=1')  # each agency has its own


def test_without_a_limit_nothing_is_said_of_one() -> None:
    with http(house(World(), DEDICATED), "H29") as client:
        assert "ratelimit" not in client.get("/v1/me").headers


async def test_a_stream_counts_as_a_poll_and_takes_no_place_at_work() -> None:
    guard = Guard(Admission(polls=1), Callers(house(World(), DEDICATED)))
    seen = list[tuple[int, int]]()

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def streaming(_scope: Any, listen: Any, _send: Any) -> None:
        await listen()  # as a stream does, for its caller's end
        seen.append((guard.work.used, guard.polls._sum))

    handler = SimpleNamespace(opt={"polls": True}, security=[])
    headers = [(b"authorization", b"Bearer H29")]
    scope = {"type": "http", "method": "GET", "path": "/v1/events/stream", "query_string": b"", "headers": headers}
    await guard.middleware(streaming)(scope | {"route_handler": handler}, receive, receive)  # type: ignore[arg-type]  # as much of ASGI as it takes
    assert seen == [(0, 1)]
    assert (guard.work.used, guard.polls._sum) == (0, 0)


# ---------------------------------------------------------------- before sending


def asked(world: World, *codes: str) -> list[dict[str, Any]]:
    with http(house(world, DEDICATED), f"H29:{Scope.SEND}") as client:
        answer = client.get("/v1/capabilities", params={"code": codes})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    assert [len(found), all(each["sendable"] == (not each["refusal"]) for each in found)] == [len(codes), True]
    return found


def test_who_would_get_it_and_what_is_accepted() -> None:
    there, legacy, merged = asked(World(), "G09", "000.00.00.H29", "H29.27")
    assert (there["state"], there["recipient"], there["gateway"]["id"]) == ("current", "G09", SHARED)
    assert there["accepts"]["file_bytes"] == 2 * 2**30
    assert (there["accepts"]["business"], there["accepts"]["secrecy"]) == ([0, 1, 2, 3], [])
    assert (legacy["recipient"], legacy["gateway"]["kind"]) == ("H29", "dedicated")
    assert (merged["state"], merged["recipient"], merged["valid_to"]) == ("redirected", "H29.131", "2025-06-30")
    assert [each["code"] for each in merged["successors"]] == ["H29.131"]


def test_why_a_code_gets_nothing() -> None:
    split, nowhere, unknown, odd = asked(World(), "H29.28", "H50", "Z99", "../etc")
    assert (split["state"], split["refusal"]) == ("closed", "recipient-closed")
    assert [each["code"] for each in split["successors"]] == ["H29.131", "H29.01"]
    assert (nowhere["state"], nowhere["refusal"], nowhere["gateway"]) == ("current", "recipient-unknown", None)
    assert (unknown["state"], unknown["refusal"]) == ("unknown", "recipient-unknown")
    assert (odd["state"], odd["refusal"], odd["code"]) == ("unknown", "invalid-value", "../etc")


def test_a_locked_organisation_gets_nothing() -> None:
    world = World()
    code = OrganisationCode("G09")
    rows = (replace(row, status=Status.LOCKED) if row.code == code else row for row in world.registry.organisations)
    world.publish(world.newer(organisations=tuple(rows)))
    [locked] = asked(world, "G09")
    assert (locked["state"], locked["sendable"], locked["refusal"]) == ("locked", False, "recipient-unknown")


@pytest.mark.parametrize("query", ["", "?code=" + "x" * 65, "?" + "&".join(["code=H29"] * 201)])
def test_questions_that_are_none(query: str) -> None:
    with http(house(World(), DEDICATED), "H29") as client:
        answer = client.get(f"/v1/capabilities{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-value")
