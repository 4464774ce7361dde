"""A draft's text becomes its page: the kind's outline, nothing written lost, nothing laid over a signature."""

from typing import Any
from uuid import uuid4  # noqa: TID251 - what a browser would send

import pypdfium2 as pdfium
import pytest
from django.test import Client
from django.utils import timezone

from apps.office.models import Draft
from apps.office.signing import appearance
from lienthong.signature import Role, sign
from lienthong.testing.pki import pki
from unit.apps.test_compose import TYPED

DECISION = TYPED | {
    "kind": "Quyết định",
    "notation": "",
    "agency_sign": "UBND",
    "signer_competence": "TM. Ủy ban nhân dân; KT. Chủ tịch",
    "signer_position": "Phó Chủ tịch",
    "place": "Thành phố Hồ Chí Minh",
    "to_places": "Như Điều 3\nLưu: VT, VX",
    "due": "",
}


@pytest.fixture
def form() -> str:
    return f"/soan/{uuid4()}/"


def post(clerk: Client, form: str, act: str, **more: Any) -> Any:
    return clerk.post(form, {**DECISION, "act": act, **more})


def read(pdf: bytes) -> str:
    return " ".join(pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded().split())


def test_the_outline_of_the_kind_then_the_page(clerk: Client, form: str) -> None:
    assert post(clerk, form, "outline").status_code == 302
    told = Draft.objects.get().fields
    assert told["notation"] == "QĐ-UBND"
    assert told["body"].startswith("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH\nCăn cứ")
    assert post(clerk, form, "layout", body=told["body"], notation=told["notation"]).status_code == 302
    text = read(clerk.get(form + "tep/0/").content)
    for words in ("Số: 15/QĐ-UBND", "QUYẾT ĐỊNH:", "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH", "- Lưu: VT, VX."):
        assert words in text
    assert "MẪU –" not in text
    assert Draft.objects.get().fields["sign_place"].startswith("at:0:")


def test_what_was_written_stays_when_the_outline_is_taken(clerk: Client, form: str) -> None:
    post(clerk, form, "outline", body="Điều 1. Của tôi.", notation="QĐ-XYZ")
    told = Draft.objects.get().fields
    assert (told["body"], told["notation"]) == ("Điều 1. Của tôi.", "QĐ-XYZ")


def test_what_a_page_lacks_is_said_and_nothing_is_lost(clerk: Client, form: str) -> None:
    answer = post(clerk, form, "layout", kind="Biên bản", signer_competence="Thay mặt ai đó", body="Của tôi")
    text = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Cần ghi ký hiệu", "bắt đầu bằng TM.", "có hai người ký", "Của tôi"):
        assert said in text
    assert not Draft.objects.get().files.exists()


def test_a_signed_page_is_not_laid_out_again(clerk: Client, form: str) -> None:
    whole = {"body": "Điều 1. Mẫu.", "notation": "QĐ-UBND"}
    post(clerk, form, "layout", **whole)
    draft = Draft.objects.get()
    file, place = draft.files.get(), draft.fields["sign_place"]
    seen = appearance(bytes(file.content), Role.LEADER, "Nguyễn Văn Mẫu", "", place)
    signed = sign(bytes(file.content), pki().leader(), Role.LEADER, seen, timezone.now())
    draft.files.update(content=signed)
    answer = post(clerk, form, "layout", **whole)
    assert answer.status_code == 422
    assert "đã có chữ ký" in answer.content.decode()
    assert bytes(Draft.objects.get().files.get().content) == signed
