"""English of the frame."""

ENGLISH = {
    "Hộp văn bản chính": "Main inboxes",
    "Hồ sơ, sổ sách": "Files and registers",
    "Thiết lập": "Settings",
}
