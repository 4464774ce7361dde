"""Large files go up in pieces and come down by ranges: a line that breaks costs a piece, not the file."""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import httpx

from lienthong.client.aio.aside import aside
from lienthong.client.model import File, Watch
from lienthong.errors import Busy, ChecksumWrong, PartChanged, Unavailable, UploadGone, UploadOffset

LARGE = 8 * 2**20
"""Files above this are uploaded before the document is handed in."""
PIECE = 8 * 2**20
TRIES = 5
"""How often a piece is tried before the failure is told."""
_AGAIN = (Unavailable, Busy, UploadOffset, UploadGone, ChecksumWrong)
_TUS = {"Tus-Resumable": "1.0.0"}
AsyncAsk = Callable[..., Awaitable[httpx.Response]]
"""(method, path, content=…, headers=…) → the answer; raises errors of ours."""


async def upload(ask: AsyncAsk, file: File, watch: Watch | None = None) -> dict[str, str]:
    """Upload a file, going on where an earlier try ended; what the metadata of a document then says of it."""
    size, digest = file.size, await aside(file.sha256)
    name, offset = await _begun(ask, size, digest)
    failures = 0
    while offset < size:
        try:
            piece = await aside(file.read, offset, PIECE)
            offset = await _extended(ask, name, offset, piece)
            failures = 0
        except _AGAIN:
            failures += 1
            if failures == TRIES:
                raise
            name, offset = await _begun(ask, size, digest)
        if watch is not None:
            watch(offset, size)
    return {"upload": name, "name": file.name, "sha256": digest, "media_type": file.media_type}


async def _begun(ask: AsyncAsk, size: int, digest: str) -> tuple[str, int]:
    said = {"Upload-Length": str(size), "Upload-Metadata": f"sha256 {base64.b64encode(digest.encode()).decode()}"}
    answer = await ask("POST", "/v1/uploads", headers=_TUS | said)
    return answer.headers.get("location", "").rpartition("/")[2], _offset(answer.headers)


async def _extended(ask: AsyncAsk, name: str, offset: int, piece: bytes) -> int:
    if not piece:
        raise PartChanged("tệp ngắn đi khi đang gửi / the file shrank while it was sent")
    checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    said = {
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
        "Upload-Checksum": f"sha256 {checksum}",
    }
    answer = await ask("PATCH", f"/v1/uploads/{name}", content=piece, headers=_TUS | said)
    return _offset(answer.headers)


def _offset(headers: Mapping[str, str]) -> int:
    text = headers.get("upload-offset", "")
    if not text.isdecimal():
        raise Unavailable(f"Upload-Offset: {text[:40]!r}")
    return int(text)


async def save(ask: AsyncAsk, path: str, size: int, target: Path, watch: Watch | None = None) -> str:
    """Bring a file of that size down to `target`, going on behind what is there; its hex SHA-256.

    Raises PartChanged when it is not what the server's tag says (then nothing of it is left), OSError.
    """
    tag, failures = "", 0
    with target.open("ab") as file:
        while file.tell() < size:
            try:
                answer = await ask("GET", path, headers={"Range": f"bytes={file.tell()}-{file.tell() + PIECE - 1}"})
                failures = 0
            except _AGAIN:
                failures += 1
                if failures == TRIES:
                    raise
                continue
            tag = await aside(_written, file.write, answer, whole=not file.tell())
            if watch is not None:
                watch(file.tell(), size)
    return await aside(_checked, target, tag)


def _written(write: Callable[[bytes], object], answer: httpx.Response, *, whole: bool) -> str:
    if (answer.status_code != 206 and not whole) or not answer.content:
        raise PartChanged("máy chủ không gửi tiếp được / the server cannot go on")
    write(answer.content)
    tag: str = answer.headers.get("etag", "")
    return tag.strip('"')


def _checked(target: Path, tag: str) -> str:
    digest = hashlib.sha256()
    for block in _blocks(target):
        digest.update(block)
    if tag and tag != digest.hexdigest():
        target.unlink()
        raise PartChanged(target.name)
    return digest.hexdigest()


def _blocks(target: Path) -> Iterator[bytes]:
    with target.open("rb") as file:
        while block := file.read(PIECE):
            yield block
