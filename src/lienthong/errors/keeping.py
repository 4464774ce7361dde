"""What waits for people: an operator, whoever starts a process, whoever sits at a machine."""

from lienthong.errors.base import Kind, LienThongError

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
