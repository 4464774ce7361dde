"""Whose a key is: of a certificate, of a case that is not over, or of a machine that asks by ACME; never of two."""

from typing import cast

import msgspec
from cryptography import x509

from lienthong.ca.acme.model import account_with
from lienthong.ca.life.forms import Form
from lienthong.ca.life.kinds import CaseKind, Reason
from lienthong.ca.life.states import UNISSUED
from lienthong.ca.profiles import PublicKey
from lienthong.ca.registers import Case, Change, Held, Record, View
from lienthong.ca.rules.keys import key_id, parsed_request, spki
from lienthong.errors import KeyReused

KIND = "asked-key"
_id = msgspec.json.Decoder(str).decode


def key_in(form: Form) -> str:
    """What the key of a form's request is known by; empty without one. The request was checked before."""
    text = getattr(form, "csr", "")
    return key_id(spki(parsed_request(text.encode()).public_key())) if text else ""


def key_of(held: Held) -> PublicKey:
    """The public key in a certificate."""
    return cast("PublicKey", x509.load_der_x509_certificate(held.certificate).public_key())


def keep(tx: Change, case: Case) -> None:
    """Write down for which key a case asks: until it is over nobody else gets anything for it."""
    if key := key_in(case.form):
        tx.put_record(Record(KIND, key, case.id))


def require_fresh(view: View, key: str, case: Case) -> None:
    """KeyReused for a key that another certificate or request has: a renewal or change may keep its own, unless it was
    stolen. Nor is a key certified that a machine asks with (RFC 8555 §11.1).
    """
    if (account := account_with(view, key)) is not None:
        raise KeyReused(f"ACME {account.id}")
    _require_unasked(view, key, case.id)
    for each in view.of_key(key):
        own = each.id == case.about and case.kind in {CaseKind.RENEWAL, CaseKind.CHANGE}
        if not (own or each.case == case.id) or each.reason is Reason.KEY_COMPROMISE:
            raise KeyReused(each.id)


def require_uncertified(view: View, key: str) -> None:
    """KeyReused for a key of a certificate or of a request: no machine asks with it (RFC 8555 §11.1)."""
    _require_unasked(view, key)
    if held := view.of_key(key):
        raise KeyReused(held[0].id)


def _require_unasked(view: View, key: str, but: str = "") -> None:
    told = view.record(KIND, key)
    case = view.case(_id(told)) if told is not None else None
    if case is not None and case.id != but and case.state in UNISSUED and key_in(case.form) == key:
        raise KeyReused("hồ sơ khác / another case")
