"""English of phrases."""
# ruff: noqa: E501 - a table of sentences, one a line

PHRASES = {
    "Bút phê, lời trình, lời dặn": "Remarks, proposals, words to go with it",
    "Lý do từ chối, trả lại": "Reasons of refusal and return",
    "Ý kiến, kết quả": "Opinions, results",
    "Của tôi": "Mine",
    "Của cơ quan": "The agency's",
    "Thường dùng": "Often used",
    "Mẫu câu": "Phrases",
    "Chèn": "Insert",
    "Mẫu câu chưa có chữ nào.": "The phrase has no words.",
    "Xin chọn mẫu câu dùng ở đâu.": "Say where the phrase is used.",
    "Đã có {n} mẫu câu; xin bỏ bớt trước.": "There are {n} phrases already; remove some first.",
    "Chọn rồi bấm “Chèn” trong ô bút phê, lý do, ý kiến. Bàn phím: Alt+M, gõ chữ đầu, Enter.": "Choose one and press “Insert” in the box of a remark, a reason, an opinion. Keyboard: Alt+M, the first letters, Enter.",
    "Chưa có mẫu câu nào; trang đang gợi ý những câu thường dùng này:": "None yet; these are offered meanwhile:",
    "Dùng để viết": "To write",
    "Câu": "Words",
    "Thêm mẫu câu": "Add a phrase",
    "cả cơ quan": "whole agency",
}
