"""Kinds, states, duties, profiles and acts of the authority in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.ui.language import t
from lienthong.client import Called

KINDS = {
    "person": ("Cấp mới cho cá nhân", "person", "Mẫu 01"),
    "organisation": ("Cấp mới cho cơ quan", "office", "Mẫu 02"),
    "device": ("Cấp mới cho thiết bị, dịch vụ, phần mềm", "work", "Mẫu 03"),
    "renewal": ("Gia hạn", "clock", "Mẫu 04"),
    "change": ("Thay đổi thông tin", "draft", "Mẫu 04"),
    "suspension": ("Tạm dừng chứng thư", "refused", ""),
    "resumption": ("Dùng lại sau tạm dừng", "redirect", ""),
    "revocation": ("Thu hồi chứng thư", "recall", "Mẫu 05"),
    "recovery": ("Khôi phục thiết bị lưu khóa", "answer", "Mẫu 06"),
    "hand-over": ("Bàn giao thiết bị lưu khóa", "arrived", "Mẫu 07"),
    "return": ("Nhận lại thiết bị lưu khóa", "inbox", "Mẫu 08"),
    "loss": ("Báo mất thiết bị lưu khóa", "alert", "Mẫu 09"),
}
"""Each kind of case: its words, its drawing, its form of Decree 68/2024."""
GROUPS = (
    ("Cấp mới", ("person", "organisation", "device")),
    ("Chứng thư đang có", ("renewal", "change", "suspension", "resumption", "revocation")),
    ("Thiết bị lưu khóa", ("recovery", "hand-over", "return", "loss")),
)
LISTS = ("person", "organisation", "renewal", "revocation")
"""Kinds that come in Excel tables."""
STATES = {
    "received": ("đã tiếp nhận, chờ thẩm tra", "waiting"),
    "returned": ("trả lại để bổ sung", "waiting"),
    "examined": ("đã thẩm tra, chờ duyệt", "waiting"),
    "approved": ("đã duyệt, chờ thực hiện", "waiting"),
    "issuing": ("đang cấp", "waiting"),
    "issued": ("đã cấp, chờ bàn giao", "waiting"),
    "delivered": ("đã bàn giao", "done"),
    "done": ("đã thực hiện", "done"),
    "refused": ("bị từ chối", "seal"),
    "withdrawn": ("đã rút", "quiet"),
    "stopped": ("bị trung ương dừng", "seal"),
}
TARGETS = {"received": 1, "returned": 5, "examined": 1, "approved": 1, "issuing": 1, "issued": 5}
"""Working days a step should take at most."""
CERTIFICATES = {
    "active": ("đang dùng", "done"),
    "suspended": ("đang tạm dừng", "waiting"),
    "revoked": ("đã thu hồi", "seal"),
    "ended": ("đã hết hạn", "quiet"),
}
TOKENS = {
    "in-stock": ("trong kho", "quiet"),
    "issued": ("đã giao", "done"),
    "returned": ("đã nhận lại", "waiting"),
    "lost": ("đã mất", "seal"),
}
LEAVINGS = {"retirement": "nghỉ hưu", "leaving": "thôi việc", "transfer": "chuyển công tác"}
"""Why a person leaves."""
DEPARTURES = {
    "waiting": ("chờ đến ngày", "waiting"),
    "opened": ("đã lập hồ sơ", "waiting"),
    "late": ("quá hạn sau ngày rời", "seal"),
    "done": ("đã xong", "done"),
    "refused": ("hồ sơ không được duyệt", "seal"),
    "withdrawn": ("đã rút, người ở lại", "quiet"),
}
REASONS = {
    "unspecified": "không nêu",
    "keyCompromise": "lộ hoặc nghi lộ khóa",
    "affiliationChanged": "đổi cơ quan, chức vụ hoặc tên",
    "superseded": "đã có chứng thư thay thế",
    "cessationOfOperation": "ngừng hoạt động hoặc nghỉ việc",
    "privilegeWithdrawn": "không còn thẩm quyền",
    "certificateHold": "tạm dừng",
}
PROFILES = {
    "person": "chữ ký của cá nhân",
    "document-seal": "con dấu của cơ quan",
    "package-seal": "niêm phong gói tin",
    "gateway": "máy chủ bảo mật",
    "server": "máy chủ dịch vụ",
    "log": "nhật ký bằng chứng",
    "registry": "danh bạ",
    "tsa": "dấu thời gian",
}
DUTIES = {
    "request": "lập hồ sơ",
    "examine": "thẩm tra",
    "approve": "duyệt",
    "deliver": "bàn giao, giữ kho thiết bị",
    "look": "tra cứu",
    "audit": "kiểm toán",
    "stop": "dừng (trung ương)",
    "administer": "quản trị cơ quan đăng ký, cán bộ",
}
RECORDS = {"RegistrationAuthority": "cơ quan đăng ký", "Officer": "cán bộ"}
LEVELS = {"centre": "trung ương quyết định", "delegated": "cơ quan đăng ký quyết định"}
ACTS = {
    "open": ("lập hồ sơ", "draft"),
    "resubmit": ("bổ sung hồ sơ", "draft"),
    "examine": ("thẩm tra", "search"),
    "return": ("trả lại để bổ sung", "recall"),
    "refuse": ("từ chối", "refused"),
    "approve": ("duyệt", "done"),
    "agree": ("đồng ý cho chuyển đi", "done"),
    "stop": ("dừng hồ sơ", "close"),
    "withdraw": ("rút hồ sơ", "recall"),
    "deliver": ("bàn giao", "arrived"),
    "issue": ("cấp chứng thư", "seal"),
    "revoke": ("thu hồi chứng thư khác cùng khóa", "recall"),
    "suspend": ("tạm dừng chứng thư cùng khóa", "refused"),
    "open-table": ("lập hồ sơ theo danh sách", "draft"),
    "request": ("lập hồ sơ", "draft"),
    "decide": ("quyết định", "sign"),
    "administer": ("quản trị", "office"),
    "audit": ("xem nhật ký", "search"),
    "remind": ("nhắc sắp hết hạn (ngày)", "clock"),
    "stock": ("nhập kho thiết bị", "inbox"),
    "put": ("ghi cơ quan đăng ký hoặc cán bộ", "office"),
    "acme-account": ("máy ghi tên qua ACME", "work"),
    "acme-key": ("máy đổi khóa tài khoản ACME", "work"),
    "acme-order": ("máy xin chứng thư qua ACME", "work"),
    "acme-challenge": ("máy trả lời kiểm tra tên", "work"),
    "acme-leave": ("máy đóng tài khoản ACME", "close"),
    "acme-finalize": ("máy nộp yêu cầu chứng thư qua ACME", "work"),
    "acme-stop": ("dừng mã ACME", "close"),
    "give-up": ("không thực hiện được", "alert"),
    "suspension": ("tạm dừng chứng thư", "refused"),
    "resumption": ("cho dùng lại", "redirect"),
    "revocation": ("thu hồi chứng thư", "recall"),
    "loss": ("ghi mất thiết bị, tạm dừng chứng thư", "alert"),
    "recovery": ("ghi khôi phục thiết bị", "answer"),
    "hand-over": ("ghi bàn giao thiết bị", "arrived"),
    "depart": ("ghi ngày rời cơ quan", "clock"),
    "stay": ("rút lại, người ở lại", "recall"),
    "depart-opened": ("đến ngày rời cơ quan, lập hồ sơ", "draft"),
    "depart-late": ("quá hạn sau ngày rời cơ quan", "alert"),
    "depart-done": ("người rời cơ quan không còn chứng thư ở đó", "done"),
    "depart-refused": ("hồ sơ của người rời cơ quan không được duyệt", "refused"),
    "device": ("mở cho máy tự xin qua ACME", "work"),
}
REFUSED = "bị từ chối khi"
"""Before the act, in lines of what was refused."""
ORDERS = {
    "examine": ("Đã thẩm tra, chuyển duyệt", "Tôi đã thẩm tra hồ sơ này và chuyển người duyệt."),
    "approve": ("Duyệt", "Tôi duyệt hồ sơ này; dịch vụ chứng thư thực hiện ngay."),
    "agree": (
        "Đồng ý cho chuyển đi",
        "Tôi đồng ý cho người này chuyển đi; chứng thư cũ hết khi có chứng thư mới.",
    ),
    "return": ("Trả lại để bổ sung", "Tôi trả hồ sơ này cho người lập bổ sung."),
    "refuse": ("Từ chối", "Tôi từ chối hồ sơ này."),
    "stop": ("Dừng hồ sơ", "Tôi dừng hồ sơ này theo thẩm quyền trung ương."),
    "put": ("Ký thay đổi", "Tôi ghi cơ quan đăng ký hoặc cán bộ đúng như nội dung đã xem."),
}
"""What an officer orders: the word on the button, and the sentence above the key."""


_NOBODY = {"ca": "dịch vụ chứng thư", "acme": "máy có mã ACME {key}", "founding": "lúc thành lập dịch vụ"}
"""Who acts in the history and is no officer."""


def officer(id: str, people: Mapping[str, Called]) -> str:
    """An officer's name with the id that orders carry, and whose officer it is; in words what is no person."""
    if (found := people.get(id)) is not None:
        return ", ".join(filter(None, (f"{found.name} ({id})", found.authority_name)))
    kind, _, key = id.partition(":")
    return t(_NOBODY[kind], key=key) if kind in _NOBODY else id


def key_place(form: Mapping[str, Any]) -> str:
    """On which token a form says the key lies, or that it is on none; nothing where it does not say."""
    if form.get("off_token"):
        return t("không trên thiết bị")
    return t("thiết bị {serial}", serial=form["token"]) if form.get("token") else ""


@dataclass(frozen=True, slots=True)
class Told:
    """A word with its colour or drawing."""

    word: str
    look: str = ""


def act_of(act: str) -> Told:
    """A line of the history; a refusal says what was refused."""
    word, icon = ACTS.get(act.removeprefix("refused:"), (act, "file"))
    return Told(word, "refused" if act.startswith("refused:") else icon)
