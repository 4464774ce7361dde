"""Who is who, valid when, who speaks for whom, who succeeded whom; the signed snapshot."""

from lienthong.registry.book import Book
from lienthong.registry.chain import REGISTRY_MARK
from lienthong.registry.delta import open_delta, sign_delta
from lienthong.registry.directory import Directory, Resolution, ResolutionKind
from lienthong.registry.findings import Finding, check
from lienthong.registry.level1 import level1_organisations, levels
from lienthong.registry.model import (
    CertificateEntry,
    Gateway,
    GatewayKind,
    Level,
    LogKey,
    Organisation,
    OrganisationKind,
    Purpose,
    Representation,
    Rules,
    Status,
    certificate_entry,
    thumbprint,
)
from lienthong.registry.signing import DELTA, SnapshotSigner, kind_of, open_signed, peek, publish, sign
from lienthong.registry.snapshot import Snapshot, from_bytes, to_bytes
from lienthong.registry.source import read_source

__all__ = [
    "DELTA",
    "REGISTRY_MARK",
    "Book",
    "CertificateEntry",
    "Directory",
    "Finding",
    "Gateway",
    "GatewayKind",
    "Level",
    "LogKey",
    "Organisation",
    "OrganisationKind",
    "Purpose",
    "Representation",
    "Resolution",
    "ResolutionKind",
    "Rules",
    "Snapshot",
    "SnapshotSigner",
    "Status",
    "certificate_entry",
    "check",
    "from_bytes",
    "kind_of",
    "level1_organisations",
    "levels",
    "open_delta",
    "open_signed",
    "peek",
    "publish",
    "read_source",
    "sign",
    "sign_delta",
    "thumbprint",
    "to_bytes",
]
