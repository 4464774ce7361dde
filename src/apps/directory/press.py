"""The port through which the registry's key is reached; which key, and where files go, is a matter of settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from lienthong.registry import SnapshotSigner


class Press(Protocol):
    """Signs, and hands out what was signed."""

    @property
    def signer(self) -> SnapshotSigner:
        """The registry's key."""
        ...

    def hand_out(self, version: int, signed: bytes, delta: bytes) -> None:
        """Put a version where the axis reads it; `delta` leads to it from the one before, empty for none."""
        ...


def here() -> bool:
    """Whether this process holds the key; a page may run without, and leave publishing to a worker that does."""
    registry = settings.CONFIG.registry
    return registry is not None and bool(registry.key or registry.token)


def press() -> Press:
    """The press of this process. Raises ConfigurationInvalid, KeyUnavailable."""
    registry = settings.CONFIG.registry
    made: Press = import_string(registry.press)(asdict(registry))
    return made
