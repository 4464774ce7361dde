"""The line to a gateway: addresses, token, patience with a busy one; every answer a value, every refusal an error."""

import ssl
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from lienthong.client.aio import aside
from lienthong.client.aio.uploading import watching
from lienthong.client.answers import asked_pause, decoded, problem
from lienthong.client.model import Watch
from lienthong.client.trust import Own, trusting
from lienthong.errors import Busy, Unavailable

T = TypeVar("T")
TIMEOUT = 60.0
"""Seconds a call may take beyond any waiting asked for."""
PATIENCE = 10.0
"""Seconds a call waits, all in all, for a gateway that says it is busy."""


class AsyncLine:
    """A connection with one access token, which speaks for one agency.

    A gateway of several processes has several addresses: the next one is asked when one does not answer or is not
    available. What a call does may be repeated, so it is asked again by itself.
    """

    def __init__(
        self,
        url: str | Sequence[str],
        token: str,
        ca: Path | None = None,
        watch: Watch | None = None,
        *,
        patience: float = PATIENCE,
        sleep: Callable[[float], Awaitable[None]] = aside.sleep,
        traceparent: str = "",
        own: Own | None = None,
    ) -> None:
        """`watch` is told how far each upload and each saved file got; `patience`: seconds for a busy gateway; `own`:
        what is shown where callers must show a certificate. ConfigurationInvalid for files that hold none.

        `traceparent` (W3C Trace Context) goes with every call: documents handed in belong to that trace on all hops.
        """
        self._watch = watch
        self._patience, self._sleep = patience, sleep
        headers = {"Authorization": f"Bearer {token}"} | ({"traceparent": traceparent} if traceparent else {})
        verify: ssl.SSLContext | bool = trusting(ca, own) if ca or own else True
        self._urls = [each.rstrip("/") for each in ([url] if isinstance(url, str) else url)]
        self._http = httpx.AsyncClient(headers=headers, verify=verify, timeout=TIMEOUT)
        if watch is not None:
            self._http.event_hooks = {"request": [watching(watch)]}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def _get(self, kind: type[T], path: str, **query: Any) -> T:
        return decoded(kind, await self._ask("GET", path, params=query))

    async def _post(self, kind: type[T], path: str, body: dict[str, Any] | None) -> T:
        more = {} if body is None else {"json": body}
        return decoded(kind, await self._ask("POST", path, **more))

    async def _ask(self, method: str, path: str, **kwargs: Any) -> bytes:
        return (await self._tell(method, path, **kwargs)).content

    async def _tell(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """A busy gateway says when to come again, and nothing was done: so it is asked again, while patience lasts."""
        left = self._patience
        while True:
            try:
                return await self._any(method, path, **kwargs)
            except Busy as busy:
                pause = asked_pause(busy)
                if pause > left:
                    raise
            left -= pause
            await self._sleep(pause)

    async def _any(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Ask the address that answered last, and each other one while none is available."""
        for left in reversed(range(len(self._urls))):
            try:
                return await self._once(self._urls[0], method, path, **kwargs)
            except Unavailable:
                self._urls = [*self._urls[1:], self._urls[0]]
                if not left:
                    raise
        raise AssertionError("unreachable")

    async def _once(self, url: str, method: str, path: str, **kwargs: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, url + path, **kwargs)
        except httpx.HTTPError as error:
            raise Unavailable(f"{url}: {type(error).__name__}") from error
        if answer.status_code >= 400:
            raise problem(answer.status_code, answer.content, answer.headers.get("Retry-After", ""))
        return answer
