"""Where a telephone provider knocks: `POST /signatures/callback`. A knock only wakes; what happened is asked for."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import Request, post

from lienthong.adapters.files import read_secret
from lienthong.adapters.signers.phone import MOST_CALLBACK, knocked

PATH = "/signatures/callback"
AnyRequest = Request[Any, Any, Any]


def callback_routes(
    secret_file: Path | None, now: Callable[[], datetime], woken: Callable[[str], Awaitable[None]]
) -> list[Any]:
    """None without a secret. `woken` is told the provider's name of what moved."""
    if secret_file is None:
        return []
    secret = read_secret(secret_file).strip()

    @post(PATH, status_code=204, include_in_schema=False, request_max_body_size=MOST_CALLBACK)
    async def callback(request: AnyRequest) -> None:
        """Raises TokenInvalid for a knock that is not signed with the secret, or too old."""
        signature = request.headers.get("lienthong-signature", "")
        await woken(knocked(await request.body(), signature, secret, now()))

    return [callback]
