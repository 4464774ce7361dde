"""English of labels by hand and of jobs that are stopped."""
# ruff: noqa: E501 - a table of sentences, one a line

LABELS = {
    "Gắn nhãn “{label}”": "Label “{label}”",
    "Bỏ nhãn “{label}”": "Take off label “{label}”",
    "{who} bỏ nhãn “{label}”.": "{who} took off the label “{label}”.",
    "Bỏ nhãn": "Take off label",
    "Nhãn…": "Labels…",
    "Nhãn đang dùng": "Labels in use",
    "Không có nhãn này.": "It does not have this label.",
    "Nhãn có từ 1 đến {n} chữ, trên một dòng, không có dấu ngoặc kép.": "A label has 1 to {n} letters, on one line, without quotation marks.",
    "Văn bản đã có {n} nhãn; xin bỏ bớt trước.": "The document has {n} labels; please take some off first.",
    "Tất cả văn bản tìm thấy, không chỉ trang đang xem": "All documents found, not only those of this page",
    "Dừng": "Stop",
    "dừng lúc": "stopped at",
    "Dừng trước khi làm": "Stopped before it was done",
    "{n} văn bản để nguyên vì đã dừng.": "{n} documents left as they were, since it was stopped.",
    "Điều đã làm giữ nguyên; văn bản còn lại không bị đụng đến.": "What is done stays; the other documents are not touched.",
}
