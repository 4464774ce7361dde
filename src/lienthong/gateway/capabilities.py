"""What becomes of a document sent to a code now: asked before sending, by the rule that routes when it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from lienthong.delivery.entry import route
from lienthong.document import OrganisationCode
from lienthong.envelope import BusinessType
from lienthong.envelope.limits import Limits
from lienthong.errors import InvalidValue, LienThongError
from lienthong.registry import Directory, Organisation, ResolutionKind, Status


@dataclass(frozen=True, slots=True)
class Heir:
    """An organisation that took over from a closed one."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Host:
    """The gateway that speaks for an organisation, since the day the registry says (none: from the beginning)."""

    id: str
    name: str
    kind: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Accepts:
    """What is taken for a recipient: kinds of message, business types, the secrecy allowed (none), sizes in bytes."""

    contents: tuple[str, ...]
    business: tuple[int, ...]
    media_types: tuple[str, ...]
    secrecy: tuple[str, ...]
    file_bytes: int
    inline_file_bytes: int
    package_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Capability:
    """One asked code. `state`: current, redirected, closed, locked, unknown; `recipient` is who would get it.

    `sendable` says whether a document would be taken for it now; if not, `refusal` is the code it would be refused
    with and the texts say why.
    """

    code: str
    state: str
    sendable: bool
    name: str = ""
    parent: str = ""
    level: str = ""
    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    recipient: str = ""
    recipient_name: str = ""
    successors: tuple[Heir, ...] = ()
    gateway: Host | None = None
    accepts: Accepts | None = None
    refusal: str = ""
    text_vi: str = ""
    text_en: str = ""


def capability(directory: Directory, limits: Limits, asked: str, now: datetime) -> Capability:
    """The answer for one code of either generation; a text that is no code is answered too, as unknown."""
    try:
        code = OrganisationCode.parse(asked)
    except InvalidValue as error:
        return _refused(Capability(asked, "unknown", sendable=False), error)
    recipient, gateway, refusal = route(directory, str(code), now)
    said = _said(directory, code, now)
    if refusal is not None:
        return _refused(said, refusal)
    found = directory.organisation(OrganisationCode.parse(recipient))
    return replace(
        said,
        sendable=True,
        recipient=recipient,
        recipient_name=found.name if found else recipient,
        gateway=_host(directory, OrganisationCode.parse(recipient), gateway, now),
        accepts=_accepts(limits),
    )


def _said(directory: Directory, code: OrganisationCode, now: datetime) -> Capability:
    """What the registry says of the code itself."""
    row = directory.organisation(code)
    if row is None:
        return Capability(str(code), "unknown", sendable=False)
    kind = directory.resolve(code, now).kind
    locked = kind is ResolutionKind.CURRENT and row.status is Status.LOCKED
    return Capability(
        code=str(code),
        state="locked" if locked else kind.value,
        sendable=False,
        name=row.name,
        parent=str(row.parent or ""),
        level=row.level,
        kind=row.kind.value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successors=tuple(_heirs(directory, row)),
    )


def _heirs(directory: Directory, row: Organisation) -> Iterator[Heir]:
    for code in row.successors:
        found = directory.organisation(code)
        yield Heir(str(code), found.name if found else str(code))


def _host(directory: Directory, code: OrganisationCode, gateway: str, now: datetime) -> Host | None:
    found, spoken = directory.gateway(gateway), directory.representation_of(code, now)
    return Host(found.id, found.name, found.kind.value, spoken.valid_from if spoken else None) if found else None


def _accepts(limits: Limits) -> Accepts:
    return Accepts(
        contents=("edoc", "status"),
        business=tuple(int(each.value) for each in BusinessType),
        media_types=("*/*",),
        secrecy=(),  # Decision 28/2018/QĐ-TTg, Article 1: no state secrets
        file_bytes=limits.large_bytes,
        inline_file_bytes=limits.attachment_bytes,
        package_bytes=limits.total_bytes,
        files=limits.parts - 1,
    )


def _refused(found: Capability, error: LienThongError) -> Capability:
    return replace(found, refusal=error.code, text_vi=error.sentence("vi"), text_en=error.sentence("en"))
