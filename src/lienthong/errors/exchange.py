"""What is wrong between those who exchange: sender, recipients, the journey, callers."""

from lienthong.errors.base import Kind, LienThongError

# ---------------------------------------------------------------- sender and recipients


class SenderNotRepresented(LienThongError):
    code = "sender-not-represented"
    kind = Kind.FORBIDDEN
    vi = "Máy chủ bảo mật này không được đại diện cho cơ quan gửi."
    en = "This gateway does not represent the sending organisation."


class RecipientUnknown(LienThongError):
    code = "recipient-unknown"
    kind = Kind.REFUSED
    vi = "Cơ quan nhận không có trong danh bạ."
    en = "The receiving organisation is not in the registry."


class RecipientClosed(LienThongError):
    code = "recipient-closed"
    kind = Kind.REFUSED
    vi = "Mã cơ quan nhận đã đóng và không có cơ quan kế thừa duy nhất."
    en = "The recipient's code is closed and no single successor takes over."


# ---------------------------------------------------------------- the journey


class DuplicateDiffers(LienThongError):
    code = "duplicate-differs"
    kind = Kind.CONFLICT
    vi = "Mã gói tin này đã dùng cho một nội dung khác. Gói tin đầu vẫn giữ nguyên."
    en = "This id was already used for other content. The first package stands."


class DocumentUnknown(LienThongError):
    code = "document-unknown"
    kind = Kind.REFUSED
    vi = "Không có văn bản nào như vậy giữa hai cơ quan này."
    en = "No such document passed between these two organisations."


class NotARecipient(LienThongError):
    code = "not-a-recipient"
    kind = Kind.REFUSED
    vi = "Cơ quan này không phải là nơi nhận của văn bản."
    en = "This organisation is not a recipient of the document."


class IllegalMove(LienThongError):
    code = "illegal-move"
    kind = Kind.CONFLICT
    vi = "Bước này không được phép ở trạng thái hiện tại."
    en = "This step is not allowed in the present state."


class VersionOutdated(LienThongError):
    code = "version-outdated"
    kind = Kind.CONFLICT
    vi = "Dự thảo đã có bản mới hơn bản đang xem; chưa ghi gì. Xin xem bản mới rồi quyết định."
    en = "There is a newer version of this draft than the one looked at; nothing was done. Look at it, then decide."


class DeliveryExpired(LienThongError):
    code = "delivery-expired"
    kind = Kind.GONE
    vi = "Đã quá thời hạn gửi; văn bản không được giao."
    en = "The time to live has run out; the document is not delivered."


class DeliveryCancelled(LienThongError):
    code = "delivery-cancelled"
    kind = Kind.GONE
    vi = "Việc gửi đã được dừng trước khi giao; văn bản không được giao."
    en = "The delivery was stopped before it was made; the document is not delivered."


class ContentsArchived(LienThongError):
    code = "contents-archived"
    kind = Kind.GONE
    vi = "Nội dung đã chuyển vào kho lưu trữ theo thời hạn; biên nhận và hành trình vẫn còn. Xin hỏi người vận hành."
    en = "The contents went to the archive when their time was over; receipts and journey stay. Ask the operator."


class LockLost(LienThongError):
    code = "lock-lost"
    kind = Kind.CONFLICT
    vi = "Khóa giữ văn bản đã hết hạn hoặc thuộc phiên khác. Văn bản vẫn ở hộp đến; xin lấy lại."
    en = "The lock ran out or belongs to another session. The document is still in the inbox; take it again."


# ---------------------------------------------------------------- callers


class TokenInvalid(LienThongError):
    code = "token-invalid"
    kind = Kind.UNKNOWN_CALLER
    vi = "Mã truy cập không hợp lệ."
    en = "The access token is not valid."


class TokenReplayed(LienThongError):
    code = "token-replayed"
    kind = Kind.UNKNOWN_CALLER
    vi = "Mã truy cập này đã được dùng."
    en = "This access token was already used."


class ClockSkewed(LienThongError):
    code = "clock-skewed"
    kind = Kind.UNKNOWN_CALLER
    vi = "Đồng hồ hai bên lệch quá mức cho phép. Xin đồng bộ giờ rồi thử lại."
    en = "The two clocks differ too much. Synchronise the time and try again."


class NotAllowed(LienThongError):
    code = "not-allowed"
    kind = Kind.FORBIDDEN
    vi = "Không có quyền làm việc này."
    en = "This is not permitted."


class NotFound(LienThongError):
    code = "not-found"
    kind = Kind.MISSING
    vi = "Không tìm thấy."
    en = "Not found."


class InvalidValue(LienThongError, ValueError):
    code = "invalid-value"
    kind = Kind.INVALID
    vi = "Giá trị không hợp lệ."
    en = "The value is not valid."
