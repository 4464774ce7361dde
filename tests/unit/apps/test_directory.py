"""The directory: two times, imports, plans, publications; nothing half-done, nobody alone."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.directory import book, imports, models, plans, publishing, tables
from apps.directory.models import PlanState
from lienthong.adapters import publishing as real
from lienthong.document import OrganisationCode
from lienthong.errors import ConfigurationInvalid, InvalidValue, NotAllowed
from lienthong.registry import (
    Book,
    Gateway,
    Plan,
    Representation,
    ResolutionKind,
    SnapshotSigner,
    bearer,
    level1_histories,
    read_plan,
    table_of,
)
from lienthong.testing.pki import pki

DAY = date(2026, 12, 1)
MERGER = {
    "title": "Sắp xếp mẫu",
    "day": DAY,
    "steps": [
        {"act": "open", "organisation": {"code": "H26.9", "name": "Phường mới", "level": "commune", "parent": "H26"}},
        {"act": "merge", "codes": ["H26.1"], "into": "H26.9"},
        {"act": "split", "code": "H26.2", "into": ["H26.9", "H26"]},
        {"act": "represent", "gateway": "gw-1", "organisation": "H26.9"},
    ],
}
CSV = """Mã định danh,Tên cơ quan,Cấp,Mã cấp trên
H26.1,Phường Một (mẫu),commune,H26
H26.2,Phường Hai (mẫu),commune,H26
"""


class Printed:
    """A press that keeps what it was given."""

    def __init__(self) -> None:
        self.signer: SnapshotSigner = pki().registry()
        self.out: list[tuple[int, bytes, bytes]] = []

    def hand_out(self, version: int, signed: bytes, delta: bytes) -> None:
        self.out.append((version, signed, delta))


def code(text: str) -> OrganisationCode:
    return OrganisationCode.parse(text)


def person(name: str, agency: str = "") -> User:
    return User.objects.create(username=name, name=name, agency=agency, role="registration")


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """What a test changes is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def officer() -> User:
    return person("can-bo")


@pytest.fixture
def other() -> User:
    return person("can-bo-khac")


@pytest.fixture(autouse=True)
def national(untouched: None, officer: User) -> None:
    """The level-1 codes and two wards on one gateway."""
    change = book.begin(officer, "begin", "cấp 1")
    book.put(change, level1_histories())
    imports.take(officer, imports.bring(officer, "mau.csv", CSV.encode(), date(2020, 9, 15)))
    change = book.begin(officer, "gateway", "gw-1")
    book.list_gateway(change, Gateway("gw-1", "Máy chủ mẫu", code("H26")))
    book.speak(change, [Representation("gw-1", code(each)) for each in ("H26.1", "H26.2")])


def plan(**changes: object) -> Plan:
    return read_plan(msgspec.json.encode(MERGER | changes))


# ---------------------------------------------------------------- two times


def test_a_past_day_and_what_was_believed_then(officer: User):
    before = timezone.now()
    renamed = CSV.replace("Phường Một", "Phường Nhất")
    imports.take(officer, imports.bring(officer, "ten.csv", renamed.encode(), date(2024, 5, 2)))
    now = book.history(code("H26.1"))
    assert [bearer(now, day).name for day in (date(2024, 5, 1), date(2024, 5, 2))] == [
        "Phường Một (mẫu)",
        "Phường Nhất (mẫu)",
    ]
    assert len(book.history(code("H26.1"), before)) == 1
    assert [each.name for each in book.children("H26", date(2024, 5, 2))] == ["Phường Nhất (mẫu)", "Phường Hai (mẫu)"]
    assert book.children("H26", date(2020, 1, 1)) == []


def test_a_code_of_the_first_generation_finds_its_row():
    assert book.history(code("000.00.00.H25"))[-1].code == code("H25")
    assert book.history(code("X99")) == ()


def test_search_without_accents_old_names_too(officer: User):
    imports.take(
        officer, imports.bring(officer, "t.csv", CSV.replace("Phường Một", "Đường Mới").encode(), date(2024, 5, 2))
    )
    assert [each.name for each in book.search("phuong mot", DAY)] == ["Đường Mới (mẫu)"]
    assert str(book.search("h26", DAY)[0].code) == "H26"
    assert book.search("", DAY) == []


# ---------------------------------------------------------------- imports


