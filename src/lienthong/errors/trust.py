"""What cannot be trusted: registry, evidence, signatures, certificates."""

from lienthong.errors.base import Kind, LienThongError

# ---------------------------------------------------------------- trust


class SnapshotUntrusted(LienThongError):
    code = "snapshot-untrusted"
    kind = Kind.REFUSED
    vi = "Bản danh bạ không đáng tin nên không được dùng; bản trước vẫn có hiệu lực."
    en = "The registry snapshot cannot be trusted and is not used; the one before stays in force."


class EvidenceBroken(LienThongError):
    code = "evidence-broken"
    kind = Kind.REFUSED
    vi = "Bằng chứng không khớp."
    en = "The evidence does not hold."


class SignatureProblem(LienThongError):
    code = "signature-problem"
    kind = Kind.REFUSED
    vi = "Không ký được văn bản."
    en = "The document cannot be signed."


class SigningEnded(LienThongError):
    code = "signing-ended"
    kind = Kind.GONE
    vi = "Phiên ký này đã kết thúc hoặc quá hạn; văn bản chưa đổi. Xin bắt đầu ký lại."
    en = "This signing session has ended or run out; the document is unchanged. Begin to sign again."


class SigningDiffers(LienThongError):
    code = "signing-differs"
    kind = Kind.REFUSED
    vi = "Kết quả ký trả về không phải của phiên này: khác văn bản, khác người ký hoặc đã bị sửa; không nhận."
    en = "What came back is not of this session: another document, another signer or altered; it was not taken."


class SecretWrong(LienThongError):
    code = "secret-wrong"
    kind = Kind.FORBIDDEN
    vi = "Mã PIN hoặc mã xác thực không đúng; chưa ký gì. Nhập sai nhiều lần, thiết bị sẽ khóa."
    en = "The PIN or one-time code is wrong; nothing was signed. After several wrong tries the device locks."


class FormRefused(LienThongError):
    code = "form-refused"
    kind = Kind.REFUSED
    vi = "Chữ ký số trong văn bản chưa đúng thể thức nên chưa gửi; xin xem danh sách lỗi, sửa rồi gửi lại."
    en = "The signatures in the document are not in the required form, so it was not sent; mend the listed points."


class KeyUnavailable(LienThongError):
    code = "key-unavailable"
    kind = Kind.UNAVAILABLE
    permanent = False
    vi = "Không gặp được khóa ký (thiết bị chưa cắm, dịch vụ không trả lời); văn bản chưa đổi. Xin thử lại."
    en = "The signing key cannot be reached (no token, service silent); the document is unchanged. Try again."


# ---------------------------------------------------------------- certificates


class RequestUnreadable(LienThongError):
    code = "request-unreadable"
    kind = Kind.INVALID
    vi = "Không đọc được yêu cầu chứng thư (PKCS#10) hoặc nó không do chính khóa đó ký; chưa cấp gì."
    en = "The certificate request (PKCS#10) cannot be read or was not signed by its own key; nothing was issued."


class KeyReused(LienThongError):
    code = "key-reused"
    kind = Kind.CONFLICT
    vi = "Khóa này đã dùng cho một chứng thư khác, hồ sơ khác hoặc tài khoản ACME; chưa cấp gì. Xin tạo khóa mới."
    en = "This key already belongs to another certificate, case or ACME account; nothing was issued. Make a new key."


class SubjectMisleading(LienThongError):
    code = "subject-misleading"
    kind = Kind.REFUSED
    vi = "Tên trong chứng thư có thể gây nhầm lẫn với cơ quan hoặc người khác; chưa cấp gì."
    en = "A name for the certificate could be taken for another organisation or person; nothing was issued."


class LetterRefused(LienThongError):
    code = "letter-refused"
    kind = Kind.REFUSED
    vi = "Công văn đề nghị không có chữ ký hợp lệ của cơ quan đề nghị; hồ sơ chưa được nhận."
    en = "The letter does not carry the valid signatures of the organisation that asks; the request was not taken."


class OrganisationClosed(LienThongError):
    code = "organisation-closed"
    kind = Kind.REFUSED
    vi = "Cơ quan không có trong danh bạ, đã đóng hoặc đang bị khóa nên không cấp chứng thư."
    en = "The organisation is not in the registry, closed or locked, so no certificate is issued."


class CertificateFlawed(LienThongError):
    code = "certificate-flawed"
    kind = Kind.REFUSED
    vi = "Chứng thư sắp ký không đúng mẫu quy định nên không được ký. Xin báo người vận hành."
    en = "The certificate to be signed does not keep its profile and was not signed. Tell the operator."


class OrderInvalid(LienThongError):
    code = "order-invalid"
    kind = Kind.FORBIDDEN
    vi = "Lệnh ký số không hợp lệ hoặc không đúng hồ sơ hiện tại nên không được thực hiện."
    en = "The signed order is not valid, or not for the case as it stands, and was not carried out."


class OrderReplayed(LienThongError):
    code = "order-replayed"
    kind = Kind.CONFLICT
    vi = "Lệnh ký số này đã được thực hiện; không làm lại."
    en = "This signed order was carried out before; it is not carried out again."


class SameOfficer(LienThongError):
    code = "same-officer"
    kind = Kind.FORBIDDEN
    vi = "Người duyệt phải khác người lập và người thẩm tra; xin chuyển cho cán bộ khác."
    en = "Who decides must be another person than who asked or examined; pass it to another officer."


class QuotaUsedUp(LienThongError):
    code = "quota-used-up"
    kind = Kind.BUSY
    permanent = False
    vi = "Cơ quan đăng ký đã dùng hết số chứng thư trong ngày; hồ sơ vẫn giữ nguyên. Xin duyệt lại vào ngày mai."
    en = "The registration authority has used up today's certificates; the case stays as it is. Approve it tomorrow."


class ClockBehind(LienThongError):
    code = "clock-behind"
    kind = Kind.UNAVAILABLE
    permanent = False
    vi = "Đồng hồ máy chủ chạy lùi so với nhật ký nên không cấp, không thu hồi. Xin chỉnh giờ rồi thử lại."
    en = "The server's clock is behind its own log, so nothing is issued or revoked. Set the time and try again."
