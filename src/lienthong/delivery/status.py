"""What the receiving agency does with a document: the legal moves of the business statuses, and their merging.

Source: national axis SDK samples and Decision 28/2018/QĐ-TTg Art. 9–10 (01→02 | 01→03→04→05→06; answers 15/16 to a
recall, an update or a replacement; 13 announces a recall and comes from the issuer).
"""

from collections.abc import Iterable, Sequence

from lienthong.delivery.model import StatusReport
from lienthong.document import StatusCode
from lienthong.errors import IllegalMove

C = StatusCode

# None: nothing reported yet. An agency may skip steps forward (03 → 06), never go back.
MOVES: dict[StatusCode | None, frozenset[StatusCode]] = {
    None: frozenset({C.ARRIVED, C.REFUSED, C.REGISTERED}),
    C.ARRIVED: frozenset({C.REFUSED, C.REGISTERED}),
    C.REGISTERED: frozenset({C.ASSIGNED, C.PROCESSING, C.FINISHED}),
    C.ASSIGNED: frozenset({C.ASSIGNED, C.PROCESSING, C.FINISHED}),
    C.PROCESSING: frozenset({C.ASSIGNED, C.PROCESSING, C.FINISHED}),
    C.REFUSED: frozenset(),
    C.FINISHED: frozenset(),
}

ANSWERS = frozenset({C.RECALL_AGREED, C.RECALL_DECLINED})
PROGRESS = (C.ARRIVED, C.REGISTERED, C.ASSIGNED, C.PROCESSING, C.FINISHED)
NEEDS_REASON = frozenset({C.REFUSED, C.RECALL_DECLINED})


def report(current: StatusCode | None, new: StatusCode, *, asked: bool, reason: str) -> StatusCode | None:
    """The status after the receiver's own report; raises `IllegalMove` for a move outside the table.

    `asked`: a recall, update or replacement waits for an answer (15 or 16); answers leave the progress as it is.
    """
    if new in NEEDS_REASON and not reason.strip():
        raise IllegalMove(f"{new.value}: thiếu lý do / a reason is required")
    if new in ANSWERS:
        if not asked:
            raise IllegalMove(f"{new.value}: không có yêu cầu thu hồi hay cập nhật / nothing was asked")
        return current
    if new not in MOVES.get(current, frozenset()):
        raise IllegalMove(f"{current.value if current else '–'} → {new.value}")
    return new


def merge(codes: Iterable[StatusCode]) -> StatusCode | None:
    """The current status from every report ever heard, in any order and any number of times.

    Progress wins by rank; a refusal counts only while nothing was registered (a 02 after a 03 is illegal and ignored).
    """
    heard = frozenset(codes)
    registered = [code for code in PROGRESS[1:] if code in heard]
    if registered:
        return registered[-1]
    return C.REFUSED if C.REFUSED in heard else C.ARRIVED if C.ARRIVED in heard else None


def as_done(reports: Iterable[StatusReport]) -> Sequence[StatusReport]:
    """Reports in the order in which they were done, whatever order the wire brought them in.

    edXML tells whole seconds; what was done within one is told in the order of the codes, which is that of the work.
    """
    return sorted(reports, key=lambda one: (one.at, one.code))
