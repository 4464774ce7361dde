"""What is wrong with a package: its parts, its envelope, its seal."""

from lienthong.errors.base import Kind, LienThongError

# ---------------------------------------------------------------- the package and its parts


class PackageMalformed(LienThongError):
    code = "package-malformed"
    kind = Kind.INVALID
    vi = "Gói tin không đúng cấu trúc nên không được nhận. Xin kiểm tra phần mềm gửi rồi gửi lại."
    en = "The package is not well formed and was not taken. Check the sending software and send again."


class PackageTooLarge(LienThongError):
    code = "package-too-large"
    kind = Kind.TOO_LARGE
    vi = "Gói tin vượt giới hạn cho phép nên không được nhận. Xin giảm dung lượng hoặc tách tệp."
    en = "The package is over a limit and was not taken. Make it smaller or split its files."


class HeadTooLarge(LienThongError):
    code = "head-too-large"
    kind = Kind.HEAD_TOO_LARGE
    vi = "Phần đầu của yêu cầu dài quá giới hạn nên không được đọc tiếp; không có gì được nhận."
    en = "The head of the request is over the limit and was not read further; nothing was taken."


class PartMissing(LienThongError):
    code = "part-missing"
    kind = Kind.REFUSED
    vi = "Gói tin thiếu một phần đã niêm phong."
    en = "A sealed part is missing from the package."


class PartUnexpected(LienThongError):
    code = "part-unexpected"
    kind = Kind.REFUSED
    vi = "Gói tin có một phần không được niêm phong."
    en = "The package has a part that its seal does not cover."


class PartChanged(LienThongError):
    code = "part-changed"
    kind = Kind.REFUSED
    vi = "Nội dung gói tin đã bị thay đổi sau khi niêm phong."
    en = "The package was changed after it was sealed."


class EnvelopeUnreadable(LienThongError):
    code = "envelope-unreadable"
    kind = Kind.REFUSED
    vi = "Không đọc được phong bì edXML."
    en = "The edXML envelope cannot be read."


class EnvelopeUnsafe(LienThongError):
    code = "envelope-unsafe"
    kind = Kind.REFUSED
    vi = "Phong bì edXML chứa nội dung không an toàn nên bị từ chối."
    en = "The edXML envelope holds unsafe content and was refused."


class SecretNotAllowed(LienThongError):
    code = "secret-not-allowed"
    kind = Kind.REFUSED
    vi = "Văn bản mật không được gửi qua trục liên thông (Điều 1 Quyết định 28/2018/QĐ-TTg)."
    en = "State secrets must not enter this exchange (Decision 28/2018/QĐ-TTg, Article 1)."


# ---------------------------------------------------------------- the seal


class SealInvalid(LienThongError):
    code = "seal-invalid"
    kind = Kind.REFUSED
    vi = "Niêm phong gói tin không hợp lệ."
    en = "The seal of the package is not valid."


class SealKeyUnknown(LienThongError):
    code = "seal-key-unknown"
    kind = Kind.REFUSED
    vi = "Khóa niêm phong không có trong danh bạ."
    en = "The sealing key is not in the registry."


class SealKeyExpired(LienThongError):
    code = "seal-key-expired"
    kind = Kind.REFUSED
    vi = "Chứng thư của khóa niêm phong ngoài thời hạn hiệu lực."
    en = "The certificate of the sealing key is outside its validity."


class SealKeyRevoked(LienThongError):
    code = "seal-key-revoked"
    kind = Kind.REFUSED
    vi = "Chứng thư của khóa niêm phong đã bị thu hồi."
    en = "The certificate of the sealing key was revoked."


class SealKeyForeign(LienThongError):
    code = "seal-key-foreign"
    kind = Kind.REFUSED
    vi = "Khóa niêm phong thuộc cơ quan khác với cơ quan gửi."
    en = "The sealing key belongs to another organisation than the sender."


class AlgorithmNotAllowed(LienThongError):
    code = "algorithm-not-allowed"
    kind = Kind.REFUSED
    vi = "Thuật toán ký không được phép dùng."
    en = "The signature algorithm is not allowed."
