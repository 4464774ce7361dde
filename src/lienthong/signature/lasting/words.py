"""The sentences of a proof through time: stable codes, Vietnamese first."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from lienthong.evidence import Finding, Words
from lienthong.evidence.words import moment_en, moment_vi
from lienthong.signature.lasting.dating import Dated
from lienthong.signature.model import Report, Verdict
from lienthong.signature.reporting.statement import Stated

_OK = {Verdict.VALID: True, Verdict.INVALID: False, Verdict.CANNOT_TELL: None}


def unreadable(error: Exception) -> Finding:
    return Finding(
        "bundle",
        ok=False,
        vi="Gói chứng cứ bị hỏng hoặc không phải gói chứng cứ.",
        en=f"The evidence bundle is damaged, or is none ({error}).",
    )


def same(count: int) -> Finding:
    return Finding(
        "content",
        ok=True,
        vi=f"{count} tệp trong gói đúng với bản kê đã được đóng dấu thời gian.",
        en=f"{count} files of the bundle are what the time-stamped record says.",
    )


def changed(name: str) -> Finding:
    return Finding(
        "content",
        ok=False,
        vi=f"Tệp {name} KHÁC với bản kê: đã bị sửa hoặc hỏng sau khi bảo toàn.",
        en=f"File {name} is NOT what the record says: it was changed or damaged after it was secured.",
        about=name,
    )


def missing(name: str, algorithm: str, digest: str) -> Finding:
    return Finding(
        "content",
        ok=None,
        vi=f"Gói không kèm tệp {name}; chứng cứ chỉ đúng cho tệp có mã băm {algorithm} {digest}.",
        en=f"File {name} is not in the bundle; the proof is about the file whose {algorithm} is {digest}.",
        about=name,
    )


def stray(name: str) -> Finding:
    return Finding(
        "content",
        ok=False,
        vi=f"Tệp {name} không có trong bản kê nào: ai đó đã thêm vào.",
        en=f"File {name} stands in no record: somebody put it there.",
        about=name,
    )


def given(name: str, *, known: bool) -> Finding:
    vi = f"Tệp {name} đúng là tệp có trong bản kê." if known else f"Tệp {name} không có trong bản kê."
    en = f"File {name} is one of the record." if known else f"File {name} is not in the record."
    return Finding("file", ok=known, vi=vi, en=en, about=name)


def placed(number: int, *, holds: bool) -> Finding:
    if holds:
        vi, en = "nằm trong cây băm, dẫn tới đúng gốc", "stands in the hash tree and leads to its root"
    else:
        vi, en = "KHÔNG dẫn tới gốc cây băm", "does NOT lead to the root of the hash tree"
    return Finding("path", ok=holds, vi=f"Bản kê {number} {vi}.", en=f"Record {number} {en}.")


def stamp_broken(number: int, error: Exception) -> Finding:
    return Finding(
        "stamp",
        ok=False,
        vi=f"Dấu thời gian trên gốc cây {number} KHÔNG đúng.",
        en=f"A time stamp over root {number} does NOT hold ({error}).",
    )


def without_root() -> Finding:
    return Finding(
        "stamp",
        ok=None,
        vi="Chưa kiểm tra được dấu thời gian: không có chứng thư gốc.",
        en="The time stamps cannot be checked: no root certificate was given.",
    )


def stamped(number: int, found: Sequence[Dated]) -> Finding:
    vi = "; ".join(f"{each.authority} lúc {moment_vi(each.at)}" for each in found)
    en = "; ".join(f"{each.authority} at {moment_en(each.at)}" for each in found)
    return Finding(
        "stamp", ok=True, vi=f"Gốc cây {number} đã tồn tại: {vi}.", en=f"Root {number} existed: stamped by {en}."
    )


def lapsed(number: int, ended: datetime) -> Finding:
    return Finding(
        "stamp",
        ok=None,
        vi=f"Dấu thời gian trên gốc cây {number} hết giá trị từ {moment_vi(ended)} mà chưa được gia hạn.",
        en=f"The time stamp over root {number} ceased to count at {moment_en(ended)} and was not renewed before.",
    )


def future(number: int) -> Finding:
    return Finding(
        "stamp",
        ok=False,
        vi=f"Dấu thời gian trên gốc cây {number} ghi thời điểm ở tương lai hoặc sai thứ tự.",
        en=f"The time stamp over root {number} is from the future, or out of order.",
    )


def renewed(number: int, *, holds: bool) -> Finding:
    if holds:
        vi, en = "gia hạn đúng dấu thời gian trước nó", "renews the stamp before it"
    else:
        vi, en = "KHÔNG nêu dấu thời gian trước nó", "does NOT name the stamp before it"
    return Finding("renewal", ok=holds, vi=f"Bản kê {number} {vi}.", en=f"Record {number} {en}.")


def weak(number: int, algorithm: str, ended: datetime) -> Finding:
    return Finding(
        "algorithm",
        ok=None,
        vi=f"Bản kê {number} dùng {algorithm}, hết giá trị từ {moment_vi(ended)} mà chưa được băm lại.",
        en=f"Record {number} uses {algorithm}, which ceased to count at {moment_en(ended)}, and was not hashed anew.",
    )


def judged(name: str, report: Report, at: datetime) -> Finding:
    return Finding(
        "signature",
        ok=_OK[report.conclusion],
        vi=f"{name}, xét lúc {moment_vi(at)}: {report.sentence_vi}",
        en=f"{name}, judged at {moment_en(at)}: {report.sentence_en}",
        about=name,
    )


def not_judged(name: str) -> Finding:
    return Finding(
        "signature",
        ok=None,
        vi=f"Chưa xét được chữ ký trong {name}: thiếu dữ kiện.",
        en=f"The signatures in {name} cannot be judged: the facts are missing.",
        about=name,
    )


def raised(name: str, *, holds: bool) -> Finding:
    vi = "giữ nguyên từng byte của bản đã gửi và thêm chứng cứ" if holds else "KHÔNG bắt đầu bằng bản đã gửi"
    en = "holds every byte of what was sent, and proofs on top" if holds else "does NOT begin with what was sent"
    return Finding("long-term", ok=holds, vi=f"{name} {vi}.", en=f"{name} {en}.", about=name)


def reported(name: str, stated: Stated) -> Finding:
    verdict, at = stated.statement.report.conclusion, stated.signed_at
    return Finding(
        "report",
        ok=True,
        vi=f"Báo cáo {name} do {stated.signer} ký lúc {moment_vi(at)}, kết luận: {verdict.vi}.",
        en=f"Report {name} was signed by {stated.signer} at {moment_en(at)}, concluding: {verdict.value}.",
        about=name,
    )


def limits(*, reported: bool) -> tuple[Words, ...]:
    """What the proof does not say."""
    unsigned = Words("Ai đã lập báo cáo kèm theo.", "Who made the reports in the bundle.")
    return (
        *(() if reported else (unsigned,)),
        Words("Nội dung văn bản là đúng sự thật.", "That what the document says is true."),
        Words(
            "Điều xảy ra sau thời điểm đóng dấu đầu tiên, như thu hồi văn bản.",
            "What happened after the first time stamp, such as a recall.",
        ),
    )


def readme(links: int, missing: Mapping[str, str]) -> str:
    """How to check the bundle with nothing of ours, in both languages."""
    absent = "".join(f"  {name} ({code})\n" for name, code in sorted(missing.items()))
    left = f"\nKhông kèm trong gói / not in the bundle:\n{absent}" if absent else ""
    return f"""Chứng cứ lâu dài của một văn bản. / Lasting evidence of one document.

Kiểm tra tất cả / check everything:     lienthong verify BUNDLE.zip --root ROOT.pem
Kiểm tra bằng công cụ khác / by other tools, after unzip:
  sha256sum --check proof/1/record.txt         tệp đúng với bản kê / files are those of the record
  proof/1/path.json                            bản kê → gốc cây băm (RFC 6962) / record → root of the tree
  openssl ts -verify -digest ROOT_HEX -token_in -in stamps/ROOT_HEX/….tst -CAfile ROOT.pem
                                               gốc cây có trước thời điểm đó / the root existed then
Số mắt xích / links: {links}. Chứng thư gốc lấy từ nơi tin cậy, không lấy từ người đưa gói này.
Take the root certificate from a place you trust, not from whoever gave you this bundle.
{left}"""
