"""Who is who, valid when, who speaks for whom, who succeeded whom; the signed snapshot."""

from lienthong.registry.book import Book
from lienthong.registry.chain import REGISTRY_MARK
from lienthong.registry.delta import open_delta, sign_delta
from lienthong.registry.differences import Difference, DifferenceKind, differences, digest_of, stamped
from lienthong.registry.directory import Directory, Resolution, ResolutionKind
from lienthong.registry.findings import Finding, check
from lienthong.registry.history import Histories, History, bearer, close, lay, row, same_facts
from lienthong.registry.intake import Intake, RowFinding, table_of, take_in
from lienthong.registry.level1 import level1_histories, level1_organisations, levels
from lienthong.registry.model import (
    CertificateEntry,
    Contact,
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
from lienthong.registry.reorganisation import Outcome, Plan, carried_out, closing, read_plan, touched
from lienthong.registry.rows import OrganisationRow
from lienthong.registry.signing import (
    DELTA,
    SnapshotSigner,
    kind_of,
    open_signed,
    peek,
    publish,
    sign,
    succession_of,
)
from lienthong.registry.snapshot import Snapshot, from_bytes, to_bytes
from lienthong.registry.source import read_source
from lienthong.registry.succession import Succession, name_successor, read_statement

__all__ = [
    "DELTA",
    "REGISTRY_MARK",
    "Book",
    "CertificateEntry",
    "Contact",
    "Difference",
    "DifferenceKind",
    "Directory",
    "Finding",
    "Gateway",
    "GatewayKind",
    "Histories",
    "History",
    "Intake",
    "Level",
    "LogKey",
    "Organisation",
    "OrganisationKind",
    "OrganisationRow",
    "Outcome",
    "Plan",
    "Purpose",
    "Representation",
    "Resolution",
    "ResolutionKind",
    "RowFinding",
    "Rules",
    "Snapshot",
    "SnapshotSigner",
    "Status",
    "Succession",
    "bearer",
    "carried_out",
    "certificate_entry",
    "check",
    "close",
    "closing",
    "differences",
    "digest_of",
    "from_bytes",
    "kind_of",
    "lay",
    "level1_histories",
    "level1_organisations",
    "levels",
    "name_successor",
    "open_delta",
    "open_signed",
    "peek",
    "publish",
    "read_plan",
    "read_source",
    "read_statement",
    "row",
    "same_facts",
    "sign",
    "sign_delta",
    "stamped",
    "succession_of",
    "table_of",
    "take_in",
    "thumbprint",
    "to_bytes",
    "touched",
]
