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
                "expired-since",
                "Chứng thư còn hạn khi ký nhưng nay đã hết hạn; thời điểm ký chưa được dấu thời gian chứng minh.",
                "The certificate was valid at the claimed time and has expired since; no time stamp proves that time.",
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
