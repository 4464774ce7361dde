"""English of the tour."""
# ruff: noqa: E501 - a table of sentences, one a line

_PAGE = {
    "Dạo một vòng": "Take the tour",
    "Đây là bản trình diễn: người và văn bản đều là mẫu, không có giá trị.": "This is a demo: its people and documents are samples without value.",
    "Thử làm với vai {name}": "Try it as {name}",
    "Đã thử": "Tried",
    "Đổi vai": "Be somebody else",
    "Chọn một vai": "Choose who to be",
    "Bấm một người là vào thẳng, không cần mật khẩu; chỉ có trong bản trình diễn trên máy này.": "Press a person to be that person, without a password; only in a demo on this machine.",
}
_CLERK = {
    "Vào sổ một văn bản đến": "Register an incoming document",
    "Xem chữ ký hợp lệ chưa, chọn sổ; hệ thống cấp số đến kế tiếp và báo nơi gửi.": "See whether its signatures are valid, choose the book; it gets the next arrival number and the sender is told.",
    "Đưa một văn bản giấy vào sổ": "Enter a paper document",
    "Tải bản quét PDF lên, ghi số, ký hiệu, trích yếu.": "Upload the scan as PDF, with number, notation and subject.",
    "Trả lời yêu cầu thu hồi, thay thế": "Answer a recall or a replacement",
    "Đồng ý thì văn bản cũ hết giá trị ở cơ quan; dữ liệu vẫn được giữ.": "Agree, and the old document is no longer in force here; its data stay.",
    "Kiểm tra thể thức một dự thảo": "Check the form of a draft",
    "Đồng ý để dự thảo lên lãnh đạo, hoặc trả lại và nói vì sao.": "Agree and the leader has it next, or return it and say why.",
    "Cấp số, đóng dấu, phát hành": "Number, seal, issue",
    "Văn bản lãnh đạo vừa ký: ba nút theo thứ tự; xong là văn bản lên trục.": "What the leader has just signed: three buttons in order, then it is on the axis.",
    "Tìm không dấu rồi lưu cách tìm": "Search without accents, then save the search",
    "Gõ “ho cong ty” hay một số; bấm “Lưu cách tìm” để có ở cột bên.": "Type “ho cong ty” or a number; save it and it stands in the rail.",
}
_LEADER = {
    "Bút phê một văn bản vừa vào sổ": "Remark on a document just registered",
    "Chọn nơi chủ trì, phối hợp, thời hạn trong cùng một hộp.": "Choose lead, coordinating units and deadline in one dialog.",
    "Ký một dự thảo": "Sign a draft",
    "Đọc bản đã qua các bước rồi ký; văn thư cấp số và đóng dấu sau.": "Read what has passed the steps, then sign; the clerk numbers and seals it afterwards.",
    "Trả lại một dự thảo": "Return a draft",
    "Ghi lý do; người soạn sửa thành bản mới, bản cũ vẫn còn.": "Say why; its writer makes a new version, the old one stays.",
    "Duyệt danh mục hồ sơ của năm": "Approve the year's list of files",
    "Các đơn vị đã lập; lãnh đạo ghi quyết định ban hành và duyệt.": "The units have made it; name the decision and approve.",
    "Xem tổng quan, lưu một cách tìm": "See the overview, save a search",
    "Tổng quan đếm việc đang chờ, sắp đến hạn, quá hạn; mỗi số mở ra danh sách để lưu.": "The overview counts what waits, is near due, is overdue; each number opens a list that can be saved.",
}
_UNIT = {
    "Giao việc trong đơn vị": "Assign within the unit",
    "Văn bản lãnh đạo đã giao đơn vị chủ trì: chọn người, thời hạn.": "What the leader gave the unit to lead: choose person and deadline.",
    "Duyệt nội dung một dự thảo": "Review a draft's content",
    "Đồng ý, sửa thành bản mới, hoặc trả lại và nói vì sao.": "Agree, change it into a new version, or return it and say why.",
    "Xin ý kiến một đơn vị": "Ask a unit for its opinion",
    "Trong văn bản đang xử lý, mở ⋯ rồi chọn xin ý kiến.": "In a document under way, open ⋯ and choose to ask for opinions.",
    "Viết văn bản trả lời": "Write an answer",
    "Dự thảo có sẵn nơi nhận và nối với văn bản đến.": "The draft knows its recipient and is linked to the incoming document.",
    "Trình một dự thảo": "Hand a draft on",
    "Lấy khung theo loại văn bản, xem trang đúng thể thức, rồi trình.": "Take the outline of its kind, look at the page in its prescribed form, then hand it on.",
    "Xếp một văn bản vào hồ sơ": "Put a document into a case file",
    "Hồ sơ công việc gom văn bản, dự thảo, ý kiến và việc cần làm.": "A case file collects documents, drafts, opinions and tasks.",
    "Hoàn thành một việc": "Complete a piece of work",
    "Ghi kết quả; nơi gửi thấy trạng thái “đã xử lý xong”.": "Say the result; the sender sees the status “finished”.",
}
_ADMINISTRATOR = {
    "Thêm một người vào đơn vị": "Add somebody to a unit",
    "Ghi tên, tên đăng nhập, đơn vị, nhiệm vụ; mật khẩu hiện ra một lần.": "Name, login, unit and duty; the password is shown once.",
    "Chuyển một người sang đơn vị khác": "Move somebody to another unit",
    "Mở tên người, “Thôi giữ, chuyển đơn vị…”: việc đang mở được bàn giao ngay.": "Open the person and “End or move…”: the open work is handed over with it.",
    "Ghi một ngày nghỉ hay làm bù": "Enter a holiday or a day worked instead",
    "Hạn xử lý đếm theo ngày làm việc của cơ quan.": "Deadlines count the agency's working days.",
    "Viết một quy tắc tự động": "Write an automation rule",
    "Khi nào, điều kiện gì, làm gì; thử trên văn bản đang có trước khi bật.": "When, on which condition, what; tried on the documents there are before it is switched on.",
}
ENGLISH = _PAGE | _CLERK | _LEADER | _UNIT | _ADMINISTRATOR
