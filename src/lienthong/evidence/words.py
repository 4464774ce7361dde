"""The sentences of a verification: stable codes, Vietnamese first, plain enough for a court clerk."""

from collections.abc import Iterable, Sequence, Sized
from datetime import datetime

from lienthong.document.times import VIETNAM
from lienthong.evidence.certificates import LogKey
from lienthong.evidence.checkpoint import Checkpoint, Cosignature
from lienthong.evidence.event import Event, EventKind
from lienthong.evidence.proof import Finding, Words
from lienthong.evidence.receipt import Receipt
from lienthong.evidence.stamp import StampFacts

_AXIS = "axis"


def moment_vi(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y} (giờ Việt Nam)"


def moment_en(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S} (Vietnam time)"


def broken(code: str, vi: str, en: str, error: Exception) -> Finding:
    """A check that failed; the English sentence has the technical detail in brackets."""
    return Finding(code, ok=False, vi=f"{vi}.", en=f"{en} ({error}).")


def event_told(event: Event, *, proven: bool | None) -> Finding:
    """The heart of the receipt: who did what when; a mere claim unless everything it rests on holds."""
    hop_vi, hop_en = _hop(event.hop)
    about_vi = f" {event.message} của {event.sender}" if event.sender else ""  # a rejected submission names nobody
    about_en = f" {event.message} of {event.sender}" if event.sender else ""
    vi = [f"{hop_vi} {event.kind.vi}{about_vi} lúc {moment_vi(event.at)}"]
    en = [f"{hop_en} {event.kind.en}{about_en} at {moment_en(event.at)}"]
    for told, label_vi, label_en in _details(event):
        vi.append(f"{label_vi} {told}")
        en.append(f"{label_en} {told}")
    claim_vi, claim_en = ("", "") if proven else ("Biên nhận nói (chưa chứng minh): ", "The receipt claims, unproven: ")
    return Finding("event", ok=proven, vi=f"{claim_vi}{'; '.join(vi)}.", en=f"{claim_en}{'; '.join(en)}.")


def included(receipt: Receipt, checkpoint: Checkpoint) -> Finding:
    place = f"{receipt.index + 1}/{checkpoint.size}"
    return Finding(
        "inclusion",
        ok=True,
        vi=f"Biên nhận nằm trong nhật ký không sửa được {checkpoint.origin}, mục {place}.",
        en=f"The receipt stands in the append-only log {checkpoint.origin}, entry {place}.",
    )


def signed(checkpoint: Checkpoint) -> Finding:
    return Finding(
        "checkpoint-signature",
        ok=True,
        vi=f"Chữ ký của nhật ký {checkpoint.origin} trên mốc kiểm tra là đúng.",
        en=f"The signature of log {checkpoint.origin} on the checkpoint holds.",
    )


def vouched(key: LogKey, root: str) -> Finding:
    return Finding(
        "log-certificate",
        ok=True,
        vi=f"Khóa ký thuộc {key.holder}, được {root} bảo đảm và còn hiệu lực vào lúc sự việc.",
        en=f"The signing key belongs to {key.holder}, vouched for by {root} and valid at the time of the event.",
    )


def without_root(key: LogKey) -> Finding:
    return Finding(
        "log-certificate",
        ok=None,
        vi=f"Chưa biết ai đã ký: không có chứng thư gốc để kiểm tra. Chứng thư kèm theo tự xưng là {key.holder}.",
        en=f"Who signed cannot be told: no root certificate was given. The enclosed certificate claims {key.holder}.",
    )


def stamped(facts: StampFacts) -> Finding:
    return Finding(
        "stamp",
        ok=True,
        vi=f"Dấu thời gian của {facts.authority}: mốc kiểm tra đã tồn tại lúc {moment_vi(facts.time)}.",
        en=f"Time stamp of {facts.authority}: the checkpoint existed at {moment_en(facts.time)}.",
    )


def stamp_without_root() -> Finding:
    return Finding(
        "stamp",
        ok=None,
        vi="Chưa kiểm tra được dấu thời gian: không có chứng thư gốc.",
        en="The time stamp cannot be checked: no root certificate was given.",
    )


def unwitnessed(seen: Sequence[Cosignature], quorum: int) -> Finding:
    if seen:
        told = f"{len({each.witness for each in seen})}/{quorum}"
        vi, en = f"Chưa đủ nhân chứng đồng ký: {told}.", f"Too few of the named witnesses cosigned: {told}."
        return Finding("witness", ok=None, vi=vi, en=en)
    return Finding(
        "witness",
        ok=None,
        vi="Không nhân chứng nào trong số đã nêu đồng ký mốc kiểm tra này.",
        en="None of the named witnesses cosigned this checkpoint.",
    )


