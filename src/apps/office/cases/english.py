"""English of files, archive and copies."""

ENGLISH = {
    "Dự kiến": "Planned",
    "Đang mở": "Open",
    "Đã kết thúc": "Closed",
    "Đang giao nộp": "Being handed over",
    "Đã vào lưu trữ": "In the archive",
    "Công khai": "Public",
    "Sử dụng có điều kiện": "With conditions",
    "Chờ lưu trữ nhận": "Waits for the archive",
    "Đã nhận": "Accepted",
    "Vĩnh viễn": "For ever",
    "{n} năm": "{n} years",
    "Lưu trữ lịch sử chỉ nhận hồ sơ bảo quản vĩnh viễn.": "A historical archive takes only files kept for ever.",
    "Hồ sơ có bản số hóa cần mã hồ sơ gốc giấy.": "A file with scans needs the code of its paper original.",
    "Trường {name} dài hơn quy định.": "The field {name} is longer than allowed.",
    "chưa có tệp": "no file yet",
    "tệp chính chưa phải PDF/A": "the main file is not PDF/A",
    "chưa có ngày văn bản": "no date yet",
    "Liên Thông": "Liên Thông",
}
