"""What is worth another try."""

from lienthong.errors.base import Kind, LienThongError


class Busy(LienThongError):
    code = "busy"
    kind = Kind.BUSY
    permanent = False
    vi = "Hệ thống đang bận; xin thử lại sau ít giây."
    en = "The system is busy; try again in a few seconds."


class QuotaReached(LienThongError):
    code = "quota-reached"
    kind = Kind.BUSY
    permanent = False
    vi = (
        "Cơ quan đã dùng hết hạn mức trong ngày trên máy chủ bảo mật dùng chung nên văn bản chưa được nhận; những văn "
        "bản đã nhận vẫn được gửi. Xin gửi lại khi hạn mức được tính lại, hoặc đề nghị đơn vị chủ quản nâng hạn mức."
    )
    en = (
        "The agency has used up its day's quota on this shared gateway, so the document was not taken; those taken "
        "before go on. Send it again when the quota is renewed, or ask whoever hosts the gateway for a larger one."
    )


class GatewayHeld(LienThongError):
    code = "gateway-held"
    kind = Kind.UNAVAILABLE
    permanent = False
    vi = "Trục đang tạm dừng máy chủ bảo mật này; việc đã ghi nhận nằm yên và tự đi tiếp khi trục cho chạy lại."
    en = "The axis holds this gateway for now; what was recorded rests and goes on by itself once it is let go."


class BodyTooSlow(LienThongError):
    code = "body-too-slow"
    kind = Kind.SLOW
    permanent = False
    vi = "Nội dung yêu cầu đến quá chậm nên máy chủ thôi chờ; không có gì được nhận. Xin thử lại."
    en = "The body of the request came too slowly and was not waited for; nothing was taken. Try again."


class Unavailable(LienThongError):
    code = "unavailable"
    kind = Kind.UNAVAILABLE
    permanent = False
    vi = "Chưa kết nối được; việc đã ghi nhận sẽ được tự động làm tiếp."
    en = "Not reachable now; what was recorded will go on by itself."


class RegistryStale(LienThongError):
    code = "registry-stale"
    kind = Kind.UNAVAILABLE
    permanent = False
    vi = "Danh bạ đã quá hạn dùng; chờ bản mới."
    en = "The registry snapshot has expired; waiting for a new one."


class ProofPending(LienThongError):
    code = "proof-pending"
    kind = Kind.CONFLICT
    permanent = False
    vi = "Chứng cứ của văn bản này đang được bảo toàn, trong vòng một ngày sẽ có. Xin quay lại sau."
    en = "The proof of this document is still being secured, which takes up to a day. Come back later."


class StorageFull(LienThongError):
    code = "storage-full"
    kind = Kind.UNAVAILABLE
    permanent = False
    vi = "Kho lưu trữ đã đầy; chưa nhận thêm. Những gì đã nhận vẫn nguyên vẹn."
    en = "The store is full; nothing more is taken for now. What was accepted is safe."


class UploadOffset(LienThongError):
    code = "upload-offset"
    kind = Kind.CONFLICT
    permanent = False
    vi = "Phần tải lên không nối tiếp chỗ đã nhận. Xin hỏi lại vị trí rồi tải tiếp."
    en = "The upload does not go on where the last one ended. Ask for the offset and go on from there."


class UploadGone(LienThongError):
    code = "upload-gone"
    kind = Kind.GONE
    permanent = False
    vi = "Lần tải lên này đã hết hạn hoặc đã bị bỏ. Xin tải lại từ đầu."
    en = "This upload has expired or was dropped. Begin it anew."


class ChecksumWrong(LienThongError):
    code = "checksum-wrong"
    kind = Kind.CHECKSUM
    permanent = False
    vi = "Nội dung tải lên không đúng giá trị băm đã nêu nên bị bỏ. Xin gửi lại."
    en = "What was uploaded does not have the digest that was named and was dropped. Send it again."
