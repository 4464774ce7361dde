"""English of reading and recognising files."""
# ruff: noqa: E501 - a table of sentences, one a line

ENGLISH = {
    "Chưa nhận dạng được chữ trong bản quét: {why}.": "The words of this scan are not recognised yet: {why}.",
    "Đang nhận dạng chữ trong bản quét: còn {left} trong {asked} trang.": "Recognising the words of this scan: {left} of {asked} pages left.",
    "Không nhận dạng được chữ: {why}.": "The words could not be recognised: {why}.",
    "Đã nhận dạng {done} trong {asked} trang; còn lại không được: {why}.": "{done} of {asked} pages recognised; the others could not be: {why}.",
    "Đã nhận dạng chữ trong bản quét ({asked} trang).": "Words of this scan recognised ({asked} pages).",
    "máy chủ chưa cài tesseract với tiếng Việt": "the server has no tesseract with Vietnamese",
    "quá thời gian hoặc bộ nhớ cho một trang": "beyond the time or memory of a page",
    "tệp có mật khẩu": "the file has a password",
    "tệp quá lớn": "the file is too large",
    "tệp hỏng hoặc không vẽ được trang": "the file is damaged or its pages cannot be drawn",
}
