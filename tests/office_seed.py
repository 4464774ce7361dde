"""Puts something of every kind into a fresh office, through its own pages, and tells the addresses.

Run in a process of its own that has set Django up (`office_site`).
"""
# ruff: noqa: T201 - its output is what it is asked for

import io
import json
from typing import Any
from uuid import uuid4  # noqa: TID251 - what a browser would send

from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.office.models import Document, Draft, Lane
from apps.staff.models import Unit
from office_site import PEOPLE
from office_walk import patterns, walk

TEXT = {
    "kind": "Quyết định",
    "notation": "QĐ-UBND",
    "place": "Thành phố Hồ Chí Minh",
    "signer_name": "Nguyễn Văn Mẫu",
    "signer_position": "Chủ tịch",
    "body": "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch mẫu.\nĐiều 2. Quyết định này có hiệu lực từ ngày ký.",
}


def main(documents: int) -> None:
    """All of it; the last line is JSON."""
    call_command("fill", documents=documents, days=60, stdout=io.StringIO())
    people = {who: _entered(who) for who in PEOPLE}
    unit = Unit.objects.get(name="Phòng Tổng hợp (mẫu)")
    people["vanthu"].get("/den/cho-tiep-nhan/")
    paths = _outgoing(people) | _files(people, unit.pk)
    people["vanphong"].post("/tim/luu/", {"q": "han:qua", "label": "Quá hạn của cơ quan", "everybody": "1"})
    pages = walk(people, sorted(path for path in paths.values() if path))
    print(json.dumps({"paths": paths, "patterns": patterns(), "pages": pages}))


def _entered(who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=who))
    return client


def _outgoing(people: dict[str, Client]) -> dict[str, str]:
    """Drafts at each step of the way out, up to the seal: the gateway of the served office knows nothing of this one's."""
    leader = User.objects.get(username="lanhdao").pk
    steps: list[tuple[str, dict[str, Any]]] = [
        ("truongphong", {"act": "approve", "version": 1}),
        ("vanthu", {"act": "approve", "version": 1}),
        ("lanhdao", {"act": "sign", "version": 1}),
        ("vanthu", {"act": "number"}),
        ("vanthu", {"act": "seal"}),
    ]
    found = {}
    for count in (0, 1, 2, 2, 3, 4, 5):
        address = _handed_on(people["chuyenvien"], leader, f"Về việc ban hành Kế hoạch mẫu, bước {count}")
        for who, told in steps[:count]:
            people[who].post(address, told)
        found[f"outgoing-{count}"] = address
    people["vanthu"].post(f"/soan/{uuid4()}/", {**TEXT, "subject": "Bản nháp mẫu", "act": "save", "codes": "G09 G12"})
    to_sign = Draft.objects.get(document=found["outgoing-2"].split("/")[-2])
    return found | {"sign": f"/soan/{to_sign.pk}/ky/"}


def _handed_on(officer: Client, leader: int, subject: str) -> str:
    form = f"/soan/{uuid4()}/"
    officer.post(form, {**TEXT, "subject": subject, "act": "save", "codes": "G09 G12"})
    return str(officer.post(form, {**TEXT, "subject": subject, "act": "submit", "signer": leader})["Location"])


def _files(people: dict[str, Client], unit: int) -> dict[str, str]:
    """A case file that is closed and handed over, one that is open, a copy, an internal document."""
    head, clerk = people["truongphong"], people["vanthu"]
    keeper = User.objects.get(username="truongphong").pk
    told = {"title": "Hồ sơ mẫu về chuyển đổi số", "unit": unit, "keeper": keeper, "years": "20"}
    document = Document.objects.filter(agency="H29", lane=Lane.INCOMING).exclude(numbers=None).latest("came")
    case = str(head.post("/ho-so/moi/", told)["Location"])
    head.post("/ho-so/moi/", told | {"title": "Hồ sơ mẫu đang mở"})
    head.post(case, {"act": "say", "text": "Ý kiến mẫu"})
    head.post(case, {"act": "share", "person": User.objects.get(username="vanthu").pk})
    clerk.post(case, {"act": "put-in", "document": str(document.pk)})
    head.post(case, {"act": "close", "end_note": "Đủ", "pages": "1", "sheets": "0"})
    given = head.post(
        f"/nop-luu/moi/?don-vi={unit}",
        {"case": case.split("/")[-2], "title": "Khối hồ sơ mẫu", "metres": "0,5", "boxes": "1"},
    )
    copy = clerk.post(
        f"/sao/moi/{document.pk}/",
        {"id": str(uuid4()), "way": "TRUE:paper", "signer": "Nguyễn Văn Mẫu", "number": "2", "recipients": "Lưu: VT"},
    )
    upload = io.BytesIO(bytes(document.files.get(main=True).content.body.open().read()))
    upload.name = "noi-bo.pdf"
    clerk.post(
        "/noi-bo/moi/",
        {"id": str(uuid4()), "subject": "Thông báo nội bộ mẫu", "kind": "Thông báo", "issued": "2026-11-20",
         "signer": "Nguyễn Văn Mẫu", "files": upload, "rows": "1", "who0": f"u{unit}", "role0": "lead"},
    )  # fmt: skip
    return {
        "case": case,
        "copy": str(copy.get("Location", "")),
        "handover": str(given.get("Location", "")),
        "new-copy": f"/sao/moi/{document.pk}/",
    }
