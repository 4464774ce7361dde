"""Resumable uploads as faces serve them: tus 1.0 with creation, checksum, expiration and termination.

The digest of the whole is asked for at the beginning (`Upload-Metadata: sha256`), so that what is put together of two
files is found out, whoever did it.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from litestar import Request, Response, delete, head, patch, post, route
from litestar.datastructures import State
from litestar.exceptions import ClientException, HTTPException
from litestar.openapi import ResponseSpec

from lienthong.delivery import Hop
from lienthong.delivery import uploads as store
from lienthong.envelope import DEFAULT
from lienthong.errors import ChecksumWrong, InvalidValue
from lienthong.openapi import TOKEN, UPLOADING, binary, body_of

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
ALGORITHM = "sha256"
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)
AnyRequest = Request[Any, Any, Any]
Pieces = AsyncIterator[bytes]
Piece = body_of("tus 1.0", {PIECE_TYPE: binary()})
DONE = ResponseSpec(None, description="Xem các tiêu đề · see the headers")


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who uploads, and what their token says of the body: its hex SHA-256, or None when it says nothing."""

    hop: Hop
    name: str
    digest: str | None = None


Judge = Callable[[AnyRequest, State], Uploader]
"""Who calls, judged before the body is read; raises the refusals of tokens."""


def uploads(
    judge: Judge, answers: Mapping[int, ResponseSpec] = UPLOADING, security: list[dict[str, list[str]]] = TOKEN
) -> list[Any]:
    """The routes of resumable uploads under /v1/uploads."""
    told = dict(answers)

    @route(
        "/v1/uploads",
        http_method=["OPTIONS"],
        status_code=204,
        responses=told | {204: DONE},
        summary="What of tus is served here",
    )
    async def options(state: State) -> Response[None]:  # noqa: ARG001  handlers get it
        """Version, extensions, the largest upload."""
        return _answer(204, **_CAPABILITIES)

    @post(
        "/v1/uploads",
        status_code=201,
        summary="Begin a resumable upload",
        responses=told | {201: DONE},
        security=security,
        opt={"takes": True},
    )
    async def begin(request: AnyRequest, state: State) -> Response[None]:
        """`Upload-Length`, and `Upload-Metadata` with `sha256`: the whole file's digest in hex, as base64."""
        caller = judge(request, state)
        _check_version(request)
        upload, offset = await store.begin(caller.hop, caller.name, _number(request, "upload-length"), _digest(request))
        return _answer(201, Location=f"/v1/uploads/{upload.id}", **_place(upload, offset))

    @head(
        "/v1/uploads/{upload:str}",
        summary="How much of an upload is here",
        responses=told | {200: DONE},
        security=security,
    )
    async def look(request: AnyRequest, state: State, upload: str) -> Response[None]:
        """`Upload-Offset`: where to go on."""
        caller = judge(request, state)
        _check_version(request)
        found, offset = await store.find(caller.hop, caller.name, upload)
        return _answer(200, **_place(found, offset), **{"Upload-Length": str(found.size), "Cache-Control": "no-store"})

    @patch(
        "/v1/uploads/{upload:str}",
        status_code=204,
        summary="The next piece of an upload",
        operation_class=Piece,
        responses=told | {204: DONE},
        security=security,
        request_max_body_size=DEFAULT.large_bytes,
    )
    async def go_on(request: AnyRequest, state: State, upload: str) -> Response[None]:
        """With `Upload-Offset`; `Upload-Checksum: sha256 <base64>` makes the piece all or nothing."""
        caller = judge(request, state)
        _check_version(request)
        if request.headers.get("content-type", "").partition(";")[0].strip() != PIECE_TYPE:
            raise ClientException(PIECE_TYPE, status_code=415)
        found, offset = await _taken(request, caller, upload)
        return _answer(204, **_place(found, offset))

    @delete(
        "/v1/uploads/{upload:str}",
        status_code=204,
        summary="Drop an upload",
        responses=told | {204: DONE},
        security=security,
    )
    async def end(request: AnyRequest, state: State, upload: str) -> Response[None]:
        """What of it came in is forgotten; a package that has it already keeps it."""
        caller = judge(request, state)
        _check_version(request)
        await store.drop(caller.hop, caller.name, upload)
        return _answer(204)

    return [options, begin, look, go_on, end]


