"""Everything that can go wrong, in one tree.

    LienThongError
    ├─ PackageMalformed · PackageTooLarge · PartMissing · PartUnexpected · PartChanged
    ├─ EnvelopeUnreadable · EnvelopeUnsafe · SecretNotAllowed
    ├─ SealInvalid · SealKeyUnknown · SealKeyExpired · SealKeyRevoked · SealKeyForeign · AlgorithmNotAllowed
    ├─ SenderNotRepresented · RecipientUnknown · RecipientClosed
    ├─ DuplicateDiffers · DocumentUnknown · NotARecipient · IllegalMove · LockLost
    ├─ DeliveryExpired · DeliveryCancelled · ContentsArchived
    ├─ TokenInvalid · TokenReplayed · ClockSkewed · NotAllowed · NotFound · InvalidValue
    ├─ SnapshotUntrusted · EvidenceBroken
    ├─ (signing) SignatureProblem · SigningEnded · SigningDiffers · SecretWrong · FormRefused · KeyUnavailable
    ├─ (certificates) RequestUnreadable · KeyReused · SubjectMisleading · OrganisationClosed
    │  CertificateFlawed · OrderInvalid · OrderReplayed · SameOfficer · QuotaUsedUp · ClockBehind
    ├─ (waits for an operator) WorkFailed · CopyUnreadable · HandoverFailed · Overdue · PackageLost · JourneyLost
    │                          EvidenceMissing
    ├─ (at start) ConfigurationInvalid · LogWouldFork
    ├─ (at a person's own machine) DeskUnknown · FileUnusable
    ├─ (an upload to be taken up again) UploadOffset · UploadGone · ChecksumWrong
    └─ (worth another try)  Busy · BodyTooSlow · Unavailable · Unconfirmed · RegistryStale · StorageFull

A class is a stable code, one sentence in Vietnamese, the same in English, a kind (what a face of ours answers) and
whether another try can help. `detail` says what was found; `facts` carry values a program may need. The code of a
class never changes once released: agencies file them.
"""

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What sort of refusal it is; HTTP faces map it to a status, the command line to an exit code."""

    INVALID = 400
    UNKNOWN_CALLER = 401
    FORBIDDEN = 403
    MISSING = 404
    SLOW = 408
    CONFLICT = 409
    GONE = 410
    TOO_LARGE = 413
    REFUSED = 422
    BUSY = 429
    CHECKSUM = 460  # tus 1.0, checksum extension
    INTERNAL = 500
    UNAVAILABLE = 503


class LienThongError(Exception):
    """The root. Catch it at a border, never deeper."""

    code: ClassVar[str] = "internal-error"
    kind: ClassVar[Kind] = Kind.INTERNAL
    permanent: ClassVar[bool] = True
    vi: ClassVar[str] = "Hệ thống gặp lỗi ngoài dự kiến. Không có gì bị mất; xin thử lại hoặc báo quản trị."
    en: ClassVar[str] = "The system met an unexpected fault. Nothing is lost; try again or tell the administrator."

    def __init__(self, detail: str = "", **facts: str) -> None:
        super().__init__(detail or self.en)
        self.detail = detail
        self.facts = facts

    def sentence(self, language: str = "vi") -> str:
        """One sentence for a person, with what was found in brackets."""
        base = self.vi if language == "vi" else self.en
        return f"{base} ({self.detail})" if self.detail else base


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
    vi = "Khóa này đã dùng cho một chứng thư khác; chưa cấp gì. Xin tạo khóa mới."
    en = "This key already belongs to another certificate; nothing was issued. Make a new key."


class SubjectMisleading(LienThongError):
    code = "subject-misleading"
    kind = Kind.REFUSED
    vi = "Tên trong chứng thư có thể gây nhầm lẫn với cơ quan hoặc người khác; chưa cấp gì."
    en = "A name for the certificate could be taken for another organisation or person; nothing was issued."


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


# ---------------------------------------------------------------- what waits for an operator


class WorkFailed(LienThongError):
    code = "work-failed"
    vi = "Chương trình gặp lỗi ở riêng gói tin này; các gói khác vẫn đi. Xin báo người phát triển rồi cho chạy lại."
    en = "The program failed on this one package; the others go on. Tell the developers, then requeue it."


class CopyUnreadable(LienThongError):
    code = "copy-unreadable"
    vi = "Bản lưu của chính hệ thống này không đọc được. Xin kiểm tra kho lưu trữ, phục hồi rồi cho chạy lại."
    en = "This system's own copy cannot be read. Look after the object store, restore it, then requeue."


class HandoverFailed(LienThongError):
    code = "handover-failed"
    kind = Kind.CONFLICT
    vi = "Phần mềm của cơ quan báo không nhận được văn bản này. Văn bản vẫn ở máy chủ; sửa phần mềm rồi cho chạy lại."
    en = "The agency's software said it could not take this document. It is kept here; mend the software, then requeue."


class Unconfirmed(LienThongError):
    code = "unconfirmed"
    permanent = False
    kind = Kind.UNAVAILABLE
    vi = "Trục liên thông chưa xác nhận vì chưa liên lạc được; sẽ tự động gửi lại."
    en = "The axis has not confirmed because it could not be reached; it is asked again by itself."


class Overdue(LienThongError):
    code = "overdue"
    vi = "Đã quá thời hạn mà chưa kết thúc: chưa giao, chưa bị từ chối, chưa hết hạn, chưa hủy."
    en = "Its time is over and it has no end yet: not delivered, refused, expired or cancelled."


class PackageLost(LienThongError):
    code = "package-lost"
    vi = "Có hành trình mà không có gói tin. Xin phục hồi từ bản sao lưu."
    en = "There is a journey without its package. Restore it from a backup."


class JourneyLost(LienThongError):
    code = "journey-lost"
    vi = "Có gói tin mà không có hành trình đến nơi nhận nào."
    en = "There is a package without a journey to any recipient."


class EvidenceMissing(LienThongError):
    code = "evidence-missing"
    vi = "Thiếu biên nhận lẽ ra phải có ở bước này."
    en = "A receipt that should be there at this step is missing."


# ---------------------------------------------------------------- at start


class ConfigurationInvalid(LienThongError):
    code = "configuration-invalid"
    vi = "Cấu hình hoặc tệp khóa không dùng được nên chương trình không khởi động."
    en = "The configuration or a key file cannot be used, so the program does not start."


class LogWouldFork(LienThongError):
    code = "log-would-fork"
    kind = Kind.CONFLICT
    vi = (
        "Nhật ký có thể đã ghi tiếp sau bản sao lưu; ghi lại dưới cùng tên sẽ thành hai lịch sử. Xin đưa mốc kiểm tra "
        "mới nhất, hoặc đặt tên nhật ký mới."
    )
    en = (
        "The log may have gone on after this backup; under the same name there would be two histories. Show its newest "
        "checkpoint, or give the log a new name."
    )


# ---------------------------------------------------------------- at a person's own machine


class DeskUnknown(LienThongError):
    code = "desk-unknown"
    vi = "Chưa biết máy chủ bảo mật và mã truy cập của cơ quan. Xin kiểm tra tệp desks.json."
    en = "The agency's gateway and access token are not known here. Check the file desks.json."


class FileUnusable(LienThongError):
    code = "file-unusable"
    kind = Kind.INVALID
    vi = "Không đọc hoặc ghi được tệp trên máy này."
    en = "A file on this machine cannot be read or written."


# ---------------------------------------------------------------- worth another try


class Busy(LienThongError):
    code = "busy"
    kind = Kind.BUSY
    permanent = False
    vi = "Hệ thống đang bận; xin thử lại sau ít giây."
    en = "The system is busy; try again in a few seconds."


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
    vi = "Đoạn tải lên không đúng giá trị băm đã nêu nên bị bỏ. Xin gửi lại đoạn đó."
    en = "The uploaded piece does not have the digest that was named and was dropped. Send that piece again."


def by_code(code: str) -> type[LienThongError]:
    """The class that carries a released code, or the root for a code from a newer peer."""
    found = [cls for cls in _tree(LienThongError) if cls.code == code]
    return found[0] if found else LienThongError


def _tree(root: type[LienThongError]) -> list[type[LienThongError]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in _tree(child))]
