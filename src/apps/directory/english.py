"""English of the directory."""
# ruff: noqa: E501 - a table of sentences, one a line

ENGLISH = {
    "Đang soạn": "Draft",
    "Chờ duyệt": "Waiting for approval",
    "Đã duyệt": "Approved",
    "Đã thực hiện": "Carried out",
    "Đã rút": "Withdrawn",
    "Kế hoạch đã thực hiện hoặc đã rút, không sửa được nữa.": "The plan was carried out or withdrawn and cannot be changed.",
    "Người lập kế hoạch không tự duyệt được. Cần một cán bộ đăng ký khác.": "Nobody approves a plan of their own. Another registration officer is needed.",
    "Kế hoạch đang ở bước “{state}”.": "The plan is at the step “{state}”.",
    "Danh bạ đã thay đổi từ khi kế hoạch được trình. Xem lại, rồi trình lại. Chưa có gì thay đổi.": "The directory has changed since the plan was proposed. Look at it again and propose it again. Nothing was changed.",
    "Mã {code} không thuộc {own}.": "Code {code} is not below {own}.",
    "Thời hạn từ 1 đến 60 ngày.": "It may be relied on for 1 to 60 days.",
    "Khóa đang cài không phải khóa hiện hành của danh bạ.": "The key installed is not the registry's key in force.",
    "Tệp lớn hơn {most} MB.": "The file is larger than {most} MB.",
    "Bảng có quá {most} dòng; chia thành nhiều tệp.": "The table has more than {most} rows; make several files of it.",
    "Tệp Excel giải nén ra quá lớn.": "The Excel file unpacks to too much.",
    "Không đọc được tệp Excel này.": "This Excel file cannot be read.",
    "{name}: dòng {row} không phải UTF-8. Trong Excel hãy lưu dạng CSV UTF-8.": "{name}: row {row} is not UTF-8. In Excel save it as CSV UTF-8.",
    "Danh bạ": "Directory",
    "Bảng này đã được đưa vào danh bạ.": "This table has been taken in already.",
    "Bảng còn {faults} lỗi. Chưa có gì thay đổi.": "The table has {faults} faults. Nothing was changed.",
    "Danh bạ đã thay đổi từ khi xem bảng này. Đưa tệp lên lại để xem. Chưa có gì thay đổi.": "The directory has changed since this table was looked at. Bring it again. Nothing was changed.",
    "Bảng không có gì khác danh bạ. Chưa có gì thay đổi.": "The table says nothing new. Nothing was changed.",
}
