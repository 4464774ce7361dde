"""What is wrong with a snapshot before it is published, in words; an empty answer lets it pass.

A wrong directory sends state documents to the wrong desk, so nothing is repaired here and nothing is let through.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lienthong.document.codes import Generation, OrganisationCode
from lienthong.registry.model import CertificateEntry, Level, Organisation, Representation, Status, thumbprint
from lienthong.registry.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Finding:
    """One row and what is wrong with it."""

    where: str
    vi: str
    en: str


Findings = Iterator[Finding]
_ANY = datetime(2020, 9, 15, tzinfo=UTC)
HANDOVER = timedelta(days=31)
"""The longest that two gateways may speak for one organisation."""


def check(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Every finding, in the order of the snapshot's lists."""
    return tuple(finding for look in _LOOKS for finding in look(snapshot))


def check_organisations(organisations: Sequence[Organisation], levels: Sequence[Level]) -> tuple[Finding, ...]:
    """What is wrong with organisations alone, before they are part of anything."""
    alone = Snapshot(1, _ANY, _ANY, organisations=organisations, levels=levels)
    looks = (_malformed, _duplicates, _orphans, _dates, _loops)
    return tuple(finding for look in looks for finding in look(alone))


def _frame(snapshot: Snapshot) -> Findings:
    if snapshot.version < 1:
        yield Finding("version", "số phiên bản phải từ 1", "the version must be 1 or more")
    if snapshot.issued_at.tzinfo is None or snapshot.expires_at.tzinfo is None:
        yield Finding("issued_at", "thời điểm thiếu múi giờ", "a moment has no time zone")
    elif snapshot.expires_at <= snapshot.issued_at:
        yield Finding("expires_at", "hết hạn trước khi phát hành", "expires before it is issued")


def _malformed(snapshot: Snapshot) -> Findings:
    """What no code can hold never gets here; a code of one generation in the place of the other does."""
    for each in snapshot.organisations:
        if each.code.generation is Generation.FIRST:
            yield Finding(_name(each), "mã thế hệ cũ ở chỗ mã chính", "a first-generation code as the main one")
        if not each.name.strip():
            yield Finding(_name(each), "thiếu tên", "has no name")


def _duplicates(snapshot: Snapshot) -> Findings:
    codes = [each.code for each in snapshot.organisations]
    legacy = [each.legacy_code for each in snapshot.organisations if each.legacy_code not in {None, each.code}]
    # one table answers for both generations, so they share one name space
    yield from _twice("organisation", [*codes, *legacy])
    yield from _twice("level", [each.id for each in snapshot.levels])
    yield from _twice("gateway", [each.id for each in snapshot.gateways])
    yield from _twice("certificate", [each.thumbprint for each in snapshot.certificates])
    yield from _twice("log", [each.origin for each in snapshot.logs])


def _twice(what: str, keys: Iterable[Hashable]) -> Findings:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Finding(f"{what} {key!s}", "khai báo nhiều lần", "is listed more than once")


def _orphans(snapshot: Snapshot) -> Findings:
    codes = {each.code for each in snapshot.organisations}
    levels = {each.id for each in snapshot.levels}
    for each in snapshot.organisations:
        if each.level not in levels:
            yield _unknown(_name(each), "cấp", "level", each.level)
        if each.parent is not None and each.parent not in codes:
            yield _unknown(_name(each), "cơ quan cấp trên", "parent", each.parent)
        for code in each.successors:
            if code not in codes:
                yield _unknown(_name(each), "cơ quan kế thừa", "successor", code)


def _gateways(snapshot: Snapshot) -> Findings:
    codes = {each.code for each in snapshot.organisations}
    ids = {each.id for each in snapshot.gateways}
    for gateway in snapshot.gateways:
        if gateway.operator not in codes:
            yield _unknown(f"gateway {gateway.id}", "cơ quan vận hành", "operator", gateway.operator)
    for row in snapshot.representations:
        where = f"representation {row.gateway} → {row.organisation}"
        if row.gateway not in ids:
            yield _unknown(where, "máy chủ bảo mật", "gateway", row.gateway)
        if row.organisation not in codes:
            yield _unknown(where, "cơ quan", "organisation", row.organisation)


def _unknown(where: str, vi: str, en: str, what: object) -> Finding:
    return Finding(where, f"{vi} {what!s} không có trong danh bạ", f"{en} {what!s} is not in the directory")


def _dates(snapshot: Snapshot) -> Findings:
    for each in snapshot.organisations:
        yield from _dates_of(each)
    for row in snapshot.representations:
        if _backwards(row.valid_from, row.valid_to):
            yield Finding(
                f"representation {row.gateway} → {row.organisation}",
                "kết thúc trước khi bắt đầu",
                "ends before it begins",
            )


def _dates_of(organisation: Organisation) -> Findings:
    where = _name(organisation)
    if _backwards(organisation.valid_from, organisation.valid_to):
        yield Finding(where, "đóng trước khi có hiệu lực", "is closed before it begins")
    if organisation.status is Status.CLOSED and organisation.valid_to is None:
        yield Finding(where, "đã đóng nhưng thiếu ngày đóng", "is closed without a closing day")
    if organisation.successors and organisation.valid_to is None:
        yield Finding(where, "có cơ quan kế thừa nhưng chưa đóng", "has successors but is not closed")


