"""1 July 2025 at full size: 63 provinces, 705 districts and 10,600 communes become 34 and 3,321, in one plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import transaction

import merger_country as country
from apps.accounts.models import User
from apps.directory import book, models, plans, publishing
from lienthong.document import OrganisationCode
from lienthong.registry import Book, Directory, ResolutionKind, bearer, peek
from lienthong.testing.pki import pki
from unit.apps.test_directory import Printed

EVE = datetime(2025, 6, 30, 3, tzinfo=UTC)
AFTER = datetime(2025, 7, 1, 3, tzinfo=UTC)


@dataclass
class Done:
    """The country once the plan was carried out: the gateway's view, the two files, and how many steps it took."""

    directory: Directory
    press: Printed
    steps: int


@pytest.fixture(scope="module")
def done(site: None) -> Iterator[Done]:
    """Entered, planned, approved, carried out and published, for real; then undone."""
    with transaction.atomic():
        maker, checker = (User.objects.create(username=name, name=name, role="registration") for name in ("mot", "hai"))
        change = book.begin(maker, "begin", "mẫu")
        book.put(change, country.before())
        for each in country.gateways():
            book.list_gateway(change, each)
        book.speak(change, country.representations())
        press = Printed()
        publishing.ask(maker, 60, country.DAY - timedelta(days=1))
        publishing.print_waiting(press)
        row = plans.draft(maker, country.plan())
        plans.approve(checker, plans.propose(maker, row))
        plans.carry_out(checker, row)
        publishing.ask(checker, 60, country.DAY)
        publishing.print_waiting(press)
        held, now = Book(pki().roots), datetime.now(UTC)  # noqa: TID251  the app publishes by the real clock
        held.offer(press.out[0][1], now)
        assert held.offer(press.out[1][2], now)
        yield Done(held.directory(), press, len(row.steps))
        transaction.set_rollback(True)


def open_on(directory: Directory, moment: datetime, level: str) -> list[str]:
    day = moment.date()
    return [
        str(each.code)
        for each in directory.snapshot.organisations
        if each.level == level and each.begun_by(day) and not each.closed_on(day)
    ]


def test_the_numbers_are_those_of_the_law(done: Done):
    assert [len(open_on(done.directory, EVE, level)) for level in ("province", "district", "commune")] == [
        63,
        705,
        10_600,
    ]
    assert [len(open_on(done.directory, AFTER, level)) for level in ("province", "district", "commune")] == [
        34,
        0,
        3_321,
    ]


def test_a_document_to_any_old_commune_goes_to_its_heir(done: Done):
    for old, new in country.heirs().items():
        found = done.directory.resolve(OrganisationCode(old), AFTER)
        assert found.kind is ResolutionKind.REDIRECTED
        assert found.organisation is not None
        assert str(found.organisation.code) == new
        assert done.directory.gateway_of(found.organisation.code, AFTER) is not None


def test_a_document_to_a_merged_province_goes_to_the_one_that_keeps_its_code(done: Done):
    for old, new in country.absorbed().items():
        found = done.directory.resolve(OrganisationCode(old), AFTER)
        assert (found.kind, found.organisation and str(found.organisation.code)) == (ResolutionKind.REDIRECTED, new)
        legacy = done.directory.resolve(OrganisationCode(f"000.00.00.{old}"), AFTER)
        assert legacy.organisation == found.organisation


def test_a_document_to_a_district_is_refused_with_its_heirs_named(done: Done):
    for each in country.districts():
        found = done.directory.resolve(each.code, AFTER)
        if len(found.successors) > 1:
            assert found.kind is ResolutionKind.CLOSED
        else:
            assert found.kind is ResolutionKind.REDIRECTED


def test_the_day_before_everything_is_as_it_was(done: Done):
    for code in country.before():
        assert done.directory.resolve(code, EVE).kind is ResolutionKind.CURRENT
        assert done.directory.gateway_of(code, EVE) is not None


def test_the_past_stays_readable(done: Done):
    history = book.history(OrganisationCode("H25.01"))
    assert bearer(history, EVE.date()) is not None
    assert bearer(history, AFTER.date()) is None
    assert len(book.children("H25", EVE.date())) > 0
    assert book.children("H25", AFTER.date()) == []


def test_one_change_and_one_delta_announce_it(done: Done):
    change = models.Plan.objects.get().result
    codes = len(country.absorbed()) + country.DISTRICTS + country.COMMUNES + country.AFTER
    assert models.Period.objects.filter(begun=change).count() == codes
    _, whole, delta = done.press.out[1]
    assert len(delta) < len(whole)
    assert peek(whole).digest() == done.directory.snapshot.digest()
    assert done.steps > 17_000
    assert len(msgspec.json.encode(country.plan())) < 4_000_000
