"""Reports a service signs, and the page they are read as."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import pytest
from lxml import html

from lienthong.errors import EvidenceBroken
from lienthong.signature.judging import Trust
from lienthong.signature.model import Report, Role, Verdict
from lienthong.signature.reporting import Statement, as_html, state, verified
from lienthong.signature.reporting.statement import LARGEST, ServiceKey
from lienthong.signature.reporting.words import CHECKS, ROLES
from lienthong.signature.sentences import ORDER
from lienthong.testing.pki import MOMENT, pki
from unit.signature.documents import judged, sealed

TRUST = Trust("t", pki().roots)


@cache
def report() -> Report:
    return judged(sealed())


def service() -> ServiceKey:
    return pki().gateway("gateway-mau").seal_signer()


@cache
def made() -> str:
    return state(Statement("gateway-mau", report(), "f" * 64), service(), MOMENT)


def test_a_signed_report_is_read_back_as_it_was_made():
    found = verified(made(), TRUST)
    assert (found.signer, found.signed_at) == ("gateway-mau", MOMENT)
    assert found.statement == Statement("gateway-mau", report(), "f" * 64)


def test_a_person_makes_no_reports():
    with pytest.raises(EvidenceBroken, match="not a service's"):
        verified(state(Statement("x", report()), PersonsKey(), MOMENT), TRUST)


class PersonsKey:
    """RSA, which verifies; but it is no service's."""

    certificate = pki().leader().certificate
    chain = pki().leader().chain

    def sign(self, data: bytes) -> bytes:
        return pki().leader().sign(data)


def part(token: str, number: int, change: Callable[[dict[str, Any]], object]) -> str:
    """The token with one part changed."""
    parts = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(parts[number] + "=="))
    change(told)
    parts[number] = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    return ".".join(parts)


CHANGES = {
    "another verdict": part(made(), 1, lambda told: told["report"].update(conclusion="invalid")),
    "another moment": part(made(), 0, lambda told: told.update(iat=1)),
    "another type": part(made(), 0, lambda told: told.update(typ="JWT")),
    "no algorithm": part(made(), 0, lambda told: told.update(alg="none")),
    "a shared secret": part(made(), 0, lambda told: told.update(alg="HS256")),
    "no certificate": part(made(), 0, lambda told: told.update(x5c=[])),
    "garbage for a certificate": part(made(), 0, lambda told: told.update(x5c=["AAAA"])),
    "a moment that is none": part(made(), 0, lambda told: told.update(iat="mai")),
    "something critical": part(made(), 0, lambda told: told.update(crit=["x"])),
    "half of it": made()[: len(made()) // 2],
    "no token": "report",
    "letters": "ký.ký.ký",
    "empty": "",
    "too large": "a" * (LARGEST + 1),
}


@pytest.mark.parametrize("token", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_altered_is_no_report(token: str):
    with pytest.raises(EvidenceBroken):
        verified(token, TRUST)


def test_whom_nobody_trusts_and_who_signed_out_of_time_proves_nothing():
    for trust in (Trust("t", pki().stranger.roots), Trust("t", ())):
        with pytest.raises(EvidenceBroken, match="certificate"):
            verified(made(), trust)
    early = state(Statement("gateway-mau", report()), service(), MOMENT.replace(year=2020))
    with pytest.raises(EvidenceBroken, match="not-yet-valid"):
        verified(early, TRUST)


def test_another_format_is_not_read():
    other = state(Statement("gateway-mau", report(), format="lienthong-signature-report-9"), service(), MOMENT)
    with pytest.raises(EvidenceBroken, match="format"):
        verified(other, TRUST)


def test_the_page_says_a_sentence_a_signature_and_every_check():
    page = html.fromstring(as_html(report(), name="15.pdf", service="gateway-mau"))
    text = page.text_content()
    for told in report().signatures:
        assert told.sentence_vi in text
        assert told.sentence_en in text
        assert told.serial in text
    assert report().sentence_vi in text
    assert report().sha256 in text
    assert len(page.xpath("//tbody/tr")) == len(ORDER) * len(report().signatures)
    assert page.get("lang") == "vi"
    assert not page.xpath("//script | //@href | //@src | //link")


def test_names_from_certificates_are_only_text():
    signature = replace(report().signatures[0], signer="<script>alert(1)</script>\x00\u202e", organisation="A & B")
    written = as_html(replace(report(), signatures=(signature,), conclusion=Verdict.INVALID), name="<b>\x07")
    assert b"<script" not in written
    assert b"A &amp; B" in written
    assert "\u202e" not in written.decode()


def test_every_check_and_role_has_its_words():
    assert tuple(sorted(CHECKS)) == tuple(sorted(ORDER))
    assert set(ROLES) == set(Role)


def test_a_report_survives_json():
    assert msgspec.convert(report().as_dict(), Report) == report()
