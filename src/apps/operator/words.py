"""States, steps, acts and checks of hops in words."""

STATES = {
    "recorded": ("đã ghi nhận", "quiet"),
    "accepted": ("chờ giao", "waiting"),
    "arrived": ("đã đến máy chủ", "waiting"),
    "delivered": ("đã giao", "done"),
    "handed-over": ("đã bàn giao", "done"),
    "refused": ("từ chối", "seal"),
    "expired": ("hết hạn", "seal"),
    "cancelled": ("đã dừng", "quiet"),
}
STEPS = {
    "submission-accepted": ("đã nhận gói tin", "inbox"),
    "submission-rejected": ("từ chối nhận gói tin", "refused"),
    "relayed": ("đã giao cho", "arrived"),
    "consigned": ("đã đặt vào hộp đến của", "arrived"),
    "handed-over": ("đã bàn giao cho phần mềm của", "done"),
    "refused": ("bị từ chối bởi", "refused"),
    "expired": ("hết hạn, không giao cho", "clock"),
    "cancelled": ("đã dừng việc gửi", "close"),
    "redirected": ("chuyển hướng đến", "redirect"),
    "aimed": ("chuyển sang máy chủ mới của", "redirect"),
    "recalled": ("nhận yêu cầu thu hồi", "recall"),
    "updated": ("nhận yêu cầu cập nhật", "recall"),
    "replaced": ("nhận văn bản thay thế", "recall"),
    "ordered": ("người vận hành ra lệnh", "sign"),
    "asked": ("nơi gửi đề nghị", "answer"),
    "status": ("báo trạng thái xử lý", "work"),
    "status-reported": ("nhận báo cáo trạng thái", "work"),
}
ACTS = {"requeue": "Cho chạy lại ngay", "cancel": "Dừng, không giao nữa", "expire": "Kết thúc thời hạn"}
CHECKS = {
    "store": "Ghi được vào kho",
    "registry": "Danh bạ còn hạn dùng",
    "disk": "Đĩa còn chỗ",
    "certificates": "Chứng thư của máy còn hạn",
    "axis": "Nối được tới trục, trục nhận ra khóa và giờ",
}