_CAPABILITIES = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,checksum,expiration,termination",
    "Tus-Checksum-Algorithm": ALGORITHM,
    "Tus-Max-Size": str(DEFAULT.large_bytes),
}


async def _taken(request: AnyRequest, caller: Uploader, upload: str) -> tuple[store.Upload, int]:
    offset = _number(request, "upload-offset")
    digests = {caller.digest, _checksum(request)} - {None}
    if digests:
        return await store.receive(caller.hop, caller.name, upload, offset, _proved(request.stream(), digests))
    return await _as_it_comes(request, caller, upload, offset)


async def _as_it_comes(request: AnyRequest, caller: Uploader, upload: str, offset: int) -> tuple[store.Upload, int]:
    """Without a checksum every block that came stays, so that a line that breaks costs little."""
    found, here = await store.find(caller.hop, caller.name, upload)
    blocks = _blocks(request.stream(), caller.hop.freight.piece)
    try:
        async for block in blocks:
            found, here = await store.receive(caller.hop, caller.name, upload, offset, _one(block))
            offset = here
    finally:
        await blocks.aclose()
    if offset != here:
        found, here = await store.receive(caller.hop, caller.name, upload, offset, _one(b""))
    return found, here


async def _blocks(pieces: AsyncIterator[bytes], size: int) -> AsyncGenerator[bytes, None]:
    """Blocks of about that size; what came before the line broke is given too, then the failure."""
    held, count, failure = list[bytes](), 0, None
    try:
        async for piece in pieces:
            held.append(piece)
            count += len(piece)
            if count >= size:
                yield b"".join(held)
                held, count = [], 0
    except HTTPException as error:
        failure = error
    if count:
        yield b"".join(held)
    if failure is not None:
        raise failure


async def _one(block: bytes) -> AsyncIterator[bytes]:
    yield block


async def _proved(pieces: AsyncIterator[bytes], digests: set[str | None]) -> AsyncIterator[bytes]:
    """The pieces, and at their end ChecksumWrong unless they are what was said."""
    digest = hashlib.sha256()
    async for piece in pieces:
        digest.update(piece)
        yield piece
    if digests != {digest.hexdigest()}:
        raise ChecksumWrong(digest.hexdigest())


# ---------------------------------------------------------------- headers


def _answer(status: int, **headers: str) -> Response[None]:
    return Response(None, status_code=status, headers={"Tus-Resumable": VERSION, **headers}, media_type="text/plain")


def _place(upload: store.Upload, offset: int) -> dict[str, str]:
    return {"Upload-Offset": str(offset), "Upload-Expires": _http_date(upload.expires_at)}


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _check_version(request: AnyRequest) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise HTTPException(f"Tus-Resumable: {VERSION}", status_code=412, headers={"Tus-Version": VERSION})


def _number(request: AnyRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not _NUMBER.fullmatch(text):
        raise InvalidValue(f"{name}: {text[:40]!r}")
    return int(text)


def _digest(request: AnyRequest) -> str:
    """`Upload-Metadata` is a list of keys with base64 values."""
    pairs = (pair.strip().partition(" ") for pair in request.headers.get("upload-metadata", "").split(","))
    found = {key: value for key, _, value in pairs}
    return _decoded(found.get("sha256", ""), "upload-metadata").decode("ascii", "replace")


def _checksum(request: AnyRequest) -> str | None:
    text = request.headers.get("upload-checksum")
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    if algorithm != ALGORITHM:
        raise InvalidValue(f"upload-checksum: {algorithm[:40]!r}")
    return _decoded(value, "upload-checksum").hex()


def _decoded(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(f"{name}: base64") from error
