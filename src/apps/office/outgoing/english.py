"""English of outgoing documents."""
# ruff: noqa: E501 - a table of sentences, one a line

OUTGOING = {
    "Soạn thảo": "Drafting",
    "Duyệt nội dung": "Review of the content",
    "Kiểm tra thể thức": "Check of the form",
    "Ký nháy": "Initials",
    "Ký ban hành": "Signature",
    "Cấp số, đóng dấu, phát hành": "Number, seal, issue",
    "Bước này không có trong danh sách.": "This step is not on the list.",
    "Chưa ai giữ bước “{step}”; xin nhờ quản trị cơ quan ghi người vào vị trí này.": "Nobody holds the step “{step}”; ask the agency's administrator to enter somebody.",
    "{name} không có thẩm quyền ký văn bản này.": "{name} is not entitled to sign this document.",
    "Không ai ký thay bằng quyền của người khác.": "Nobody signs by another's right.",
    "Cần ghi lý do.": "Say why.",
    "Sổ văn bản đến": "Incoming book",
    "Sổ văn bản đi": "Outgoing book",
    "Sổ văn bản nội bộ": "Book of internal documents",
    "Không có sổ nào đang mở cho loại văn bản này.": "No book is open for this kind of document.",
    "Trục liên thông": "The axis",
    "Bản giấy": "Paper",
    "Thư điện tử": "E-mail",
    "Trong cơ quan": "Inside the agency",
    "Cơ quan đã quy định các bước duyệt; xin bấm “Trình” để văn bản đi đúng quy trình.": "Your agency has set steps for drafts; press “Hand on” so that the document takes them.",
    "Tệp tải lên không có chỗ để hệ thống ghi số. Xin lấy số trước và ghi vào trang, hoặc soạn theo mẫu ở đây.": "An uploaded file has no place for the number. Reserve a number and write it on the page, or write the document here.",
    "Số {number} chưa được giữ trong sổ; xin lấy số trước rồi ghi vào trang.": "Number {number} is not reserved in the book; reserve it first, then write it on the page.",
    "Cần đủ chữ ký của lãnh đạo và con dấu của cơ quan trước khi phát hành.": "The leader's signature and the seal are needed before it is issued.",
}
