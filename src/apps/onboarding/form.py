"""The application form: read whole, every field with what is wrong with it; nothing is kept of one that is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.directory import book
from apps.onboarding.models import Application
from apps.ui.language import t
from apps.ui.times import today
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.registry import bearer, levels

FIELDS = ("code", "name", "level", "parent", "gateway", "gateway_name", "hosts", "contact", "email", "phone")
NEEDED = {"code", "name", "level", "gateway", "gateway_name", "contact", "email"}
_GATEWAY = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,40}[a-z0-9])")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,120}[A-Za-z0-9])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Read:
    """What was written, and what is wrong by field."""

    told: Mapping[str, str]
    shared: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    def application(self) -> Application:
        """The application, not kept yet."""
        return Application(**self.told, shared=self.shared)


def read(posted: Mapping[str, str]) -> Read:
    """Read a form. Facts are checked against the directory of today."""
    told = {name: str(posted.get(name, "")).strip()[:300] for name in FIELDS}
    found = Read(told, posted.get("shared") == "yes")
    found.problems.update({name: t("Chưa có.") for name in FIELDS if name in NEEDED and not told[name]})
    _codes(found)
    _forms(found)
    return found


def _codes(found: Read) -> None:
    for name in ("code", "parent"):
        if text := found.told[name]:
            try:
                OrganisationCode.parse(text)
            except InvalidValue as error:
                found.problems[name] = error.sentence()
    if "code" in found.problems or "parent" in found.problems:
        return
    code, parent = found.told["code"], found.told["parent"]
    known = book.history(OrganisationCode.parse(code))
    if known and bearer(known, today()) is None:
        found.problems["code"] = t("Mã này đã đóng và không bao giờ cấp lại.")
    if parent and (parent == code or bearer(book.history(OrganisationCode.parse(parent)), today()) is None):
        found.problems["parent"] = t("Danh bạ không có cơ quan cấp trên này.")
    if Application.objects.filter(code=code, refused_at=None, listed_at=None).exists():
        found.problems["code"] = t("Cơ quan này đã có một hồ sơ đang xử lý.")


def _forms(found: Read) -> None:
    told, wrong = found.told, found.problems
    if told["level"] and told["level"] not in {level.id for level in levels()}:
        wrong["level"] = t("Không có cấp này.")
    if told["gateway"] and not _GATEWAY.fullmatch(told["gateway"]):
        wrong["gateway"] = t("Chỉ chữ thường không dấu, số và gạch nối, ví dụ gw-h29-51.")
    elif Application.objects.filter(gateway=told["gateway"], refused_at=None).exists() or _listed(told["gateway"]):
        wrong["gateway"] = t("Mã máy chủ này đã có.")
    if told["email"] and not _EMAIL.fullmatch(told["email"]):
        wrong["email"] = t("Thư điện tử chưa đúng dạng.")
    if any(not _HOST.fullmatch(host) for host in told["hosts"].replace(",", " ").split()):
        wrong["hosts"] = t("Tên máy hoặc địa chỉ chưa đúng dạng.")


def _listed(gateway: str) -> bool:
    return book.Around([]).has_gateway(gateway)
