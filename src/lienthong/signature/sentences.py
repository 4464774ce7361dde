"""Verdicts in words, as data: a reason has one verdict and one sentence in each language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from lienthong.signature.model import Note, Verdict


class Reason(NamedTuple):
    """`{who}` and `{when}` are filled in."""

    verdict: Verdict
    vi: str
    en: str


_V, _I, _C = Verdict.VALID, Verdict.INVALID, Verdict.CANNOT_TELL

REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        "valid": Reason(
            _V,
            "Chữ ký của {who} hợp lệ: nội dung không thay đổi kể từ khi ký, thời điểm ký ghi là {when}.",
            "The signature of {who} is valid: nothing changed since signing, claimed at {when}.",
        ),
        "broken": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: nội dung hoặc chữ ký đã bị sửa.",
            "The signature of {who} is not valid: the content or the signature was altered.",
        ),
        "changed-after": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: văn bản đã bị thay đổi sau khi ký.",
            "The signature of {who} is not valid: the document was changed after signing.",
        ),
        "not-covered": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: chữ ký không bao trùm toàn bộ văn bản.",
            "The signature of {who} is not valid: it does not cover the whole document.",
        ),
        "expired": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: chứng thư đã hết hạn tại thời điểm ký ({when}).",
            "The signature of {who} is not valid: the certificate had expired at the time of signing ({when}).",
        ),
        "not-yet-valid": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: chứng thư chưa có hiệu lực tại thời điểm ký ({when}).",
            "The signature of {who} is not valid: the certificate was not yet valid at the time of signing ({when}).",
        ),
        "revoked": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: chứng thư đã bị thu hồi.",
            "The signature of {who} is not valid: the certificate was revoked.",
        ),
        "unfit": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: chứng thư không dùng để ký văn bản.",
            "The signature of {who} is not valid: the certificate is not meant for signing documents.",
        ),
        "unknown": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: chứng thư không dẫn đến tổ chức chứng thực được tin cậy.",
            "Cannot tell about the signature of {who}: its certificate does not lead to a trusted authority.",
        ),
        "weak": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: thuật toán hoặc khóa quá yếu.",
            "Cannot tell about the signature of {who}: its algorithm or key is too weak.",
        ),
        "future": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: thời điểm ký ghi là {when}, ở tương lai.",
            "Cannot tell about the signature of {who}: its claimed time {when} lies in the future.",
        ),
        "filled-after": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: biểu mẫu được điền thêm sau chữ ký cuối cùng.",
            "Cannot tell about the signature of {who}: form fields were filled after the last signature.",
        ),
        "unreadable": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: không đọc được cấu trúc chữ ký.",
            "Cannot tell about the signature of {who}: its structure cannot be read.",
        ),
        "other-certificate": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: phần được ký gắn với một chứng thư khác.",
            "The signature of {who} is not valid: what was signed names another certificate.",
        ),
        "profile-unknown": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: định dạng chữ ký không được chính sách kiểm tra chấp nhận.",
            "Cannot tell about the signature of {who}: the policy does not accept its format.",
        ),
        "expired-unproved": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: chứng thư nay đã hết hạn và không có dấu thời gian tin cậy chứng "
            "minh chữ ký có từ trước đó.",
            "Cannot tell about the signature of {who}: the certificate has expired, and no trusted time stamp proves "
            "that the signature is older.",
        ),
        "revoked-unproved": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: chứng thư đã bị thu hồi và không có dấu thời gian tin cậy chứng "
            "minh chữ ký có từ trước đó.",
            "Cannot tell about the signature of {who}: the certificate was revoked, and no trusted time stamp proves "
            "that the signature is older.",
        ),
        "suspended": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: chứng thư đang tạm dừng.",
            "Cannot tell about the signature of {who}: the certificate is suspended.",
        ),
        "revocation-stale": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: thông tin thu hồi chứng thư đã quá cũ; sẽ tự động kiểm tra lại.",
            "Cannot tell about the signature of {who}: what is known of revocation is too old; it is checked again.",
        ),
        "revocation-unknown": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: chưa có thông tin thu hồi chứng thư; sẽ tự động kiểm tra lại.",
            "Cannot tell about the signature of {who}: nothing is known of revocation yet; it is checked again.",
        ),
        "stamp-broken": Reason(
            _I,
            "Chữ ký của {who} không hợp lệ: dấu thời gian kèm theo không khớp với chữ ký.",
            "The signature of {who} is not valid: its time stamp does not belong to it.",
        ),
        "stamp-untrusted": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: nơi cấp dấu thời gian không được tin cậy.",
            "Cannot tell about the signature of {who}: the authority of its time stamp is not trusted.",
        ),
        "no-trusted-time": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: không có dấu thời gian tin cậy.",
            "Cannot tell about the signature of {who}: it has no trusted time stamp.",
        ),
        "not-pades": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: định dạng PKCS#7, không phải PAdES như chính sách yêu cầu.",
            "Cannot tell about the signature of {who}: it is PKCS#7, and the policy asks for PAdES.",
        ),
        "no-certificate-reference": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: phần được ký không gắn với chứng thư nào.",
            "Cannot tell about the signature of {who}: what was signed names no certificate.",
        ),
        "role-mismatch": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: loại chứng thư không phù hợp với vai trò ký.",
            "Cannot tell about the signature of {who}: its kind of certificate does not fit its role.",
        ),
        "revocation-not-checked": Reason(
            _C,
            "Chưa kết luận được về chữ ký của {who}: chưa kiểm tra tình trạng thu hồi của chứng thư.",
            "Cannot tell about the signature of {who}: the certificate was not checked for revocation.",
        ),
    }
)

NOTES: Mapping[str, Note] = MappingProxyType(
    {
        note.code: note
        for note in (
            Note(
                "not-pades",
                "Chữ ký theo định dạng PKCS#7 (adbe.pkcs7.detached), không phải PAdES cơ bản.",
                "The signature is PKCS#7 (adbe.pkcs7.detached), not PAdES baseline.",
            ),
            Note(
                "no-certificate-reference",
                "Chữ ký không gắn chứng thư vào phần được ký (thiếu signing-certificate-v2).",
                "The signature does not bind its certificate (no signing-certificate-v2).",
            ),
            Note(
                "revocation-not-checked",
                "Chưa kiểm tra tình trạng thu hồi của chứng thư.",
                "The certificate was not checked for revocation.",
            ),
            Note(
                "stamp-broken",
                "Dấu thời gian kèm theo không khớp với chữ ký nên không được tính.",
                "The time stamp does not belong to the signature and was not counted.",
            ),
            Note(
                "stamp-untrusted",
                "Nơi cấp dấu thời gian không được tin cậy nên dấu thời gian không được tính.",
                "The authority of the time stamp is not trusted; the stamp was not counted.",
            ),
            Note(
                "no-trusted-time",
                "Không có dấu thời gian tin cậy: thời điểm ký là do người ký tự ghi.",
                "No trusted time stamp: the time of signing is the signer's own word.",
            ),
            Note("no-zone", "Thời điểm ký không ghi múi giờ (+07:00).", "The time of signing names no zone (+07:00)."),
            Note(
                "time-differs",
                "Thời điểm ký ghi trong văn bản lệch với dấu thời gian quá mức cho phép.",
                "The claimed time of signing differs too much from the time stamp.",
            ),
            Note(
                "revoked-later",
                "Chứng thư bị thu hồi sau thời điểm ký đã được chứng minh; chữ ký vẫn có giá trị.",
                "The certificate was revoked after the proved time of signing; the signature stands.",
            ),
            Note("no-time", "Chữ ký không ghi thời điểm ký.", "The signature claims no time."),
            Note(
                "role-mismatch",
                "Loại chứng thư không phù hợp với vai trò ký (chứng thư cá nhân đóng dấu hoặc ngược lại).",
                "The kind of certificate does not fit the role (a person's key seals, or the reverse).",
            ),
            Note(
                "seal-before-leader",
                "Chữ ký cơ quan được đặt trước chữ ký của người có thẩm quyền.",
                "The agency sealed before the authorised person signed.",
            ),
            Note("no-seal", "Chưa có chữ ký số của cơ quan.", "The agency's seal is missing."),
            Note(
                "no-leader", "Chưa có chữ ký của người có thẩm quyền.", "The authorised person's signature is missing."
            ),
        )
    }
)

ORDER = (
    "unreadable", "broken", "other-certificate", "not-covered", "changed-after", "profile-unknown", "unknown",
    "expired", "not-yet-valid", "unfit", "weak", "future", "stamp-broken", "stamp-untrusted",
    "expired-unproved", "revoked", "revoked-unproved", "suspended", "revocation-stale", "revocation-unknown",
    "revocation-not-checked", "filled-after", "no-trusted-time", "not-pades", "no-certificate-reference",
    "role-mismatch", "no-time", "no-zone", "time-differs", "revoked-later",
)  # fmt: skip
"""Every check, in the order of its weight: after one that decides, the later ones mean nothing."""

INDICATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "valid": ("TOTAL_PASSED", ""),
        "unreadable": ("INDETERMINATE", "FORMAT_FAILURE"),
        "broken": ("TOTAL_FAILED", "HASH_FAILURE"),
        "other-certificate": ("TOTAL_FAILED", "SIG_CRYPTO_FAILURE"),
        "not-covered": ("TOTAL_FAILED", "FORMAT_FAILURE"),
        "changed-after": ("TOTAL_FAILED", "FORMAT_FAILURE"),
        "profile-unknown": ("INDETERMINATE", "POLICY_PROCESSING_ERROR"),
        "unknown": ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"),
        "expired": ("TOTAL_FAILED", "EXPIRED"),
        "not-yet-valid": ("TOTAL_FAILED", "NOT_YET_VALID"),
        "unfit": ("TOTAL_FAILED", "CHAIN_CONSTRAINTS_FAILURE"),
        "weak": ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
        "expired-unproved": ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        "revoked": ("TOTAL_FAILED", "REVOKED"),
        "revoked-unproved": ("INDETERMINATE", "REVOKED_NO_POE"),
        "suspended": ("INDETERMINATE", "TRY_LATER"),
        "revocation-stale": ("INDETERMINATE", "TRY_LATER"),
        "revocation-unknown": ("INDETERMINATE", "TRY_LATER"),
        "revocation-not-checked": ("INDETERMINATE", "TRY_LATER"),
        "stamp-broken": ("TOTAL_FAILED", "SIG_CONSTRAINTS_FAILURE"),
    }
)
"""Reasons in the terms of ETSI EN 319 102-1 §5.1; others are INDETERMINATE, SIG_CONSTRAINTS_FAILURE."""

NOT_PDF = (
    "Tệp không phải là PDF; không có chữ ký để kiểm tra.",
    "The file is not a PDF; it has no signature to check.",
)
UNREADABLE = ("Không đọc được tệp PDF; chưa kết luận được.", "The PDF cannot be read; no conclusion.")
UNSIGNED = (
    "Văn bản không có chữ ký số: chỉ để biết, không có giá trị pháp lý như bản gốc.",
    "The document has no digital signature: for information only, without the legal value of an original.",
)
CONCLUSIONS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        _V: ("Mọi chữ ký số đều hợp lệ.", "Every digital signature is valid."),
        _I: ("Có chữ ký số không hợp lệ.", "A digital signature is not valid."),
        _C: ("Chưa kết luận được về mọi chữ ký số.", "Not every digital signature could be decided."),
    }
)
