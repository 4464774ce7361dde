"""Object stores over a real S3 server, as the settings of a hop open them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from lienthong.adapters.object_settings import ObjectSettings, open_objects
from lienthong.adapters.objects_s3 import S3Objects
from lienthong.cli.servers.s3 import S3Server


def s3_settings(server: S3Server, prefix: str, **changes: Any) -> ObjectSettings:
    """The `[objects]` table that leads to a prefix of the server, with changes."""
    table = server.table(prefix)
    read = msgspec.convert(table, ObjectSettings, dec_hook=lambda _kind, value: Path(value))
    return replace(read, **changes)


def s3_objects(server: S3Server, prefix: str, **changes: Any) -> S3Objects:
    """The store at a prefix of the server."""
    made = open_objects(s3_settings(server, prefix, **changes), Path())
    assert isinstance(made, S3Objects)
    return made
