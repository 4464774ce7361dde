"""A scanned page with Vietnamese words is found by the search box, without accents: real tesseract, real worker, real page.

The worker is killed in the middle of a file and started again; each page is in the index once.
"""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

import form_files
import scans
from apps_process import scripted
from lienthong.testing.pki import pki

pytestmark = pytest.mark.integration
CONFIG = '[site]\nsecret_key_file = "secret.key"\ndatabase = "apps.sqlite3"\nhosts = ["testserver"]\n'
AGENCY = '[[agency]]\ncode = "H29"\nname = "UBND"\ngateway = "https://127.0.0.1:1"\ntoken_file = "token"\nca_file = "root.pem"\n'
ENTER = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from apps.staff.models import Duty
from unit.apps.office_made import Agency
clerk = Client()
clerk.force_login(Agency("H29").person(Duty.CLERK))
told = {"issuer": "So Mau", "subject": "V/v mot viec", "issued": "2026-11-20"}
scan = SimpleUploadedFile("quet.pdf", open("scan.pdf", "rb").read(), "application/pdf")
assert clerk.post("/den/van-ban-giay/8e2d1f0a-4a44-4a0c-9d6c-0d3d8f2b7a01/", told | {"file": scan}).status_code == 302
from apps.office.finding.reading import read_some
read_some("H29")
"""
DIE = """
import os
from apps.office.finding import recognising
kept = recognising._kept
recognising._kept = lambda *told: (kept(*told), os._exit(9))
recognising.go_round()
"""
GO_ON = """
from apps.office.finding import recognising
from apps.office.models import Recognition
assert len(Recognition.objects.get().pages) == 1
recognising.SPELL = 600
Recognition.objects.update(due="2026-01-01T00:00Z")
recognising.go_round()
"""
FIND = """
from django.test import Client
from apps.accounts.models import User
from apps.office.models import Recognition
clerk = Client()
clerk.force_login(User.objects.get())
row = Recognition.objects.get()
assert (row.pages, row.asked, row.failed, row.due) == ([], 2, 0, None), vars(row)
assert row.content.text.count("CHỦ NGHĨA") == 2, row.content.text
for typed in ("the thuc chu ky so", "thử thể thức", "hieu luc quyet"):
    assert "V/v mot viec" in clerk.get("/tim/", {"q": typed}).content.decode(), typed
assert "V/v mot viec" not in clerk.get("/tim/", {"q": "khong co trong ban quet"}).content.decode()
page = clerk.get("/van-ban/8e2d1f0a-4a44-4a0c-9d6c-0d3d8f2b7a01/").content.decode()
assert "Đã nhận dạng chữ trong bản quét (2 trang)." in page
"""


def test_it_is_found_by_what_it_says(tmp_path: Path) -> None:
    page = form_files.page().pdf
    (tmp_path / "scan.pdf").write_bytes(scans.scan(scans.together(page, page)))
    (tmp_path / "apps.toml").write_text(CONFIG + AGENCY)
    (tmp_path / "token").write_text("khong ai hoi")
    (tmp_path / "root.pem").write_bytes(
        b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in pki().roots)
    )
    scripted(tmp_path, ENTER + DIE, 9)
    scripted(tmp_path, GO_ON + FIND)
