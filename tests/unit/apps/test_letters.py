"""Letters of strangers: what they say as data, attachments that may come in, and all that is built to harm, in words."""

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.office.bringing.letters import read
from lienthong.errors import InvalidValue
from unit.apps.office_made import PDF
from unit.apps.test_uploads import MACRO, WORD

LARGEST = 400_000


def letter(*files: tuple[str, bytes], **headers: str) -> bytes:
    made = EmailMessage()
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Kính gửi")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def test_sender_subject_and_day_are_data() -> None:
    found = read(
        letter(("a.pdf", PDF), From="Sở Mẫu <a@b.example>", Subject="V/v họp", Date="Fri, 20 Nov 2026 08:00:00 +0700"),
        LARGEST,
    )
    assert found.told == {"sender": "Sở Mẫu <a@b.example>", "subject": "V/v họp", "day": "2026-11-20"}
    assert [each.name for each in found.files] == ["a.pdf"]


@pytest.mark.parametrize(("name", "data", "said"), [
    ("a.pdf", b"MZ", "chương trình"), ("a.docx", MACRO, "macro"), ("a.exe", PDF, "chương trình"),
    ("a.pdf", PDF + b"/Encrypt 1 0 R", "mật khẩu"), ("a.pdf", PDF + bytes(LARGEST), "lớn hơn"),
    ("a.zip", b"PK\x03\x04", "không phải văn bản"), ("a.pdf", WORD, "đổi tên"),
])  # fmt: skip
def test_what_may_not_come_in_is_told(name: str, data: bytes, said: str) -> None:
    found = read(letter((name, data), ("tot.pdf", PDF)), LARGEST)
    assert [each.name for each in found.files] == ["tot.pdf"]
    assert said in found.refused[0]


def test_too_many_files_are_told_one_by_one() -> None:
    found = read(letter(*((f"{n}.pdf", PDF + b"%d" % n) for n in range(52))), LARGEST)
    assert (len(found.files), len(found.refused)) == (50, 2)
    assert "“51.pdf” để lại trong thư" in found.refused[1]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "a\r\nb.pdf", "y\u202efdp.pdf", "\\\\may\\x.pdf", "x" * 900 + ".pdf"]
)
def test_forged_names_are_only_names(name: str) -> None:
    raw = (
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''"
        + _escaped(name)
        + b"\r\n\r\n"
        + PDF
    )
    [file] = read(raw, LARGEST).files
    assert file.name.isprintable()
    assert not {"/", "\\"} & set(file.name)
    assert len(file.name) <= 204


def _escaped(name: str) -> bytes:
    return "".join(f"%{byte:02X}" for byte in name.encode()).encode()


def _nested(depth: int) -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return heads + b"Content-Type: application/pdf\r\n\r\n" + PDF


@pytest.mark.parametrize(("raw", "said"), [
    (_nested(20), "quá sâu"), (_nested(5000), "quá sâu"),
    (b"Content-Type: message/rfc822\r\n\r\n" * 3000, "quá sâu"),
    (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 900, "quá nhiều phần"),
])  # fmt: skip
def test_bombs_are_refused_as_a_whole(raw: bytes, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        read(raw, LARGEST)


def test_the_same_letter_has_the_same_id_and_no_other() -> None:
    one, again, other = (read(letter(Message_ID=each), LARGEST).id for each in ("<1@a>", "<1@a>", "<2@a>"))
    assert one == again != other
    assert read(letter(Subject="a"), LARGEST).id != read(letter(Subject="b"), LARGEST).id
    assert len(one) == 40


def test_endless_headers_cost_little() -> None:
    found = read(b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\r\nFrom: " + b"(" * 100_000 + b"\r\n\r\n", LARGEST)
    assert len(found.subject) <= 300


@settings(max_examples=200)
@given(
    st.binary(max_size=400),
    st.sampled_from(
        [
            b"",
            b"Content-Type: multipart/x; boundary=a\n\n--a\n",
            b"Subject: ",
            b"From: ",
            b"Date: ",
            b"Content-Disposition: attachment; filename*0*=",
        ]
    ),
)
def test_whatever_comes_it_is_read_or_refused(data: bytes, before: bytes) -> None:
    with suppress(InvalidValue):
        assert len(read(before + data, LARGEST).id) == 40
