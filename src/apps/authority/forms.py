"""The forms of Decree 68/2024 as fields of a page: the same names as the authority's typed forms, told in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.authority.words import PROFILES, REASONS
from apps.ui.receiving import content_of
from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Field:
    """One box. `shape`: text, email, tel, csr, long, hosts, tick, or choice of `options` (value to word)."""

    name: str
    label: str
    shape: str = "text"
    needed: bool = False
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


MACHINES = tuple((name, PROFILES[name]) for name in ("gateway", "server", "package-seal", "log", "registry", "tsa"))
WHY = tuple((name, word) for name, word in REASONS.items() if name != "certificateHold")
ORGANISATION = Field("organisation", "Mã cơ quan trong chứng thư", needed=True, hint="Tên cơ quan lấy từ danh bạ.")
CERTIFICATE = Field("certificate", "Chứng thư", needed=True, hint="CA/số; mở hồ sơ từ trang của chứng thư thì có sẵn.")
CSR = Field("csr", "Yêu cầu chứng thư (PKCS#10)", "csr", hint="Khóa tạo trong thiết bị; dán PEM hoặc chọn tệp.")
NEW_KEY = Field("csr", "Yêu cầu với khóa mới (PKCS#10)", "csr", hint="Để trống: giữ khóa cũ.")
TOKEN = Field("token", "Số thiết bị lưu khóa")
NEW_PLACE = (
    Field("token", "Thiết bị giữ khóa mới", hint="Để trống: vẫn thiết bị cũ. Thiết bị khác: thiết bị cũ phải trả lại."),
    Field("off_token", "Khóa mới không nằm trên thiết bị (SIM, ký từ xa)", "tick"),
)
LOCALITY = Field("locality", "Tỉnh, thành phố", needed=True)
EMAIL = Field("email", "Thư điện tử công vụ", "email")
EXPLAINED = Field("why", "Giải trình", "long", needed=True)
ON_TOKEN = (
    ORGANISATION,
    Field("token", "Số thiết bị lưu khóa", needed=True),
    Field("certificate", "Chứng thư trên thiết bị", hint="CA/số, nếu có."),
    Field("person", "Người giữ thiết bị"),
    Field("why", "Giải trình", "long"),
)
FORMS: Mapping[str, tuple[Field, ...]] = {
    "person": (
        ORGANISATION,
        Field("full_name", "Họ và tên", needed=True),
        LOCALITY,
        Field("post", "Chức vụ"),
        EMAIL,
        Field("phone", "Điện thoại", "tel"),
        Field("citizen_id", "Số định danh cá nhân"),
        TOKEN,
        CSR,
    ),
    "organisation": (
        ORGANISATION,
        LOCALITY,
        Field("tax_code", "Mã số thuế"),
        Field("budget_code", "Mã quan hệ ngân sách"),
        EMAIL,
        Field("address", "Địa chỉ"),
        Field("receiver", "Người nhận thiết bị"),
        Field("receiver_citizen_id", "Số định danh người nhận"),
        Field("receiver_phone", "Điện thoại người nhận", "tel"),
        TOKEN,
        CSR,
    ),
    "device": (
        ORGANISATION,
        Field("profile", "Dùng cho", "choice", needed=True, options=MACHINES),
        Field("name", "Tên thiết bị, dịch vụ", needed=True),
        Field("holder", "Chủ khóa", hint="Ví dụ gateway:bnv"),
        Field("hosts", "Tên máy hoặc địa chỉ", "hosts", hint="Để ghi vào chứng thư; cách nhau bằng dấu cách"),
        Field("acme", "Máy tự xin và gia hạn qua ACME", "tick"),
        CSR,
    ),
    "renewal": (ORGANISATION, CERTIFICATE, NEW_KEY, *NEW_PLACE),
    "change": (
        Field("organisation", "Mã cơ quan mới", needed=True, hint="Giữ mã cũ nếu không chuyển cơ quan."),
        CERTIFICATE,
        Field("full_name", "Họ và tên mới"),
        Field("post", "Chức vụ mới"),
        EMAIL,
        NEW_KEY,
        *NEW_PLACE,
    ),
    "suspension": (ORGANISATION, CERTIFICATE, EXPLAINED),
    "resumption": (ORGANISATION, CERTIFICATE, EXPLAINED),
    "revocation": (ORGANISATION, CERTIFICATE, Field("reason", "Lý do", "choice", needed=True, options=WHY), EXPLAINED),
    "recovery": ON_TOKEN,
    "hand-over": ON_TOKEN,
    "return": ON_TOKEN,
    "loss": ON_TOKEN,
}
"""Every kind of case with its boxes, in order."""
MOST_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Written:
    """A form as it was written: what goes to the authority, and the boxes that were left empty though needed.

    `problem`: what is wrong with a file that came along.
    """

    kind: str
    told: dict[str, Any]
    missing: frozenset[str] = frozenset()
    problem: str = ""

    @property
    def flawed(self) -> bool:
        """Whether it cannot go to the authority as it is."""
        return bool(self.missing or self.problem)


def written(kind: str, posted: Mapping[str, Any], files: Mapping[str, Any]) -> Written:
    """Read a posted form; what the authority thinks of it the authority says."""
    told, problem = {"kind": kind}, ""
    for field in FORMS[kind]:
        try:
            value = _value(field, posted, files)
        except InvalidValue as error:
            value, problem = "", error.detail
        if value:
            told[field.name] = value
    missing = {field.name for field in FORMS[kind] if field.needed and field.name not in told}
    return Written(kind, told, frozenset(missing), problem)


def _value(field: Field, posted: Mapping[str, Any], files: Mapping[str, Any]) -> Any:
    text = str(posted.get(field.name, "")).strip()
    if field.shape == "tick":
        return text == "yes"
    if field.shape == "hosts":
        return text.replace(",", " ").split()
    file = files.get(f"{field.name}_file") if field.shape == "csr" else None
    return text if file is None else content_of(file, MOST_FILE).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Box:
    """A field with what stands in it."""

    field: Field
    value: str
    problem: bool = False


def boxes(kind: str, told: Mapping[str, Any], missing: frozenset[str] = frozenset()) -> list[Box]:
    """The page's boxes, filled."""
    return [Box(field, _shown(told.get(field.name, "")), field.name in missing) for field in FORMS[kind]]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def told_in_words(kind: str, told: Mapping[str, Any]) -> list[Box]:
    """What a case says, for whoever examines it; empty boxes are left out."""
    return [each for each in boxes(kind, told) if each.value] if kind in FORMS else []
