"""The `[objects]` table of a hop's settings, and the object store it names."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.objects_s3 import S3Objects, S3Place
from lienthong.errors import ConfigurationInvalid


@dataclass(frozen=True, slots=True)
class ObjectSettings:
    """Where large contents lie: a folder of this machine, or a bucket under a prefix.

    `folder` is the data folder's `objects` unless given. `access_key` and `secret_key` are files. `seconds` bounds one
    request, `tries` how often it is made.
    """

    kind: Literal["folder", "s3"] = "folder"
    folder: Path | None = None
    endpoint: str = ""
    region: str = "us-east-1"
    bucket: str = ""
    prefix: str = ""
    path_style: bool = True
    access_key: Path | None = None
    secret_key: Path | None = None
    seconds: float = 30.0
    tries: int = 4


def open_objects(settings: ObjectSettings, data: Path) -> LocalObjects | S3Objects:
    """The store that the settings name. ConfigurationInvalid says what is missing."""
    if settings.kind == "folder":
        return LocalObjects(settings.folder or data / "objects")
    if not (settings.endpoint and settings.bucket and settings.access_key and settings.secret_key):
        raise ConfigurationInvalid("objects: endpoint, bucket, access_key, secret_key")
    return S3Objects(
        S3Place(
            settings.endpoint,
            settings.region,
            settings.bucket,
            settings.prefix,
            settings.access_key,
            settings.secret_key,
            path_style=settings.path_style,
            seconds=settings.seconds,
            tries=settings.tries,
        )
    )
