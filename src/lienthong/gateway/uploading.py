"""Large files at the desk: uploads of an agency, and what of a form is too large for the memory."""

import hashlib
from collections.abc import AsyncIterator, Sequence

from litestar.datastructures import UploadFile

from lienthong.delivery import Hop
from lienthong.delivery.uploads import begin, drop, find, receive
from lienthong.errors import NotFound, PartChanged, PartMissing
from lienthong.gateway.composing import AnyFile, File, LargeFile, Uploaded

BLOCK = 2**20


async def uploaded(hop: Hop, tenant: str, files: Sequence[Uploaded]) -> list[LargeFile]:
    """The agency's own whole uploads that a document refers to. PartMissing, PartChanged, UploadGone."""
    return [await _uploaded(hop, tenant, file) for file in files]


async def _uploaded(hop: Hop, tenant: str, file: Uploaded) -> LargeFile:
    try:
        upload, offset = await find(hop, tenant, file.upload)
    except NotFound:
        raise PartMissing(f"{file.name}: {file.upload[:80]}") from None
    if not upload.whole:
        raise PartMissing(f"{file.name}: {offset}/{upload.size}")
    if upload.sha256 != file.sha256:
        raise PartChanged(file.name)
    return LargeFile(file.name, file.media_type, upload.size, upload.sha256, upload.id)


async def done(hop: Hop, tenant: str, files: Sequence[AnyFile]) -> None:
    """What a document was made of is uploaded no more; another session may have been faster."""
    for upload in {file.upload for file in files if isinstance(file, LargeFile)}:
        try:
            await drop(hop, tenant, upload)
        except NotFound:
            continue


async def taken(hop: Hop, tenant: str, given: UploadFile) -> AnyFile:
    """A file of a form: small ones as they are, a large one from the form's own file into an upload."""
    size = given.file.seek(0, 2)
    await given.seek(0)
    if size <= hop.freight.apart:
        return File(given.filename, given.content_type, await given.read())
    digest = hashlib.sha256()
    async for block in _blocks(given, size):
        digest.update(block)
    upload, offset = await begin(hop, tenant, size, digest.hexdigest())
    await given.seek(offset)
    while offset < size:
        upload, offset = await receive(
            hop, tenant, upload.id, offset, _blocks(given, min(hop.freight.piece, size - offset))
        )
    return LargeFile(given.filename, given.content_type, size, upload.sha256, upload.id)


async def _blocks(given: UploadFile, count: int) -> AsyncIterator[bytes]:
    while count and (block := await given.read(min(BLOCK, count))):
        count -= len(block)
        yield block
