"""The acts of the audit in words."""

DEEDS = {
    "signed-in": "Đăng nhập",
    "signed-out": "Đăng xuất",
    "sign-in-failed": "Đăng nhập không được",
    "refused": "Bị từ chối vì không có quyền",
    "second-factor-set": "Lập mã xác thực",
    "recovery-codes-made": "Làm mã dự phòng mới",
    "first-run": "Khởi tạo bàn vận hành",
    "person-added": "Thêm người dùng",
    "person-role": "Đổi vai trò",
    "person-leave": "Cho thôi",
    "person-return": "Cho vào lại",
    "person-password": "Đặt mật khẩu mới",
    "person-factor": "Bỏ mã xác thực",
    "setting-changed": "Đổi cài đặt",
    "audit-exported": "Xuất nhật ký kiểm tra",
}
OUTCOMES = {"done": "đã xong", "refused": "bị từ chối", "failed": "không thành"}
