"""English of the frame."""

ENGLISH = {
    "Hộp văn bản chính": "Main inboxes",
    "Hồ sơ, sổ sách": "Files and registers",
    "Thiết lập": "Settings",
    "Văn bản tiếp theo": "Next document",
    "Hạn chung, tính ngày làm việc": "Deadline for all, in working days",
    "{n} ngày ({day})": "{n} days ({day})",
    "Không đặt": "None",
    "hoặc chọn ngày": "or choose a day",
    "Cuối tháng ({day})": "End of the month ({day})",
    "Chọn nhanh nơi nhận đầu tiên": "Choose the first recipient quickly",
}
