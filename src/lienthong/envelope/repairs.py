"""The closed list of what a tolerant reader repairs or remarks, each with a sentence for a person."""

from lienthong.envelope import model

_SENTENCES: dict[str, tuple[str, str]] = {
    # the file
    "byte-order-mark": ("Bỏ qua dấu thứ tự byte ở đầu tệp.", "A byte order mark at the start was skipped."),
    "junk-before-prolog": ("Bỏ qua ký tự lạ ở đầu tệp.", "Stray characters before the XML were skipped."),
    "encoding-declared": ("Tệp khai báo bảng mã khác UTF-8.", "The file declares another encoding than UTF-8."),
    "encoding-utf16": ("Tệp dùng UTF-16; đã đọc được.", "The file is in UTF-16; it was read."),
    "unbound-prefix": ("Dùng tiền tố XML chưa khai báo.", "An XML prefix was used without being declared."),
    # the form
    "namespace-unusual": ("Không gian tên khác QCVN 102.", "The namespace is not that of QCVN 102."),
    "legacy-flat": ("Phong bì dạng phẳng thời kỳ đầu.", "An early flat envelope."),
    "legacy-soap": ("Phong bì dạng SOAP 2011–2015.", "A SOAP envelope of 2011–2015."),
    "repeated-element": ("Phần tử lặp lại; lấy phần tử đầu.", "A repeated element; the first one counts."),
    "unknown-element": ("Phần tử lạ, được giữ nguyên.", "An unknown element, kept as it is."),
    # values
    "null-text": ("Giá trị là chữ “null”, coi như trống.", "The value is the word “null”; taken as absent."),
    "empty-element": ("Phần tử trống, coi như không có.", "An empty element; taken as absent."),
    "value-missing": ("Thiếu giá trị bắt buộc.", "A required value is missing."),
    "value-unreadable": ("Không hiểu giá trị, bỏ qua.", "The value was not understood and is left out."),
    "date-form": ("Ngày không viết theo yyyy/MM/dd.", "The date is not written as yyyy/MM/dd."),
    "document-id-made": ("Thiếu mã văn bản; tạo từ cơ quan, ngày, số.", "No document id; made of agency, day, number."),
    "priority-other-list": ("Độ khẩn theo bảng mã khác.", "The urgency follows another code list."),
    "recipient-without-code": ("Nơi nhận không có mã, bỏ qua.", "A recipient without a code was left out."),
    # attachments
    "reference-missing": ("Tệp đính kèm không có trong danh mục.", "An attachment that the manifest does not list."),
    "matched-by-order": ("Tệp đính kèm được ghép theo thứ tự.", "An attachment was matched by its order."),
    "attachment-elsewhere": ("Nội dung tệp không nằm trong phong bì.", "The file's content is not in the envelope."),
    "content-id-plain": ("Mã nội dung thiếu tiền tố cid:.", "The content id lacks its cid: prefix."),
    "content-id-made": (
        "Mã nội dung thiếu hoặc trùng; đã đặt mã khác.",
        "A content id was missing or repeated; one was given.",
    ),
    "name-missing": ("Tệp không có tên; đã đặt tên tạm.", "The file has no name; one was given."),
    "name-cleaned": ("Tên tệp không an toàn, đã sửa.", "The file's name was unsafe and was cleaned."),
    "unzipped": ("Tệp được gửi trong vỏ ZIP; đã mở.", "The file came wrapped in a ZIP; it was unwrapped."),
    "unzipped-unannounced": ("Tệp nằm trong ZIP mà không khai báo.", "The file was in a ZIP that was not announced."),
    "content-damaged": (
        "Tệp có vẻ đã hỏng từ nơi gửi (bị coi là chữ); hãy mở thử, nếu hỏng thì từ chối và xin gửi lại.",
        "The file seems to have been damaged by its sender (taken for text); open it, and if broken ask for it anew.",
    ),
    "media-type-made": ("Kiểu tệp suy từ tên tệp.", "The media type was taken from the file's name."),
}

CODES = frozenset(_SENTENCES)


class Repairs:
    """Warnings of one reading, each (code, place) once, in the order found."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], model.Warning] = {}

    def note(self, code: str, where: str = "") -> None:
        """Remember a warning; `where` is a path of element names, a file name or empty for the whole message."""
        vi, en = _SENTENCES[code]
        self._found.setdefault((code, where), model.Warning(code, where, vi, en))

    def all(self) -> tuple[model.Warning, ...]:
        """What was found so far."""
        return tuple(self._found.values())