def _backwards(begin: date | None, end: date | None) -> bool:
    return begin is not None and end is not None and end < begin


def _loops(snapshot: Snapshot) -> Findings:
    parents = {each.code: [each.parent] if each.parent else [] for each in snapshot.organisations}
    for code in _on_loops(parents):
        yield Finding(f"organisation {code}", "vòng lặp cấp trên", "is above itself")
    successors = {each.code: list(each.successors) for each in snapshot.organisations}
    for code in _on_loops(successors):
        yield Finding(f"organisation {code}", "vòng lặp kế thừa", "succeeds itself")


def _on_loops(edges: dict[OrganisationCode, list[OrganisationCode]]) -> list[OrganisationCode]:
    """The codes that lie on a loop or lead only into one: take away what leads nowhere until nothing more goes."""
    waiting = {code: {each for each in to if each in edges} for code, to in edges.items()}
    leading: defaultdict[OrganisationCode, list[OrganisationCode]] = defaultdict(list)
    for code, to in waiting.items():
        for each in to:
            leading[each].append(code)
    done = [code for code, to in waiting.items() if not to]
    for code in done:  # grows while it is read
        for before in leading[code]:
            waiting[before].discard(code)
            if not waiting[before]:
                done.append(before)
    return [code for code, to in waiting.items() if to]


def _overlaps(snapshot: Snapshot) -> Findings:
    """Two gateways for one organisation on one day, unless the earlier hands over to the later, and soon ends."""
    rows: defaultdict[OrganisationCode, list[Representation]] = defaultdict(list)
    for row in snapshot.representations:
        rows[row.organisation].append(row)
    for code, speaking in rows.items():
        ordered = sorted(speaking, key=lambda row: row.valid_from or date.min)
        for first, second in combinations(ordered, 2):
            if (second.valid_from or date.min) <= (first.valid_to or date.max) and not _hands_over(first, second):
                pair = f"{first.gateway}, {second.gateway}"
                yield Finding(
                    f"organisation {code}", f"hai máy chủ cùng đại diện: {pair}", f"two gateways at once: {pair}"
                )


def _hands_over(first: Representation, second: Representation) -> bool:
    """Whether the earlier one began before the other and ends within `HANDOVER`, and before the other does."""
    begun, ends = second.valid_from, first.valid_to
    if begun is None or ends is None or (first.valid_from or date.min) >= begun:
        return False
    return ends - begun <= HANDOVER and ends < (second.valid_to or date.max)


def _certificates(snapshot: Snapshot) -> Findings:
    holders = {f"org:{each.code}" for each in snapshot.organisations}
    holders |= {f"gateway:{each.id}" for each in snapshot.gateways}
    keys: dict[bytes, str] = {}
    for entry in snapshot.certificates:
        yield from _certificate(entry)
        key = _key_of(entry)
        if key and (other := keys.setdefault(key, entry.holder)) != entry.holder:
            yield Finding(
                f"certificate {entry.thumbprint}",
                f"khóa này đã thuộc {other}, không thể cấp cho {entry.holder}",
                f"this key is already of {other}, it cannot be {entry.holder}'s too",
            )
        if entry.holder.startswith(("org:", "gateway:")) and entry.holder not in holders:
            yield _unknown(f"certificate {entry.thumbprint}", "chủ thể", "holder", entry.holder)


def _certificate(entry: CertificateEntry) -> Findings:
    where = f"certificate {entry.thumbprint}"
    if not re.fullmatch(r"(org|gateway|log|tsa|person|registry):.+", entry.holder):
        yield Finding(where, f"chủ thể {entry.holder} sai dạng", f"holder {entry.holder} is malformed")
    if thumbprint(entry.certificate) != entry.thumbprint:
        yield Finding(where, "dấu vân tay không khớp chứng thư", "the thumbprint is of another certificate")
    try:
        certificate = x509.load_der_x509_certificate(entry.certificate)
    except (ValueError, x509.InvalidVersion):
        yield Finding(where, "không đọc được chứng thư", "the certificate cannot be read")
        return
    inside = certificate.not_valid_before_utc <= entry.valid_from <= entry.valid_to <= certificate.not_valid_after_utc
    if not inside:
        yield Finding(where, "thời hạn vượt ngoài chứng thư", "the validity goes beyond the certificate's own")


def _key_of(entry: CertificateEntry) -> bytes:
    """The public key: two holders of one key could speak for each other. Empty for what cannot be read."""
    try:
        key = x509.load_der_x509_certificate(entry.certificate).public_key()
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _name(organisation: Organisation) -> str:
    return f"organisation {organisation.code}"


_LOOKS: tuple[Callable[[Snapshot], Findings], ...] = (
    _frame,
    _malformed,
    _duplicates,
    _orphans,
    _gateways,
    _dates,
    _loops,
    _overlaps,
    _certificates,
)
