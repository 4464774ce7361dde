"""What the addresses of the desk ask in the same words: parameters, limits, scopes."""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import Parameter

from lienthong.gateway.ports import Scope
from lienthong.openapi import needs

AnyRequest = Request[Any, Any, Any]
READ, SEND, RECEIVE, HOOKS = needs(Scope.READ), needs(Scope.SEND), needs(Scope.RECEIVE), needs(Scope.HOOKS)
ADMIN = needs(Scope.ADMIN)
"""Security of an address: the scopes its token must have."""

Seconds = Annotated[float, Parameter(ge=0, le=30, description="How long to wait for something, in seconds")]
Limit = Annotated[int, Parameter(ge=1, le=200)]
Ttl = Annotated[float | None, Parameter(ge=0, le=30 * 86400, description="Time to live in seconds")]
# a dollar alone would let a newline through at the end
Name = Annotated[
    str, Parameter(pattern=r"^[A-Za-z0-9._:~-]{1,128}$(?!\n)", description="The caller's own id of the document")
]
OwnId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:~-]{0,128}$(?!\n)")]
Words = Annotated[str, Parameter(max_length=200, description="Words, ids or numbers, in any order; accents optional")]
Cursor = Annotated[str, Parameter(max_length=20, description="`next` of the page before")]
Codes = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=64)]],
    Parameter(min_items=1, max_items=200, description="Codes of either generation, the parameter repeated"),
]
SMALL = 2**20
"""Bytes of a request that carries no files."""