def witnessed(seen: Iterable[Cosignature]) -> Finding:
    told = list(seen)
    vi = "; ".join(f"{cosignature.witness} lúc {moment_vi(cosignature.at)}" for cosignature in told)
    en = "; ".join(f"{cosignature.witness} at {moment_en(cosignature.at)}" for cosignature in told)
    return Finding("witness", ok=True, vi=f"Nhân chứng đồng ký: {vi}.", en=f"Witnesses cosigned: {en}.")


def listed(parts: Sized) -> Finding:
    return Finding(
        "manifest",
        ok=True,
        vi=f"Danh mục {len(parts)} phần của gói tin đúng với mã băm trong biên nhận.",
        en=f"The list of {len(parts)} parts of the package has the digest in the receipt.",
    )


def listed_wrongly() -> Finding:
    return Finding(
        "manifest",
        ok=False,
        vi="Danh mục các phần của gói tin KHÔNG khớp mã băm trong biên nhận.",
        en="The list of the package's parts does NOT match the digest in the receipt.",
    )


def file_same(name: str, part: str, *, proven: bool) -> Finding:
    """`part` is its name in the package when that is another; without proof it is only what the receipt lists."""
    vi = f"Tệp {name} " + ("đúng là tệp đã gửi" if proven else "trùng với tệp mà biên nhận nêu")
    en = f"File {name} " + ("is exactly what was sent" if proven else "is the one that the receipt lists")
    vi, en = (f"{vi}, trong gói tin tên là {part}", f"{en}, named {part} in the package") if part else (vi, en)
    return Finding("file", ok=True, vi=f"{vi}.", en=f"{en}.", about=name)


def file_changed(name: str) -> Finding:
    return Finding(
        "file",
        ok=False,
        vi=f"Tệp {name} KHÁC với tệp cùng tên đã gửi.",
        en=f"File {name} DIFFERS from the file of that name that was sent.",
        about=name,
    )


def file_unknown(name: str) -> Finding:
    return Finding(
        "file",
        ok=False,
        vi=f"Tệp {name} không có trong gói tin.",
        en=f"File {name} is not in the package.",
        about=name,
    )


def file_untold(name: str) -> Finding:
    return Finding(
        "file",
        ok=None,
        vi=f"Chưa đối chiếu được tệp {name}: biên nhận không kèm danh mục tệp đúng.",
        en=f"File {name} cannot be compared: the receipt brings no valid list of files.",
        about=name,
    )


def mixed(packages: Iterable[str]) -> Finding:
    told = ", ".join(sorted(packages))
    return Finding(
        "one-package",
        ok=False,
        vi=f"Các biên nhận thuộc nhiều gói tin khác nhau: {told}.",
        en=f"The receipts are of different packages: {told}.",
    )


def stray_stamp() -> Finding:
    return Finding(
        "stamp",
        ok=False,
        vi="Có dấu thời gian không thuộc biên nhận nào.",
        en="There is a time stamp that belongs to no receipt.",
    )


def limits(event: Event, names_left: Iterable[str], *, has_stamp: bool) -> tuple[Words, ...]:
    """What the receipt does not prove, so that nobody reads more into it."""
    told = [
        Words("Khóa ký chưa bị thu hồi (muốn biết phải có mạng).", "That the key was not revoked (needs a network)."),
        Words(
            "Nội dung văn bản và chữ ký số bên trong tệp là đúng.",
            "That the document's content and the signatures inside its files are right.",
        ),
    ]
    if not has_stamp:
        told.append(
            Words(
                "Thời điểm theo một đồng hồ độc lập: giờ ghi là giờ của chính hệ thống ký.",
                "The time by an independent clock: it is the signing system's own.",
            )
        )
    if event.kind != EventKind.STATUS:
        told.append(Words("Người nhận đã đọc hay đã xử lý.", "That the recipient has read or acted on it."))
    if left := sorted(names_left):
        told.append(Words(f"Chưa đối chiếu tệp: {', '.join(left)}.", f"Files not compared: {', '.join(left)}."))
    return tuple(told)


def _hop(hop: str) -> tuple[str, str]:
    if hop == _AXIS:
        return "Trục liên thông", "The axis"
    return f"Máy chủ bảo mật {hop}", f"Gateway {hop}"


def _details(event: Event) -> list[tuple[str, str, str]]:
    told = [
        (event.document, "văn bản", "document"),
        (event.recipient, "nơi nhận", "recipient"),
        (event.addressee, "mã ghi trên phong bì", "addressed to"),
        (event.code, "mã", "code"),
        (event.text, "lý do/nội dung:", "reason/content:"),
    ]
    return [(value, vi, en) for value, vi, en in told if value]
