"""What the counterpart does, chosen by a word in square brackets in the subject: `V/v thử [từ chối]`.

Accents, case and spaces do not matter, English words do as well, a number may follow (`[trễ 60]`, `[gửi 5]`).
"""

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"\[\s*([^\[\]\d]+?)\s*(\d{1,4})?\s*\]")


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word, the same in English, what happens, in both languages.

    `codes`: the statuses that are reported one after the other; `takes`: whether the document is taken at all;
    `act`: what the counterpart does besides; `count`: the number, if none follows.
    """

    word: str
    english: str
    vi: str
    en: str
    codes: tuple[str, ...] = ("01", "03", "06")
    takes: bool = True
    act: str = ""
    count: int = 0


USUAL = Keyword(
    "xử lý", "process", "Nhận, vào sổ, phân công, xử lý, hoàn thành", "takes it, and works to the end",
    ("01", "03", "04", "05", "06"),
)  # fmt: skip
KEYWORDS = (
    USUAL,
    Keyword("đến", "arrive", "Chỉ báo đã đến (01)", "reports arrival, nothing more", ("01",)),
    Keyword("vào sổ", "register", "Đã đến rồi vào sổ (03)", "reports arrival and registration", ("01", "03")),
    Keyword("từ chối", "refuse", "Từ chối tiếp nhận (02), có lý do", "refuses it with a reason", ("01", "02")),
    Keyword("im lặng", "silent", "Không lấy: văn bản nằm chờ", "does not take it: it waits", (), takes=False),
    Keyword("trễ", "delay", "Để chờ N giây (30) rồi mới lấy", "leaves it for N seconds (30)", USUAL.codes, count=30),
    Keyword("trả lời", "answer", "Xử lý xong rồi gửi văn bản trả lời", "works to the end, then answers", act="answer"),
    Keyword("giữ lại", "keep", "Khi bị thu hồi, cập nhật thì từ chối (16)", "refuses a recall or update (16)"),
    Keyword("gửi", "send", "Gửi cho bạn N văn bản (1)", "sends you N documents (1)", act="send", count=1),
    Keyword("khẩn", "urgent", "Gửi cho bạn một văn bản hỏa tốc", "sends you a flash document", act="urgent"),
    Keyword("lớn", "large", "Gửi cho bạn tệp N MB (20)", "sends you a file of N MB (20)", act="large", count=20),
    Keyword("thu hồi", "recall", "Gửi một văn bản rồi thu hồi", "sends a document and recalls it", act="recall"),
    Keyword("cập nhật", "update", "Gửi rồi rút bạn khỏi nơi nhận", "sends, then removes you", act="update"),
    Keyword("thay thế", "replace", "Gửi rồi thay bằng văn bản khác", "sends, then replaces it", act="replace"),
    Keyword("mẫu cũ", "legacy", "Gửi gói edXML lệch mẫu, tệp bọc ZIP", "sends odd edXML, files zipped", act="legacy"),
)


def keyword_of(subject: str) -> tuple[Keyword, int]:
    """The first word that is known, and its number; without any, the usual."""
    for word, number in _WORD.findall(subject):
        for known in KEYWORDS:
            if plain(word) in {plain(known.word), known.english}:
                return known, int(number) if number else known.count
    return USUAL, 0


def plain(text: str) -> str:
    """Lower case, no accents, single spaces."""
    taken_apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(sign for sign in taken_apart if not unicodedata.combining(sign)).split())
