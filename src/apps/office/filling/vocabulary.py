"""What sample documents are made of: words of the trade, no real person, every subject marked as a sample."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from lienthong.document import by_name

MARK = "(văn bản mẫu)"
UNITS = (
    ("Phòng Tổng hợp (mẫu)", "TH"), ("Phòng Kinh tế (mẫu)", "KT"), ("Phòng Văn hóa (mẫu)", "VH"),
    ("Phòng Nội vụ (mẫu)", "NV"), ("Phòng Tài chính (mẫu)", "TC"), ("Phòng Tư pháp (mẫu)", "TP"),
    ("Phòng Nông nghiệp (mẫu)", "NN"), ("Phòng Y tế (mẫu)", "YT"), ("Phòng Giáo dục (mẫu)", "GD"),
    ("Phòng Xây dựng (mẫu)", "XD"),
)  # fmt: skip
ISSUERS = (
    ("G09", "Bộ Nội vụ", "BNV"), ("G12", "Bộ Tài chính", "BTC"), ("G15", "Bộ Tư pháp", "BTP"),
    ("G22", "Văn phòng Chính phủ", "VPCP"), ("H01", "Ủy ban nhân dân tỉnh An Mẫu", "UBND"),
    ("H07", "Ủy ban nhân dân tỉnh Bình Mẫu", "UBND"), ("H19.3", "Sở Xây dựng tỉnh Bình Mẫu", "SXD"),
    ("H19.7", "Sở Y tế tỉnh Bình Mẫu", "SYT"), ("H29.12", "Sở Nội vụ Thành phố Mẫu", "SNV"),
    ("H29.45", "Ủy ban nhân dân phường Mẫu Một", "UBND"), ("H29.46", "Ủy ban nhân dân xã Mẫu Hai", "UBND"),
    ("H29.47", "Ủy ban nhân dân xã Mẫu Ba", "UBND"),
)  # fmt: skip
KINDS = ("Công văn",) * 5 + ("Báo cáo", "Báo cáo", "Quyết định", "Kế hoạch", "Thông báo", "Tờ trình", "Giấy mời")
ABOUT = (
    "báo cáo kết quả", "triển khai thực hiện", "góp ý dự thảo", "đề nghị phê duyệt", "phân bổ kinh phí",
    "kiểm tra, giám sát", "rà soát, cập nhật", "tổ chức hội nghị", "tăng cường quản lý", "xin ý kiến về",
    "đôn đốc hoàn thành", "cung cấp thông tin", "tập huấn nghiệp vụ", "thành lập tổ công tác",
)  # fmt: skip
MATTERS = (
    "chuyển đổi số", "cải cách hành chính", "phòng, chống thiên tai", "giải ngân vốn đầu tư công",
    "xây dựng nông thôn mới", "vệ sinh an toàn thực phẩm", "bảo hiểm y tế toàn dân", "tuyển dụng viên chức",
    "quy hoạch sử dụng đất", "cấp phép xây dựng", "bảo vệ môi trường", "trật tự an toàn giao thông",
    "dịch vụ công trực tuyến", "tiếp công dân", "khen thưởng tập thể", "trường đạt chuẩn quốc gia",
    "phòng cháy, chữa cháy", "đường sắt đô thị", "lưu trữ điện tử", "số hóa hồ sơ", "giảm nghèo bền vững",
    "phát triển du lịch", "tiêm chủng mở rộng", "an sinh xã hội", "kiểm kê tài sản công", "cấp nước sạch",
)  # fmt: skip
WHEN = ("tháng {m} năm {y}", "quý {q} năm {y}", "năm {y}", "6 tháng đầu năm {y}", "giai đoạn {y} – {z}")
SIGNERS = tuple(f"Người Ký Mẫu {letter}" for letter in "ABCDEGHIKLMNOPQRSTUVXY")
REMARKS = (
    "Giao chủ trì, tham mưu trả lời đúng hạn.", "Phối hợp các đơn vị, báo cáo kết quả.",
    "Nghiên cứu, đề xuất phương án.", "Lưu ý thời hạn trong văn bản.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What one sample document says."""

    issuer_code: str
    issuer: str
    kind: str
    notation: str
    subject: str
    signer: str


def said(lots: Random, year: int, month: int) -> Said:
    """Something an office gets, of that month."""
    code, issuer, short = lots.choice(ISSUERS)
    kind = lots.choice(KINDS)
    found = by_name(kind)
    sign = found.abbreviation if found else None
    unit = lots.choice(UNITS)[1]
    when = lots.choice(WHEN).format(m=month, q=(month + 2) // 3, y=year, z=year + 5)
    subject = f"V/v {lots.choice(ABOUT)} {lots.choice(MATTERS)} {when} {MARK}"
    notation = f"{sign}-{short}" if sign else f"{short}-{unit}"
    return Said(code, issuer, kind, notation, subject, lots.choice(SIGNERS))
