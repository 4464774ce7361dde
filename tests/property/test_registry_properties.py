"""Whatever the directory looks like: resolving ends, ends right, and snapshots come back as they were."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lienthong.errors import SnapshotUntrusted
from lienthong.registry import (
    Directory,
    Gateway,
    Organisation,
    OrganisationKind,
    Representation,
    ResolutionKind,
    Status,
    from_bytes,
    open_signed,
    sign,
    to_bytes,
)
from registry_world import ROOT, code, directory, organisation, registry_signer, snapshot
from seal_world import NOW

CODES = [f"A{number}" for number in range(8)]
MOMENTS = [datetime(2025, 6, 30, 16, 59, tzinfo=UTC), datetime(2025, 6, 30, 17, tzinfo=UTC), NOW]  # midnight in Vietnam
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)) | st.sampled_from([date(2025, 6, 30), date(2025, 7, 1)])


@st.composite
def organisations(draw: st.DrawFn) -> list[Organisation]:
    """Rows with any successors, loops and strangers among them."""
    listed = draw(st.lists(st.sampled_from(CODES), unique=True))
    return [draw(row(text)) for text in listed]


def row(text: str) -> st.SearchStrategy[Organisation]:
    return st.builds(
        lambda to, closed, begun, status, kind, name: organisation(
            text, to=" ".join(to), closed=closed, valid_from=begun, status=status, kind=kind, name=name
        ),
        st.lists(st.sampled_from(CODES), max_size=3, unique=True),
        DAYS,
        DAYS,
        st.sampled_from(Status),
        st.sampled_from(OrganisationKind),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    )


@given(organisations(), st.sampled_from(CODES))
def test_resolving_ends_and_tells_the_truth(rows: list[Organisation], asked: str):
    today = NOW.date()
    found = directory(*rows).resolve(code(asked), NOW)
    by_code = {str(each.code): each for each in rows}
    if found.kind in {ResolutionKind.CURRENT, ResolutionKind.REDIRECTED}:
        assert found.organisation is not None
        assert not found.organisation.closed_on(today)
        assert found.organisation.begun_by(today)
    if found.kind is ResolutionKind.REDIRECTED:
        steps = [*map(str, found.via), str(found.organisation.code)]
        assert steps[0] == asked
        assert len(set(steps)) == len(steps)
        for here, there in pairwise(steps):
            assert by_code[here].closed_on(today)
            assert list(map(str, by_code[here].successors)) == [there]
    if found.kind is ResolutionKind.CLOSED:
        assert by_code[asked].closed_on(today)
    if found.kind is ResolutionKind.UNKNOWN:
        assert asked not in by_code or not by_code[asked].begun_by(today)


Nation = tuple[list[Organisation], list[Representation]]


@st.composite
def nations(draw: st.DrawFn) -> Nation:
    """Organisations, and rows of gateways that speak for them: known ones and a stranger, over any days."""
    rows = draw(organisations())
    listed = st.sampled_from([str(each.code) for each in rows] or CODES)
    spoken = st.builds(speaking, listed, st.sampled_from(["gw-a", "gw-b", "gw-nobody"]), DAYS, DAYS)
    return rows, draw(st.lists(spoken, max_size=12))


def speaking(text: str, gateway: str, begun: date | None, ended: date | None) -> Representation:
    return Representation(gateway, code(text), begun, ended)


@given(nations(), st.sampled_from(CODES), st.sampled_from(MOMENTS))
def test_a_way_is_what_the_two_questions_say(nation: Nation, asked: str, on: datetime):
    rows, spoken = nation
    gateways = tuple(Gateway(name, name, code("A0")) for name in ("gw-a", "gw-b"))
    known = Directory(replace(snapshot(*rows), gateways=gateways, representations=tuple(spoken)))
    bearer = known.resolve(code(asked), on).organisation
    gateway = known.gateway_of(bearer.code, on) if bearer else None
    expected = (str(bearer.code), gateway.id) if bearer and gateway else None
    for _ in range(2):  # as found, and as remembered, whatever was asked of another day between
        assert known.way(code(asked), on) == expected
        known.way(code(asked), NOW)
    found = known.organisation(code(asked))
    assert known.spelling(code(asked)) == (str(found.code) if found else None)


@given(organisations(), st.integers(1, 10**9), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_snapshots_come_back(rows: list[Organisation], version: int, life: timedelta):
    made = snapshot(*rows, version=version, expires_at=NOW + life)
    assert from_bytes(to_bytes(made)) == made
    assert from_bytes(to_bytes(made)).digest() == made.digest()


SIGNED = sign(snapshot(organisation("G09"), organisation("G22")), registry_signer())


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_one_changed_byte_is_enough(where: int, mask: int):
    changed = SIGNED[:where] + bytes([SIGNED[where] ^ mask]) + SIGNED[where + 1 :]
    try:
        open_signed(changed, [ROOT], NOW)
    except SnapshotUntrusted:
        return
    # the last character of the signature has four unused bits; the content is still the signed one
    assert changed[: where - 1] == SIGNED[: where - 1]
    assert open_signed(changed, [ROOT], NOW) == open_signed(SIGNED, [ROOT], NOW)


@given(st.binary())
def test_no_other_bytes_open(data: bytes):
    try:
        open_signed(data, [ROOT], NOW)
    except SnapshotUntrusted:
        return
    raise AssertionError(data)
