"""Where the doctor is asked: on the operations face, beside health and metrics."""

from typing import Any

from litestar import MediaType, Response, get

from lienthong.diagnosis import Finding
from lienthong.gateway.doctor.page import ADDRESS, POLICY, page
from lienthong.gateway.doctor.seeing import Doctor
from lienthong.openapi import ALWAYS


def routes(doctor: Doctor) -> list[Any]:
    """The routes."""

    @get("/v1/diagnosis", summary="What an operator should know now, each with what to do", responses=ALWAYS)
    async def diagnosis() -> tuple[Finding, ...]:
        """`ok`: true well, false to be put right, null not known or not yet urgent."""
        return await doctor.examine()

    @get(ADDRESS, media_type=MediaType.HTML, include_in_schema=False)
    async def shown() -> Response[bytes]:
        gateway = doctor.gateway
        content = page(gateway.hop.name, await doctor.examine(), gateway.now())
        headers = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        return Response(content, media_type=MediaType.HTML, headers=headers)

    return [diagnosis, shown]