def test_a_table_with_faults_is_shown_and_not_taken(officer: User):
    kept = imports.bring(officer, "x.csv", (CSV + "H26.3,,commune,H26\n").encode(), DAY)
    assert (kept.faults, kept.findings[0][:2]) == (1, [4, "Tên cơ quan"])
    before = book.revision()
    with transaction.atomic(), pytest.raises(InvalidValue, match="1 lỗi"):
        imports.take(officer, kept)
    assert book.history(code("H26.3")) == ()
    assert models.Period.objects.filter(begun__gt=before).count() == 0


def test_a_stale_table_is_refused(officer: User):
    first = imports.bring(officer, "a.csv", CSV.replace("Một", "A").encode(), DAY)
    second = imports.bring(officer, "b.csv", CSV.replace("Một", "B").encode(), DAY)
    imports.take(officer, first)
    for kept in (first, second):
        with pytest.raises(InvalidValue):
            imports.take(officer, kept)
    assert bearer(book.history(code("H26.1")), DAY).name == "Phường A (mẫu)"


def test_a_province_changes_its_own_codes_only():
    theirs = person("tinh-khac", "H29")
    with pytest.raises(NotAllowed, match="Mã H26"):
        imports.bring(theirs, "x.csv", CSV.encode(), DAY)
    assert imports.bring(person("tinh-nay", "H26"), "x.csv", CSV.replace("Một", "C").encode(), DAY).differing == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_whole_goes_out_and_comes_in_again(officer: User, kind: str):
    table = list(table_of(each for told in book.whole().values() for each in told))
    out = b"".join(tables.as_csv(table)) if kind == "csv" else tables.as_excel(table)
    kept = imports.bring(officer, f"tat-ca.{kind}", out, DAY)
    assert (kept.rows, kept.faults, kept.differing) == (len(table) - 1, 0, 0)


def test_a_formula_is_not_carried_out():
    (heading, row) = tables.as_csv([("a",), ("=1+1", "+84")])
    assert heading + row == "\ufeffa\r\n'=1+1,'+84\r\n".encode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Mã,Tên,Cấp\nH26.1,Phường,commune\n".encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04not a zip", "Excel"),
        ('Mã,Tên,Cấp\n"unclosed'.encode(), "x.csv"),
        (b"x" * (tables.MOST_BYTES + 1), "64 MB"),
    ],
    ids=["utf-16", "zip", "quote", "large"],
)
def test_what_is_no_table(officer: User, content: bytes, why: str):
    with pytest.raises(InvalidValue, match=why):
        imports.bring(officer, "x.csv", content, DAY)


def test_a_workbook_that_is_none(officer: User):
    kept = io.BytesIO()
    with ZipFile(kept, "w") as archive:
        archive.writestr("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")
    with pytest.raises(InvalidValue, match="Excel"):
        imports.bring(officer, "x.xlsx", kept.getvalue(), DAY)


# ---------------------------------------------------------------- plans


def test_a_plan_is_proposed_approved_by_another_and_carried_out(officer: User, other: User):
    row = plans.draft(officer, plan())
    with pytest.raises(InvalidValue):
        plans.approve(other, row)
    plans.propose(officer, row)
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        plans.approve(officer, row)
    plans.approve(other, row)
    plans.carry_out(officer, row)
    eve = DAY - timedelta(days=1)
    assert [str(each.code) for each in book.children("H26", eve)] == ["H26.1", "H26.2"]
    assert [str(each.code) for each in book.children("H26", DAY)] == ["H26.9"]
    spoken = book.representations([code("H26.1"), code("H26.9")])
    assert spoken[code("H26.1")] == [Representation("gw-1", code("H26.1"), None, eve)]
    assert spoken[code("H26.9")] == [Representation("gw-1", code("H26.9"), DAY)]
    with pytest.raises(InvalidValue, match="Đã thực hiện"):
        plans.carry_out(officer, models.Plan.objects.get(pk=row.pk))


def test_a_stale_plan_is_refused_and_nothing_changes(officer: User, other: User):
    row = plans.approve(other, plans.propose(officer, plans.draft(officer, plan())))
    imports.take(officer, imports.bring(officer, "t.csv", CSV.replace("Một", "Khác").encode(), date(2026, 1, 1)))
    before = models.Period.objects.count()
    with transaction.atomic(), pytest.raises(InvalidValue, match="đã thay đổi"):
        plans.carry_out(officer, row)
    assert models.Period.objects.count() == before
    assert models.Plan.objects.get(pk=row.pk).state == PlanState.APPROVED


def test_an_edited_plan_has_to_be_approved_anew(officer: User, other: User):
    row = plans.approve(other, plans.propose(officer, plans.draft(officer, plan())))
    plans.draft(other, plan(title="Khác"), row)
    assert (row.state, row.approver) == (PlanState.DRAFT, None)
    with pytest.raises(InvalidValue):
        plans.carry_out(officer, row)


