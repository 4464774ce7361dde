"""Files on their way in: up to the limit to the byte, beyond it in words, without memory or disk, whatever is announced."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4  # noqa: TID251 - as a browser's form has one

import pytest
from django.conf import settings
from django.test import Client

from apps.office.models import Content, Document
from apps.staff.models import Duty
from unit.apps.office_made import Agency, undone

EDGE = "ranh-gioi"
LARGEST = 400_000
FAR = 256 << 20
PIECE = bytes(1 << 16)
WORD = {"issuer": "Sở Mẫu", "subject": "Trích yếu đã gõ", "issued": "2026-11-20"}


class Body:
    """A form with a generated file of `size` bytes in the middle of its fields; nothing of it lies anywhere."""

    def __init__(self, fields: dict[str, str], size: int, files: int = 1, watched: Path | None = None) -> None:
        typed = [(name, None, value.encode()) for name, value in fields.items()]
        self.kept, self.watched, self.most = b"", watched, 0
        self.parts = self._parts(typed[0], *["to.pdf"] * files, *typed[1:], size=size)
        self.length = sum(len(part) for part in self._parts(typed[0], *["to.pdf"] * files, *typed[1:], size=size))

    def _parts(self, *parts: str | tuple[str, None, bytes], size: int) -> Iterator[bytes]:
        for part in parts:
            name, ending, value = (part, "", b"") if isinstance(part, str) else part
            if ending is None:
                yield f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
                continue
            yield f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n%PDF-'.encode()
            yield from (PIECE[: min(len(PIECE), size - at)] for at in range(5, size, len(PIECE)))
            yield b"\r\n"
        yield f"--{EDGE}--\r\n".encode()

    def read(self, size: int) -> bytes:
        while len(self.kept) < size and (part := next(self.parts, b"")):
            self.kept += part
        if self.watched is not None:
            self.most = max(self.most, sum(file.stat().st_size for file in self.watched.iterdir()))
        given, self.kept = self.kept[:size], self.kept[size:]
        return given

    readline = read
    """Never called: a form is read by pieces."""


@pytest.fixture
def clerk() -> Iterator[Client]:
    with undone():
        client = Client()
        client.force_login(Agency().person(Duty.CLERK))
        yield client


def sent(client: Client, body: Body, number: object = "", **environ: object):
    told = {"CONTENT_TYPE": f"multipart/form-data; boundary={EDGE}", "CONTENT_LENGTH": str(body.length)}
    return client.request(
        PATH_INFO=f"/den/van-ban-giay/{number or uuid4()}/",
        REQUEST_METHOD="POST",
        **(told | environ),
        **{"wsgi.input": body},
    )


def test_a_file_far_too_large_costs_neither_memory_nor_disk_and_nothing_typed(
    clerk: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
    body = Body(WORD, FAR, watched=tmp_path)
    tracemalloc.start()
    answer = sent(clerk, body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Tệp “to.pdf” lớn hơn" in text
    assert "Trích yếu đã gõ" in text
    assert peak < 30 << 20
    assert body.most <= LARGEST
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 302), (LARGEST + 1, 422)])
def test_the_limit_is_meant_to_the_byte(clerk: Client, size: int, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILE_UPLOAD_MAX_MEMORY_SIZE", 0)  # as for larger forms: to the disk
    number = uuid4()
    assert sent(clerk, Body(WORD, size), number).status_code == status
    assert Document.objects.filter(pk=number).exists() == (status == 302)
    if status == 302:
        assert Content.objects.get(files__document=number).size == size


def test_very_many_files_are_refused_together(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILE_UPLOAD_MAX_MEMORY_SIZE", 0)
    assert sent(clerk, Body(WORD, LARGEST, files=21)).status_code == 400


def test_what_announces_no_length_is_not_read(clerk: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = clerk.cookies
    body = Body(WORD, 1 << 30)
    answer = sent(strict, body, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411
    assert "không nói trước dài bao nhiêu" in answer.content.decode()
    assert next(body.parts) is not None  # still where it was


def test_less_than_announced_is_no_file(clerk: Client) -> None:
    body = Body(WORD, 50_000)
    body.parts = iter([next(body.parts), next(body.parts), PIECE[:100]])
    assert sent(clerk, body).status_code in {400, 422}
    assert not Document.objects.filter(subject=WORD["subject"]).exists()
