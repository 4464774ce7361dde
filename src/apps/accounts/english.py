"""English of the door."""
# ruff: noqa: E501 - a table of sentences, one a line

ENGLISH = {
    "Văn thư": "Clerk",
    "Đăng nhập": "Log in",
    "Tên đăng nhập": "User name",
    "Mật khẩu": "Password",
    "Gửi, nhận văn bản có ký số giữa các cơ quan": "Signed documents between government agencies",
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Xin kiểm tra rồi nhập lại.": "User name or password is not right. Check them and try again.",
    "Đã sai quá nhiều lần. Xin đợi 5 phút rồi thử lại.": "Too many failed attempts. Wait 5 minutes and try again.",
}
