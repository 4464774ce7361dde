"""Checks of what the page says, and of the file."""

from lienthong.signature.form.row import ERROR, WARNING, Check

_NUMBER = "Decree 30/2020, Annex I, ô 3; Decision 28/2018, Art. 6"
_SIGNER = "Decree 30/2020, Annex I, ô 7a, 7b"
_FILE = "Decree 30/2020, Annex I; ISO 19005"

TEXT = (
    Check("name-not-printed", 13, WARNING, _SIGNER,
        "Không thấy họ tên người ký “{expected}” trên văn bản; hãy đối chiếu với thông tin gửi kèm.",
        "The signer's name “{expected}” is not on the document; compare it with the message."),
    Check("competence-differs", 13, WARNING, _SIGNER,
        "Thông tin gửi kèm ghi thẩm quyền ký “{expected}”, nhưng trên văn bản không ghi như vậy.",
        "The message says the signer signs as “{expected}”, but the document does not say so."),
    Check("prefix-missing", 13, WARNING, _SIGNER,
        "Người ký là cấp phó (“{position}”) nhưng thiếu dòng “KT.” (ký thay) phía trên chức vụ.",
        "The signer is a deputy (“{position}”), but the line “KT.” (signing for) is missing above the position."),
    Check("number-differs", 28, ERROR, _NUMBER,
        "Số, ký hiệu trên văn bản là “{found}”, thông tin gửi kèm ghi “{expected}”. Hãy sửa cho khớp.",
        "Number and notation on the document are “{found}”, the message says “{expected}”. Make them agree."),
    Check("date-differs", 28, ERROR, _NUMBER,
        "Ngày trên văn bản là {found}, thông tin gửi kèm ghi {expected}. Hãy sửa cho khớp.",
        "The date on the document is {found}, the message says {expected}. Make them agree."),
    Check("field-twice", 29, ERROR, "ISO 32000-2 §12.7.4.2",
        "Tệp có hai trường chữ ký trùng tên ({what}). Hãy ký lại từ bản gốc.",
        "The file has two signature fields of one name ({what}). Sign the original again."),
    Check("encrypted", 30, ERROR, _FILE,
        "Tệp đang đặt mật khẩu hoặc mã hóa nên nơi nhận không kiểm tra được. Hãy bỏ mật khẩu rồi ký lại.",
        "The file is locked or encrypted, so receivers cannot check it. Remove the password, then sign again."),
    Check("active-content", 30, ERROR, _FILE,
        "Tệp chứa lệnh tự chạy ({what}), không được phép trong văn bản. Hãy xuất lại PDF không có lệnh.",
        "The file holds commands that run by themselves ({what}). Export the PDF again without them."),
    Check("not-archival", 30, WARNING, _FILE,
        "Tệp chưa theo chuẩn lưu trữ lâu dài (PDF/A). Hãy chọn PDF/A khi xuất tệp.",
        "The file is not of the archival kind (PDF/A). Choose PDF/A when exporting."),
    Check("unreadable", 30, ERROR, _FILE,
        "Không đọc được tệp này để kiểm tra chữ ký. Hãy xuất lại PDF rồi ký lại.",
        "This file cannot be read to check its signatures. Export the PDF again and sign it."),
)  # fmt: skip
