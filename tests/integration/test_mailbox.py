"""Documents come out of a real mailbox (dovecot, TLS) into the register: once, killed or not, and letters move after that."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from apps_process import scripted
from mail_server import PASSWORD, MailServer, mail_server

pytestmark = pytest.mark.integration
PDF = b"%PDF-1.7\n% van ban mau\n%%EOF\n"
CONFIG = """
[site]
secret_key_file = "secret.key"
database = "apps.sqlite3"
largest_file = 100000
[[agency]]
code = "H29"
name = "UBND"
gateway = "https://127.0.0.1:1"
token_file = "token"
ca_file = "root.pem"
[[agency.mailbox]]
url = "{url}"
password_file = "mailbox.password"
ca_file = "{root}"
every = 0
"""
ROUND = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
import os
from apps.office.bringing import mailboxes, rounds
from apps.office.models import Brought, Document, Inlet
def dies(*_):
    os._exit(9)
if DIES:
    setattr(mailboxes, DIES, dies)
rounds.go_round()
rounds.go_round()
for one in Brought.objects.order_by("name", "key"):
    print(one.name, "|", one.document and one.document.subject, "|", one.why, "|", one.told.get("sender"), one.told.get("day"))
print("documents", Document.objects.count(), "problem", Inlet.objects.get().problem)
"""


def letter(subject: str, *files: tuple[str, bytes], number: int = 1, **headers: str) -> bytes:
    made = EmailMessage()
    told = {"Subject": subject, "From": "Sở Mẫu <van@so.example>", "Date": "Fri, 20 Nov 2026 08:00:00 +0700"}
    for name, value in ({"Message-ID": f"<{number}@so.example>"} | told | headers).items():
        made[name] = value
    made.set_content("Kính gửi")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture(scope="module")
def site(server: MailServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    (made / "apps.toml").write_text(CONFIG.format(url=server.url, root=server.root))
    (made / "mailbox.password").write_text(PASSWORD)
    return made


def worked(site: Path, dies: str = "") -> str:
    """One round of a worker; what the register then says. It may be told to die where it would do something."""
    return scripted(site, f"DIES = {dies!r}\n{ROUND}", 9 if dies else 0)


def test_letters_bring_documents_and_move_once_these_are_kept(server: MailServer, site: Path) -> None:
    server.put(
        letter("Mời họp\x00", ("giay-moi.pdf", PDF), ("bang.xlsx.exe", b"MZ")),
        letter("Hai việc", ("mot.pdf", PDF + b"1\n%%EOF"), ("hai.pdf", PDF + b"2\n%%EOF"), number=2),
        letter("Mời họp", ("giay-moi.pdf", PDF)),  # the first once more
        letter("Chỉ hỏi thăm", number=3),
        letter("Quá to", ("to.pdf", PDF + bytes(400_000)), number=4) + b"A" * 1_100_000,
    )
    for step in ("bring", "_move"):  # killed before the register has it, and after
        worked(site, dies=step)
        assert server.count() == 5
    said = worked(site)
    assert "documents 3 problem \n" in said
    assert "giay-moi.pdf | Mời họp | " in said
    assert "Sở Mẫu <van@so.example> 2026-11-20" in said
    assert "hai.pdf | Hai việc – hai.pdf" in said
    for why in ("“bang.xlsx.exe” không phải văn bản", "Thư không có tệp PDF nào", "Thư lớn hơn"):
        assert why in said
    counts = [server.count(each) for each in ("INBOX", "LienThong-da-nhap", "LienThong-khong-nhan")]
    assert counts == [0, 3, 2]


TRY = """
from dataclasses import replace
from django.conf import settings
from apps.office.management.commands.doctor import _mailbox
from apps.office.models import Inlet
from django.utils import timezone
right = settings.CONFIG.agency[0].mailbox[0]
from pathlib import Path
Path("wrong").write_text("sai-mat-khau")
wrongs = {"stranger": replace(right, ca_file=None), "password": replace(right, password_file=Path("wrong")),
    "gone": replace(right, url="imaps://a@127.0.0.1:1"), "plain": replace(right, url="imap://a@127.0.0.1"),
    "folder": replace(right, inbox="KHONG-CO"), "right": right}
for name, each in wrongs.items():
    print(name, "|", _mailbox(each))
"""


def test_a_server_that_is_away_or_not_the_one_meant_is_told(server: MailServer, site: Path) -> None:
    told = dict(line.split(" | ") for line in scripted(site, TRY).splitlines())
    assert "CERTIFICATE_VERIFY_FAILED" in told["stranger"]
    assert "AUTHENTICATIONFAILED" in told["password"]
    assert "sai-mat-khau" not in told["password"]
    assert "imaps://" in told["plain"]
    assert all(told[name] for name in ("gone", "folder"))
    assert told["right"] == ""
