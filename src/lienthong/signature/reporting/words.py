"""What a report calls its checks, in both languages: each as it should be, so that "passed" reads right."""

from collections.abc import Mapping
from types import MappingProxyType

from lienthong.signature.model import Role

CHECKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "unreadable": ("Đọc được cấu trúc chữ ký", "the structure can be read"),
        "broken": ("Nội dung và chữ ký nguyên vẹn", "content and signature are intact"),
        "other-certificate": ("Gắn đúng chứng thư đã ký", "names the certificate it was made with"),
        "not-covered": ("Bao trùm toàn bộ văn bản", "covers the whole document"),
        "changed-after": ("Không thay đổi sau khi ký", "nothing unlawful came after it"),
        "profile-unknown": ("Định dạng được chính sách chấp nhận", "the policy accepts its format"),
        "unknown": ("Chứng thư dẫn đến nguồn tin cậy", "the certificate leads to a trusted root"),
        "expired": ("Chứng thư còn hạn khi ký", "the certificate had not expired"),
        "not-yet-valid": ("Chứng thư đã có hiệu lực khi ký", "the certificate was in force already"),
        "unfit": ("Chứng thư dùng để ký văn bản", "the certificate is meant for signing"),
        "weak": ("Thuật toán và khóa đủ mạnh", "algorithm and key are strong enough"),
        "future": ("Thời điểm ký không ở tương lai", "the claimed time is not in the future"),
        "stamp-broken": ("Dấu thời gian khớp với chữ ký", "its time stamp belongs to it"),
        "stamp-untrusted": ("Nơi cấp dấu thời gian được tin cậy", "the authority of its stamp is trusted"),
        "expired-unproved": ("Có bằng chứng đã ký khi chứng thư còn hạn", "proved older than the certificate's end"),
        "revoked": ("Chứng thư không bị thu hồi khi ký", "the certificate was not revoked"),
        "revoked-unproved": ("Có bằng chứng đã ký trước khi thu hồi", "proved older than the revocation"),
        "suspended": ("Chứng thư không bị tạm dừng", "the certificate is not suspended"),
        "revocation-stale": ("Thông tin thu hồi còn mới", "what is known of revocation is fresh"),
        "revocation-unknown": ("Có thông tin thu hồi chứng thư", "revocation is known"),
        "revocation-not-checked": ("Đã tra cứu tình trạng thu hồi", "revocation was looked up"),
        "filled-after": ("Biểu mẫu không được điền sau chữ ký cuối", "no form was filled after the last signature"),
        "no-trusted-time": ("Có dấu thời gian tin cậy", "has a trusted time stamp"),
        "not-pades": ("Định dạng PAdES cơ bản", "is PAdES baseline"),
        "no-certificate-reference": ("Phần được ký gắn với chứng thư", "what was signed names a certificate"),
        "role-mismatch": ("Loại chứng thư hợp với vai trò ký", "the kind of certificate fits the role"),
        "no-time": ("Ghi thời điểm ký", "claims a time"),
        "no-zone": ("Thời điểm ký ghi múi giờ", "the claimed time names a zone"),
        "time-differs": ("Thời điểm ký khớp với dấu thời gian", "the claimed time agrees with the stamp"),
        "revoked-later": ("Chứng thư chưa bị thu hồi về sau", "the certificate was not revoked later"),
    }
)
RESULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "passed": ("đạt", "passed"),
        "failed": ("không đạt", "failed"),
        "noted": ("lưu ý", "noted"),
        "not asked": ("không xét", "not asked"),
    }
)
COVERS: Mapping[str, str] = MappingProxyType(
    {
        "file": "toàn bộ tệp / the whole file",
        "revision": "một phiên bản của tệp, có phần thêm vào sau / a revision; something was added later",
        "unclear": "không rõ / unclear",
    }
)
ROLES: Mapping[Role, tuple[str, str]] = MappingProxyType(
    {
        Role.INITIALS: ("Ký nháy", "initials"),
        Role.LEADER: ("Chữ ký của người có thẩm quyền", "the authorised person's signature"),
        Role.SEAL: ("Chữ ký của cơ quan", "the agency's signature"),
        Role.ANNEX: ("Chữ ký của cơ quan trên phụ lục", "the agency's signature on a separate annex"),
        Role.COPY: ("Chữ ký của cơ quan trên bản sao", "the agency's signature on a copy"),
        Role.INCOMING: ("Chữ ký của cơ quan trên văn bản đến", "the agency's signature on an incoming paper"),
        Role.OTHER: ("Chữ ký khác", "another signature"),
    }
)
