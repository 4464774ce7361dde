"""Contents too large for a row, in a bucket of an S3-compatible store: `prefix/aa/bb/<sha256>`, durable once answered.

The digest is checked here on the way in and out, and by the server on the way in (`x-amz-checksum-sha256`). What a
server says in a refusal is cut down to its code: its words may repeat what only we and it should know.
"""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.store import S3Store

from lienthong.adapters.files import read_secret
from lienthong.adapters.objects import check_digests, checked, object_key
from lienthong.adapters.staging_s3 import S3Staging, stream
from lienthong.adapters.stock import Stock, aside_key
from lienthong.errors import ConfigurationInvalid, LienThongError, NotFound, StorageFull, Unavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

AT_ONCE = 8
"""Requests of one call that run side by side."""
_FULL = {"XMinioStorageFull", "StorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "InsufficientCapacity"}
_WRONG = {"NoSuchBucket", "InvalidBucketName", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_NO_SPACE = "no space left"  # some servers say it in words, as an internal error
_CODE = re.compile(r"<Code>\s*([A-Za-z0-9_.]{1,80})\s*</Code>")
_STATUS = re.compile(r"status code: (\d{3})")


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket and the files that hold the keys to it. `seconds` bounds one request, `tries` how often it is made."""

    endpoint: str
    region: str
    bucket: str
    prefix: str
    access_key: Path
    secret_key: Path
    path_style: bool = True
    seconds: float = 30.0
    tries: int = 4


class S3Objects:
    """The `Objects` port over a bucket."""

    def __init__(self, place: S3Place) -> None:
        """ConfigurationInvalid if the keys cannot be read, or the endpoint is neither HTTPS nor on this machine."""
        self._store = _opened(place)
        self._staging = S3Staging(self._store, translated)
        self.stock = Stock(self._store, lambda error: translated(error, "aside"))

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        """Store all, durable on return. InvalidValue for a wrong digest; StorageFull, Unavailable."""
        await asyncio.to_thread(check_digests, contents)
        gate = asyncio.Semaphore(AT_ONCE)
        done = await asyncio.gather(*(self._put(gate, *item) for item in contents.items()), return_exceptions=True)
        errors = [error for error in done if error is not None]
        if errors:  # of several reasons the one that an operator can act on
            raise next((error for error in errors if isinstance(error, StorageFull)), errors[0])

    async def fetch(self, sha256: str) -> bytes:
        """The bytes, their digest checked. NotFound, EvidenceBroken, Unavailable."""
        try:
            data = await self._get(object_key(sha256), sha256)
        except NotFound:
            data = await self._get(aside_key(sha256), sha256)
        return await asyncio.to_thread(checked, sha256, data)

    async def _get(self, key: str, sha256: str) -> bytes:
        try:
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except Exception as error:  # noqa: BLE001  the library raises OSError and its own kinds alike
            raise translated(error, sha256) from None

    async def size(self, sha256: str) -> int:
        """Bytes of an object. NotFound, Unavailable."""
        return await self._size(object_key(sha256), sha256)

    async def _size(self, key: str, sha256: str) -> int:
        try:
            return int((await obstore.head_async(self._store, key))["size"])
        except Exception as error:  # noqa: BLE001  as above
            raise translated(error, sha256) from None

    async def read(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from start to stop in blocks, their digest not checked. NotFound, Unavailable."""
        key = object_key(sha256)
        try:
            size = await self._size(key, sha256)
        except NotFound:
            key = aside_key(sha256)
            size = await self._size(key, sha256)
        end = size if stop is None else min(stop, size)
        if start < end:
            async for block in stream(self._store, key, translated, sha256, (start, end)):
                yield block

    async def staged(self, name: str) -> int:
        """How many bytes of a name are here."""
        return await self._staging.size(name)

    async def append(self, name: str, offset: int, pieces: AsyncIterable[bytes]) -> int:
        """Write at the end of a name, all or nothing. UploadOffset, StorageFull, Unavailable."""
        return await self._staging.append(name, offset, pieces)

    async def digest(self, name: str) -> str:
        """Hex SHA-256 of what a name holds. NotFound, Unavailable."""
        return await self._staging.digest(name)

    async def adopt(self, name: str, sha256: str) -> None:
        """Make what a name holds an object; the name stays. NotFound, PartChanged, StorageFull, Unavailable."""
        await self._staging.adopt(name, sha256, object_key(sha256))

    async def discard(self, name: str) -> None:
        """Forget a name; harmless when it holds nothing."""
        await self._staging.discard(name)

    async def room(self) -> int:
        """A bucket does not say; it refuses when it is full."""
        return 2**62

    async def check(self) -> None:
        """That the bucket is there and lets us in. ConfigurationInvalid if not; Unavailable."""
        try:
            await obstore.list(self._store, chunk_size=1).__anext__()
        except StopAsyncIteration:
            return
        except Exception as error:  # noqa: BLE001  as above
            told = translated(error, "")
            raise ConfigurationInvalid(told.detail) if refused(error) in _WRONG else told from None

    async def _put(self, gate: asyncio.Semaphore, sha256: str, data: bytes) -> None:
        async with gate:
            try:
                await obstore.put_async(self._store, object_key(sha256), data, use_multipart=False)
            except Exception as error:  # noqa: BLE001  as above
                raise translated(error, "") from None


def refused(error: Exception) -> str:
    """The code with which a server refused, its HTTP status if it gave none, or empty."""
    text = str(error)
    found = _CODE.search(text) or _STATUS.search(text)
    return found[1] if found else ""


def translated(error: Exception, sha256: str) -> LienThongError:
    """What a refusal means to a caller. A missing bucket is no missing object: that would be believed for ever."""
    code = "StorageFull" if _NO_SPACE in str(error).lower() else refused(error)
    if isinstance(error, FileNotFoundError) and sha256 and code in {"NoSuchKey", "404"}:
        return NotFound(sha256)
    if code in _FULL:
        return StorageFull(f"objects: {code}")
    return Unavailable(f"objects: {code or 'no answer'}")


def _opened(place: S3Place) -> S3Store:
    _require_safe(place.endpoint)
    keys = [read_secret(path).strip().decode("ascii", "replace") for path in (place.access_key, place.secret_key)]
    if not all(keys):
        raise ConfigurationInvalid(f"{place.access_key}, {place.secret_key}: empty")
    return S3Store(
        place.bucket,
        prefix=place.prefix or None,
        endpoint=place.endpoint,
        region=place.region,
        access_key_id=keys[0],
        secret_access_key=keys[1],
        virtual_hosted_style_request=not place.path_style,
        # not every server takes a list of what to delete
        config={"checksum_algorithm": "sha256", "disable_bulk_delete": True},
        client_options=_client(place),
        retry_config=_patience(place),
    )


def _client(place: S3Place) -> "ClientConfig":
    connect = timedelta(seconds=min(place.seconds, 5.0))
    # plain HTTP on this machine alone, see `_require_safe`
    return {"allow_http": True, "timeout": timedelta(seconds=place.seconds), "connect_timeout": connect}


def _patience(place: S3Place) -> "RetryConfig":
    first, longest = timedelta(milliseconds=100), timedelta(seconds=2)
    return {
        "max_retries": max(place.tries - 1, 0),
        "retry_timeout": timedelta(seconds=place.seconds * place.tries),
        "backoff": {"base": 2, "init_backoff": first, "max_backoff": longest},
    }


def _require_safe(endpoint: str) -> None:
    """Contents travel encrypted, or not beyond this machine."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if parts.username or parts.password or not host:
        raise ConfigurationInvalid("objects: endpoint")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host)):
        raise ConfigurationInvalid(f"objects: endpoint {parts.scheme}://{host}: https")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
