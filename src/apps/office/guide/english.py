"""English of the guide's frame; what it says stands in `roles.toml` in both languages."""

GUIDE = {
    "Hướng dẫn": "Guide",
    "Việc đang chờ tôi": "What waits for me",
    "Năm việc thường làm": "Five common acts",
    "Bàn phím": "Keyboard",
    "Hướng dẫn cho người khác": "Guides for others",
}
