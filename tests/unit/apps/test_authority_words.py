"""The screens speak of all that the authority knows, by its own names; orders are the same bytes on both sides."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from apps.authority import forms, words
from apps.authority.templatetags.authority import in_order, told
from lienthong.ca.casework import ORDERED
from lienthong.ca.delegation.model import Duty, Level, Officer, RegistrationAuthority
from lienthong.ca.delegation.orders import Statement
from lienthong.ca.hierarchy.purposes import PURPOSES
from lienthong.ca.life.departure import DepartureState, Leaving
from lienthong.ca.life.forms import Form
from lienthong.ca.life.kinds import CaseKind, CertificateState, Reason
from lienthong.ca.life.states import WORKING_DAYS, CaseState
from lienthong.ca.life.table import COLUMNS
from lienthong.ca.people import digest_of
from lienthong.ca.tokens import TokenState
from lienthong.client import Deed, OrderStatement
from lienthong.client import Officer as TheirOfficer
from lienthong.client import RegistrationAuthority as TheirAuthority
from lienthong.client import digest_of as their_digest
from lienthong.testing.clock import START


def test_every_word_of_the_authority_is_spoken() -> None:
    assert words.KINDS.keys() == set(CaseKind)
    assert {kind for _, held in words.GROUPS for kind in held} == set(CaseKind)
    assert words.STATES.keys() == set(CaseState)
    assert words.TARGETS == WORKING_DAYS
    assert set(words.CERTIFICATES) - {"ended"} == set(CertificateState)
    assert words.TOKENS.keys() == set(TokenState)
    assert words.REASONS.keys() == set(Reason)
    assert {each.value: each.vi for each in Leaving} == words.LEAVINGS
    assert words.DEPARTURES.keys() == set(DepartureState)
    assert {"put", *(act.value for act in ORDERED)} == words.ORDERS.keys()
    assert words.DUTIES.keys() == set(Duty)
    assert words.LEVELS.keys() == set(Level)
    assert words.PROFILES.keys() == {name for each in PURPOSES.values() for name in each.profiles}
    assert set(words.LISTS) == set(COLUMNS)


def test_every_form_has_the_boxes_of_its_type() -> None:
    for form in get_args(Form):
        shown = {field.name for field in forms.FORMS[form.kind]}
        assert shown == set(form.__struct_fields__) - {"letter"}, form.kind


def test_orders_are_the_same_bytes_on_both_sides() -> None:
    told = ("CA mẫu", "approve", "c1", "d" * 64, "trung", START, "0" * 32, "examined", "vì sao")
    assert OrderStatement(*told).to_bytes() == Statement(*told).to_bytes()
    assert OrderStatement.from_bytes(Statement(*told).to_bytes()).at - START == timedelta()
    scope = ("ra", "Bộ mẫu", ("G09",), frozenset({"person", "gateway"}), 7)
    matrix = {CaseKind.CHANGE: Level.CENTRE, CaseKind.LOSS: Level.DELEGATED}
    theirs = TheirAuthority(*scope, {kind.value: level.value for kind, level in matrix.items()}, active=False)
    assert their_digest(theirs) == digest_of(RegistrationAuthority(*scope, matrix, active=False))
    person, duties = ("lan", "Lan", "ra"), (Duty.REQUEST, Duty.LOOK, Duty.DELIVER)
    rest: Any = ("AAAA", "f" * 64, True, "lan@example.vn")
    ours = Officer(*person, frozenset(duties), *rest)
    assert their_digest(TheirOfficer(*person, frozenset(map(str, duties)), *rest)) == digest_of(ours)


@pytest.mark.parametrize(
    ("act", "said", "shown"),
    [
        ("put", "RegistrationAuthority ra-h29", "cơ quan đăng ký ra-h29"),
        ("put", "Officer lan", "cán bộ lan"),
        ("stock", "token T-900 /H29/H29.12/", "thiết bị T-900 của H29.12"),
        ("open", "person", "Cấp mới cho cá nhân"),
        ("issue", "ab" * 32, ""),
    ],
)
def test_the_log_is_told_in_words(act: str, said: str, shown: str) -> None:
    assert told(Deed(START, "lan", act, "", "", "", said, 1)) == shown


def test_duties_stand_in_the_order_in_which_a_case_meets_them() -> None:
    assert in_order(frozenset({"look", "new-here", "deliver", "request"})) == ["request", "deliver", "look", "new-here"]
