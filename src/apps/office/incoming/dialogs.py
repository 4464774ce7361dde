"""The dialogs of an incoming document as data: what each act asks for, how that is read, and the act it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from apps.office.books import books_of
from apps.office.deed import Deed
from apps.office.incoming import acts
from apps.office.incoming.choosing import Choices, read_rows
from apps.office.incoming.policy import Act
from apps.office.models import Book, Document, Lane, Role
from apps.ui.language import t
from lienthong.errors import InvalidValue

LONGEST = 2000
WORKERS = (Role.LEAD, Role.COORDINATE, Role.INFORM)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, read: the words, to whom, into which book."""

    text: str = ""
    rows: Sequence[acts.Recipient] = ()
    book: Book | None = None


KEYS = {
    Act.REGISTER: "v", Act.DIRECT: "b", Act.PROPOSE: "t", Act.FORWARD: "c", Act.COMPLETE: "h", Act.RETURN: "r",
    Act.AGREE: "d",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialog:
    """One act's form. `asks` labels its words, `roles` is as what recipients get it; `said` is told when it is done."""

    act: Act
    label: str
    icon: str
    said: str
    does: Callable[[Deed, Document, Filled], object]
    asks: str = ""
    required: bool = False
    roles: tuple[str, ...] = ()
    books: bool = False

    @property
    def key(self) -> str:
        """The letter that opens it on the document's page."""
        return KEYS.get(self.act, "")

    @property
    def at_once(self) -> bool:
        """Whether one click does it: there is nothing to ask."""
        return not (self.asks or self.roles or self.books)


def _register(deed: Deed, document: Document, filled: Filled) -> object:
    book = filled.book or next(iter(books_of(document.agency, Lane.INCOMING)), None)
    if book is None:
        raise InvalidValue(t("Mọi sổ văn bản đến của cơ quan đều đã khóa."))
    return acts.register(deed, document, book, filled.text)


DIALOGS: Mapping[Act, Dialog] = {
    one.act: one
    for one in (
        Dialog(
            Act.REGISTER, "Tiếp nhận, vào sổ", "done", "Đã vào sổ, số đến {result}; nơi gửi được báo.", _register,
            "Ghi chú (nếu có)", books=True,
        ),
        Dialog(
            Act.REFUSE, "Từ chối tiếp nhận", "refused", "Đã từ chối tiếp nhận; nơi gửi được báo lý do.",
            lambda deed, document, filled: acts.refuse(deed, document, filled.text), "Lý do từ chối", required=True,
        ),
        Dialog(
            Act.PROPOSE, "Trình lãnh đạo", "sending", "Đã trình lãnh đạo.",
            lambda deed, document, filled: acts.propose(deed, document, filled.text, filled.rows),
            "Nội dung trình, đề xuất", required=True, roles=WORKERS,
        ),
        Dialog(
            Act.DIRECT, "Bút phê", "sign", "Đã bút phê và giao việc; nơi gửi được báo.",
            lambda deed, document, filled: acts.direct(deed, document, filled.text, filled.rows),
            "Ý kiến bút phê", required=True, roles=WORKERS,
        ),
        Dialog(
            Act.START, "Bắt đầu xử lý", "work", "Đã ghi là đang xử lý; nơi gửi được báo.",
            lambda deed, document, _filled: acts.start(deed, document),
        ),
        Dialog(
            Act.REPLY, "Soạn văn bản trả lời", "draft", "Đã mở bản nháp trả lời, liên kết với văn bản đến.",
            lambda deed, document, _filled: acts.reply(deed, document),
        ),
        Dialog(
            Act.FORWARD, "Chuyển xử lý", "sending", "Đã chuyển; văn bản nằm ở “Đã chuyển, đang theo dõi”.",
            lambda deed, document, filled: acts.forward(deed, document, filled.rows, filled.text),
            "Lời dặn (nếu có)", roles=WORKERS,
        ),
        Dialog(
            Act.ASK, "Xin ý kiến", "answer", "Đã gửi xin ý kiến.",
            lambda deed, document, filled: acts.ask(deed, document, filled.rows, filled.text),
            "Điều cần hỏi", required=True, roles=(Role.OPINION,),
        ),
        Dialog(
            Act.ANSWER, "Cho ý kiến", "answer", "Đã gửi ý kiến.",
            lambda deed, document, filled: acts.answer(deed, document, filled.text), "Ý kiến", required=True,
        ),
        Dialog(
            Act.RETURN, "Trả lại", "recall", "Đã trả lại người giao.",
            lambda deed, document, filled: acts.give_back(deed, document, filled.text), "Lý do trả lại", required=True,
        ),
        Dialog(
            Act.COMPLETE, "Hoàn thành", "done", "Đã hoàn thành.",
            lambda deed, document, filled: acts.complete(deed, document, filled.text, acts.reply_to(document)),
            "Kết quả (nếu có)",
        ),
        Dialog(
            Act.SEEN, "Đã xem", "done", "Đã ghi là đã xem.",
            lambda deed, document, _filled: acts.seen(deed, document),
        ),
        Dialog(
            Act.AGREE, "Đồng ý", "done", "Đã đồng ý và báo nơi gửi.",
            lambda deed, document, filled: acts.agree(deed, document, filled.text), "Ghi chú (nếu có)",
        ),
        Dialog(
            Act.DECLINE, "Không đồng ý", "refused", "Đã trả lời không đồng ý, kèm lý do.",
            lambda deed, document, filled: acts.decline(deed, document, filled.text), "Lý do", required=True,
        ),
    )
}  # fmt: skip


def fill(dialog: Dialog, typed: Mapping[str, str], choices: Choices) -> Filled:
    """What was typed, or InvalidValue with a sentence that says what is missing."""
    text = typed.get("text", "").strip()
    if dialog.required and not text:
        raise InvalidValue(t("Cần điền “{field}”.", field=t(dialog.asks)))
    if len(text) > LONGEST:
        raise InvalidValue(t("Dài quá {n} chữ cái; xin viết ngắn lại.", n=LONGEST))
    rows = read_rows(typed, choices, dialog.roles) if dialog.roles else []
    _require(dialog, rows)
    return Filled(text, rows, _book(typed, choices) if dialog.books else None)


def _require(dialog: Dialog, rows: Sequence[acts.Recipient]) -> None:
    leads = sum(each.role == Role.LEAD for each in rows)
    if dialog.act == Act.DIRECT and leads != 1:
        raise InvalidValue(t("Bút phê cần đúng một nơi chủ trì; đang có {n}.", n=leads))
    if dialog.act in {Act.FORWARD, Act.ASK} and not rows:
        raise InvalidValue(t("Chưa chọn nơi nhận."))
    if leads > 1:
        raise InvalidValue(t("Chỉ một nơi chủ trì; đang có {n}.", n=leads))


def _book(typed: Mapping[str, str], choices: Choices) -> Book | None:
    books = books_of(choices.agency, Lane.INCOMING)
    return next((book for book in books if str(book.pk) == typed.get("book")), books[0] if books else None)