def test_an_unsound_plan_is_not_proposed(officer: User):
    row = plans.draft(officer, plan(steps=[{"act": "close", "code": "H26"}]))
    with pytest.raises(InvalidValue, match="still under H26"):
        plans.propose(officer, row)
    with pytest.raises(NotAllowed):
        plans.draft(person("tinh-khac", "H29"), plan())
    plans.withdraw(officer, row)
    with pytest.raises(InvalidValue):
        plans.draft(officer, plan(), row)


def test_what_hangs_on_the_codes_is_shown(officer: User):
    person("van-thu", "H26.1")
    outcome = plans.outcome_of(plan(steps=MERGER["steps"][:3]))
    effects = plans.effects_of(outcome)
    assert [str(each.organisation) for each in effects.ended] == ["H26.1", "H26.2"]
    assert effects.gateways == ["gw-1"]
    assert [each.username for each in effects.people] == ["van-thu"]


# ---------------------------------------------------------------- publications


def printed(press: Printed, officer: User) -> models.Publication:
    publishing.ask(officer, 7)
    made = publishing.print_waiting(press)
    assert made is not None
    return made


def test_a_version_is_signed_kept_and_handed_out(officer: User, other: User):
    press, held = Printed(), Book(pki().roots)
    assert publishing.due()
    printed(press, officer)
    assert not publishing.due()
    row = plans.approve(other, plans.propose(officer, plans.draft(officer, plan(day=timezone.localdate()))))
    plans.carry_out(officer, row)
    assert publishing.due()
    printed(press, officer)
    now = timezone.now()
    (_, first, _), (version, _, delta) = press.out
    assert held.offer(first, now)
    assert held.offer(delta, now)
    assert (held.version, version) == (2, 2)
    directory = held.directory()
    assert directory.resolve(code("H26.1"), now).kind is ResolutionKind.REDIRECTED
    refused = directory.resolve(code("H26.2"), now)
    assert (refused.kind, [str(each.code) for each in refused.successors]) == (ResolutionKind.CLOSED, ["H26.9", "H26"])
    revisions = {str(each.code): each.revision for each in directory.snapshot.organisations}
    assert (revisions["H26.9"], revisions["H26.1"], revisions["H01"]) == (2, 2, 1)


def test_a_crash_after_signing_hands_out_the_same_version(officer: User):
    class Torn(Printed):
        def hand_out(self, version: int, signed: bytes, delta: bytes) -> None:
            raise OSError

    publishing.ask(officer, 7)
    with pytest.raises(OSError):
        publishing.print_waiting(Torn())
    press = Printed()
    assert publishing.print_waiting(press) is None
    kept = publishing.newest()
    assert kept is not None
    assert press.out == [(1, bytes(kept.signed), b"")]


def test_an_unsound_directory_is_not_signed(officer: User):
    book.speak(book.begin(officer, "x", "x"), [Representation("gw-9", code("H26.1"))])
    asked = publishing.ask(officer, 7)
    assert publishing.ask(officer, 7) == asked
    with pytest.raises(InvalidValue, match="gw-9"):
        publishing.print_waiting(Printed())
    assert "gw-9" in models.Publication.objects.get(pk=asked.pk).problem
    assert publishing.newest() is None


def test_the_registry_gets_another_key(officer: User):
    press, held, now = Printed(), Book(pki().roots), timezone.now()
    printed(press, officer)
    held.offer(press.out[-1][1], now)
    following = pki().registry(2)
    publishing.rotate(officer, press, following.certificate)
    with pytest.raises(InvalidValue):
        printed(press, officer)
    with pytest.raises(InvalidValue, match="hiện hành"):
        publishing.rotate(officer, press, following.certificate)
    press.signer = following
    printed(press, officer)
    assert held.offer(press.out[-1][2], now)
    assert len(held.succession) == 1
    with pytest.raises(InvalidValue):
        publishing.ask(officer, 61)


def test_the_press_of_the_settings(tmp_path: Path):
    with pytest.raises(ConfigurationInvalid):
        real.opened({"out": tmp_path / "r"})
    press = real.FilePress(pki().registry(), tmp_path / "registry.snapshot")
    press.hand_out(2, b"whole", b"delta")
    assert (tmp_path / "registry.snapshot").read_bytes() == b"whole"
    assert (tmp_path / "registry.snapshot.d" / "2").read_bytes() == b"delta"
