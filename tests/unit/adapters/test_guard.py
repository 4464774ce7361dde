"""What stands before an address counts the packages of a group, not its request."""

from typing import Any, ClassVar

import pytest

from lienthong.adapters.guard import ADMITTED, GROUPS, Admission, Guard
from lienthong.errors import Busy, InvalidValue, PackageTooLarge


class Anybody:
    """Everybody is known."""

    def claimed(self, _: Any) -> str:
        return "a"

    def caller(self, _: Any) -> str:
        return "a"


class Handler:
    opt: ClassVar = {GROUPS: 16, "takes": True}


async def visited(guard: Guard, count: str | None) -> tuple[int, Any]:
    """Places at work that the request had, and what its handler is told of those let in."""
    headers = [(b"content-length", b"4"), *([] if count is None else [(b"package-count", count.encode())])]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/groups",
        "query_string": b"",
        "headers": headers,
        "route_handler": Handler,
    }
    found: list[int] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["body"] == b"body"
        found.append(guard.work.used)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        assert guard.work.used == 0  # its work ends where the answer begins

    async def receive() -> Any:
        return {"type": "http.request", "body": b"body", "more_body": False}

    async def send(_: Any) -> None: ...

    await guard.middleware(app)(scope, receive, send)
    assert (guard.work.used, guard.bodies.used) == (0, 0)
    return found[0], scope.get(ADMITTED)


async def test_a_group_takes_as_many_places_and_tokens_as_packages() -> None:
    guard = Guard(Admission(work=64, rate=0.001, burst=20), Anybody())
    assert await visited(guard, "16") == (16, None)
    places, (admitted, busy) = await visited(guard, "16")
    assert (places, admitted) == (4, 4)
    assert (busy.code, busy.facts["policy"], busy.facts["retry_after"]) == ("busy", "rate", "30")
    with pytest.raises(Busy):
        await visited(guard, "1")


async def test_without_a_rate_all_are_let_in_and_more_than_there_are_places_take_all_of_them() -> None:
    assert await visited(Guard(Admission(work=8), Anybody()), "16") == (8, None)


@pytest.mark.parametrize(
    ("count", "error"),
    [
        *((count, InvalidValue) for count in (None, "", "0", "-1", "1.5")),
        *((count, PackageTooLarge) for count in ("17", "9" * 5000)),
    ],
)
async def test_a_count_that_is_none_or_too_large_goes_no_further(count: str | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        await visited(Guard(Admission(), Anybody()), count)
