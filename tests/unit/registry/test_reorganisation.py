"""Plans: what they do, what forbids them, and that one who looks away is told."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.registry import Organisation, Outcome, Representation, bearer, carried_out, closing, read_plan, touched
from lienthong.registry.reorganisation import AnyStep, Close, Merge, Move, Open, Plan, Rename, Represent, Split
from lienthong.registry.rows import OrganisationRow
from registry_world import code, organisation

DAY = date(2025, 7, 1)


@dataclass
class Town:
    """A small directory in memory: each organisation with one period."""

    organisations: list[Organisation]
    representations: list[Representation] = field(default_factory=list)
    gateways: frozenset[str] = frozenset({"gw-1", "gw-2"})

    def history(self, wanted: OrganisationCode) -> tuple[Organisation, ...]:
        return tuple(each for each in self.organisations if each.code == wanted)

    def children(self, parent: OrganisationCode, day: date) -> list[OrganisationCode]:
        return [each.code for each in self.organisations if each.parent == parent and bearer((each,), day)]

    def speaking(self, wanted: OrganisationCode) -> list[Representation]:
        return [each for each in self.representations if each.organisation == wanted]

    def has_gateway(self, gateway: str) -> bool:
        return gateway in self.gateways


def town() -> Town:
    rows = [
        organisation("H25"),
        organisation("H42"),
        organisation("H25.03", parent=code("H25"), level="district"),
        organisation("H25.03.1", parent=code("H25.03"), level="commune"),
        organisation("H42.01", parent=code("H42"), level="district"),
        organisation("H40", closed=date(2024, 1, 1)),
    ]
    return Town(rows, [Representation("gw-1", code("H25")), Representation("gw-2", code("H42"))])


def new(text: str, parent: str = "H42") -> Open:
    return Open(organisation=OrganisationRow(code=text, name=f"Cơ quan {text}", level="commune", parent=parent))


def outcome(*steps: AnyStep, known: Town | None = None) -> Outcome:
    return carried_out(Plan(title="Sắp xếp mẫu", day=DAY, steps=steps), known or town())


WHOLE = (
    new("H42.9"),
    Merge(codes=("H25.03.1",), into="H42.9"),
    Close(code="H25.03", successors=("H42.9", "H42.01")),
    Merge(codes=("H25", "H42"), into="H42"),
    Rename(code="H42", name="Tỉnh mới (mẫu)"),
    Represent(gateway="gw-2", organisation="H42.9"),
)


def test_a_merger_is_carried_out_in_one_piece():
    done = outcome(*WHOLE)
    assert done.findings == ()
    after = {str(each.code): each for difference in done.differences() if (each := difference.after)}
    assert sorted(map(str, done.closed())) == ["H25", "H25.03", "H25.03.1"]
    assert after["H25"].successors == (code("H42"),)
    assert after["H25"].valid_to == date(2025, 6, 30)
    assert after["H42"].name == "Tỉnh mới (mẫu)"
    assert bearer(done.after[code("H42")], date(2025, 6, 30)).name == "Cơ quan H42"
    assert done.begun == (Representation("gw-2", code("H42.9"), DAY),)
    assert [closing(each, DAY) for each in done.ended] == [Representation("gw-1", code("H25"), None, date(2025, 6, 30))]


def test_where_the_rule_is_unclear_people_are_told():
    told = {each.where: each.en for each in outcome(*WHOLE).notes}
    assert told == {"organisation H25.03": "documents to it will be refused, naming: H42.9, H42.01"}


def test_the_digest_follows_everything_the_plan_stands_on():
    known, before = town(), outcome(*WHOLE).digest
    assert outcome(*WHOLE, known=known).digest == before
    known.organisations[0] = replace(known.organisations[0], name="Đã sửa")
    assert outcome(*WHOLE, known=known).digest != before
    known = town()
    known.representations.append(Representation("gw-1", code("H25.03.1")))
    assert outcome(*WHOLE, known=known).digest != before


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((), "no step"),
        ((Rename(code="H99", name="x"),), "not in force"),
        ((Rename(code="H42", name=" "),), "no name"),
        ((Rename(code="h 42", name="x"),), "code"),
        ((Close(code="H40"),), "not in force"),
        ((Close(code="H25.03.1"), Close(code="H25.03.1")), "not in force"),
        ((new("H40"),), "never used again"),
        ((new("H42.9", parent="H25.03.1"), Close(code="H25.03.1")), "H25.03.1 is not in force"),
        ((Close(code="H25.03"),), "still under H25.03"),
        ((Close(code="H25.03.1", successors=("H25.03.1",)),), "succeeds itself"),
        ((Close(code="H25.03.1", successors=("H77",)),), "successor H77"),
        ((Close(code="H25.03.1", successors=("H40",)),), "successor H40"),
        ((Move(code="H25.03", parent="H25.03.1"),), "above itself"),
        ((Move(code="H25.03", parent="H40"),), "not in force"),
        ((Merge(codes=("H42",), into="H42"),), "nothing to merge"),
        ((Split(code="H25.03.1", into=("H42",)),), "two or more"),
        ((Split(code="H25.03.1", into=("H42", "H42.01"), mail="H25"),), "not a part"),
        ((Represent(gateway="gw-9", organisation="H42.01"),), "not in the directory"),
        (
            (Represent(gateway="gw-1", organisation="H42.01"), Represent(gateway="gw-2", organisation="H42.01")),
            "at once",
        ),
    ],
)
def test_what_forbids_a_plan(steps: tuple[AnyStep, ...], why: str):
    done = outcome(*steps)
    assert any(why in each.en for each in done.findings), done.findings


def test_two_that_succeed_one_another_are_refused():
    done = outcome(Close(code="H25.03.1", successors=("H42.01",)), Close(code="H42.01", successors=("H25.03.1",)))
    assert len(done.findings) == 2


def test_a_split_sends_its_documents_to_the_part_that_is_named():
    done = outcome(Split(code="H25.03.1", into=("H42", "H42.01"), mail="H42.01"))
    assert done.after[code("H25.03.1")][-1].successors == (code("H42.01"),)
    assert done.notes == ()


def test_another_gateway_takes_over():
    done = outcome(Represent(gateway="gw-2", organisation="H25"))
    assert done.findings == ()
    assert (len(done.ended), len(done.begun)) == (1, 1)


def test_a_plan_is_json():
    plan = read_plan(
        b'{"title": "t", "day": "2025-07-01", "steps": [{"act": "close", "code": "H25", "successors": ["H42"]},'
        b'{"act": "split", "code": "H1", "into": ["H2", "H3"]}, {"act": "move", "code": "H4", "parent": null}]}'
    )
    assert plan.steps[0] == Close(code="H25", successors=("H42",))
    assert list(touched(plan)) == ["H25", "H42", "H1", "H2", "H3", "H4"]
    assert list(touched(Plan(title="", day=DAY, steps=WHOLE)))[:3] == ["H42.9", "H25.03.1", "H42.9"]
    for wrong in (b"{}", b"[", b'{"title": "t", "day": "2025-07-01", "steps": [{"act": "abolish", "code": "H25"}]}'):
        with pytest.raises(InvalidValue):
            read_plan(wrong)
