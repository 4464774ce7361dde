"""English of what was not sent."""
# ruff: noqa: E501 - a table of sentences, one a line

ENGLISH = {
    "Điều đã gõ, chưa gửi": "Typed and not sent",
    "Phiên làm việc đã hết khi gửi; chưa làm gì. Điều đã gõ được giữ cho người gõ: đăng nhập lại là thấy, để gửi.": "The session had ended when this was sent; nothing was done. What was typed is kept for whom typed it: sign in again and it is there to be sent.",
    "chưa gửi đi, và biểu mẫu của nó không có ở trang này. Nó được giữ ở đây để chép lại:": "was not sent, and its form is not on this page. It is kept here to be copied:",
    "chưa gửi đi; biểu mẫu dưới đây không còn chỗ cho phần này của nó:": "was not sent; the form below has no room any more for this part of it:",
    "Mở lại trang của biểu mẫu": "Open the form's page again",
    "Mọi điều chưa gửi": "All that was not sent",
    "Gửi không được, hay phiên làm việc hết giữa chừng: điều đã gõ được giữ 30 ngày cho riêng anh/chị. Mở lại trang thì nó nằm sẵn trong biểu mẫu; tệp thì phải chọn lại.": "What could not be sent, or met the end of a session, is kept for you alone for 30 days. Open its page and it stands in the form; files have to be chosen again.",
    "Không còn gì chưa gửi.": "Nothing is left unsent.",
}
