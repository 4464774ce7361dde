"""Sample drafts: a decision by a deputy and an official letter of several pages."""

from datetime import date

from lienthong.document import Urgency
from lienthong.layout import Draft

DECISION = Draft(
    parent="Ủy ban nhân dân tỉnh Mẫu",
    organisation="Sở Khoa học và Công nghệ",
    number="5",
    notation="QĐ-SKHCN",
    place="Tỉnh Mẫu",
    date=date(2026, 2, 5),
    kind="Quyết định",
    subject="Về việc ban hành Quy chế sử dụng chữ ký số trong cơ quan",
    body=(
        "GIÁM ĐỐC SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;",
        "Theo đề nghị của Chánh Văn phòng Sở.",
        "QUYẾT ĐỊNH:",
        "Điều 1. Ban hành kèm theo Quyết định này Quy chế sử dụng chữ ký số trong cơ quan.",
        "Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày ký.",
    ),
    authority=("KT. Giám đốc",),
    position="Phó Giám đốc",
    signer_name="Nguyễn Văn Mẫu",
    to_places=("Như Điều 2", "UBND tỉnh (để báo cáo)", "Lưu: VT, VP"),
    urgency=Urgency.FLASH,
)

LETTER = Draft(
    parent="Bộ Mẫu",
    organisation="Cục Ví Dụ",
    number="127",
    notation="CVD-VP",
    place="Hà Nội",
    date=date(2026, 11, 22),
    kind="Công văn",
    subject="báo cáo tình hình gửi, nhận văn bản điện tử",
    recipients=("Các đơn vị thuộc Bộ Mẫu", "Văn phòng Bộ"),
    body=("Cục Ví Dụ đề nghị các đơn vị báo cáo tình hình gửi, nhận văn bản điện tử trong năm. " * 9,) * 7
    + ("Đề nghị các đơn vị phối hợp thực hiện.",),
    position="Cục trưởng",
    signer_name="Trần Thị Ví Dụ",
    to_places=("Như trên", "Lưu: VT, VP"),
)
